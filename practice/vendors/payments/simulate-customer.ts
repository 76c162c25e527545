import { createHash } from 'node:crypto';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, MINUTE_MS, type Instant } from '#kernel/time.ts';

/** What a customer who was sent something to pay will do, by itself: the same for the same world and payment. */
export interface CustomerPlan {
  readonly outcome: 'pays' | 'declines' | 'ignores';
  readonly at: Instant;
  /** Disputed so long after paying; null for most. */
  readonly disputedAt: Instant | null;
}

/** Most pay within hours; some never do, some cards are refused, and a few take their money back weeks later. */
export function planOf(seed: number, paymentId: string, createdAt: Instant): CustomerPlan {
  const random = seededRandom(`payment ${seed} ${paymentId}`);
  const draw = random.next();
  const at = createdAt + Math.round((2 + 600 * random.next() ** 3) * MINUTE_MS);
  const outcome = draw < 0.8 ? 'pays' : draw < 0.88 ? 'declines' : 'ignores';
  const disputes = random.next() < 0.02;
  return { outcome, at, disputedAt: outcome === 'pays' && disputes ? at + Math.round((5 + 20 * random.next()) * DAY_MS) : null };
}

/** Letters and digits that look like a provider's own id; the same for the same reason. */
export function idFrom(prefix: string, ...parts: readonly (string | number)[]): string {
  return prefix + createHash('sha256').update(parts.join('|')).digest('hex').slice(0, 21);
}
