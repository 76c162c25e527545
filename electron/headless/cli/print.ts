import { formatMoney, type Money } from '#kernel/money.ts';
import { toIso } from '#kernel/time.ts';

export type Cell = string | number | null | undefined;

/** Columns padded to their widest cell; numbers stand right. */
export function table(headers: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const text = rows.map((row) => row.map((cell) => (cell === null || cell === undefined ? '' : String(cell))));
  const widths = headers.map((header, i) => Math.max(header.length, ...text.map((row) => row[i]?.length ?? 0)));
  const right = headers.map((_, i) => rows.some((row) => typeof row[i] === 'number' || /^[-≈]?[\p{Sc}A-Z]{0,3}\s?[-\d]/u.test(String(row[i] ?? ''))));
  const line = (cells: readonly string[]) => cells.map((cell, i) => (right[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('  ').trimEnd();
  return [line(headers), line(widths.map((w) => '─'.repeat(w))), ...text.map(line)].join('\n');
}

export const amount = (money: Money | null): string => (money === null ? '' : formatMoney(money, 'en'));
export const percent = (bp: number): string => `${(bp / 100).toFixed(1)} %`;
export const when = (instant: number | null): string => (instant === null ? '' : toIso(instant).slice(0, 16).replace('T', ' '));
export const short = (text: string, length = 48): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);
