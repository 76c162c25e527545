import type { OpportunityRow } from '#contract/opportunities.ts';
import type { Tx } from '#runtime/ports.ts';
import { DomainError } from '#kernel/errors.ts';
import type { OpportunitiesDeps } from './deps.ts';
import { requireOpportunity } from './find-opportunity.ts';
import { rowOf } from './get-opportunity.ts';

async function readRow(deps: OpportunitiesDeps, id: string): Promise<OpportunityRow> {
  const row = await requireOpportunity(deps.ctx.db, id);
  const source = await deps.ctx.db.prisma.source.findUnique({ where: { id: row.sourceId }, select: { name: true } });
  return rowOf(row, source?.name ?? '');
}

/** Who decides, and where. */
export interface Decider {
  readonly personId: string;
  readonly channel: string;
}
const DESK_USER: Decider = { personId: 'owner', channel: 'desktop' };

/** The person does not want it. It stays skipped however often it is seen again. @throws DomainError STALE, NOT_OPEN, NOT_FOUND. */
export async function skipOpportunity(deps: OpportunitiesDeps, id: string, version: number, by: Decider = DESK_USER): Promise<OpportunityRow> {
  await deps.ctx.db.transaction((tx) => skipIn(deps, tx, { id, version, by }));
  return readRow(deps, id);
}

async function skipIn(deps: OpportunitiesDeps, tx: Tx, { id, version, by = DESK_USER }: { readonly id: string; readonly version: number; readonly by?: Decider }): Promise<void> {
  const row = await requireOpportunity(tx, id);
  if (row.state !== 'open') throw new DomainError('NOT_OPEN', 'The opportunity is no longer open.', { state: row.state });
  if (row.version !== version) throw new DomainError('STALE', 'The opportunity changed since it was shown.', { version: row.version });
  await tx.opportunity.update({ where: { id }, data: { state: 'skipped', version: { increment: 1 } } });
  await deps.ctx.audit.append(tx, { actor: by.personId, channel: by.channel, action: 'opportunity.refused', subject: id, data: { version } });
  await deps.ctx.outbox.add(tx, 'opportunity.skipped', id);
}

interface ManyOutcome {
  done: string[];
  refused: { id: string; code: string }[];
}

/** Each by itself within one transaction: what cannot be done is named, and does not keep the others from being done. */
async function each<Item extends { readonly id: string }>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<ManyOutcome> {
  const outcome: ManyOutcome = { done: [], refused: [] };
  for (const item of items) {
    try {
      await act(item);
      outcome.done.push(item.id);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      outcome.refused.push({ id: item.id, code: error.code });
    }
  }
  return outcome;
}

export function skipMany(deps: OpportunitiesDeps, items: readonly { readonly id: string; readonly version: number }[]): Promise<ManyOutcome> {
  return deps.ctx.db.transaction((tx) => each(items, ({ id, version }) => skipIn(deps, tx, { id, version })));
}

export function reopenMany(deps: OpportunitiesDeps, ids: readonly string[]): Promise<ManyOutcome> {
  return deps.ctx.db.transaction((tx) => each(ids.map((id) => ({ id })), ({ id }) => reopenIn(deps, tx, id)));
}

/** Undo of a skip. The offer is judged anew: nothing was rewritten while it was skipped. @throws DomainError NOT_OPEN, also when the offer is gone. */
export async function reopenOpportunity(deps: OpportunitiesDeps, id: string): Promise<OpportunityRow> {
  await deps.ctx.db.transaction((tx) => reopenIn(deps, tx, id));
  return readRow(deps, id);
}

async function reopenIn(deps: OpportunitiesDeps, tx: Tx, id: string): Promise<void> {
  const row = await requireOpportunity(tx, id);
  if (row.state !== 'skipped') throw new DomainError('NOT_OPEN', 'Only a skipped opportunity can be reopened.', { state: row.state });
  const offer = await tx.offer.findUniqueOrThrow({ where: { id: row.offerId }, select: { state: true } });
  if (offer.state === 'gone') throw new DomainError('NOT_OPEN', 'The offer is no longer there.', { state: 'expired' });
  await tx.offer.update({ where: { id: row.offerId }, data: { state: 'new' } });
  await tx.opportunity.update({ where: { id }, data: { state: 'open', version: { increment: 1 } } });
  await deps.ctx.jobs.add(tx, { kind: 'reconsider', payload: { everything: false }, uniqueKey: 'reconsider:reopened' });
  await deps.ctx.outbox.add(tx, 'opportunity.reopened', id);
}
