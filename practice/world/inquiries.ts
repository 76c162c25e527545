import { DAY_MS, type Instant } from '#kernel/time.ts';
import { mix, uniform } from './hash.ts';
import { refundsOf } from './selling-channels.ts';
import type { Sale, World } from './types.ts';

/** A buyer who asks eBay where it is. Parcels of this world arrive: one that nobody answers goes to eBay, which finds the seller right. */
export interface SaleInquiry {
  /** Unique over all sales. */
  readonly id: string;
  readonly at: Instant;
  /** The seller's answer is waited for until then; without one it becomes a case. */
  readonly dueAt: Instant;
  /** The buyer has it, and closes what is still open. */
  readonly endsAt: Instant;
}

/** Draws of inquiries alone, so that what none falls on stays as it was. */
const SALT = 0x1a9e;
/** All of it is assumption: share of orders that were sent, and when their buyers ask. */
const RATE = 0.008;
const FIRST_DAY = 7;
const WITHIN_DAYS = 6;
const RESPOND_MS = 3 * DAY_MS;
const ENDS_MS = 10 * DAY_MS;
/** Of the world's documents: a sale under this vendor's name is asked about at the instant that stands there. For tests. */
export const CERTAIN_INQUIRIES = 'inquiries';

/** What the sale's buyer asks, as known at an instant; null where nothing was asked by then. */
export function inquiryOf(world: World, sale: Sale, until: Instant): SaleInquiry | null {
  if (sale.channel !== 'ebay') return null;
  const certain = world.document(CERTAIN_INQUIRIES, sale.id) as { readonly at: Instant } | undefined;
  const draw = mix(Number(sale.lineItemId) >>> 0, world.seed, SALT);
  if (!certain && (sale.shippedAt === null || uniform(draw, 1, SALT) >= RATE)) return null;
  const at = certain?.at ?? sale.shippedAt! + (FIRST_DAY + (mix(draw, 2, SALT) % WITHIN_DAYS)) * DAY_MS;
  // who has the money back, or sends it back, has it
  if (at > until || (sale.return !== null && sale.return.requestedAt <= at) || refundsOf(sale).some((refund) => refund.at <= at)) return null;
  return { id: `5${sale.lineItemId.slice(-9)}`, at, dueAt: at + RESPOND_MS, endsAt: at + ENDS_MS };
}
