import { z } from 'zod';
import type { priceListView } from '#contract/price-lists.ts';
import { DomainError } from '#kernel/errors.ts';
import { findList, type ListRecord, type ListStage } from '#engine/suppliers/index.ts';
import type { PriceListsDeps } from './deps.ts';

export type PriceListView = z.infer<typeof priceListView>;

/** Of the turn and not of the list: a stopped job keeps its key until it has ended, and the next needs one of its own. */
export const listJobKey = (list: Pick<ListRecord, 'id' | 'turn'>): string => `price-list:${list.id}:${list.turn}`;

const progressSchema = z.looseObject({ done: z.number(), total: z.number().nullable(), note: z.string().optional() });

interface LiveJob { readonly id: string; readonly progress: PriceListView['progress'] }

export async function findListJob(deps: PriceListsDeps, list: ListRecord): Promise<LiveJob | null> {
  const job = await deps.ctx.db.prisma.job.findUnique({ where: { uniqueKey: listJobKey(list) }, select: { id: true, progress: true } });
  if (!job) return null;
  const progress = job.progress === null ? null : progressSchema.safeParse(JSON.parse(job.progress));
  return { id: job.id, progress: progress?.success ? { done: progress.data.done, total: progress.data.total, note: progress.data.note ?? null } : null };
}

/** Where the list really stands: work whose job is gone, because a person took it from the job list, is not under way. */
function stageOf(list: ListRecord, job: LiveJob | null): ListStage {
  if (job !== null) return list.stage;
  if (list.stage === 'passing') return 'columns';
  return list.stage === 'running' ? 'paused' : list.stage;
}

export async function requireList(deps: PriceListsDeps, id: string): Promise<ListRecord> {
  const list = await findList(deps.ctx.db, id);
  if (!list) throw new DomainError('NOT_FOUND', 'There is no such price list.', { kind: 'price-list', id });
  return list;
}

export async function currentStage(deps: PriceListsDeps, list: ListRecord): Promise<ListStage> {
  return stageOf(list, await findListJob(deps, list));
}

/** @throws DomainError WRONG_STAGE while the list is worked on. */
export async function requireIdle(deps: PriceListsDeps, list: ListRecord): Promise<ListStage> {
  const stage = await currentStage(deps, list);
  if (stage === 'passing' || stage === 'running') throw new DomainError('WRONG_STAGE', 'The list is being worked on: stop it first.', { stage });
  return stage;
}

/** The list's rows, once it was passed. @throws DomainError WRONG_STAGE before that */
export function resultsOf(list: ListRecord): string {
  if (list.results === null || list.passedAt === null) throw new DomainError('WRONG_STAGE', 'The list has not been read yet.', { stage: list.stage });
  return list.results;
}

export async function viewList(deps: PriceListsDeps, list: ListRecord): Promise<PriceListView> {
  const job = await findListJob(deps, list);
  const { id, supplier, name, bytes, layout, layoutFrom, missing, error, counts, createdAt, passedAt, endedAt } = list;
  return {
    id, supplier, name, bytes, stage: stageOf(list, job), layout, layoutFrom, missing: [...missing], error, counts: counts?.pass ?? null, changes: counts?.changes ?? null,
    rest: counts === null ? null : { total: Math.min(counts.askable, list.most ?? counts.askable), done: list.done, most: list.most, profitable: counts.profitable }, progress: job?.progress ?? null, createdAt, passedAt, endedAt,
  };
}
