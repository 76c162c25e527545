import fs from 'node:fs';
import path from 'node:path';
import { createRouterClient, type RouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MarketDataPort } from '#engine/catalog/index.ts';
import { createPriceListAdapter, fileSource, inspectPriceList, type PriceListLayout } from '#engine/suppliers/index.ts';
import { ConnectorError } from '#kernel/errors.ts';
import { gtin14Of, gtinOf, openOfferDesk, titleOf, type OfferDesk } from '#tests/support/offer-desk.ts';
import { scaledClock } from '#kernel/time.ts';
import { TEST_START, type TestRuntimeOptions } from '#runtime/testing.ts';
import { createPriceListProcedures, registerPriceLists, ResultFiles, type PriceListsDeps } from './index.ts';

interface Wholesale { readonly desk: OfferDesk; readonly deps: PriceListsDeps; readonly lists: RouterClient<ReturnType<typeof createPriceListProcedures>> }

const HEADER = 'EAN,Product name,Brand,Unit cost (USD),Stock,RRP';
const line = (n: number, over: { code?: string; cost?: string; title?: string; rrp?: string } = {}) => `${over.code ?? gtinOf(n)},${over.title ?? titleOf(n)},Northgate,${over.cost ?? '12.00'},20,${over.rrp ?? '40.00'}`;
const listOf = (lines: readonly string[], header = HEADER) => `${header}\n${lines.join('\n')}\n`;

async function openWholesale(options: TestRuntimeOptions = {}): Promise<Wholesale> {
  const desk = await openOfferDesk(options);
  const { context: ctx, db: own } = desk.runtime;
  const adapters = new Map([...desk.scan.sources.adapters, ['price-list', createPriceListAdapter({ clock: ctx.clock, downloads: { download: () => Promise.reject(new Error('not asked for here')) } })] as const]);
  const scan = { ...desk.scan, sources: { ...desk.scan.sources, adapters } };
  const deps: PriceListsDeps = { ctx, scan, feeCards: desk.opportunities.feeCards, importsDir: path.join(own.dir, 'imports'), files: new ResultFiles(undefined) };
  registerPriceLists(deps);
  return { desk, deps, lists: createRouterClient(createPriceListProcedures(deps)) };
}

let at: Wholesale;
beforeEach(async () => {
  at = await openWholesale();
});
afterEach(async () => {
  await at.deps.files.close();
  await at.desk.close();
});

/** In pieces of 1,000 bytes, as a window sends it. */
async function open(name: string, content: string | Uint8Array, supplier?: string) {
  const bytes = Buffer.from(content);
  const { upload } = await at.lists.begin({ name, bytes: bytes.length });
  for (let from = 0; from < bytes.length; from += 1_000) await at.lists.append({ upload, at: from, contentBase64: bytes.subarray(from, from + 1_000).toString('base64') });
  return at.lists.open({ upload, name, ...(supplier ? { supplier } : {}) });
}

async function passed(name: string, content: string | Uint8Array, supplier?: string) {
  const { id } = await open(name, content, supplier);
  await at.lists.pass({ id });
  await at.desk.settle();
  return at.lists.get({ id });
}

const withRole = (layout: PriceListLayout, header: string, role: PriceListLayout['columns'][number]['role']): PriceListLayout => ({ ...layout, columns: layout.columns.map((c) => (c.header === header ? { ...c, role } : c.role === role ? { ...c, role: null } : c)) });

describe('opening a list', () => {
  it('shows how it would be read, with what is doubtful, and guesses the supplier by the file name', async () => {
    const list = await open('acme-tools_pricelist_2026-11.csv', listOf(['Acme Tools;;', '', HEADER, line(1), line(2, { code: '4.00000E+12' }), line(3, { cost: 'call' })], 'Price list'));
    expect(list).toMatchObject({ supplier: 'Acme tools', stage: 'columns', layoutFrom: 'detected', missing: [], counts: null, layout: { encoding: 'utf-8', dialect: { delimiter: ',' }, headerLine: 4, currency: 'USD' } });
    expect(list.layout.columns.map((c) => [c.role, c.weight > 0.5])).toEqual([['id', true], ['title', true], ['brand', true], ['cost', true], ['quantity', true], ['retail', true]]);
    const preview = await at.lists.preview({ id: list.id });
    expect(preview.raw[2]).toEqual({ line: 4, cells: HEADER.split(',') });
    expect(preview.rows.map((row) => [row.line, row.identifier, row.unitCost.minor])).toEqual([[5, gtin14Of(1), 1_200], [6, null, 1_200]]);
    expect(preview.problems.map((p) => [p.line, p.field, p.severity, p.reason])).toEqual([[6, 'id', 'field', 'digits-lost'], [7, 'cost', 'row', 'no-number']]);
  });

  it('refuses what is no list, and pieces with a gap', async () => {
    await expect(open('list.pdf', '%PDF-1.7 and so on')).rejects.toMatchObject({ code: 'UNREADABLE', data: { code: 'FILE_BINARY', name: 'list.pdf' } });
    await expect(at.lists.begin({ name: 'none.csv', bytes: 0 })).rejects.toMatchObject({ code: 'UNREADABLE', data: { code: 'FILE_EMPTY' } });
    const { upload } = await at.lists.begin({ name: 'a.csv', bytes: 10 });
    await expect(at.lists.append({ upload, at: 4, contentBase64: 'YQ==' })).rejects.toMatchObject({ code: 'INVALID', data: { reason: 'gap' } });
  });

  it('reads it as a person says: another sheet of signs, and no row as the header', async () => {
    const list = await open('odd.csv', 'EAN;Title;Cost\n4006381333931;Café;2,50 EUR\n5901234123457;Thé vert;14,00 EUR\n');
    const { layout, rows } = await at.lists.preview({ id: list.id, readAs: { encoding: 'windows-1252', delimiter: ';', headerLine: 1 } });
    expect([layout.encoding, rows[0]?.title, rows[0]?.cost]).toEqual(['windows-1252', 'CafÃ©', { minor: 250, currency: 'EUR' }]);
    expect((await at.lists.preview({ id: list.id, readAs: { headerLine: null } })).layout.headerLine).toBeNull();
  });

  it('remembers what a person corrected for the supplier, says so, and forgets it when told', async () => {
    const odd = 'EAN,Product name,Price A,Price B\n';
    const first = await open('harbor-october.csv', `${odd}${gtinOf(1)},Northgate kettle,USD 12.00,USD 9.00\n${gtinOf(2)},Northgate lamp,USD 4.00,USD 3.00\n`, 'Harbor');
    const corrected = await at.lists.correct({ id: first.id, layout: { ...withRole(first.layout, 'Price B', 'cost'), currency: 'CAD' } });
    expect([corrected.layoutFrom, corrected.layout.columns[3]?.role]).toEqual(['corrected', 'cost']);
    const next = await open('november.csv', `${odd}${gtinOf(3)},Northgate mug,USD 8.00,USD 7.00\n`);
    expect(next).toMatchObject({ supplier: 'Harbor', layoutFrom: 'remembered', layout: { currency: 'CAD' } });
    expect((await at.lists.preview({ id: next.id })).rows[0]?.cost.minor).toBe(700);
    expect(await open('other.csv', `${odd}${gtinOf(3)},Northgate mug,USD 8.00,USD 7.00\n`, 'Somebody else')).toMatchObject({ layoutFrom: 'detected' });
    expect(await at.lists.detect({ id: next.id })).toMatchObject({ layoutFrom: 'detected', layout: { currency: first.layout.currency } });
    expect(await open('december.csv', `${odd}${gtinOf(4)},Northgate cup,USD 8.00,USD 7.00\n`, 'Harbor')).toMatchObject({ layoutFrom: 'detected' });
  });

  it('wants what the list does not tell before it reads it, and no role twice', async () => {
    const list = await open('bare.csv', `EAN,Title,Cost\n${gtinOf(1)},Northgate kettle,12.00\n${gtinOf(2)},Northgate lamp,4.00\n`);
    expect(list.missing).toEqual(['currency']);
    await expect(at.lists.pass({ id: list.id })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'currency', reason: 'missing' } });
    expect((await at.lists.correct({ id: list.id, layout: { ...list.layout, currency: 'GBP' } })).missing).toEqual([]);
    await expect(at.lists.correct({ id: list.id, layout: { ...list.layout, columns: list.layout.columns.map((c) => ({ ...c, role: 'cost' as const })) } })).rejects.toMatchObject({ code: 'INVALID', data: { reason: 'role-twice' } });
  });
});

describe('the first pass', () => {
  it('judges each row without asking anybody, and keeps what it could not read', async () => {
    await at.desk.runtime.db.prisma.product.create({ data: { id: 'prd_1', title: titleOf(1), attributes: '{}', createdAt: 0, updatedAt: 0, identifiers: { create: [{ kind: 'gtin', value: gtin14Of(1), source: 'keepa' }, { kind: 'asin', value: 'B000000001', source: 'keepa' }] } } });
    const lines = [line(1), line(1, { code: gtinOf(1).slice(0, 12) }), line(9, { code: 'B000000001' }), line(2, { cost: '39.00' }), line(3, { code: '1.23E+11' }), line(4, { cost: 'call' }), line(5, { code: '' })];
    const list = await passed('acme.csv', listOf(lines));
    expect(list).toMatchObject({ stage: 'passed', error: null, counts: { rows: 6, rejected: 1, known: 3, unknown: 1, noCode: 2, repaired: 1 }, rest: { total: 4, done: 0 } });
    expect(at.desk.vendor.asked).toEqual([]);
    const { items, total } = await at.lists.rows({ id: list.id, sort: 'line' });
    expect(total).toEqual({ count: 6, capped: false });
    expect(items.map((r) => [r.line, r.standing, r.productId])).toEqual([[2, 'known', 'prd_1'], [3, 'known', 'prd_1'], [4, 'known', 'prd_1'], [5, 'unknown', null], [6, 'no-code', null], [8, 'no-code', null]]);
    expect(items[1]).toMatchObject({ identifier: gtin14Of(1), code: gtinOf(1).slice(0, 12), repairs: ['check-digit-restored'] });
    expect(items[0]!.first!.profit.minor).toBe(4_000 - items[0]!.first!.fees.minor - 1_200);
    const linesOf = async (filter: 'profitable' | 'not-found' | 'repaired') => (await at.lists.rows({ id: list.id, filter, sort: 'line' })).items.map((r) => r.line);
    expect([await linesOf('profitable'), await linesOf('not-found'), await linesOf('repaired')]).toEqual([[2, 3, 4, 6, 8], [5, 6, 8], [3]]);
    expect((await at.lists.rows({ id: list.id, search: 'K9' })).items.map((r) => r.line)).toEqual([4]);
    expect((await at.lists.rejects({ id: list.id })).items.map((r) => [r.line, r.field, r.severity, r.reason])).toEqual([[6, 'id', 'field', 'digits-lost'], [7, 'cost', 'row', 'no-number']]);
    expect(await at.lists.correct({ id: list.id, layout: { ...list.layout, costBasis: 'unit' } })).toMatchObject({ stage: 'columns', counts: null });
    await expect(at.lists.rows({ id: list.id })).rejects.toMatchObject({ code: 'WRONG_STAGE' });
  });

  it('compares with the supplier\'s list before', async () => {
    await passed('acme-october.csv', listOf([line(1), line(2), line(3), line(4)]), 'Acme');
    const list = await passed('acme-november.csv', listOf([line(1), line(2, { cost: '13.00' }), line(3, { cost: '11.00' }), line(5)]), 'ACME');
    expect(list.changes).toMatchObject({ previousName: 'acme-october.csv', new: 1, gone: 1, dearer: 1, cheaper: 1, otherCurrency: 0 });
    const rows = (await at.lists.rows({ id: list.id, sort: 'line' })).items;
    expect(rows.map((r) => [r.change?.kind ?? null, r.change?.was?.minor ?? null])).toEqual([[null, null], ['dearer', 1_200], ['cheaper', 1_200], ['new', null]]);
    expect((await at.lists.gone({ id: list.id })).items.map((r) => [r.line, r.identifier])).toEqual([[5, gtin14Of(4)]]);
    expect((await passed('other.csv', listOf([line(1)]), 'Another')).changes).toBeNull();
    // an article may stand in a list twice, at two costs
    const twice = listOf([line(1), line(1, { cost: '14.00' }), line(2)]);
    await passed('twice.csv', twice, 'Twice');
    expect((await passed('twice-again.csv', twice, 'Twice')).changes).toMatchObject({ new: 0, gone: 0, dearer: 0, cheaper: 0, otherCurrency: 0 });
  });

  it('is told as stopped when a person stops it, and can begin anew', async () => {
    const { id } = await open('acme.csv', listOf([line(1)]));
    expect((await at.lists.pass({ id })).stage).toBe('passing');
    await expect(at.lists.correct({ id, supplier: 'Other' })).rejects.toMatchObject({ code: 'WRONG_STAGE', data: { stage: 'passing' } });
    expect((await at.lists.stop({ id })).stage).toBe('columns');
    await at.desk.settle();
    expect((await at.lists.get({ id })).counts).toBeNull();
    await at.lists.pass({ id });
    await at.desk.settle();
    expect((await at.lists.get({ id })).stage).toBe('passed');
  });

  it('says why a list cannot be read whole', async () => {
    const { id } = await open('acme.csv', `${HEADER}\n`.repeat(1) + line(1));
    fs.writeFileSync((await at.desk.runtime.db.prisma.priceList.findUniqueOrThrow({ where: { id } })).file, `${HEADER}\n`);
    await at.lists.pass({ id });
    await at.desk.settle();
    expect(await at.lists.get({ id })).toMatchObject({ stage: 'columns', error: expect.stringContaining('holds a header and no rows') as string });
  });
});

/** Codes asked of the vendor, each as often as it was asked for. */
const askedCodes = (desk: OfferDesk) => desk.vendor.asked.flat().toSorted();

describe('the rest', () => {
  it('tells what it would cost, asks the best rows first and each once, and keeps what came of it', async () => {
    for (const n of [1, 2, 3, 4]) at.desk.vendor.know({ n, priceMinor: n === 3 ? 1_300 : 4_000 });
    const list = await passed('acme.csv', listOf([line(1), line(2, { rrp: '60.00' }), line(3, { rrp: '' }), line(4, { rrp: '13.00' }), line(5), line(6, { rrp: '11.00' }), line(1, { cost: '15.00' })]), 'Acme');
    expect(await at.lists.cost({ id: list.id })).toMatchObject({ rows: 7, codes: 5, vendor: { name: 'keepa', cost: 5, available: 1_000, leftAfter: 995 } });
    expect(await at.lists.cost({ id: list.id, most: 2 })).toMatchObject({ rows: 2, codes: 2 });
    await at.lists.run({ id: list.id, most: 1 });
    await at.desk.settle();
    expect(askedCodes(at.desk)).toEqual([gtinOf(2)]);
    expect(await at.lists.get({ id: list.id })).toMatchObject({ stage: 'done', rest: { total: 1, done: 1, most: 1, profitable: 1 } });
    await at.lists.run({ id: list.id });
    await at.desk.settle();
    expect(await at.lists.get({ id: list.id })).toMatchObject({ stage: 'done', rest: { total: 7, done: 7 } });
    expect(askedCodes(at.desk)).toEqual([gtinOf(1), gtinOf(2), gtinOf(3), gtinOf(4), gtinOf(5)]);
    const rows = (await at.lists.rows({ id: list.id, sort: 'line' })).items;
    expect(rows.map((r) => r.asked?.state)).toEqual(['evaluated', 'evaluated', 'screened-out', 'evaluated', 'unidentified', 'screened-out', 'duplicate']);
    const best = rows[1]!.asked!;
    expect([best.decision, best.figures!.profit.currency, best.figures!.profit.minor > 0, best.figures!.profitLow.minor <= best.figures!.profit.minor]).toEqual(['purchase', 'USD', true, true]);
    expect(await at.desk.runtime.db.prisma.opportunity.findUnique({ where: { id: best.opportunityId! } })).toMatchObject({ state: 'open', decision: 'purchase' });
    expect((await at.lists.rows({ id: list.id })).items[0]!.asked?.state).toBe('evaluated');
  });

  it('is paused and goes on, and asks no code twice', async () => {
    const numbers = Array.from({ length: 250 }, (_, i) => i + 1);
    for (const n of numbers) at.desk.vendor.know({ n, priceMinor: 4_000 });
    const list = await passed('acme.csv', listOf(numbers.map((n) => line(n))));
    const lookup = at.desk.vendor.lookup.bind(at.desk.vendor);
    at.desk.vendor.lookup = async (codes) => {
      if (at.desk.vendor.asked.length === 1) {
        await at.lists.stop({ id: list.id });
        throw new ConnectorError({ kind: 'Retryable', connector: 'keepa', operation: 'lookup', message: 'cut off' });
      }
      return lookup(codes);
    };
    await at.lists.run({ id: list.id });
    await at.desk.settle();
    at.desk.vendor.lookup = lookup;
    expect(await at.lists.get({ id: list.id })).toMatchObject({ stage: 'paused', rest: { done: 100, total: 250 } });
    expect(at.desk.vendor.asked.map((call) => call.length)).toEqual([100]);
    await at.lists.run({ id: list.id });
    await at.desk.settle();
    expect(await at.lists.get({ id: list.id })).toMatchObject({ stage: 'done', rest: { done: 250, profitable: 250 } });
    expect(askedCodes(at.desk)).toEqual(numbers.map(gtinOf).toSorted());
  });

  it('goes on by itself after the program was ended in the middle', async () => {
    const numbers = Array.from({ length: 150 }, (_, i) => i + 1);
    const clock = scaledClock({ anchor: TEST_START, realAnchor: Date.now(), speed: 1 });
    await at.desk.close();
    at = await openWholesale({ clock });
    for (const n of numbers) at.desk.vendor.know({ n, priceMinor: 4_000 });
    const list = await passed('acme.csv', listOf(numbers.map((n) => line(n))));
    const { vendor, runtime } = at.desk;
    const lookup = vendor.lookup.bind(vendor);
    let waiting = false;
    vendor.lookup = (codes, options?: { signal?: AbortSignal | undefined }) => {
      if (vendor.asked.length < 1) return lookup(codes);
      waiting = true;
      return new Promise((_, reject) => options!.signal!.addEventListener('abort', () => reject(options!.signal!.reason as Error)));
    };
    runtime.start();
    await at.lists.run({ id: list.id });
    await expect.poll(() => waiting, { timeout: 20_000 }).toBe(true);
    await runtime.stop();
    await at.deps.files.close();
    at = await openWholesale({ db: runtime.db, clock });
    for (const n of numbers) at.desk.vendor.know({ n, priceMinor: 4_000 });
    expect(await at.lists.get({ id: list.id })).toMatchObject({ stage: 'running', rest: { done: 100 } });
    await at.desk.settle();
    expect(await at.lists.get({ id: list.id })).toMatchObject({ stage: 'done', rest: { done: 150 } });
    expect([...vendor.asked.flat(), ...at.desk.vendor.asked.flat()].toSorted()).toEqual(numbers.map(gtinOf).toSorted());
  });

  it('pauses with the reason when the vendor refuses, and does not begin without one', async () => {
    const list = await passed('acme.csv', listOf([line(1)]));
    at.desk.vendor.failure = new ConnectorError({ kind: 'Rejected', connector: 'keepa', operation: 'lookup', message: 'the key was refused' });
    await at.lists.run({ id: list.id });
    await at.desk.settle();
    expect(await at.lists.get({ id: list.id })).toMatchObject({ stage: 'paused', error: expect.stringContaining('the key was refused') as string });
    const lists = createRouterClient(createPriceListProcedures({ ...at.deps, scan: { ...at.deps.scan, opportunities: { ...at.deps.scan.opportunities, catalog: { ...at.desk.catalog, marketData: null as MarketDataPort | null } } } }));
    expect((await lists.cost({ id: list.id })).vendor).toBeNull();
    await expect(lists.run({ id: list.id })).rejects.toMatchObject({ code: 'INVALID', data: { reason: 'not-connected' } });
  });

  it('changes the offers of the supplier\'s list before, and ends those that are gone', async () => {
    for (const n of [1, 2]) at.desk.vendor.know({ n, priceMinor: 4_000 });
    for (const [name, lines] of [['october.csv', [line(1), line(2)]], ['november.csv', [line(1, { cost: '13.00' })]]] as const) {
      const list = await passed(name, listOf(lines), 'Acme');
      await at.lists.run({ id: list.id });
      await at.desk.settle();
      at.desk.runtime.clock.advanceTo(at.desk.runtime.clock.now() + 60_000);
    }
    const offers = await at.desk.runtime.db.prisma.offer.findMany({ orderBy: { externalId: 'asc' } });
    expect(offers.map((o) => [o.state, Number(o.priceMinor)])).toEqual([['evaluated', 1_300], ['gone', 1_200]]);
    expect(await at.desk.runtime.db.prisma.source.count({ where: { kind: 'price-list' } })).toBe(1);
  });

  it('keeps case and least order with the offer, where the list says them', async () => {
    for (const n of [1, 2]) at.desk.vendor.know({ n, priceMinor: 4_000 });
    const list = await passed('moq.csv', `EAN,Product name,Unit cost (USD),Case pack,MOQ\n${gtinOf(1)},Northgate kettle,12.00,6,24\n${gtinOf(2)},Northgate lamp,4.00,,\n`, 'Acme');
    await at.lists.run({ id: list.id });
    await at.desk.settle();
    const offers = await at.desk.runtime.db.prisma.offer.findMany({ orderBy: { priceMinor: 'desc' } });
    expect(offers.map((offer) => (JSON.parse(offer.facts) as Record<string, unknown>)['supply'])).toEqual([{ caseUnits: 6, leastUnits: 24 }, undefined]);
  });
});

async function fetched(id: string, format: 'csv' | 'xlsx') {
  const made = await at.lists.export({ id, format });
  const pieces: Buffer[] = [];
  for (let from = 0; ;) {
    const piece = Buffer.from((await at.lists.exported({ file: made.file, at: from })).contentBase64, 'base64');
    if (piece.length === 0) break;
    pieces.push(piece);
    from += piece.length;
  }
  return { made, bytes: Buffer.concat(pieces) };
}

describe('exporting', () => {

  it('writes every figure to CSV and XLSX, and no formula', async () => {
    at.desk.vendor.know({ n: 1, priceMinor: 4_000 });
    const list = await passed('acme.csv', listOf([line(1), line(2, { title: '=HYPERLINK("http://x")' }).replace('=HYPERLINK("http://x")', '"=HYPERLINK(""http://x"")"')]));
    await at.lists.run({ id: list.id });
    await at.desk.settle();
    const csv = await fetched(list.id, 'csv');
    expect([csv.made.rows, csv.made.bytes, csv.made.name]).toEqual([2, csv.bytes.length, 'acme-all-2026-11-21.csv']);
    const [head = '', first = '', second = ''] = csv.bytes.toString().split('\r\n');
    expect(head.split(',')).toHaveLength(45);
    const value = (name: string) => first.split(',')[head.split(',').indexOf(name)];
    expect([value('Identifier'), value('Unit cost'), value('First pass: sale'), value('Market: state'), Number(value('Market: profit')) > 0]).toEqual([gtin14Of(1), '12', '40', 'evaluated', true]);
    expect([value('Retail price'), value('First pass: price by'), value('First pass: price of')]).toEqual(['40', 'list', '']);
    expect(second).toContain(`"'=HYPERLINK(""http://x"")"`);
    const file = path.join(at.deps.importsDir, 'back.xlsx');
    fs.writeFileSync(file, (await fetched(list.id, 'xlsx')).bytes);
    const { raw } = await inspectPriceList(await fileSource(file));
    expect(raw[0]!.cells.slice(0, 3)).toEqual(['Line', 'Standing', 'Identifier']);
    expect([raw[1]!.cells[2], raw[2]!.cells[6]]).toEqual([gtin14Of(1), '=HYPERLINK("http://x")']);
  });

  it('takes a list away with its results, and leaves the offers', async () => {
    const list = await passed('acme.csv', listOf([line(1)]));
    await at.lists.remove({ id: list.id });
    await expect(at.lists.get({ id: list.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(fs.readdirSync(path.join(at.deps.importsDir, 'results'))).toEqual([]);
    expect((await at.lists.list({})).items).toEqual([]);
  });
});
