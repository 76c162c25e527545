import { z } from 'zod';
import type { EngineContext, JobContext, Tx } from '#runtime/ports.ts';
import { DomainError, isConnectorError, messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { evaluateOffers, forgetOldChanges, ingestOffers, markSeen, normaliseOffer, recordBack, recordGone, retireUnseen, type OpportunitiesDeps } from '#engine/opportunities/index.ts';
import {
  countFields, countRunFields, countRuns, deleteOldRejects, maskPage, findRun, hasEarlierPass, insertRejects, keepPageSample, requireSource, setRunState, startDueScans, updateSource, RunFrontier,
  type OpenSource, type RawReject, type RunRecord, type ScanPage, type SourceRecord, type SourcesDeps,
} from '#engine/sources/index.ts';

export interface ScanDeps {
  readonly ctx: EngineContext;
  readonly sources: SourcesDeps;
  readonly opportunities: OpportunitiesDeps;
}

/** New or changed offers that are gathered before a batch is evaluated: data vendors answer a hundred at once. */
const EVALUATE_EVERY = 400;
const SCAN_DUE_EVERY_MS = 60_000;

/** Stored in the place of the cursor when the last page of a pass is in: that page's own cursor would begin another pass. */
const ALL_READ = '(all pages are read)';

/** A file once read is history, not a standing offer that could vanish. */
const endsByVanishing = (source: SourceRecord) => source.kind !== 'price-list';

function openOf(deps: ScanDeps, source: SourceRecord): OpenSource {
  const adapter = deps.sources.adapters.get(source.kind);
  if (!adapter) throw new DomainError('INVALID', `Sources of kind ${source.kind} cannot be read.`, { field: 'kind', reason: 'unsupported' });
  const opened = adapter.open(source.config.site);
  if (!opened.ok) throw new DomainError('INVALID', opened.error.map((p) => `${p.field}: ${p.reason}`).join('; '), { field: 'config', reason: 'unreadable' });
  if (opened.value.policy.scan !== 'allowed') throw new DomainError('INVALID', `${source.name} does not permit scanning (${opened.value.policy.source}).`, { field: 'policy', reason: 'forbidden' });
  return opened.value;
}

/** A run, and whether there is something to compare it with: of a source's first pass everything is new, which its counts say. */
interface ActiveRun extends RunRecord {
  readonly compares: boolean;
  /** What it has still to read, for sites that are crawled. */
  readonly frontier: RunFrontier;
}

const targetOf = (run: RunRecord) => ({ runId: run.id, sourceId: run.sourceId });

/** One page, its rejects, counters and cursor in one transaction: a killed scan goes on without gap or repeat. */
async function storePage(deps: ScanDeps, run: ActiveRun, source: SourceRecord, page: ScanPage): Promise<number> {
  const rejects: RawReject[] = [...page.rejects];
  const offers = page.offers.map((offer) => normaliseOffer(offer, source.config.terms));
  return deps.ctx.db.transaction(async (tx) => {
    // a page that was under way when the run was cancelled, or its source removed, brings nothing back
    if (!(await stillRuns(tx, run))) return 0;
    const counts = await ingestOffers(deps.ctx, tx, run.compares ? targetOf(run) : run.sourceId, offers);
    if (run.compares) await recordBack(tx, targetOf(run), page.unchanged ?? [], deps.ctx.clock.now());
    await markSeen(tx, run.sourceId, page.unchanged ?? [], deps.ctx.clock.now());
    await insertRejects(tx, run.id, rejects.map((r) => ({ ...r, id: deps.ctx.ids.next('quarantine') })));
    await countRuns(tx, run.id, { seen: counts.seen, added: counts.added, changed: counts.changed, rejected: rejects.length, requests: page.requests }, { cursor: page.complete ? ALL_READ : page.cursor, ...(page.total === undefined ? {} : { total: page.total }) });
    await countRunFields(tx, run.id, countFields(page.offers, rejects));
    if (page.crawl) await run.frontier.write(tx, page.crawl);
    return counts.added + counts.changed;
  });
}

/** Evaluates what waits of this source until nothing does, or fewer than `atLeast`. */
async function evaluate(deps: ScanDeps, run: RunRecord, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const batch = await evaluateOffers(deps.opportunities, { sourceId: run.sourceId, limit: EVALUATE_EVERY, signal });
    if (batch.taken === 0) return;
    await deps.ctx.db.transaction((tx) => countRuns(tx, run.id, { survivors: batch.survivors, opportunities: batch.written }));
    deps.ctx.outbox.announce('source.scan-progress', run.sourceId, { runId: run.id });
  }
}

/** Reads and stores what is left of the source, from where the run stands. Answers whether the whole source was read. */
async function read(deps: ScanDeps, run: ActiveRun, source: SourceRecord, job: JobContext): Promise<boolean> {
  if (run.cursor === ALL_READ) return true;
  const open = openOf(deps, source);
  let waiting = 0;
  let done = run.seen;
  let complete = false;
  try {
    for await (const page of open.scan({ signal: job.signal, frontier: run.frontier, ...(run.cursor === null ? {} : { cursor: run.cursor }) })) {
      job.signal.throwIfAborted();
      waiting += await storePage(deps, run, source, page);
      // Worth having for the day when a field vanishes, not worth failing for.
      if (page.sample) await keepPageSample(deps.sources, source.id, page.sample).catch((failure: unknown) => deps.ctx.log.warn('could not keep a page that was read well', { sourceId: source.id, reason: messageOf(failure) }));
      done = page.read ?? done + page.offers.length;
      job.progress({ done, total: page.total ?? null, note: source.name });
      complete = page.complete;
      if (waiting >= EVALUATE_EVERY) {
        await evaluate(deps, run, job.signal);
        waiting = 0;
      }
    }
  } finally {
    await open.close();
  }
  return complete;
}

/** Of a run that a person cancelled meanwhile nothing is said any more. */
const stillRuns = async (tx: Tx, run: RunRecord) => (await findRun(tx, run.id))?.state === 'running';

async function pass(deps: ScanDeps, run: ActiveRun, source: SourceRecord, job: JobContext): Promise<void> {
  const complete = await read(deps, run, source, job);
  await evaluate(deps, run, job.signal);
  await deps.ctx.db.transaction(async (tx) => {
    if (!(await stillRuns(tx, run))) return;
    const now = deps.ctx.clock.now();
    if (complete && endsByVanishing(source)) {
      if (run.compares) await recordGone(tx, targetOf(run), { passStartedAt: run.startedAt, at: now });
      await retireUnseen(tx, source.id, run.startedAt);
    }
    await setRunState(tx, run.id, 'done', { finishedAt: now, error: null });
    await updateSource(tx, source.id, { lastSuccessAt: now, lastError: null, failedAt: null, errorKind: null });
    await deps.ctx.outbox.add(tx, 'source.scan-ended', source.id, { runId: run.id, state: 'done' });
  });
}

async function fail(deps: ScanDeps, run: RunRecord, error: unknown): Promise<void> {
  const text = maskText(messageOf(error)).slice(0, 500);
  await deps.ctx.db.transaction(async (tx) => {
    if (!(await stillRuns(tx, run))) return;
    await setRunState(tx, run.id, 'failed', { finishedAt: deps.ctx.clock.now(), error: text });
    await updateSource(tx, run.sourceId, { lastError: text, failedAt: deps.ctx.clock.now(), errorKind: isConnectorError(error) ? error.kind : null });
    await deps.ctx.outbox.add(tx, 'source.scan-ended', run.sourceId, { runId: run.id, state: 'failed' });
  });
  // A copy to look at is worth having, not worth failing for.
  if (isConnectorError(error) && error.detail.page) await deps.sources.errorPages?.save(run.sourceId, maskPage(error.detail.page)).catch((failure: unknown) => deps.ctx.log.warn('could not keep a copy of the page', { sourceId: run.sourceId, reason: messageOf(failure) }));
}

/** Errors after which the same pass can go on from its cursor when the job runs again. */
const worthAnotherTry = (error: unknown) => isConnectorError(error, 'Retryable', 'Throttled', 'SessionLost', 'OutcomeUnknown');
const TRIES = 6;

async function runScan(deps: ScanDeps & ProgramStart, runId: string, job: JobContext): Promise<void> {
  const run = await deps.ctx.db.transaction(async (tx) => {
    const found = await findRun(tx, runId);
    if (!found || (found.state !== 'queued' && found.state !== 'running')) return null;
    await setRunState(tx, runId, 'running');
    if (found.state === 'queued') {
      await deleteOldRejects(tx, found.sourceId, runId);
      await forgetOldChanges(tx, found.sourceId);
    }
    return { ...found, compares: await hasEarlierPass(tx, found), frontier: new RunFrontier({ db: deps.ctx.db, clock: deps.ctx.clock, owner: deps.programStart }, { sourceId: found.sourceId, runId }) };
  });
  if (!run) return;
  const source = await requireSource(deps.sources, run.sourceId);
  try {
    await pass(deps, run, source, job);
  } catch (error) {
    if (job.signal.aborted) throw error; // cancelled (the run says so already) or shutting down (it goes on at the next start)
    if (worthAnotherTry(error) && job.attempt < TRIES) throw error;
    await fail(deps, run, error);
  }
}

/** Names one start of the program: what another had claimed of a crawl died with it. */
interface ProgramStart {
  readonly programStart: string;
}
let starts = 0;

/** Scans on demand and by schedule. */
export function registerScanning(given: ScanDeps): void {
  const deps = { ...given, programStart: `${process.pid}-${given.ctx.clock.now()}-${++starts}` };
  deps.ctx.jobs.register({ kind: 'scan', payload: z.strictObject({ runId: z.string() }), concurrency: 2, run: (payload, job) => runScan(deps, payload.runId, job) });
  deps.ctx.jobs.register({ kind: 'scan-due', payload: z.strictObject({}), run: async () => void (await startDueScans(deps.sources)) });
}

export function scheduleScanning(deps: ScanDeps): Promise<void> {
  return deps.ctx.jobs.schedule('scan-due', { everyMs: SCAN_DUE_EVERY_MS, jobKind: 'scan-due', payload: {} });
}
