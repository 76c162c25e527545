import type { ReadingProgress } from '#contract/receipt-reading.ts';
import { readReceipt } from '#engine/receipt-reading/index.ts';

const LINES = ['Hardware World', 'Order HW-20931', 'Date 02/03/2026', 'Bosch GSR 18V-55 drill   3   $84.00   $252.00', 'Shipping   $6.95', 'Total   $261.95', 'VISA ending in 4242'];

/** A receipt whose sums do not hold and whose day can be read in two ways. */
export const RECEIPT_READING: ReadingProgress = {
  state: 'done', doneBp: 10_000, problem: null, item: 0, twice: [],
  reading: readReceipt({ origin: 'photo', lines: LINES.map((text) => ({ text, confidenceBp: 9_300 })) }, { currency: 'USD', today: '2026-11-22' }),
};
