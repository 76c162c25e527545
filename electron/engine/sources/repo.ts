import { DomainError } from '#kernel/errors.ts';
import { z } from 'zod';
import { reasonSchema, type Reason } from '#contract/shared.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import type { Instant } from '#kernel/time.ts';
import type { CoveredField, FieldCounts, RawReject } from './ports.ts';

export type RunState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
export type SourceKind = 'woocommerce' | 'shopify' | 'prestashop' | 'ouedkniss' | 'jumia' | 'structured-shop' | 'price-list';

/** How a source is read, and what a person said of it beside its address. */
export interface SourceConfig {
  /** What the adapter of this kind reads. */
  readonly site: Readonly<Record<string, unknown>>;
  readonly terms: SourceTerms;
  /** A shop of the practice market, by its name there. */
  readonly practiceId?: string | undefined;
}

const configSchema = z.strictObject({
  site: z.record(z.string(), z.unknown()),
  terms: z.strictObject({
    /** Shipping of one order, in the source's currency; free from an amount of goods on. */
    shipping: z.strictObject({ flatMinor: z.int().min(0), freeFromMinor: z.int().min(0).nullable() }).optional(),
    /** Its sellers can be asked for a better price. */
    negotiable: z.boolean().optional(),
    /** What carrying its goods from there to the business costs: a base for each order and so much for a kilogram. Where a shop abroad has none, a cautious figure is assumed. */
    forwarding: z.strictObject({ baseMinor: z.int().min(0), perKgMinor: z.int().min(0), currency: z.string().regex(/^[A-Z]{3}$/) }).optional(),
  }),
  practiceId: z.string().optional(),
});
export type SourceTerms = z.infer<typeof configSchema>['terms'];

export interface SourceRecord {
  readonly id: string;
  readonly kind: SourceKind;
  readonly name: string;
  readonly baseUrl: string;
  readonly config: SourceConfig;
  readonly enabled: boolean;
  readonly intervalMs: number | null;
  readonly lastSuccessAt: Instant | null;
  readonly lastError: string | null;
  readonly failedAt: Instant | null;
  /** The connector's kind of error; null for any other, and where the last run did well. */
  readonly errorKind: string | null;
  /** Taken off the desk: it is neither shown nor read, and what was bought from it still names it. */
  readonly removedAt: Instant | null;
}

export interface RunRecord {
  readonly id: string;
  readonly sourceId: string;
  readonly state: RunState;
  readonly cursor: string | null;
  readonly seen: number;
  readonly added: number;
  readonly changed: number;
  readonly rejected: number;
  readonly survivors: number;
  readonly opportunities: number;
  readonly requests: number;
  readonly total: number | null;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
  readonly error: string | null;
  readonly fields: FieldCounts;
}

/** What one page or one evaluated batch adds to a run's counters. */
export type RunCounts = Partial<Pick<RunRecord, 'seen' | 'added' | 'changed' | 'rejected' | 'survivors' | 'opportunities' | 'requests'>>;

interface SourceRow {
  id: string; kind: string; name: string; baseUrl: string; config: string; enabled: boolean; intervalMs: bigint | null; lastSuccessAt: bigint | null; lastError: string | null; failedAt: bigint | null; errorKind: string | null; removedAt: bigint | null;
}
interface RunRow {
  id: string; sourceId: string; state: string; cursor: string | null; seen: number; added: number; changed: number; rejected: number; survivors: number; opportunities: number; requests: number;
  total: number | null; startedAt: bigint; finishedAt: bigint | null; error: string | null;
  products: number; withTitle: number; withPrice: number; withCurrency: number; withStock: number; withIdentifiers: number; withBrand: number; withImage: number;
}

const numberOrNull = (value: bigint | null) => (value === null ? null : Number(value));

/** The configuration, or in words what cannot be read of it. */
function readConfig(text: string): { readonly config: SourceConfig } | { readonly problem: string } {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return { problem: 'it is no JSON' };
  }
  const read = configSchema.safeParse(stored);
  if (read.success) return { config: read.data };
  return { problem: read.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.') || 'config'}: ${issue.message}`).join('; ') };
}

function plainOf(row: SourceRow, config: SourceConfig): SourceRecord {
  return { ...row, kind: row.kind as SourceKind, config, intervalMs: numberOrNull(row.intervalMs), lastSuccessAt: numberOrNull(row.lastSuccessAt), failedAt: numberOrNull(row.failedAt), removedAt: numberOrNull(row.removedAt) };
}

/** @throws DomainError INVALID where its configuration cannot be read: nothing may be done with it by another one. */
function sourceOf(row: SourceRow): SourceRecord {
  const read = readConfig(row.config);
  if ('problem' in read) throw new DomainError('INVALID', `The stored configuration of ${row.name} cannot be read (${read.problem}).`, { field: 'config', reason: 'unreadable' });
  return plainOf(row, read.config);
}

/** A source as it is stored. With a `problem` its configuration cannot be read, and `config` is empty: it is to be shown, and nothing else. */
export interface StoredSource { readonly source: SourceRecord; readonly problem: string | null }

function storedOf(row: SourceRow): StoredSource {
  const read = readConfig(row.config);
  return 'problem' in read ? { source: plainOf(row, { site: {}, terms: {} }), problem: read.problem } : { source: plainOf(row, read.config), problem: null };
}
const FIELD_COLUMNS = {
  title: 'withTitle', price: 'withPrice', currency: 'withCurrency', stock: 'withStock', identifiers: 'withIdentifiers', brand: 'withBrand', image: 'withImage',
} as const satisfies Record<CoveredField, keyof RunRow>;

function runOf(row: RunRow): RunRecord {
  const { products, withTitle, withPrice, withCurrency, withStock, withIdentifiers, withBrand, withImage, ...run } = row;
  return {
    ...run, state: row.state as RunState, startedAt: Number(row.startedAt), finishedAt: numberOrNull(row.finishedAt),
    fields: { products, title: withTitle, price: withPrice, currency: withCurrency, stock: withStock, identifiers: withIdentifiers, brand: withBrand, image: withImage },
  };
}
const clientOf = (source: Database | Tx): Tx => ('prisma' in source ? source.prisma : source);

/** Also one that was removed. */
export async function findSource(db: Database | Tx, id: string): Promise<SourceRecord | null> {
  const row = await clientOf(db).source.findUnique({ where: { id } });
  return row && sourceOf(row);
}

/** All of them, also those whose configuration cannot be read. */
export async function findStoredSources(db: Database | Tx): Promise<StoredSource[]> {
  return (await clientOf(db).source.findMany({ where: { removedAt: null }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })).map(storedOf);
}

export async function findStoredSource(db: Database | Tx, id: string): Promise<StoredSource | null> {
  const row = await clientOf(db).source.findUnique({ where: { id, removedAt: null } });
  return row && storedOf(row);
}

/** What stands under an address, also where it was removed. */
export async function findByAddress(db: Database | Tx, kind: SourceKind, baseUrl: string): Promise<SourceRecord | null> {
  const row = await clientOf(db).source.findUnique({ where: { kind_baseUrl: { kind, baseUrl } } });
  return row && storedOf(row).source;
}

/** Those that were taken off the desk, also where their configuration cannot be read. */
export async function findRemovedSources(db: Database | Tx): Promise<StoredSource[]> {
  return (await clientOf(db).source.findMany({ where: { removedAt: { not: null } } })).map(storedOf);
}

/** Those that can be worked with: one whose configuration cannot be read keeps none of the others back. */
export async function findSources(db: Database | Tx): Promise<SourceRecord[]> {
  return (await findStoredSources(db)).filter(({ problem }) => problem === null).map(({ source }) => source);
}

export async function insertSource(tx: Tx, source: Omit<SourceRecord, 'lastSuccessAt' | 'lastError' | 'failedAt' | 'errorKind' | 'removedAt'> & { readonly createdAt: Instant }): Promise<void> {
  await tx.source.create({ data: { ...source, config: JSON.stringify(source.config) } });
}

export async function updateSource(tx: Tx, id: string, change: { name?: string; baseUrl?: string; config?: string; enabled?: boolean; intervalMs?: number | null; lastSuccessAt?: Instant; lastError?: string | null; failedAt?: Instant | null; errorKind?: string | null; removedAt?: Instant | null }): Promise<void> {
  await tx.source.update({ where: { id }, data: change });
}

export async function insertRun(tx: Tx, run: { id: string; sourceId: string; startedAt: Instant }): Promise<void> {
  await tx.scanRun.create({ data: { ...run, state: 'queued' } });
}

export async function findRun(db: Database | Tx, id: string): Promise<RunRecord | null> {
  const row = await clientOf(db).scanRun.findUnique({ where: { id } });
  return row && runOf(row);
}

/** The run of this source that is queued or running, if any. */
export async function findOpenRun(db: Database | Tx, sourceId: string): Promise<RunRecord | null> {
  const row = await clientOf(db).scanRun.findFirst({ where: { sourceId, state: { in: ['queued', 'running'] } } });
  return row && runOf(row);
}

export async function findRuns(db: Database | Tx, sourceId: string, limit: number): Promise<RunRecord[]> {
  return (await clientOf(db).scanRun.findMany({ where: { sourceId }, orderBy: { startedAt: 'desc' }, take: limit })).map(runOf);
}

/** Whether the source was read before this run, so that there is something to compare with. */
export async function hasEarlierPass(tx: Tx, run: Pick<RunRecord, 'sourceId' | 'startedAt'>): Promise<boolean> {
  return (await tx.scanRun.findFirst({ where: { sourceId: run.sourceId, state: 'done', startedAt: { lt: run.startedAt } }, select: { id: true } })) !== null;
}

/** Written with every page. The names are columns of ours. */
async function addToRun(tx: Tx, id: string, change: { readonly counts: Readonly<Record<string, number | undefined>>; readonly set: Readonly<Record<string, string | number | null | undefined>> }): Promise<void> {
  const [counts, set] = [change.counts, change.set].map((part) => Object.entries(part).filter(([, value]) => value !== undefined)) as [[string, number][], [string, string | number | null][]];
  if (counts.length + set.length === 0) return;
  const columns = [...counts.map(([name]) => `"${name}" = "${name}" + ?`), ...set.map(([name]) => `"${name}" = ?`)];
  const changed = await tx.$executeRawUnsafe(`UPDATE "ScanRun" SET ${columns.join(', ')} WHERE id = ?`, ...[...counts, ...set].map(([, value]) => value), id);
  if (changed === 0) throw new DomainError('NOT_FOUND', 'The scan is no longer there.', { kind: 'scan-run', id });
}

export async function countRuns(tx: Tx, id: string, counts: RunCounts, change: { cursor?: string | null; total?: number | null } = {}): Promise<void> {
  await addToRun(tx, id, { counts, set: change });
}

/** Adds what one page's products had. */
export async function countRunFields(tx: Tx, id: string, { products, ...fields }: FieldCounts): Promise<void> {
  if (products === 0) return;
  const columns = Object.fromEntries(Object.entries(fields).map(([field, count]) => [FIELD_COLUMNS[field as CoveredField], count]));
  await addToRun(tx, id, { counts: { products, ...columns }, set: {} });
}

export async function setRunState(tx: Tx, id: string, state: RunState, change: { finishedAt?: Instant; error?: string | null } = {}): Promise<void> {
  await tx.scanRun.update({ where: { id }, data: { state, ...change } });
}

/** Rejects of one page, in one statement. */
export async function insertRejects(tx: Tx, runId: string, rejects: readonly (RawReject & { readonly id: string })[]): Promise<void> {
  if (rejects.length === 0) return;
  await tx.quarantined.createMany({
    data: rejects.map((r) => ({ id: r.id, runId, place: r.where.slice(0, 500), field: r.field ?? '', reason: `${r.code}: ${r.reason}`.slice(0, 500), raw: r.excerpt, createdAt: r.seenAt })),
  });
}

/** Rejects of older runs of the source go when a new run begins: the newest run's are the ones to mend. */
export async function deleteOldRejects(tx: Tx, sourceId: string, keepRunId: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM "Quarantined" WHERE runId IN (SELECT id FROM "ScanRun" WHERE sourceId = ${sourceId} AND id <> ${keepRunId})`;
}

export interface SourceCounts {
  readonly sourceId: string;
  readonly offers: number;
  readonly open: number;
}

/** Offers and open opportunities of every source; read on the reader thread. */
export function countOffers(db: Database): Promise<SourceCounts[]> {
  return db.read<SourceCounts>(
    `SELECT s.id AS sourceId,
            (SELECT count(*) FROM "Offer" o WHERE o.sourceId = s.id AND o.state <> 'gone') AS offers,
            (SELECT count(*) FROM "Opportunity" p WHERE p.sourceId = s.id AND p.state = 'open' AND p.decision <> 'skip') AS open
       FROM "Source" s`,
  );
}

/** Offers of a source that were looked at and not evaluated, by reason (and by currency where no rate is known), the most first. */
export async function countPassedOver(db: Database, sourceId: string): Promise<{ reason: Reason; count: number }[]> {
  const rows = await db.read<{ reason: string; count: number }>(
    `SELECT min(screenReason) AS reason, count(*) AS count FROM "Offer" WHERE sourceId = ? AND state IN ('screened-out', 'unidentified') AND json_valid(screenReason)
      GROUP BY json_extract(screenReason, '$.code'), CASE WHEN screenReason LIKE '{"code":"screen.no-rate"%' THEN json_extract(screenReason, '$.data.currency') END ORDER BY count DESC`,
    [sourceId],
  );
  return rows.flatMap((row) => {
    const reason = reasonSchema.safeParse(JSON.parse(row.reason));
    return reason.success ? [{ reason: reason.data, count: row.count }] : [];
  });
}

/** Of the run and not of the source: a cancelled run's job keeps its key until it has stopped, and the next run needs a job of its own. */
export const scanJobKey = (runId: string): string => `scan:${runId}`;

/** The job that carries out a run, while it is queued or running. */
export async function findScanJob(db: Database | Tx, runId: string): Promise<string | null> {
  return (await clientOf(db).job.findUnique({ where: { uniqueKey: scanJobKey(runId) }, select: { id: true } }))?.id ?? null;
}

/** What a crawl had still to read, and what could not be read, of a source that is no more. */
export async function forgetFrontier(tx: Tx, sourceId: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM "FrontierUrl" WHERE sourceId = ${sourceId}`;
  await tx.$executeRaw`DELETE FROM "Quarantined" WHERE runId IN (SELECT id FROM "ScanRun" WHERE sourceId = ${sourceId})`;
}
