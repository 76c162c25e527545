import { ORPCError } from '@orpc/client';
import { z } from 'zod';
import { messageOf } from '#kernel/errors.ts';
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

const figure = z.union([z.object({ minor: z.int(), currency: z.string() }).transform((money) => formatMoney(money as Money, 'en')), z.number().transform(String), z.string()]);
const refusal = z.object({ reasons: z.array(z.object({ code: z.string(), data: z.record(z.string(), z.unknown()) })) });

const issues = z.object({ issues: z.array(z.object({ path: z.array(z.union([z.string(), z.number()])).default([]), message: z.string() })) });

const dataOf = (error: unknown): unknown => (error instanceof ORPCError ? (error.data as unknown) : null);

/**
 * What the desk said more of than that it does not do it: a line for each reason, its code and its figures (`limit.per-day: spent $900.00, total $335.00, limit $1,000.00`), and for each
 * field that it does not take (`limit: Too small`).
 */
export function reasonsOf(error: unknown): string[] {
  const broken = issues.safeParse(dataOf(error));
  if (broken.success) return broken.data.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
  const told = refusal.safeParse(dataOf(error));
  if (!told.success) return [];
  return told.data.reasons.map(({ code, data }) => {
    const figures = Object.entries(data).flatMap(([name, value]) => {
      const read = figure.safeParse(value);
      return read.success ? [`${name.replace(/Bp$/, '')} ${name.endsWith('Bp') ? percent(Number(read.data)) : read.data}`] : [];
    });
    return figures.length > 0 ? `${code}: ${figures.join(', ')}` : code;
  });
}

/** The same for a program: the code that the interface declares, and what it says in figures. */
export function describeError(error: unknown, usage: boolean): { readonly code: string; readonly message: string; readonly reasons: readonly string[]; readonly data?: unknown } {
  const data = dataOf(error);
  return { code: usage ? 'USAGE' : error instanceof ORPCError ? error.code : 'FAILED', message: messageOf(error), reasons: reasonsOf(error), ...(data === null || data === undefined ? {} : { data }) };
}
