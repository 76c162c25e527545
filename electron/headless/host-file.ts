/** In the data folder while a desk serves it: where, and which process (`{ url, pid }`). The command line joins that desk. */
export const HOST_FILE = 'host.json';
