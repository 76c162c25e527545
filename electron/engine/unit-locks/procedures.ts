import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { unitLocksContract } from '#contract/unit-locks.ts';
import { DomainError } from '#kernel/errors.ts';
import type { UnitLocksDeps } from './deps.ts';
import { explainOversell } from './explain-oversell.ts';
import { findLock, locksOfOrder, writeResult } from './repo.ts';
import { summariseLocks } from './summarise-locks.ts';
import { TELL_CHANNEL } from './tell-channel.ts';
import type { UnitLock } from './lock.ts';

const row = ({ id, channel, listingId, quantity, state, soldAt, heardAt, firstCallAt, toldAt, provedAt, shown, attempts, error }: UnitLock) => ({ id, channel, listingId, quantity, state, soldAt, heardAt, firstCallAt, toldAt, provedAt, shown, attempts, error });

export function createUnitLockProcedures(deps: UnitLocksDeps) {
  const os = implement(unitLocksContract).use(declaredErrors);
  const { db, jobs, clock } = deps.ctx;
  return os.router({
    ofOrder: os.ofOrder.handler(async ({ input }) => ({ locks: (await locksOfOrder(db.prisma, input.id)).map(row), oversell: await explainOversell(db.prisma, input.id) })),
    summary: os.summary.handler(() => summariseLocks(deps)),
    retry: os.retry.handler(({ input }) => db.transaction(async (tx) => {
      const lock = await findLock(tx, input.id);
      if (!lock) throw new DomainError('NOT_FOUND', 'There is no such lock.', { kind: 'unit-lock', id: input.id });
      if (lock.state !== 'stopped') throw new DomainError('WRONG_STATE', 'It is in another state by now.', { state: lock.state });
      await writeResult(tx, [lock.id], { state: 'intended', nextAt: clock.now() });
      await jobs.add(tx, { kind: TELL_CHANNEL, payload: { channel: lock.channel }, uniqueKey: `${TELL_CHANNEL}:${lock.channel}:${lock.id}` });
      return row({ ...lock, state: 'intended' });
    })),
  });
}
