import type { DocumentProblem } from '#engine/receipt-reading/ports.ts';

/** What the thread that reads documents is asked, and says. Pictures are PNG of our own making. */
export type WorkerTask = { readonly kind: 'pdf'; readonly bytes: Uint8Array } | { readonly kind: 'picture'; readonly png: Uint8Array };

/** Where the recognition's own files are; nothing else is read, and nothing is fetched. */
export interface WorkerSetup {
  readonly workerPath: string;
  readonly langPath: string;
}

export interface ReadLine {
  readonly text: string;
  readonly confidenceBp: number;
}

/** A picture that fills a page of a PDF. */
export interface PagePicture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
}

export type WorkerAnswer =
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'lines'; readonly lines: readonly ReadLine[] }
  | { readonly kind: 'pictures'; readonly pictures: readonly PagePicture[] }
  | { readonly kind: 'failed'; readonly code: DocumentProblem; readonly message: string };
