import type { Money } from '#kernel/money.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { SupportPolicy } from '../policy.ts';
import { dateText, formatMoneyPlain, type ReplyLanguage } from './write-values.ts';

/** An order as support may speak of it. */
export interface OrderFacts {
  readonly id: string;
  readonly externalId: string;
  readonly channel: string;
  readonly state: string;
  readonly title: string;
  readonly total: Money;
  readonly placedAt: Instant;
  readonly shippedAt: Instant | null;
  readonly tracking: string | null;
}

export interface Fact {
  readonly key: 'order' | 'item' | 'total' | 'placed' | 'ship-by' | 'shipped' | 'tracking' | 'arrive-by' | 'return-until' | 'return-postage' | 'refund-limit';
  /** As it may stand in the text. */
  readonly value: string;
  readonly source: 'order' | 'policy';
}

export const shipBy = (order: OrderFacts, policy: SupportPolicy): Instant => order.placedAt + policy.shipWithinDays * DAY_MS;
export const arriveBy = (order: OrderFacts, policy: SupportPolicy): Instant | null => (order.shippedAt === null ? null : order.shippedAt + policy.arriveWithinDays * DAY_MS);
export const returnUntil = (order: OrderFacts, policy: SupportPolicy): Instant => (order.shippedAt ?? order.placedAt) + policy.returnDays * DAY_MS;

/** Every fact that a reply about an order may name. */
export function factsOf(order: OrderFacts, policy: SupportPolicy, language: ReplyLanguage): Fact[] {
  const date = (at: Instant) => dateText(at, language);
  const arrive = arriveBy(order, policy);
  return [
    { key: 'order', value: order.externalId, source: 'order' }, { key: 'item', value: order.title, source: 'order' }, { key: 'total', value: formatMoneyPlain(order.total), source: 'order' }, { key: 'placed', value: date(order.placedAt), source: 'order' },
    ...(order.shippedAt === null ? [{ key: 'ship-by', value: date(shipBy(order, policy)), source: 'policy' } as const] : [{ key: 'shipped', value: date(order.shippedAt), source: 'order' } as const]),
    ...(order.tracking === null ? [] : [{ key: 'tracking', value: order.tracking, source: 'order' } as const]),
    ...(arrive === null ? [] : [{ key: 'arrive-by', value: date(arrive), source: 'policy' } as const]),
    { key: 'return-until', value: date(returnUntil(order, policy)), source: 'policy' }, { key: 'return-postage', value: policy.returnPostage, source: 'policy' }, { key: 'refund-limit', value: formatMoneyPlain(policy.refundLimit), source: 'policy' },
  ];
}
