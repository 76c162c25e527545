import type { ReceiptReading } from '#contract/receipt-reading.ts';
import { readReceipt } from '../read-receipt.ts';
import type { LabelledReceipt } from './labelled-receipts.ts';

export const FIELDS = ['seller', 'number', 'on', 'currency', 'subtotal', 'shipping', 'tax', 'fees', 'discount', 'total', 'items'] as const;
export type ScoredField = (typeof FIELDS)[number];

export interface Score {
  /** Fields that say what a person reads there, also where that is nothing. */
  readonly right: number;
  readonly all: number;
  /** Of the wrong ones, those that the reading is sure of. */
  readonly wrongAndSure: number;
  readonly misses: readonly string[];
}

export const readLabelled = ({ text, currency }: Pick<LabelledReceipt, 'text' | 'currency'>, confidenceBp = 10_000): ReceiptReading =>
  readReceipt({ origin: 'text', lines: text.split('\n').map((line) => ({ text: line, confidenceBp })) }, { currency, today: '2026-04-30' });

function readOf(reading: ReceiptReading, field: ScoredField): unknown {
  if (field === 'seller') return reading.seller?.value ?? null;
  if (field === 'number') return reading.orderNumber?.value ?? null;
  if (field === 'on') return reading.orderedOn?.value ?? (reading.possibleDates.length > 0 ? reading.possibleDates : null);
  if (field === 'currency') return reading.currency?.value ?? null;
  if (field === 'items') return reading.items.map(({ title, quantity, total }) => [title, quantity, total.minor]);
  return reading[field]?.value.minor ?? null;
}

function isSure(reading: ReceiptReading, field: ScoredField): boolean {
  if (field === 'items') return reading.items.length > 0 && reading.items.every(({ doubtful }) => !doubtful);
  const one = field === 'number' ? reading.orderNumber : field === 'on' ? reading.orderedOn : reading[field];
  return one !== null && !one.doubtful;
}

export function scoreReceipts(receipts: readonly LabelledReceipt[]): { readonly total: Score; readonly byField: Readonly<Record<ScoredField, Score>> } {
  const byField = {} as Record<ScoredField, Score>;
  for (const field of FIELDS) {
    const misses: string[] = [];
    let wrongAndSure = 0;
    for (const receipt of receipts) {
      const reading = readLabelled(receipt);
      const [wanted, got] = [JSON.stringify(receipt.says[field] ?? null), JSON.stringify(readOf(reading, field))];
      if (wanted === got) continue;
      if (isSure(reading, field)) wrongAndSure += 1;
      misses.push(`${receipt.name} · ${field}: ${got} instead of ${wanted}`);
    }
    byField[field] = { right: receipts.length - misses.length, all: receipts.length, wrongAndSure, misses };
  }
  const scores = Object.values(byField);
  const sum = (of: (score: Score) => number) => scores.reduce((all, score) => all + of(score), 0);
  return { byField, total: { right: sum(({ right }) => right), all: sum(({ all }) => all), wrongAndSure: sum((score) => score.wrongAndSure), misses: scores.flatMap(({ misses }) => misses) } };
}
