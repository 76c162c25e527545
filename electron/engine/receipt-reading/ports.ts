/** Whoever can get the words out of a document. Takes untrusted bytes; opens no network, runs nothing that is in them. */
import type { ReadingOrigin } from '#contract/receipt-reading.ts';

export interface DocumentLine {
  /** Columns that stand apart are parted by a tab. */
  readonly text: string;
  /** How sure its letters are: 10,000 for text that was never a picture. */
  readonly confidenceBp: number;
}

export interface DocumentText {
  readonly origin: ReadingOrigin;
  readonly lines: readonly DocumentLine[];
  /** Of a mail: who sent it, as its header says. */
  readonly sender?: string | undefined;
}

export type DocumentProblem = 'damaged' | 'locked' | 'no-text' | 'no-letters' | 'too-many-pages' | 'too-slow' | 'too-many-pixels' | 'format' | 'unavailable';

/** A document that cannot be read, and why. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly code: DocumentProblem;

  constructor(code: DocumentProblem, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export interface ReadDocumentOptions {
  /** 0 to 1. */
  readonly onProgress?: ((done: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DocumentTextPort {
  /** @param mediaType of the bytes, as they were recognised. @throws DocumentError; the signal's reason when aborted */
  read(bytes: Uint8Array, mediaType: string, options?: ReadDocumentOptions): Promise<DocumentText>;
}

/** What a model may be asked of a text: each answer is copied from it, letter for letter, or null. */
export interface ReceiptQuestion {
  readonly lines: readonly string[];
  readonly open: readonly OpenField[];
}
export type OpenField = 'seller' | 'orderNumber' | 'orderedOn' | 'total';

export interface ReceiptAdvisorPort {
  /** Null where nobody was asked. Never throws for want of an answer. */
  advise(question: ReceiptQuestion, signal?: AbortSignal): Promise<Readonly<Partial<Record<OpenField, string | null>>> | null>;
}
