import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, instantSchema, reasonSchema } from './shared.ts';

export const textLanguage = z.enum(['en', 'fr', 'ar']);
export type TextLanguage = z.infer<typeof textLanguage>;

/** Words for one listing: plain lines, from which title and HTML are made. */
export const plainText = z.strictObject({
  title: z.string().max(300), lines: z.array(z.string().max(1_000)).max(60), bullets: z.array(z.string().max(1_000)).max(12),
  /** What a person saw of the thing's state; sent beside the condition where the channel takes it. */
  conditionNote: z.string().max(1_000),
});
export type PlainText = z.infer<typeof plainText>;

export const checkedLine = z.strictObject({
  part: z.enum(['title', 'line', 'bullet', 'condition-note']), text: z.string(),
  /** Facts that the line says: `brand`, `aspect:Colour`; `person:…` where a person stands for it. */
  facts: z.array(z.string()), refusal: reasonSchema.nullable(),
  /** A person may stand for it; what is forbidden or too long nobody can. */
  vouchable: z.boolean(),
});
export type CheckedLine = z.infer<typeof checkedLine>;

const writtenBy = z.enum(['template', 'assistant', 'person']);
const vouched = z.array(z.string().max(1_000)).max(60);
const savedText = z.strictObject({ number: z.int(), language: textLanguage, text: plainText, checked: z.array(checkedLine), vouched, writtenBy, at: instantSchema });
const limits = z.strictObject({ title: z.int(), description: z.int(), bullets: z.int(), bulletCharacters: z.int(), conditionNote: z.int(), source: z.string(), confidence: z.enum(['high', 'medium', 'low']) });
export type TextLimitsView = z.infer<typeof limits>;

const seen = { id: z.string(), version: z.int() };
const errors = {
  ...commonErrors,
  WRONG_STATE: { status: 409, message: 'It is in another state by now.', data: z.strictObject({ state: z.string() }) },
  TEXT_REFUSED: { status: 422, message: 'A line may not be said.', data: z.strictObject({ checked: z.array(checkedLine) }) },
} as const;

export const listingTextsContract = {
  /** The words that hold, those that were saved before, newest first, and what the channel takes. */
  get: oc.route({ method: 'GET', path: '/listings/{id}/text' }).errors(errors).input(z.strictObject({ id: z.string() }))
    .output(z.strictObject({ language: textLanguage, text: plainText, checked: z.array(checkedLine), vouched, limits, saved: z.array(savedText), assistant: reasonSchema.nullable() })),
  /** Words by the template or by a language model, each line checked; nothing is saved. Of a model's lines those without a fact are left out, and are in `checked` with the reason. */
  propose: oc.route({ method: 'POST', path: '/listings/{id}/text/propose' }).errors(errors).input(z.strictObject({ id: z.string(), language: textLanguage, by: z.enum(['template', 'assistant']) }))
    .output(z.strictObject({ text: plainText, checked: z.array(checkedLine), writtenBy, /** Why the template stands where a model was asked. */ instead: reasonSchema.nullable() })),
  check: oc.route({ method: 'POST', path: '/listings/{id}/text/check' }).errors(errors).input(z.strictObject({ id: z.string(), language: textLanguage, text: plainText, vouched }))
    .output(z.strictObject({ checked: z.array(checkedLine), html: z.string() })),
  /** Saves the words; a listing that runs is changed at its channel. Refused as a whole where one line may not be said. */
  save: oc.route({ method: 'POST', path: '/listings/{id}/text' }).errors(errors).input(z.strictObject({ ...seen, language: textLanguage, text: plainText, vouched, writtenBy }))
    .output(z.strictObject({ number: z.int(), sending: z.boolean() })),
};
