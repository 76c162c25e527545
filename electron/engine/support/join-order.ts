/** Which order a text is about. Facts of an order are told to its buyer alone: a number that somebody else names joins nothing. */
import { foldText } from '#kernel/fold-text.ts';
import { DAY_MS } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { Tx } from '#runtime/ports.ts';

export interface JoinedOrder {
  readonly orderId: string | null;
  /** Others of the same customer, as recent, none of them named. */
  readonly others: number;
  /** It names an order that is not the writer's. */
  readonly foreign: boolean;
}

const RECENT_MS = 60 * DAY_MS;
const NUMBERS = /[a-z0-9]*\d[a-z0-9]*(?:-[a-z0-9]+)*/g;

/** What could be an order's number: at least five characters. */
export function numbersIn(text: string): string[] {
  const found = text.normalize('NFKC').match(new RegExp(NUMBERS, 'gi')) ?? [];
  return [...new Set([...found, ...(foldText(text).match(NUMBERS) ?? [])])].filter((token) => token.length >= 5).slice(0, 40);
}

export async function joinOrder(tx: Tx, { customerId, text, itemId, now }: { readonly customerId: string | null; readonly text: string; readonly itemId: string | null; readonly now: number }): Promise<JoinedOrder> {
  const tokens = numbersIn(text);
  const named = tokens.length === 0 ? [] : await tx.order.findMany({ where: { externalId: { in: tokens } }, select: { id: true }, take: 10 });
  const own = customerId === null ? [] : (await tx.customerOrder.findMany({ where: { customerId }, select: { orderId: true }, orderBy: { orderId: 'desc' }, take: 50 })).map((row) => row.orderId);
  const namedOwn = named.find(({ id }) => own.includes(id));
  if (namedOwn) return { orderId: namedOwn.id, others: 0, foreign: false };
  if (named.length > 0) return { orderId: null, others: 0, foreign: true };
  const rows = await tx.order.findMany({ where: { id: { in: own } }, select: { id: true, placedAt: true, lines: { select: { listingId: true } } }, orderBy: [{ placedAt: 'desc' }, { id: 'desc' }] });
  if (itemId !== null) {
    const listings = await tx.listing.findMany({ where: { externalId: itemId }, select: { id: true } });
    const about = rows.find((row) => row.lines.some((line) => listings.some((listing) => listing.id === line.listingId)));
    if (about) return { orderId: about.id, others: 0, foreign: false };
  }
  const recent = rows.filter((row) => toNumber(row.placedAt) >= now - RECENT_MS);
  const chosen = recent[0] ?? rows[0];
  return { orderId: chosen?.id ?? null, others: Math.max(0, recent.length - 1), foreign: false };
}

/** Share of words that two texts have in common, 0 to 1. */
export function likeness(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => new Set(foldText(text).split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')));
  const both = [...left!].filter((word) => right!.has(word)).length;
  return both / Math.max(1, left!.size + right!.size - both);
}
