/** The window's own origin: files of the built renderer and nothing else. */
export const APP_SCHEME = 'app';
export const APP_ORIGIN = `${APP_SCHEME}://desk`;

/** The page asks, through the preload, for a port to the engine. */
export const REQUEST_PORT = 'resale-desk:request-port';
/** The preload hands the port on to the page. The renderer (`renderer/rpc/client.ts`) waits for a message of exactly this text. */
export const PORT = 'resale-desk:port';
