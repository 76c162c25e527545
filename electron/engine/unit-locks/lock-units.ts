import { getLot } from '../inventory/index.ts';
import { lowerListings } from '../listings/index.ts';
import type { Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import type { UnitLocksDeps } from './deps.ts';
import type { CauseKind } from './lock.ts';
import { insertLocks, type NewLock } from './repo.ts';
import { TELL_CHANNEL } from './tell-channel.ts';

export interface LockCause {
  readonly lotId: string;
  readonly kind: CauseKind;
  /** Of the stock movement. */
  readonly ref: string;
  /** Where it was sold, if a channel counts it there itself. */
  readonly channel: string | null;
  readonly orderId: string | null;
  readonly soldAt: Instant | null;
  readonly heardAt: Instant;
}

/** Units are gone: what every other channel has to hear is stored, in the caller's transaction, and the calls start after it. The same cause again adds nothing. */
export async function lockUnits(deps: UnitLocksDeps, tx: Tx, cause: LockCause): Promise<number> {
  const { onHand } = await getLot(tx, cause.lotId);
  const lowered = await lowerListings(deps.listings, tx, { lotId: cause.lotId, except: cause.kind === 'sale' ? cause.channel : null, all: cause.kind !== 'count' });
  const locks = lowered.map((listing): NewLock => ({
    id: deps.ctx.ids.next('unitLock'), lotId: cause.lotId, listingId: listing.id, channel: listing.channel, quantity: onHand, causeKind: cause.kind, causeRef: cause.ref, causeChannel: cause.channel, orderId: cause.orderId,
    soldAt: cause.soldAt, heardAt: cause.heardAt,
  }));
  await insertLocks(tx, locks);
  for (const channel of new Set(locks.map((lock) => lock.channel))) await deps.ctx.jobs.add(tx, { kind: TELL_CHANNEL, payload: { channel }, uniqueKey: `${TELL_CHANNEL}:${channel}:${cause.heardAt}` });
  return locks.length;
}
