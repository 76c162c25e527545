import { z } from 'zod';
import { reasonSchema } from '#contract/shared.ts';
import { TEXT_LANGUAGES } from './rules.ts';

/** Words for one listing: plain lines, from which title and HTML are made. */
export const plainText = z.strictObject({
  title: z.string().max(300), lines: z.array(z.string().max(1_000)).max(60), bullets: z.array(z.string().max(1_000)).max(12),
  /** What a person saw of the thing's state; sent beside the condition where the channel takes it. */
  conditionNote: z.string().max(1_000),
});
export type PlainText = z.infer<typeof plainText>;

export const textPart = z.enum(['title', 'line', 'bullet', 'condition-note']);
export const checkedLine = z.strictObject({
  part: textPart, text: z.string(),
  /** Facts that the line says; `person:…` where a person stands for it. */
  facts: z.array(z.string()), refusal: reasonSchema.nullable(),
  /** A person may stand for it; what is forbidden or too long nobody can. */
  vouchable: z.boolean(),
});
export type CheckedLine = z.infer<typeof checkedLine>;

export const listingTextSchema = z.strictObject({ language: z.enum(TEXT_LANGUAGES), text: plainText, checked: z.array(checkedLine), vouched: z.array(z.string()) });
export type ListingText = z.infer<typeof listingTextSchema>;
