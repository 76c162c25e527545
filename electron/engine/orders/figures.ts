import { allocate, money, type Money } from '#kernel/money.ts';
import type { OrderState } from './machine.ts';
import type { ClaimFacts, OrderFacts, TaxFacts } from './order.ts';
import type { ChannelOrder, ChannelOrderLine } from './ports.ts';
import { taxIn, taxWithin } from './sales-tax.ts';

/** The money of an order by line, as its newest reading states it. All in the order's currency. */
export interface OrderFigures {
  readonly total: Money;
  readonly fees: Money;
  readonly feeKnown: boolean;
  /** Given back of what is the seller's, and taken by claims. */
  readonly refunds: Money;
  /** Of `refunds`, what was given back and not taken by a claim. */
  readonly given: Money;
  /** What passes through the seller for the authority, and what of it went back; undefined where the order's tax is not booked. */
  readonly tax: TaxFacts | undefined;
  readonly lines: readonly { readonly lineId: string; readonly revenue: Money; readonly fees: Money; readonly refund: Money }[];
}

function revenueOf(line: ChannelOrderLine): Money {
  return money(line.price.minor + line.shipping.minor - line.discount.minor, line.price.currency);
}

/** Shares that follow the lines' revenue; evenly where there is none. */
function share(amount: Money, revenues: readonly Money[]): Money[] {
  const weights = revenues.map((revenue) => Math.max(0, revenue.minor));
  return allocate(amount, weights.some((weight) => weight > 0) ? weights : weights.map(() => 1));
}

interface GivenBack {
  readonly byLine: readonly Money[];
  readonly tax: number;
}

/** What was given back, by line: to the line that the channel names, else over all by revenue; a cancelled order gives all back. Tax goes back in its share. */
function refundsOf(order: ChannelOrder, revenues: readonly Money[], tax: number): GivenBack {
  if (order.cancel === 'cancelled' || order.payment === 'refunded') return { byLine: revenues, tax };
  const gross = revenues.reduce((sum, { minor }) => sum + minor, 0) + tax;
  const refunds = revenues.map(() => 0);
  let [all, taxBack] = [0, 0];
  for (const refund of order.refunds) {
    if (refund.pending) continue;
    all += refund.amount.minor;
    const before = taxBack;
    taxBack = taxWithin(all, { tax, gross });
    const ours = money(refund.amount.minor - (taxBack - before), order.currency);
    const named = order.lines.findIndex((line) => line.lineId === refund.lineId);
    if (named >= 0) refunds[named]! += ours.minor;
    else share(ours, revenues).forEach((part, index) => (refunds[index]! += part.minor));
  }
  // Tax that was given back with it is not ours: a line never gives back more than it brought.
  return { byLine: refunds.map((minor, index) => money(Math.min(minor, revenues[index]!.minor), order.currency)), tax: taxBack };
}

const claimed = (claims: readonly ClaimFacts[], figure: 'fee' | 'tax') => claims.reduce((sum, claim) => sum + claim[figure], 0);

/**
 * A fee that the channel has not named yet counts as `known` (what was booked before, with what claims cost), never as zero by mistake; one that the payment provider settled stands against the channel's word.
 * @param facts of the order as it is booked; null for one that is new
 */
export function figuresOf(order: ChannelOrder, known: Money | null, facts: Pick<OrderFacts, 'claims' | 'tax' | 'feeSettled'> | null = null): OrderFigures {
  const { currency } = order;
  const claims = facts?.claims ?? [];
  const revenues = order.lines.map(revenueOf);
  const collected = facts === null || facts.tax ? taxIn(order) : null;
  const given = refundsOf(order, revenues, collected?.reduce((sum, { minor }) => sum + minor, 0) ?? 0);
  const sum = (amounts: readonly Money[]) => money(amounts.reduce((total, amount) => total + amount.minor, 0), currency);
  const refunds = given.byLine.map((amount, index) => {
    const taken = claims.reduce((total, { byLine }) => total + (byLine[order.lines[index]!.lineId] ?? 0), 0);
    return money(Math.min(amount.minor + taken, Math.max(amount.minor, revenues[index]!.minor)), currency);
  });
  const forClaims = claimed(claims, 'fee');
  const named = facts?.feeSettled && known ? undefined : order.marketplaceFee;
  const fees = money(named ? named.minor + forClaims : (known?.minor ?? forClaims), currency);
  const feeShares = share(fees, revenues);
  return {
    total: sum(revenues), fees, feeKnown: order.marketplaceFee !== undefined, refunds: sum(refunds), given: sum(given.byLine),
    tax: collected ? { collected, back: given.tax + claimed(claims, 'tax') } : undefined,
    lines: order.lines.map((line, index) => ({ lineId: line.lineId, revenue: revenues[index]!, fees: feeShares[index]!, refund: refunds[index]! })),
  };
}

/** The state that a reading shows. What we shipped stays shipped, whatever the channel has not heard yet. */
export function stateOf(order: ChannelOrder, figures: OrderFigures, before: OrderState | null): OrderState {
  if (before === 'cancelled' || before === 'refunded') return before;
  if (order.cancel === 'cancelled') return 'cancelled';
  if (order.payment === 'refunded' || (figures.total.minor > 0 && figures.given.minor >= figures.total.minor)) return 'refunded';
  return before === 'shipped' || order.fulfilment === 'fulfilled' ? 'shipped' : 'paid';
}
