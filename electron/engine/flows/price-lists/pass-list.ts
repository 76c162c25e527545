import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { DomainError, messageOf } from '#kernel/errors.ts';
import { parseDecimal } from '#kernel/money.ts';
import { maskText } from '#kernel/log.ts';
import type { JobContext } from '#runtime/ports.ts';
import { BUSINESS, readSetting } from '#engine/settings/index.ts';
import { changeList, changeListOnTurn, countCurrencies, countRepaired, countWaiting, findList, findPrevious, readChanges, rememberLayout, type ListCounts, type ListRecord, type ResultReader } from '#engine/suppliers/index.ts';
import { passPriceList } from '../pass-price-list.ts';
import { cardOfPass, intoCard, type CardRate } from './card-rates.ts';
import { resultsDir, type PriceListsDeps } from './deps.ts';
import { ratesToCard } from './rates-to-card.ts';
import { listJobKey, requireIdle } from './view-list.ts';

export const PASS_JOB = 'price-list-pass';
export const turnPayload = z.strictObject({ id: z.string(), turn: z.int() });

/** Queues the first pass; the layout that it goes by is remembered for the supplier. */
export async function startPass(deps: PriceListsDeps, list: ListRecord): Promise<void> {
  await requireIdle(deps, list);
  if (list.missing.length > 0) throw new DomainError('INVALID', `The list does not tell: ${list.missing.join(', ')}. Say which column holds it.`, { field: list.missing[0], reason: 'missing' });
  const next = { id: list.id, turn: list.turn + 1 };
  await deps.ctx.db.transaction(async (tx) => {
    await rememberLayout(tx, list, deps.ctx.clock.now());
    await changeList(tx, list.id, { stage: 'passing', turn: next.turn, error: null, results: null, counts: null, previousId: null, done: 0, most: null, passedAt: null, endedAt: null });
    await deps.ctx.jobs.add(tx, { kind: PASS_JOB, payload: next, uniqueKey: listJobKey(next), maxAttempts: 3 });
    await deps.ctx.outbox.add(tx, 'price-list.passing', list.id);
  });
  if (list.results !== null) await dropResults(deps, list.results);
}

export async function dropResults(deps: PriceListsDeps, file: string): Promise<void> {
  await deps.files.forget(file);
  for (const suffix of ['', '-wal', '-shm', '.partial']) rmSync(`${file}${suffix}`, { force: true });
}

type CountedPass = Omit<ListCounts['pass'], 'repaired' | 'otherCurrencies'>;

async function countsOf(deps: PriceListsDeps, file: string, { pass, previous, exchange }: { readonly pass: CountedPass; readonly previous: ListRecord | null; readonly exchange: Exchange | null }): Promise<ListCounts> {
  const reader = deps.files.reader(file);
  const [repaired, waiting] = [await countRepaired(reader), await countWaiting(reader)];
  return { pass: { ...pass, repaired, otherCurrencies: exchange === null ? [] : await otherCurrencies(reader, exchange) }, changes: previous ? { previousId: previous.id, previousName: previous.name, ...(await readChanges(reader)) } : null, askable: waiting.rows, profitable: 0 };
}

interface Exchange { readonly card: string; readonly rates: readonly CardRate[] }

/** Between the list's currencies and the fee card's, by the desk's own rates; null without a card. */
async function openExchange(deps: PriceListsDeps): Promise<Exchange | null> {
  const card = cardOfPass(deps.feeCards, deps.ctx.clock.now());
  return card && { card: card.currency, rates: ratesToCard((await readSetting(deps.ctx.db, BUSINESS)).value, card.currency) };
}

async function otherCurrencies(reader: ResultReader, { card, rates }: Exchange): Promise<NonNullable<ListCounts['pass']['otherCurrencies']>> {
  const others = (await countCurrencies(reader)).filter(({ currency }) => currency !== card);
  return others.map(({ currency, rows }) => {
    const rate = rates.find((one) => one.currency === currency);
    const hundred = rate ? intoCard(parseDecimal('100', currency)!, rate) : null;
    return { currency, card, rows, rate: rate && hundred ? { hundred, kind: rate.kind, source: rate.source, asOf: rate.asOf } : null };
  });
}

async function readWhole(deps: PriceListsDeps, list: ListRecord, job: JobContext): Promise<void> {
  mkdirSync(resultsDir(deps), { recursive: true, mode: 0o700 });
  const file = path.join(resultsDir(deps), `${list.id}-${list.turn}.sqlite`);
  const previous = await findPrevious(deps.ctx.db, list);
  const exchange = await openExchange(deps);
  const pass = await passPriceList(
    { list: list.file, layout: list.layout, database: deps.ctx.db.file, results: file, feeCards: deps.feeCards, rates: exchange?.rates, cards: await deps.cards?.(), at: deps.ctx.clock.now(), ...(previous?.results ? { previous: previous.results } : {}) },
    { signal: job.signal, worker: deps.passScript, onProgress: ({ rows, bytesRead }) => { job.progress({ done: rows, total: bytesRead > 0 ? Math.max(rows, Math.round((rows * list.bytes) / bytesRead)) : null, note: list.name }); } },
  );
  const counts = await countsOf(deps, file, { pass, previous, exchange });
  const kept = await deps.ctx.db.transaction(async (tx) => {
    const own = await changeListOnTurn(tx, list, { stage: 'passed', results: file, counts, previousId: previous?.id ?? null, passedAt: deps.ctx.clock.now(), error: null });
    if (own) await deps.ctx.outbox.add(tx, 'price-list.passed', list.id);
    return own;
  });
  if (!kept) await dropResults(deps, file);
}

export async function runPass(deps: PriceListsDeps, payload: z.infer<typeof turnPayload>, job: JobContext): Promise<void> {
  const list = await findList(deps.ctx.db, payload.id);
  if (!list || list.turn !== payload.turn || list.stage !== 'passing') return;
  try {
    await readWhole(deps, list, job);
  } catch (error) {
    if (job.signal.aborted) throw error; // stopped by a person (the list says so already) or shutting down (it begins anew at the next start)
    await deps.ctx.db.transaction(async (tx) => {
      if (await changeListOnTurn(tx, list, { stage: 'columns', error: maskText(messageOf(error)).slice(0, 500) })) await deps.ctx.outbox.add(tx, 'price-list.changed', list.id);
    });
    deps.ctx.log.warn('a price list could not be read', { list: list.id, reason: messageOf(error) });
  }
}
