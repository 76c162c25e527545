import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIST_CHOICES, LIST_SORTS } from '#contract/words.ts';
import { listShipments, readShipmentFacets } from '#engine/inbound-shipments/list-shipments.ts';
import { listCounts } from '#engine/inventory/counts/list-counts.ts';
import { listTalks, readTalkFacets } from '#engine/negotiation/list-talks.ts';
import { listPayments, readPaymentFacets } from '#engine/payments/list-payments.ts';
import { listOrders, readOrderFacets } from '#engine/purchase-orders/list-orders.ts';
import { listLists, readListFacets } from '#engine/suppliers/index.ts';
import { insertJson, type BulkValue } from '#runtime/bulk.ts';
import type { Facets } from '#runtime/list-filters.ts';
import type { PageOfIds } from '#runtime/sorted-page.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';

type Row = Readonly<Record<string, BulkValue>>;
const ROWS = 24;
const ids = Array.from({ length: ROWS }, (_, n) => `row_${String(n).padStart(2, '0')}`);
/** Few distinct values, so that ties are many and the ids decide. */
const of = <T>(values: readonly T[], n: number): T => values[(n * 7) % values.length]!;
const currency = (n: number) => of(['USD', 'EUR'], n);
const rowsOf = (row: (n: number) => Row): Row[] => ids.map((id, n) => ({ id, ...row(n) }));

const PAYMENTS = rowsOf((n) => ({
  provider: of(['stripe', 'paypal', 'paynow'], n), method: 'link', state: of(['open', 'paid'], n), amountMinor: 100 * (n % 5), currency: currency(n), paidMinor: n % 2 === 0 ? null : 90 * (n % 5), feeMinor: n % 3 === 0 ? null : n % 4, refundedMinor: n % 3, description: `Invoice ${n}`,
  customerWords: `|mark${n % 4}|`, handle: '{}', idempotencyKey: `key ${n}`, createdBy: 'owner', createdAt: 1_000 + n, expiresAt: 9_000, paidAt: n % 2 === 0 ? null : 2_000 + (n % 3),
}));
const TALKS = rowsOf((n) => ({
  opportunityId: 'opp', sourceId: of(['src_a', 'src_b'], n), sourceName: of(['Alpha', 'Beta'], n), sourceKind: 'ouedkniss', offerExternalId: 'x', offerUrl: 'u', title: `Lamp ${n % 6}`, sellerName: n % 3 === 0 ? null : `Seller ${n % 4}`, sellerKey: 'k', channel: of(['email', 'sms', 'by-hand'], n), recipient: n % 2 === 0 ? '' : `a${n}@b.c`,
  language: 'en', timeZone: 'UTC', state: of(['agreed', 'rejected'], n), currency: currency(n), askedMinor: 500 + (n % 4), ceilingMinor: 400, workingMinor: 400, mostOffers: 3, turns: '[]', review: 0, agreedMinor: n % 4 === 0 ? 450 : null, nextAt: n % 5 === 0 ? 3_000 : null, evidence: '{}', evidenceSha256: 'h', approvedBy: 'owner',
  approvedAt: 1, expiresAt: 2, createdAt: 1_000 + n, updatedAt: 5_000 - n,
}));
const ORDERS = rowsOf((n) => ({ number: `PO-${ROWS - n}`, state: of(['draft', 'sent'], n), supplierKey: of(['atlas', 'harbor'], n), supplier: of(['Atlas', 'Harbor'], n), contact: '', currency: currency(n), language: 'en', note: '', by: 'owner', createdAt: 1_000 + n, updatedAt: 1, sentAt: n % 2 === 0 ? null : 1_500 + (n % 3), expectedAt: null }));
const ORDER_LINES = ORDERS.map((order, n) => ({ id: `l${n}`, orderId: order['id']!, number: 1, productId: 'p', title: `Kettle ${n}`, condition: 'new', units: 1 + (n % 3), unitMinor: 100 }));
const totalOf = (n: number) => 100 * (1 + (n % 3));
const SHIPMENTS = rowsOf((n) => ({ number: `IN-${n}`, name: `Shipment ${n}`, channel: of(['amazon-us', 'amazon-uk'], n), state: of(['draft', 'sent'], n), from: '{}', readyAt: 1, chosen: n % 3 === 0 ? null : JSON.stringify({ total: { minor: 10 * (n % 4), currency: 'USD' } }), by: 'owner', createdAt: 1_000 + n, updatedAt: 1, sentAt: n % 2 === 0 ? null : 2_000 }));
const SHIPMENT_LINES = SHIPMENTS.map((shipment, n) => ({ id: `s${n}`, shipmentId: shipment['id']!, number: 1, sourceLotId: 'lot', sourcePlace: 'main', productId: 'p', title: `Radio ${n}`, units: n % 5, received: n % 2 }));
const COUNTS = rowsOf((n) => ({ state: of(['open', 'booked'], n), name: `Sheet ${n % 4}`, location: n % 3 === 0 ? null : `A-0${n % 3}`, by: 'owner', createdAt: 1_000 + n, bookedAt: n % 2 === 0 ? null : 1_100 }));
const COUNT_LINES = COUNTS.map((count, n) => ({ countId: count['id']!, lotId: 'lot', expected: 4, counted: n % 4 === 0 ? null : n % 6 }));
const LISTS = rowsOf((n) => ({
  supplier: of(['Atlas', 'Harbor'], n), supplierKey: of(['atlas', 'harbor'], n), name: `list-${n % 5}.csv`, file: 'f', bytes: 1, sha256: 'h', layout: '{}', layoutFrom: 'detected', missing: '[]', stage: of(['columns', 'passed'], n), counts: n % 3 === 0 ? null : JSON.stringify({ pass: { rows: n % 4, promising: n % 2 } }), done: n % 3, createdAt: 1_000 + n,
}));

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  const tables: Record<string, readonly Row[]> = { Payment: PAYMENTS, Negotiation: TALKS, PurchaseOrder: ORDERS, PurchaseOrderLine: ORDER_LINES, InboundShipment: SHIPMENTS, InboundShipmentLine: SHIPMENT_LINES, StockCount: COUNTS, StockCountLine: COUNT_LINES, PriceList: LISTS };
  await db.transaction(async (tx) => { for (const [table, rows] of Object.entries(tables)) await insertJson(tx, { table, columns: Object.keys(rows[0]!), rows: rows.map((row) => Object.values(row)) }); });
});
afterAll(() => db.close());

type Query = { readonly limit: number } & Readonly<Record<string, unknown>>;
interface List { readonly page: (query: Query) => Promise<PageOfIds>; readonly facets?: () => Promise<Facets> }
const LISTED: Readonly<Record<string, List>> = {
  payments: { page: (query) => listPayments(db, query as never), facets: () => readPaymentFacets(db) }, negotiations: { page: (query) => listTalks(db, query as never), facets: () => readTalkFacets(db) },
  'purchase-orders': { page: (query) => listOrders(db, query as never), facets: () => readOrderFacets(db) }, inbound: { page: (query) => listShipments(db, query as never), facets: () => readShipmentFacets(db) },
  'price-lists': { page: (query) => listLists(db, query as never), facets: () => readListFacets(db) }, counts: { page: (query) => listCounts(db, query as never) },
};

/** Page after page until the end, as a window asks for them. */
async function readAll({ page }: List, query: Readonly<Record<string, unknown>>): Promise<string[]> {
  const all: string[] = [];
  for (let cursor: string | undefined; ;) {
    const found: PageOfIds = await page({ ...query, limit: 7, ...(cursor === undefined ? {} : { cursor }) });
    all.push(...found.ids);
    if (found.nextCursor === null) return all;
    cursor = found.nextCursor;
  }
}
const found = async (name: string, query: Readonly<Record<string, unknown>>) => (await readAll(LISTED[name]!, query)).toSorted();
const where = (rows: readonly Row[], holds: (row: Row, n: number) => boolean) => rows.filter(holds).map((row) => row['id']);

describe.each(Object.keys(LISTED))('the list of %s', (name) => {
  it('gives every row once in each of its orders, alone and second, either way', async () => {
    const sorts = LIST_SORTS[name as keyof typeof LIST_SORTS].flatMap((sort) => [sort, `-${sort}`]);
    for (const [n, sort] of sorts.entries()) expect((await readAll(LISTED[name]!, { sort, second: sorts.at(n - 3) })).toSorted(), sort).toEqual(ids);
    expect(await readAll(LISTED[name]!, {})).toEqual(ids.toReversed());
  });
  it('has as many rows of each choice as its menu says', async () => {
    const facets = await LISTED[name]!.facets?.();
    for (const choice of facets ? LIST_CHOICES[name as keyof typeof LIST_CHOICES] : []) {
      const values = facets!.choices[choice]!;
      expect(values.reduce((sum, value) => sum + value.count, 0), choice).toBe(ROWS);
      for (const { key, count } of values) expect((await readAll(LISTED[name]!, { [choice]: key })).length, `${choice} ${key}`).toBe(count);
    }
  });
});

describe('what a list is narrowed by and ordered by, where it is not a column of its own', () => {
  it('finds payments by what the customer reads, by all marks of the customer, and by the amount that came in', async () => {
    expect(await found('payments', { search: 'invoice 2' })).toEqual(where(PAYMENTS, (row) => String(row['description']).startsWith('Invoice 2')));
    expect(await found('payments', { search: 'nobody', marks: ['mark1'] })).toEqual(where(PAYMENTS, (_, n) => n % 4 === 1));
    expect(await found('payments', { search: 'nobody', marks: ['mark1', 'mark2'] })).toEqual([]);
    expect(await found('payments', { currency: 'USD', least: 200 })).toEqual(where(PAYMENTS, (row) => row['currency'] === 'USD' && Number(row['paidMinor'] ?? row['amountMinor']) >= 200));
  });
  it('orders talks by whom they are with: the name, the address or the source', async () => {
    const byId = new Map(TALKS.map((row) => [row['id'], String(row['sellerName'] ?? (row['recipient'] || row['sourceName'])).toLowerCase()]));
    const names = (await readAll(LISTED['negotiations']!, { sort: 'seller' })).map((id) => byId.get(id)!);
    expect(names).toEqual(names.toSorted());
  });
  it('adds an order up from its lines, and finds it by them', async () => {
    expect(await found('purchase-orders', { currency: 'EUR', most: 200 })).toEqual(where(ORDERS, (row, n) => row['currency'] === 'EUR' && totalOf(n) <= 200));
    const dear = await readAll(LISTED['purchase-orders']!, { sort: '-total', currency: 'USD' });
    expect(dear).toEqual(where(ORDERS, (row) => row['currency'] === 'USD').toSorted((a, b) => totalOf(ids.indexOf(String(b))) - totalOf(ids.indexOf(String(a))) || (a! < b! ? 1 : -1)));
    expect(await found('purchase-orders', { search: 'kettle 1' })).toEqual(where(ORDERS, (_, n) => String(n).startsWith('1')));
  });
  it('puts what is not known last: a shipment that nobody agreed to, a list that was not read', async () => {
    for (const [name, sort, rows, unknown] of [['inbound', 'agreed', SHIPMENTS, 'chosen'], ['inbound', 'received', SHIPMENTS, 'sentAt'], ['price-lists', 'rows', LISTS, 'counts']] as const) {
      const none = where(rows, (row) => row[unknown] === null);
      for (const way of [sort, `-${sort}`]) expect((await readAll(LISTED[name]!, { sort: way })).slice(-none.length).toSorted(), way).toEqual(none);
    }
    expect(await found('inbound', { search: 'radio 3' })).toEqual([ids[3]]);
  });
});
