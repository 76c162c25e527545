import { DAY_MS, type Instant } from '#kernel/time.ts';
import { mix, uniform } from './hash.ts';
import { isSmall, refundsOf, sellersPart } from './selling-channels.ts';
import type { Channel, Sale, World } from './types.ts';

/** A buyer who goes past the seller: to the marketplace's guarantee, or to the bank. The money is taken when it opens, and comes back where it is won. */
export interface SaleClaim {
  /** Unique over all sales. */
  readonly id: string;
  readonly kind: 'guarantee' | 'chargeback';
  readonly reason: 'not-received' | 'not-as-described' | 'not-authorised';
  readonly at: Instant;
  readonly minor: number;
  /** What the channel keeps for it; given back where it is won. */
  readonly feeMinor: number;
  /** Evidence is taken until then. */
  readonly dueAt: Instant;
  readonly decidedAt: Instant;
  readonly won: boolean;
}

/** Draws of claims alone: nothing else in the world is drawn with this salt, so that what no claim falls on stays as it was. */
const SALT = 0xc1a1;
/** All of it is assumption. Share of delivered orders, by channel; the others' claims are part of what their vendors simulate otherwise. */
const RATES: Partial<Readonly<Record<Channel, number>>> = { amazon: 0.008, shopify: 0.01, woocommerce: 0.01 };
/** After every return that the world's buyers ask for: those come within twelve days of delivery. */
const FIRST_DAY = 14;
const WITHIN_DAYS = 25;
const EVIDENCE_DAYS = 10;
const WON = 0.4;
const CHARGEBACK_FEE_MINOR = 1_500;
/** Of the world's documents: a sale under this vendor's name is claimed whatever is drawn, with what stands there. For tests. */
export const CERTAIN_CLAIMS = 'claims';
const REASONS: readonly SaleClaim['reason'][] = ['not-received', 'not-as-described', 'not-authorised'];

/** What will be claimed of a sale, as known at an instant; null where nothing has been by then. */
export function claimOf(world: World, sale: Sale, until: Instant): SaleClaim | null {
  const rate = RATES[sale.channel];
  if (rate === undefined || sale.deliveredAt === null || sale.return !== null) return null;
  const draw = mix(Number(sale.lineItemId) >>> 0, world.seed, SALT);
  const certain = world.document(CERTAIN_CLAIMS, sale.id) as { readonly won: boolean } | undefined;
  if (!certain && uniform(draw, 1, SALT) >= rate) return null;
  const at = sale.deliveredAt + (FIRST_DAY + (mix(draw, 2, SALT) % WITHIN_DAYS)) * DAY_MS;
  const given = refundsOf(sale).reduce((total, refund) => total + (refund.at < at ? refund.minor : 0), 0);
  if (at > until || given >= sellersPart(sale) || (given > 0 && !certain)) return null;
  const kind = isSmall(sale.channel) || uniform(draw, 3, SALT) < 0.3 ? 'chargeback' : 'guarantee';
  return {
    id: `C${sale.id}`, kind, reason: REASONS[mix(draw, 4, SALT) % (kind === 'guarantee' ? 2 : 3)]!, at, minor: sellersPart(sale) - given, feeMinor: isSmall(sale.channel) ? CHARGEBACK_FEE_MINOR : 0, dueAt: at + EVIDENCE_DAYS * DAY_MS,
    decidedAt: at + (EVIDENCE_DAYS + 2 + (mix(draw, 5, SALT) % 12)) * DAY_MS, won: certain?.won ?? uniform(draw, 6, SALT) < WON,
  };
}

/** Every claim of a channel up to now, in the order of its sales. */
export function claimsOn(world: World, channel: Channel): { readonly sale: Sale; readonly claim: SaleClaim }[] {
  const now = world.now();
  return world.sales(channel).flatMap((sale) => {
    const claim = claimOf(world, sale, now);
    return claim ? [{ sale, claim }] : [];
  });
}
