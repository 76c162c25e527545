import { money, type Money } from '#kernel/money.ts';
import { expectFees, listingBySku } from '../listings/index.ts';
import type { OnSource } from './deps.ts';
import type { FeeCheck } from './order.ts';
import type { ChannelOrder, FeeKind } from './ports.ts';

const KINDS: readonly (readonly [RegExp, FeeKind])[] = [[/referral/, 'referral'], [/fba/, 'fulfilment'], [/closing/, 'closing']];
type Parts = FeeCheck['expected'];

function summed(parts: readonly { readonly kind: FeeKind; readonly minor: number }[]): Parts {
  const sums = new Map<FeeKind, number>();
  for (const { kind, minor } of parts) sums.set(kind, (sums.get(kind) ?? 0) + minor);
  return [...sums].map(([kind, minor]) => ({ kind, minor }));
}

/** What the channel's fee card takes of an order, by what it is for; null where a line has no listing of ours, or no card is there. Reads; done outside a transaction. */
export async function expectedFees(deps: OnSource, reading: ChannelOrder): Promise<FeeCheck | null> {
  const parts: { kind: FeeKind; minor: number }[] = [];
  let cardId: string | null = null;
  for (const line of reading.lines) {
    const listing = line.sku === undefined ? null : await listingBySku(deps.ctx.db.prisma, deps.source.market, line.sku);
    const fees = listing && (await expectFees(deps.listings, { listing, quantity: line.quantity, price: money(line.price.minor - line.discount.minor, reading.currency), shipping: line.shipping, sentByChannel: reading.sentByChannel ?? false, at: reading.createdAt }));
    if (!fees) return null;
    ({ cardId } = fees);
    for (const { code, amount } of fees.lines) parts.push({ kind: KINDS.find(([word]) => word.test(code))?.[1] ?? 'other', minor: amount.minor });
  }
  return cardId === null ? null : { cardId, expected: summed(parts), charged: null };
}

export const expectedTotal = (check: FeeCheck, currency: string): Money => money(check.expected.reduce((sum, { minor }) => sum + minor, 0), currency);

/** The comparison with what the reading says was charged. A fee that is not broken down is one sum. */
export function chargedFees(check: FeeCheck | undefined, reading: ChannelOrder): FeeCheck | undefined {
  // a cancelled sale, or one that was given back, says nothing of what a sale costs: what stood before stays
  if (!check || reading.cancel === 'cancelled') return check;
  if (reading.feeParts) return { ...check, charged: summed(reading.feeParts.map(({ kind, amount }) => ({ kind, minor: amount.minor }))) };
  const given = reading.refunds.length > 0 || reading.payment === 'refunded';
  if (!reading.marketplaceFee || (given && check.charged)) return check;
  return given ? check : { ...check, charged: [{ kind: 'other', minor: reading.marketplaceFee.minor }] };
}
