import { rmSync } from 'node:fs';
import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { priceListsContract } from '#contract/price-lists.ts';
import { DomainError } from '#kernel/errors.ts';
import { inOrder } from '#runtime/sorted-page.ts';
import { changeList, countRows, deleteList, findLists, listLists, readGone, readListFacets, readRejects, readRows, type ListRecord } from '#engine/suppliers/index.ts';
import type { PriceListsDeps } from './deps.ts';
import { estimateRest } from './estimate-rest.ts';
import { exportList, readExport } from './export-list.ts';
import { appendUpload, beginUpload, correctList, detectList, openList, previewList } from './open-list.ts';
import { dropResults, PASS_JOB, runPass, startPass, turnPayload } from './pass-list.ts';
import { REST_JOB, runRest, startRest } from './run-rest.ts';
import { findListJob, requireIdle, requireList, resultsOf, viewList } from './view-list.ts';

/** What a list's rows are counted to exactly: the file is asked on a thread of its own. */
function pageOf<Row>(items: readonly Row[], { from, limit }: { readonly from: number; readonly limit: number }) {
  return { items: items.slice(0, limit), nextCursor: items.length > limit ? String(from + limit) : null };
}

function placeOf(cursor: string | undefined): number {
  const from = cursor === undefined ? 0 : Number(cursor);
  if (!Number.isSafeInteger(from) || from < 0) throw new DomainError('INVALID', 'This is no place in the list.', { field: 'cursor', reason: 'unreadable' });
  return from;
}

/** Stops what works on the list. What was asked stays; a first pass begins anew. */
async function stopList(deps: PriceListsDeps, list: ListRecord): Promise<void> {
  const job = await findListJob(deps, list);
  const stage = list.stage === 'passing' ? 'columns' : list.stage === 'running' ? 'paused' : null;
  if (stage === null) return;
  await deps.ctx.db.transaction(async (tx) => {
    await changeList(tx, list.id, { stage, error: null });
    await deps.ctx.outbox.add(tx, 'price-list.stopped', list.id);
  });
  if (job) await deps.ctx.jobs.cancel(job.id);
}

async function removeList(deps: PriceListsDeps, list: ListRecord): Promise<void> {
  await requireIdle(deps, list);
  await deps.ctx.db.transaction(async (tx) => {
    await deleteList(tx, list.id);
    await deps.ctx.outbox.add(tx, 'price-list.removed', list.id);
  });
  if (list.results !== null) await dropResults(deps, list.results);
  const others = await deps.ctx.db.prisma.priceList.count({ where: { file: list.file } });
  // A source that was made of it reads the file when it is run again.
  if (others === 0 && list.sourceId === null) rmSync(list.file, { force: true });
}

export function createPriceListProcedures(deps: PriceListsDeps) {
  const os = implement(priceListsContract).use(declaredErrors);
  const view = async (id: string) => viewList(deps, await requireList(deps, id));
  const after = async (id: string, run: (list: ListRecord) => Promise<void>) => {
    await run(await requireList(deps, id));
    return view(id);
  };
  const reader = async (id: string) => deps.files.reader(resultsOf(await requireList(deps, id)));
  return os.router({
    list: os.list.handler(async ({ input }) => {
      const { ids, ...page } = await listLists(deps.ctx.db, input);
      return { ...page, items: await Promise.all(inOrder(ids, await findLists(deps.ctx.db, ids)).map((list) => viewList(deps, list))) };
    }),
    facets: os.facets.handler(() => readListFacets(deps.ctx.db)),
    get: os.get.handler(({ input }) => view(input.id)),
    begin: os.begin.handler(({ input }) => beginUpload(deps, input)),
    append: os.append.handler(({ input }) => appendUpload(deps, input)),
    open: os.open.handler(async ({ input }) => viewList(deps, await openList(deps, input))),
    preview: os.preview.handler(async ({ input }) => previewList(deps, await requireList(deps, input.id), input)),
    correct: os.correct.handler(({ input }) => after(input.id, (list) => correctList(deps, list, input))),
    detect: os.detect.handler(({ input }) => after(input.id, (list) => detectList(deps, list))),
    pass: os.pass.handler(({ input }) => after(input.id, (list) => startPass(deps, list))),
    stop: os.stop.handler(({ input }) => after(input.id, (list) => stopList(deps, list))),
    rows: os.rows.handler(async ({ input }) => {
      const results = await reader(input.id);
      const from = placeOf(input.cursor);
      const items = await readRows(results, { ...input, from, limit: input.limit + 1 });
      return { ...pageOf(items, { from, limit: input.limit }), ...(from === 0 ? { total: { count: await countRows(results, input), capped: false } } : {}) };
    }),
    rejects: os.rejects.handler(async ({ input }) => {
      const from = placeOf(input.cursor);
      return pageOf(await readRejects(await reader(input.id), from, input.limit + 1), { from, limit: input.limit });
    }),
    gone: os.gone.handler(async ({ input }) => {
      const from = placeOf(input.cursor);
      return pageOf(await readGone(await reader(input.id), from, input.limit + 1), { from, limit: input.limit });
    }),
    cost: os.cost.handler(async ({ input }) => estimateRest(deps, await requireList(deps, input.id), input.most)),
    run: os.run.handler(({ input }) => after(input.id, (list) => startRest(deps, list, input.most))),
    export: os.export.handler(async ({ input }) => exportList(deps, await requireList(deps, input.id), input)),
    exported: os.exported.handler(({ input }) => readExport(deps, input)),
    remove: os.remove.handler(async ({ input }) => {
      await removeList(deps, await requireList(deps, input.id));
      return { removed: true };
    }),
  });
}

/** The work on price lists that outlives a request. */
export function registerPriceLists(deps: PriceListsDeps): void {
  deps.ctx.jobs.register({ kind: PASS_JOB, payload: turnPayload, run: (payload, job) => runPass(deps, payload, job) });
  deps.ctx.jobs.register({ kind: REST_JOB, payload: turnPayload, run: (payload, job) => runRest(deps, payload, job) });
}
