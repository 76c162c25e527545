import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, instantSchema, pageInput, pageOf } from './shared.ts';

export const sourceKind = z.enum(['woocommerce', 'ouedkniss', 'structured-shop', 'price-list']);

export const runView = z.strictObject({
  id: z.string(), sourceId: z.string(), state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  seen: z.int(), added: z.int(), changed: z.int(), rejected: z.int(), survivors: z.int(), opportunities: z.int(), requests: z.int(), total: z.int().nullable(),
  startedAt: instantSchema, finishedAt: instantSchema.nullable(), error: z.string().nullable(),
});

export const sourceView = z.strictObject({
  id: z.string(), kind: sourceKind, name: z.string(), baseUrl: z.string(), enabled: z.boolean(),
  /** Scans by itself this often; null: only when asked. */
  intervalMs: z.int().nullable(),
  health: z.enum(['never-run', 'healthy', 'failing', 'stale']),
  offers: z.int(), openOpportunities: z.int(),
  /** Share of the last 20 runs that ended well, in basis points; null before the first. */
  successBp: z.int().nullable(),
  lastSuccessAt: instantSchema.nullable(), lastError: z.string().nullable(),
  lastRun: runView.nullable(),
});

export const quarantinedView = z.strictObject({ id: z.string(), place: z.string(), field: z.string(), reason: z.string(), raw: z.string(), at: instantSchema });

const busy = { ALREADY_RUNNING: { status: 409, message: 'A scan of this source is running.', data: z.strictObject({ runId: z.string() }) } } as const;

export const sourcesContract = {
  list: oc.route({ method: 'GET', path: '/sources' }).output(z.array(sourceView)),
  get: oc.route({ method: 'GET', path: '/sources/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(z.strictObject({ source: sourceView, runs: z.array(runView) })),
  add: oc.route({ method: 'POST', path: '/sources' }).errors(commonErrors)
    .input(z.strictObject({ kind: sourceKind, name: z.string().min(1).max(120), baseUrl: z.url({ protocol: /^https?$/ }).max(2_000), intervalMs: z.int().min(60_000).nullable().default(null) })).output(sourceView),
  update: oc.route({ method: 'PATCH', path: '/sources/{id}' }).errors(commonErrors)
    .input(z.strictObject({ id: z.string(), name: z.string().min(1).max(120).optional(), enabled: z.boolean().optional(), intervalMs: z.int().min(60_000).nullable().optional() })).output(sourceView),
  run: oc.route({ method: 'POST', path: '/sources/{id}/run' }).errors({ ...commonErrors, ...busy }).input(z.strictObject({ id: z.string() })).output(runView),
  cancel: oc.route({ method: 'POST', path: '/runs/{id}/cancel' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(runView),
  /** What a run could not parse. */
  rejects: oc.route({ method: 'GET', path: '/runs/{id}/rejects' }).errors(commonErrors).input(z.strictObject({ id: z.string(), ...pageInput })).output(pageOf(quarantinedView)),
  /** Scans one supplier price list: a file that the desk was given. `contentBase64` is at most 700 KB of the body limit; larger files come by path from the command line. */
  importFile: oc.route({ method: 'POST', path: '/sources/files' }).errors(commonErrors)
    .input(z.strictObject({ name: z.string().min(1).max(200), contentBase64: z.string().max(1_000_000) })).output(runView),
};
