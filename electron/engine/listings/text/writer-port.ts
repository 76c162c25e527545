import type { PlainText, TextLanguage } from '#contract/listing-texts.ts';
import type { Reason } from '#contract/shared.ts';
import type { TextLimits } from './rules.ts';

export interface WritingAsked {
  readonly listingId: string;
  readonly language: TextLanguage;
  readonly limits: TextLimits;
  /** All that is known, name and value. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly template: PlainText;
}

/** Whoever puts facts into sentences. What comes back is checked line by line, and nothing of it is believed. */
export interface ListingWriterPort {
  /** The reason why nobody is asked now; null: somebody is. */
  whyNot(): Promise<Reason | null>;
  write(asked: WritingAsked, signal?: AbortSignal): Promise<PlainText | { readonly offline: Reason }>;
}
