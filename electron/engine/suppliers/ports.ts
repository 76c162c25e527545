/** Fetches a supplier's list to a file, politely; a web address or nothing else. */
export interface DownloadPort {
  /** The file as it lies on this disk now. @throws ConnectorError when it cannot be had. */
  download(url: string, signal: AbortSignal): Promise<{ readonly file: string; readonly requests: number }>;
}

/** Prices of a set of trading cards, as a public file told them on its day. */
export interface CardPrices {
  /** What the game and the set are called. */
  readonly game: readonly string[];
  readonly set: readonly string[];
  readonly at: number;
  readonly cards: readonly { readonly names: readonly string[]; readonly minor: number; readonly currency: string }[];
}
