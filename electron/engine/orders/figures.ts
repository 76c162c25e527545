import { allocate, money, type Money } from '#kernel/money.ts';
import type { OrderState } from './machine.ts';
import type { ChannelOrder, ChannelOrderLine } from './ports.ts';

/** The money of an order by line, as its newest reading states it. All in the order's currency. */
export interface OrderFigures {
  readonly total: Money;
  readonly fees: Money;
  readonly feeKnown: boolean;
  readonly refunds: Money;
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

/** What was given back, by line: to the line that the channel names, else over all by revenue; a cancelled order gives all back. */
function refundsOf(order: ChannelOrder, revenues: readonly Money[]): Money[] {
  if (order.cancel === 'cancelled' || order.payment === 'refunded') return [...revenues];
  const refunds = revenues.map(() => 0);
  for (const refund of order.refunds) {
    if (refund.pending) continue;
    const named = order.lines.findIndex((line) => line.lineId === refund.lineId);
    if (named >= 0) refunds[named]! += refund.amount.minor;
    else share(refund.amount, revenues).forEach((part, index) => (refunds[index]! += part.minor));
  }
  // Tax that was given back with it is not ours: a line never gives back more than it brought.
  return refunds.map((minor, index) => money(Math.min(minor, revenues[index]!.minor), order.currency));
}

/** A fee that the channel has not named yet counts as `known` (what was booked before), never as zero by mistake. */
export function figuresOf(order: ChannelOrder, known: Money | null): OrderFigures {
  const revenues = order.lines.map(revenueOf);
  const refunds = refundsOf(order, revenues);
  const fees = order.marketplaceFee ?? known ?? money(0, order.currency);
  const feeShares = share(fees, revenues);
  const sum = (amounts: readonly Money[]) => money(amounts.reduce((total, amount) => total + amount.minor, 0), order.currency);
  return {
    total: sum(revenues), fees, feeKnown: order.marketplaceFee !== undefined, refunds: sum(refunds),
    lines: order.lines.map((line, index) => ({ lineId: line.lineId, revenue: revenues[index]!, fees: feeShares[index]!, refund: refunds[index]! })),
  };
}

/** The state that a reading shows. What we shipped stays shipped, whatever the channel has not heard yet. */
export function stateOf(order: ChannelOrder, figures: OrderFigures, before: OrderState | null): OrderState {
  if (before === 'cancelled' || before === 'refunded') return before;
  if (order.cancel === 'cancelled') return 'cancelled';
  if (order.payment === 'refunded' || (figures.total.minor > 0 && figures.refunds.minor >= figures.total.minor)) return 'refunded';
  return before === 'shipped' || order.fulfilment === 'fulfilled' ? 'shipped' : 'paid';
}
