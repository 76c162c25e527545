import type { DocumentTextPort, ReceiptAdvisorPort } from '../../receipt-reading/index.ts';

/** Where receipts are kept, and how they are printed. */
export interface ReceiptArchive {
  /** Below the data folder. */
  readonly dir: string;
  /** Makes a PDF of a page that runs and loads nothing; null where there is no browser to do it. */
  print?(html: string): Promise<Uint8Array | null>;
}

/** Who gets words out of a document, and who may be asked of them. */
export interface ReceiptReaders {
  readonly documents: DocumentTextPort;
  /** Asked only for what our own rules leave open; absent, or silent: it stays open. */
  readonly advisor?: ReceiptAdvisorPort | undefined;
  /** Ends what reads. */
  close?(): void;
}
