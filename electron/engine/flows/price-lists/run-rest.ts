import type { z } from 'zod';
import { DomainError, isConnectorError, messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import type { JobContext } from '#runtime/ports.ts';
import { openSideFile, type SideFile } from '#runtime/side-file.ts';
import { evaluateOffers, ingestOffers, normaliseOffer, retireUnseen } from '#engine/opportunities/index.ts';
import { addSource, findSource, findSources, retargetSource, updateSource, type RawOffer, type SourceConfig } from '#engine/sources/index.ts';
import { changeList, changeListOnTurn, countWaiting, findList, OUTCOME_COLUMNS, QUEUE_START, takeBestRows, type ListRecord, type QueuePlace, type ResultReader, type WaitingRow } from '#engine/suppliers/index.ts';
import type { PriceListsDeps } from './deps.ts';
import { readOutcomes } from './read-outcomes.ts';
import type { turnPayload } from './pass-list.ts';
import { listJobKey, requireIdle, resultsOf } from './view-list.ts';

export const REST_JOB = 'price-list-rest';
/** Rows that are asked about together: a data vendor takes a hundred codes a call, and a program that is killed between the answer and its storing loses one call. */
const ROWS_AT_ONCE = 100;
const TRIES = 6;

/** Queues what is left of the list, best rows first. It goes on where it was: rows that were asked about are not asked about again. */
export async function startRest(deps: PriceListsDeps, list: ListRecord, most: number | null): Promise<void> {
  await requireIdle(deps, list);
  resultsOf(list);
  if (!deps.scan.opportunities.catalog.marketData) throw new DomainError('INVALID', 'No data vendor is connected: connect one in the settings, then go on.', { field: 'connection', reason: 'not-connected' });
  const next = { id: list.id, turn: list.turn + 1 };
  await deps.ctx.db.transaction(async (tx) => {
    await changeList(tx, list.id, { stage: 'running', turn: next.turn, most, error: null, endedAt: null });
    await deps.ctx.jobs.add(tx, { kind: REST_JOB, payload: next, uniqueKey: listJobKey(next), maxAttempts: TRIES });
    await deps.ctx.outbox.add(tx, 'price-list.running', list.id);
  });
}

/** One source for each supplier: its next list changes its offers, it does not offer them twice. */
async function sourceOf(deps: PriceListsDeps, list: ListRecord): Promise<string> {
  const baseUrl = `supplier:${encodeURIComponent(list.supplierKey)}`;
  const site: SourceConfig['site'] = { baseUrl, label: list.supplier, file: list.file, layout: list.layout, ...(list.layout.currency ? { currency: list.layout.currency } : {}) };
  const known = (list.sourceId ? await findSource(deps.ctx.db, list.sourceId) : null) ?? (await findSources(deps.ctx.db)).find((source) => source.kind === 'price-list' && source.baseUrl === baseUrl);
  if (known) await retargetSource(deps.scan.sources, known.id, { baseUrl, config: { ...known.config, site } });
  const id = known?.id ?? (await addSource(deps.scan.sources, { kind: 'price-list', name: list.supplier, baseUrl, intervalMs: null, config: { site } })).id;
  await deps.ctx.db.transaction((tx) => changeList(tx, list.id, { sourceId: id }));
  return id;
}

const nameOf = (row: WaitingRow) => row.identifier ?? row.code ?? row.mpn ?? row.title ?? `line ${row.line}`;
const externalIdOf = (row: WaitingRow) => `${nameOf(row)}|${row.pack ?? 1}`.slice(0, 300);
const isAsin = (code: string) => /^B[0-9A-Z]{9}$/.test(code);

function offerOf(row: WaitingRow, list: { readonly url: string; readonly supplier: string; readonly seenAt: number }): RawOffer {
  const code = row.identifier ?? row.code;
  const { caseUnits, leastUnits } = row;
  return {
    externalId: externalIdOf(row), url: `${list.url}#line=${row.line}`, title: row.title ?? nameOf(row), ...(row.brand ? { brand: row.brand } : {}),
    identifiers: [...(code ? [{ hint: isAsin(code) ? ('asin' as const) : ('gtin' as const), text: code }] : []), ...(row.mpn ? [{ hint: 'mpn' as const, text: row.mpn }] : [])],
    price: money(row.unitCostMinor, row.currency), ...(row.retailMinor === null ? {} : { listPrice: money(row.retailMinor, row.currency) }), ...(row.quantity === null ? {} : { stock: { available: row.quantity > 0, quantity: row.quantity } }),
    condition: 'new', sellerName: list.supplier, imageUrls: [], categoryPath: row.category ? [row.category] : [], ...(caseUnits === null && leastUnits === null ? {} : { supply: { caseUnits, leastUnits } }), seenAt: list.seenAt, extractedBy: {}, defaultExtractor: 'text',
  };
}

/** Rows of articles that a better row of the list stands for already. */
async function duplicatesAmong(reader: ResultReader, rows: readonly WaitingRow[]): Promise<Set<WaitingRow>> {
  const known = new Set((await reader.read<{ externalId: string }>('SELECT o.externalId FROM json_each(?) w CROSS JOIN outcome o ON o.externalId = w.value', [JSON.stringify(rows.map(externalIdOf))])).map((r) => r.externalId));
  const duplicates = new Set<WaitingRow>();
  for (const row of rows) {
    const id = externalIdOf(row);
    if (known.has(id)) duplicates.add(row);
    known.add(id);
  }
  return duplicates;
}

interface Rest { readonly deps: PriceListsDeps; readonly list: ListRecord; readonly sourceId: string; readonly reader: ResultReader; readonly out: SideFile; readonly job: JobContext }

const INSERT = `INSERT OR REPLACE INTO outcome (${OUTCOME_COLUMNS.join(', ')}) VALUES (${OUTCOME_COLUMNS.map(() => '?').join(', ')})`;

/** Stores the rows as offers, has them judged, and keeps what came of it. Repeated after a kill it changes and asks nothing that was stored. */
async function judgeRows({ deps, list, sourceId, reader, out, job }: Rest, rows: readonly WaitingRow[]): Promise<void> {
  const at = deps.ctx.clock.now();
  const duplicates = await duplicatesAmong(reader, rows);
  const asked = rows.filter((row) => !duplicates.has(row));
  const given = { url: `supplier:${list.supplierKey}`, supplier: list.supplier, seenAt: at };
  const offers = asked.map((row) => normaliseOffer(offerOf(row, given), {}));
  await deps.ctx.db.transaction((tx) => ingestOffers(deps.ctx, tx, sourceId, offers));
  for (;;) {
    job.signal.throwIfAborted();
    if ((await evaluateOffers(deps.scan.opportunities, { sourceId, limit: ROWS_AT_ONCE, signal: job.signal })).taken === 0) break;
  }
  const outcomes = await readOutcomes(deps.ctx.db, { sourceId, at }, new Map(asked.map((row) => [externalIdOf(row), row.row])));
  const nothing = OUTCOME_COLUMNS.map(() => null);
  out.write(INSERT, [...outcomes, ...[...duplicates].map((row) => nothing.map((_, i) => (i === 0 ? row.row : i === 2 ? 'duplicate' : i === nothing.length - 1 ? at : null)))]);
}

async function askRest(rest: Rest): Promise<boolean> {
  const { deps, list, reader, job } = rest;
  let counts = await countWaiting(reader);
  const total = Math.min(counts.rows, list.most ?? counts.rows);
  for (let place: QueuePlace | null = QUEUE_START; place !== null && counts.done < total;) {
    job.signal.throwIfAborted();
    const { rows, next }: Awaited<ReturnType<typeof takeBestRows>> = await takeBestRows(reader, place, Math.min(ROWS_AT_ONCE, total - counts.done));
    place = next;
    if (rows.length === 0) continue;
    await judgeRows(rest, rows);
    counts = await countWaiting(reader);
    job.progress({ done: counts.done, total, note: list.supplier });
    const { done, profitable } = counts;
    if (!(await deps.ctx.db.transaction((tx) => changeListOnTurn(tx, list, { done, counts: { ...list.counts!, profitable } })))) return false;
    deps.ctx.outbox.announce('price-list.progress', list.id, { done, total });
  }
  return true;
}

async function finish({ deps, list, sourceId }: Rest): Promise<void> {
  const now = deps.ctx.clock.now();
  await deps.ctx.db.transaction(async (tx) => {
    if (!(await changeListOnTurn(tx, list, { stage: 'done', endedAt: now, error: null }))) return;
    // What the supplier's newest list does not offer any more is not to be had; of a part of the list nothing can be said.
    if (list.most === null) await retireUnseen(tx, sourceId, list.passedAt ?? list.createdAt);
    await updateSource(tx, sourceId, { lastSuccessAt: now, lastError: null, failedAt: null, errorKind: null });
    await deps.ctx.outbox.add(tx, 'price-list.ended', list.id);
    await deps.ctx.outbox.add(tx, 'source.changed', sourceId);
  });
}

const worthAnotherTry = (error: unknown) => isConnectorError(error, 'Retryable', 'Throttled', 'SessionLost', 'OutcomeUnknown');

async function pause(deps: PriceListsDeps, list: ListRecord, error: unknown): Promise<void> {
  const text = maskText(messageOf(error)).slice(0, 500);
  deps.ctx.log.warn('the rest of a price list was paused', { list: list.id, reason: text });
  await deps.ctx.db.transaction(async (tx) => {
    if (await changeListOnTurn(tx, list, { stage: 'paused', error: text })) await deps.ctx.outbox.add(tx, 'price-list.changed', list.id);
  });
}

export async function runRest(deps: PriceListsDeps, payload: z.infer<typeof turnPayload>, job: JobContext): Promise<void> {
  const list = await findList(deps.ctx.db, payload.id);
  if (!list || list.turn !== payload.turn || list.stage !== 'running') return;
  let out: SideFile | null = null;
  try {
    const file = resultsOf(list);
    out = openSideFile(file);
    const rest: Rest = { deps, list, sourceId: await sourceOf(deps, list), reader: deps.files.reader(file), out, job };
    if (await askRest(rest)) await finish(rest);
  } catch (error) {
    if (job.signal.aborted) throw error; // paused by a person (the list says so already) or shutting down (it goes on at the next start)
    if (worthAnotherTry(error) && job.attempt < TRIES) throw error;
    await pause(deps, list, error);
  } finally {
    out?.close();
  }
}
