import type { z } from 'zod';
import type { runView, sourceView } from '#contract/sources.ts';
import { DomainError, messageOf } from '#kernel/errors.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import type { SourcesDeps } from './deps.ts';
import { findDrift } from './find-drift.ts';
import { countOffers, findByAddress, findOpenRun, findRun, findRuns, findScanJob, findSource, findSources, findStoredSource, findStoredSources, forgetFrontier, insertRun, insertSource, scanJobKey, setRunState, updateSource, type RunRecord, type SourceConfig, type SourceKind, type SourceRecord, type StoredSource } from './repo.ts';

export type SourceView = z.infer<typeof sourceView>;
export type RunView = z.infer<typeof runView>;

/** Runs that the success share is taken of. */
const HEALTH_RUNS = 20;
/** A source that runs only when asked counts as stale after this. */
const STALE_AFTER_MS = 7 * DAY_MS;

/** Whose pages may say nothing that a program can be sure of; the others have an API, or a structure that is known. */
const ASKING_KINDS: ReadonlySet<string> = new Set(['structured-shop']);

export function viewRun(run: RunRecord): RunView {
  const { cursor: _cursor, fields: _fields, ...view } = run;
  return view;
}

const hasEnded = (run: RunRecord): boolean => run.state === 'done' || run.state === 'failed';

/** How long after its last success a source counts as stale. */
export function staleAfterMs(source: Pick<SourceRecord, 'intervalMs'>): number {
  return source.intervalMs === null ? STALE_AFTER_MS : Math.max(2 * source.intervalMs, DAY_MS);
}

/** @param runs newest first. */
function healthOf(source: SourceRecord, runs: readonly RunRecord[], now: Instant): SourceView['health'] {
  if (runs[0]?.state === 'failed') return 'failing';
  if (source.lastSuccessAt === null) return 'never-run';
  if (now - source.lastSuccessAt > staleAfterMs(source)) return 'stale';
  return findDrift(runs.filter(hasEnded).map((r) => r.fields)).length > 0 ? 'drifting' : 'healthy';
}

const hasSession = (source: SourceRecord): boolean => (source.config.site['politeness'] as { session?: string } | undefined)?.session !== undefined;

/** What is shown as the error of a source whose configuration cannot be read. */
const unreadable = (problem: string) => `Its stored configuration cannot be read (${problem}). Until it can be read it is not scanned; what it offered stays. A backup from before may hold it; or remove it and add its address again.`;

async function viewSource(deps: SourcesDeps, { source, problem }: StoredSource, counts: { offers: number; open: number }): Promise<SourceView> {
  const runs = await findRuns(deps.ctx.db, source.id, HEALTH_RUNS);
  const ended = runs.filter(hasEnded);
  return {
    id: source.id, kind: source.kind, name: source.name, baseUrl: source.baseUrl, enabled: source.enabled, intervalMs: source.intervalMs, readable: problem === null,
    health: problem === null ? healthOf(source, runs, deps.ctx.clock.now()) : 'failing', offers: counts.offers, openOpportunities: counts.open,
    successBp: ended.length === 0 ? null : Math.round((ended.filter((r) => r.state === 'done').length * 10_000) / ended.length),
    lastSuccessAt: source.lastSuccessAt, lastError: problem === null ? source.lastError : unreadable(problem), lastRun: runs[0] ? viewRun(runs[0]) : null,
    ai: ASKING_KINDS.has(source.kind) ? source.config.site['ai'] === true : null,
  };
}

export async function listSources(deps: SourcesDeps): Promise<SourceView[]> {
  const counts = new Map((await countOffers(deps.ctx.db)).map((c) => [c.sourceId, c]));
  return Promise.all((await findStoredSources(deps.ctx.db)).map((s) => viewSource(deps, s, counts.get(s.source.id) ?? { offers: 0, open: 0 })));
}

const noSuchSource = (id: string) => new DomainError('NOT_FOUND', `There is no source ${id}.`, { kind: 'source', id });

/** @throws DomainError NOT_FOUND, also where it was removed; INVALID where its configuration cannot be read. */
export async function requireSource(deps: SourcesDeps, id: string): Promise<SourceRecord> {
  const source = await findSource(deps.ctx.db, id);
  if (!source || source.removedAt !== null) throw noSuchSource(id);
  return source;
}

export async function getSource(deps: SourcesDeps, id: string): Promise<{ source: SourceView; runs: RunView[] }> {
  const source = await findStoredSource(deps.ctx.db, id);
  if (!source) throw noSuchSource(id);
  const counts = (await countOffers(deps.ctx.db)).find((c) => c.sourceId === id) ?? { offers: 0, open: 0 };
  return { source: await viewSource(deps, source, counts), runs: (await findRuns(deps.ctx.db, id, 50)).map(viewRun) };
}

export interface NewSource {
  readonly kind: SourceKind;
  readonly name: string;
  readonly baseUrl: string;
  readonly intervalMs: number | null;
  /** What the adapter needs beside the address, and what is known of the shop. */
  readonly config?: Partial<SourceConfig>;
  /** What a person chose, or a detection proposed, beside the address. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
}

/** Ouedkniss is asked at its interface, whatever page of it was pasted. */
function siteConfigOf(deps: SourcesDeps, input: NewSource, baseUrl: string): SourceConfig['site'] {
  const ownHost = input.kind === 'ouedkniss' && /(?:^|\.)ouedkniss\.com$/.test(new URL(baseUrl).hostname) && input.config?.site === undefined;
  const local = deps.allowLoopback && /^(?:127\.|localhost$|\[::1\]$)/.test(new URL(baseUrl).hostname) && input.config?.site === undefined;
  return { ...(ownHost ? {} : { baseUrl }), ...(local ? { politeness: { allowLoopback: true } } : {}), ...input.settings, ...input.config?.site };
}

/** Checks the configuration with the adapter before it is stored. A second source at the same address is refused; one that was removed comes back, with this configuration. */
export async function addSource(deps: SourcesDeps, input: NewSource): Promise<SourceView> {
  const adapter = deps.adapters.get(input.kind);
  if (!adapter) throw new DomainError('INVALID', `Sources of kind ${input.kind} cannot be read yet.`, { field: 'kind', reason: 'unsupported' });
  const baseUrl = input.baseUrl.replace(/\/+$/, '');
  const config: SourceConfig = { terms: {}, ...input.config, site: siteConfigOf(deps, input, baseUrl) };
  const opened = adapter.open(config.site);
  if (!opened.ok) {
    const first = opened.error[0] ?? { field: 'config', reason: 'unreadable' };
    throw new DomainError('INVALID', `${first.field}: ${first.reason}`, { field: first.field, reason: first.reason });
  }
  await opened.value.close();
  const id = await deps.ctx.db.transaction(async (tx) => {
    const known = await findByAddress(tx, input.kind, baseUrl);
    if (known && known.removedAt === null) throw new DomainError('INVALID', 'This address is a source already.', { field: 'baseUrl', reason: 'duplicate' });
    const added = known?.id ?? deps.ctx.ids.next('source');
    if (known) await updateSource(tx, known.id, { name: input.name, config: JSON.stringify(config), enabled: true, intervalMs: input.intervalMs, removedAt: null });
    else await insertSource(tx, { id: added, kind: input.kind, name: input.name, baseUrl, config, enabled: true, intervalMs: input.intervalMs, createdAt: deps.ctx.clock.now() });
    await deps.ctx.outbox.add(tx, 'source.added', added);
    return added;
  });
  return (await getSource(deps, id)).source;
}

export async function changeSource(deps: SourcesDeps, id: string, change: { name?: string | undefined; enabled?: boolean | undefined; intervalMs?: number | null | undefined; ai?: boolean | undefined }): Promise<SourceView> {
  // a source whose configuration cannot be read can still be named and switched off
  const source = change.ai === undefined ? (await findStoredSource(deps.ctx.db, id))?.source : await requireSource(deps, id);
  if (!source) throw noSuchSource(id);
  if (change.ai !== undefined && !ASKING_KINDS.has(source.kind)) throw new DomainError('INVALID', 'Sources of this kind are read without a language model.', { field: 'ai', reason: 'kind' });
  await deps.ctx.db.transaction(async (tx) => {
    await updateSource(tx, id, { ...(change.name === undefined ? {} : { name: change.name }), ...(change.enabled === undefined ? {} : { enabled: change.enabled }), ...(change.intervalMs === undefined ? {} : { intervalMs: change.intervalMs }), ...(change.ai === undefined ? {} : { config: JSON.stringify({ ...source.config, site: { ...source.config.site, ai: change.ai } }) }) });
    await deps.ctx.outbox.add(tx, 'source.changed', id);
  });
  return (await getSource(deps, id)).source;
}

/** The run that is queued or running. One whose job is gone (the program ended too often while it ran) ends here: nothing would ever end it. */
async function findLiveRun(deps: SourcesDeps, tx: Tx, sourceId: string): Promise<RunRecord | null> {
  const open = await findOpenRun(tx, sourceId);
  if (!open || (await findScanJob(tx, open.id)) !== null) return open;
  const error = 'the program ended while it ran';
  await setRunState(tx, open.id, 'failed', { finishedAt: deps.ctx.clock.now(), error });
  await updateSource(tx, sourceId, { lastError: error, failedAt: deps.ctx.clock.now(), errorKind: null });
  await deps.ctx.outbox.add(tx, 'source.scan-ended', sourceId, { runId: open.id, state: 'failed' });
  return null;
}

/** Queues a scan. @throws DomainError ALREADY_RUNNING when one is queued or running. */
export async function startScan(deps: SourcesDeps, sourceId: string): Promise<RunView> {
  await requireSource(deps, sourceId);
  const id = deps.ctx.ids.next('run');
  await deps.ctx.db.transaction(async (tx) => {
    const open = await findLiveRun(deps, tx, sourceId);
    if (open) throw new DomainError('ALREADY_RUNNING', 'A scan of this source is running.', { runId: open.id });
    await insertRun(tx, { id, sourceId, startedAt: deps.ctx.clock.now() });
    await deps.ctx.jobs.add(tx, { kind: 'scan', payload: { runId: id }, uniqueKey: scanJobKey(id), maxAttempts: 6 });
    await deps.ctx.outbox.add(tx, 'source.scan-queued', sourceId, { runId: id });
  });
  return viewRun((await findRun(deps.ctx.db, id))!);
}

/** Stops at the next page; what was stored stays. */
export async function cancelScan(deps: SourcesDeps, runId: string): Promise<RunView> {
  const run = await findRun(deps.ctx.db, runId);
  if (!run) throw new DomainError('NOT_FOUND', `There is no run ${runId}.`, { kind: 'run', id: runId });
  if (run.state !== 'queued' && run.state !== 'running') return viewRun(run);
  const jobId = await findScanJob(deps.ctx.db, runId);
  await deps.ctx.db.transaction(async (tx) => {
    await setRunState(tx, runId, 'cancelled', { finishedAt: deps.ctx.clock.now() });
    await deps.ctx.outbox.add(tx, 'source.scan-ended', run.sourceId, { runId, state: 'cancelled' });
  });
  if (jobId) await deps.ctx.jobs.cancel(jobId);
  return viewRun((await findRun(deps.ctx.db, runId))!);
}

/** Starts a scan of every enabled source whose interval has passed. Answers how many it started. */
export async function startDueScans(deps: SourcesDeps): Promise<number> {
  const now = deps.ctx.clock.now();
  let started = 0;
  for (const source of await findSources(deps.ctx.db)) {
    if (!source.enabled || source.intervalMs === null) continue;
    const [last] = await findRuns(deps.ctx.db, source.id, 1);
    if (last && now - last.startedAt < source.intervalMs) continue;
    if (await deps.ctx.db.transaction((tx) => findLiveRun(deps, tx, source.id))) continue;
    await startScan(deps, source.id);
    started += 1;
  }
  return started;
}

/** The same source answers at another address now. One that was removed is back. */
export async function retargetSource(deps: SourcesDeps, id: string, to: { readonly baseUrl: string; readonly config: SourceConfig }): Promise<void> {
  await deps.ctx.db.transaction((tx) => updateSource(tx, id, { baseUrl: to.baseUrl.replace(/\/+$/, ''), config: JSON.stringify(to.config), removedAt: null }));
}

/**
 * Takes a source off the desk, also one whose configuration cannot be read. Its row stays, for what was bought from it; adding its address again brings it back.
 * @param withdraw takes its offers back, in the same transaction: they are another module's.
 */
export async function removeSource(deps: SourcesDeps, id: string, withdraw: (tx: Tx, sourceId: string) => Promise<number>): Promise<{ id: string; offers: number }> {
  const stored = await findStoredSource(deps.ctx.db, id);
  if (!stored) throw noSuchSource(id);
  const open = await findOpenRun(deps.ctx.db, id);
  if (open) await cancelScan(deps, open.id);
  const offers = await deps.ctx.db.transaction(async (tx) => {
    await updateSource(tx, id, { removedAt: deps.ctx.clock.now(), enabled: false, intervalMs: null, lastError: null, failedAt: null, errorKind: null });
    await forgetFrontier(tx, id);
    await deps.ctx.outbox.add(tx, 'source.removed', id);
    return withdraw(tx, id);
  });
  // where nothing was kept, a machine without a place for secrets need not be asked
  if (stored.problem !== null || hasSession(stored.source)) await deps.sessions?.signOut(id).catch((error: unknown) => deps.ctx.log.warn('the sign-in of a removed source was not forgotten', { sourceId: id, reason: messageOf(error) }));
  return { id, offers };
}
