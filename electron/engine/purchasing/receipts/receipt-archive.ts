/** Where receipts are kept, and how they are printed. */
export interface ReceiptArchive {
  /** Below the data folder. */
  readonly dir: string;
  /** Makes a PDF of a page that runs and loads nothing; null where there is no browser to do it. */
  print?(html: string): Promise<Uint8Array | null>;
}
