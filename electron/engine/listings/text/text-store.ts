import { checkedLine, plainText, textLanguage, type CheckedLine, type PlainText, type TextLanguage } from '#contract/listing-texts.ts';
import { z } from 'zod';
import type { Instant } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { Tx } from '#runtime/ports.ts';

export interface SavedText {
  readonly number: number;
  readonly language: TextLanguage;
  readonly text: PlainText;
  readonly checked: readonly CheckedLine[];
  readonly vouched: readonly string[];
  readonly writtenBy: 'template' | 'assistant' | 'person';
  readonly at: Instant;
}

const MOST_VERSIONS = 50;
const writtenBy = z.enum(['template', 'assistant', 'person']);

/** Newest first. */
export async function savedTexts(tx: Tx, listingId: string, most = MOST_VERSIONS): Promise<SavedText[]> {
  const rows = await tx.listingText.findMany({ where: { listingId }, orderBy: { number: 'desc' }, take: most });
  return rows.map((row) => ({
    number: row.number, language: textLanguage.parse(row.language), text: plainText.parse(JSON.parse(row.text)), checked: z.array(checkedLine).parse(JSON.parse(row.checked)),
    vouched: z.array(z.string()).parse(JSON.parse(row.vouched)), writtenBy: writtenBy.parse(row.writtenBy), at: toNumber(row.at),
  }));
}

export async function insertText(tx: Tx, row: SavedText & { readonly id: string; readonly listingId: string }): Promise<void> {
  await tx.listingText.create({ data: { ...row, text: JSON.stringify(row.text), checked: JSON.stringify(row.checked), vouched: JSON.stringify(row.vouched) } });
}
