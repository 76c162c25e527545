import type { z } from 'zod';
import type { sourceHealth } from '#contract/sources.ts';
import { maskText } from '#kernel/log.ts';
import { DAY_MS } from '#kernel/time.ts';
import type { SourcesDeps } from './deps.ts';
import { bpOf, ENOUGH_PRODUCTS, findDrift, RUNS_LOOKED_AT } from './find-drift.ts';
import { requireSource, staleAfterMs } from './manage-sources.ts';
import { COVERED_FIELDS, REPAIRABLE_FIELDS, type PageSample } from './ports.ts';
import { countPassedOver, findRuns, type RunRecord } from './repo.ts';
import { countFrontier } from './run-frontier.ts';
import { sessionOf } from './sign-in.ts';

export type HealthView = z.infer<typeof sourceHealth>;

function coverageOf(run: RunRecord | undefined): HealthView['coverage'] {
  if (!run) return null;
  return { runId: run.id, products: run.fields.products, fields: Object.fromEntries(COVERED_FIELDS.map((f) => [f, bpOf(run.fields, f)])) as NonNullable<HealthView['coverage']>['fields'] };
}

function permitsOf(deps: SourcesDeps, kind: string): HealthView['permits'] {
  const policy = deps.adapters.get(kind)?.policy;
  return policy ? { scan: policy.scan, buy: policy.buy, source: policy.source, asOf: policy.asOf, note: policy.note ?? null } : null;
}

export async function viewHealth(deps: SourcesDeps, id: string): Promise<HealthView> {
  const source = await requireSource(deps, id);
  const now = deps.ctx.clock.now();
  const runs = await findRuns(deps.ctx.db, id, RUNS_LOOKED_AT);
  const telling = runs.filter((r) => (r.state === 'done' || r.state === 'failed') && r.fields.products >= ENOUGH_PRODUCTS);
  return {
    ageMs: source.lastSuccessAt === null ? null : Math.max(0, now - source.lastSuccessAt), staleAfterMs: staleAfterMs(source),
    coverage: coverageOf(telling[0]), drift: findDrift(telling.map((r) => r.fields)), passedOver: await countPassedOver(deps.ctx.db, id),
    requests: { day: runs.filter((r) => now - r.startedAt < DAY_MS).reduce((sum, r) => sum + r.requests, 0), lastRun: runs[0]?.requests ?? 0 },
    permits: permitsOf(deps, source.kind), crawl: await crawlOf(deps, runs[0]), session: await sessionOf(deps, source), repairable: deps.inspector !== undefined && ((await deps.pageSamples?.read(id).catch(() => null)) ?? null) !== null,
    error: source.lastError === null ? null : { at: source.failedAt ?? source.lastSuccessAt ?? now, message: source.lastError, kind: source.errorKind, hasPage: ((await deps.errorPages?.read(id).catch(() => null)) ?? null) !== null },
  };
}

async function crawlOf(deps: SourcesDeps, run: RunRecord | undefined): Promise<HealthView['crawl']> {
  if (!run) return null;
  const { done, queued, failed } = await countFrontier(deps.ctx.db, run.sourceId, run.id);
  return done + queued + failed === 0 ? null : { done, queued, failed };
}

export async function readErrorPage(deps: SourcesDeps, id: string): Promise<string | null> {
  await requireSource(deps, id);
  return (await deps.errorPages?.read(id)) ?? null;
}

/** A page that was read well may be this old before any other takes its place. */
const SAMPLE_AGE_MS = 30 * DAY_MS;

/** Keeps a page of the source that was read well. One that lost a field which the kept one has does not take its place: the kept one is what the field is found again by. */
export async function keepPageSample(deps: SourcesDeps, sourceId: string, sample: PageSample): Promise<void> {
  if (!deps.pageSamples) return;
  const kept = await deps.pageSamples.read(sourceId);
  const at = deps.ctx.clock.now();
  const lost = kept !== null && REPAIRABLE_FIELDS.some((f) => kept.values[f] !== undefined && sample.values[f] === undefined);
  if (lost && at - kept.at < SAMPLE_AGE_MS) return;
  await deps.pageSamples.save(sourceId, { ...sample, html: maskPage(sample.html).slice(0, 200_000), at });
}

/** Beyond what logs mask: form fields, and values under names that speak of a session or a person. */
export function maskPage(page: string): string {
  return maskText(page)
    .replace(/((?:csrf|xsrf|nonce|token|session|secret|password|api[_-]?key)[\w-]{0,30}["']?\s*[:=]\s*["'])[^"']{4,500}(["'])/gi, '$1[masked]$2')
    .replace(/(<input\b[^>]{0,300}\btype=["']hidden["'][^>]{0,300}\bvalue=["'])[^"']{1,500}/gi, '$1[masked]')
    .replace(/[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60})+/g, '[e-mail]');
}
