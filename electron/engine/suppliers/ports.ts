/** Fetches a supplier's list to a file, politely; a web address or nothing else. */
export interface DownloadPort {
  /** The file as it lies on this disk now. @throws ConnectorError when it cannot be had. */
  download(url: string, signal: AbortSignal): Promise<{ readonly file: string; readonly requests: number }>;
}
