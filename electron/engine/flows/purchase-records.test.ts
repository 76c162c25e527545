import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { call, ORPCError } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DomainError } from '#kernel/errors.ts';
import { DAY_MS, ManualClock } from '#kernel/time.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { openTradeDesk, seedBusiness, seedOpportunity, type TradeDesk } from '#tests/support/trade-desk.ts';
import { approveOpportunity, createPurchaseProcedures, prepareReceipt, rateSeller, readPurchaseTerms, readSellerRating, readSellerRisks, sellerRisk } from '../purchasing/index.ts';
import { DocumentError, type DocumentTextPort } from '../receipt-reading/index.ts';
import { readToday } from '../reporting/index.ts';
import { recordOrder } from './record-order.ts';
import { verifyBooks } from './verify-books.ts';

const NOWHERE = 'http://127.0.0.1:1';
const EVIL = '<script>fetch("https://evil.example")</script>';
const usd = (minor: number) => ({ minor, currency: 'USD' });

let dir: string;
let db: TestDatabase;
let desk: TradeDesk;
let clock: ManualClock;
let procedures: ReturnType<typeof createPurchaseProcedures>;
let printed: string[];
/** What a document says. */
let words: DocumentTextPort['read'];

beforeEach(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'resale-desk-receipts-'));
  db = await createTestDatabase();
  clock = new ManualClock(Date.UTC(2026, 10, 2));
  printed = [];
  words = () => Promise.reject(new DocumentError('no-text', 'no text'));
  desk = await openTradeDesk({
    db, clock, shopUrl: NOWHERE, ebayUrl: NOWHERE,
    purchasing: { readers: { documents: { read: (bytes, mediaType, options) => words(bytes, mediaType, options) } }, terms: readPurchaseTerms('resources/purchase-terms/terms.json'), receipts: { dir, print: (html) => (printed.push(html), Promise.resolve(Buffer.from('%PDF-1.7 made by a browser'))) } },
  });
  procedures = createPurchaseProcedures(desk.trade.purchasing, { recordOrder: (input) => recordOrder(desk.trade, input) }, 'Amina');
  await seedBusiness(desk.ctx);
});
afterEach(async () => {
  await desk.close();
  await db.close();
  rmSync(dir, { recursive: true, force: true });
});

let number = 0;
/** Approved, and to be ordered by hand: four units. */
async function handed(sellerName = 'Karima'): Promise<string> {
  const { opportunityId } = await seedOpportunity(desk.ctx, { externalId: `o${++number}`, title: `Camera ${EVIL}`, brand: null, gtin: String(4_006_381_330_000 + number), priceMinor: 1_000, shippingMinor: 0, salePriceMinor: 3_000, quantity: 4, weightG: 300, connector: 'structured-shop', sellerName });
  // one shop, whatever the offer
  const source = await db.prisma.source.findFirstOrThrow({ orderBy: { id: 'asc' } });
  const row = await db.prisma.opportunityDetail.findUniqueOrThrow({ where: { opportunityId } });
  await db.prisma.opportunityDetail.update({ where: { opportunityId }, data: { evaluation: JSON.stringify({ ...(JSON.parse(row.evaluation) as object), sourceId: source.id }) } });
  const { purchaseId: id } = await approveOpportunity(desk.trade.purchasing, { id: opportunityId, version: 1, approvedBy: 'Amina' });
  await desk.settle();
  return id;
}

/** And on its way. */
async function ordered(sellerName = 'Karima'): Promise<string> {
  const id = await handed(sellerName);
  const { version } = await call(procedures.get, { id });
  await call(procedures.recordOrder, { id, version, externalId: `HW-${number}`, total: usd(4_000), receiptNote: EVIL });
  await desk.settle();
  return id;
}

async function fetched(id: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let at = 0; ; at += pieces.at(-1)!.length) {
    pieces.push(Buffer.from((await call(procedures.readReceipt, { id, at })).contentBase64, 'base64'));
    if (pieces.at(-1)!.length === 0) return Buffer.concat(pieces);
  }
}

async function sent(content: Buffer): Promise<string> {
  const { upload } = await call(procedures.beginReceipt, { bytes: content.length });
  for (let at = 0; at < content.length; at += 300_000) await call(procedures.appendReceipt, { upload, at, contentBase64: content.subarray(at, at + 300_000).toString('base64') });
  return upload;
}

async function attach(id: string, content: Buffer, name: string, says?: string) {
  const upload = await sent(content);
  return call(procedures.attachReceipt, { id, upload, name, ...(says ? { says } : {}) });
}

const refusal = (promise: Promise<unknown>) => promise.then(() => 'none', (thrown: unknown) => {
  const error = thrown instanceof ORPCError ? (thrown.cause ?? thrown) : thrown;
  return error instanceof DomainError ? `${error.code} ${String(error.data['field'] ?? error.data['state'] ?? error.data['kind'])}` : thrown;
});

const file = (of: { id: string } | undefined) => path.join(dir, readdirSync(dir).find((name) => name.startsWith(of!.id))!);

describe('the receipt of a confirmed purchase', () => {
  it('is archived once as a page that can do nothing and as PDF, with the seal of its bytes', async () => {
    const id = await ordered();
    const { receipts } = await call(procedures.get, { id });
    expect(receipts.map((receipt) => [receipt.origin, receipt.mediaType, receipt.name])).toEqual([['desk', 'text/html', `receipt-HW-${number}.html`], ['desk', 'application/pdf', `receipt-HW-${number}.pdf`]]);
    const html = (await fetched(receipts[0]!.id)).toString('utf8');
    expect(createHash('sha256').update(html).digest('hex')).toBe(receipts[0]!.sha256);
    expect(html).toContain('40.00 USD');
    expect(html).toContain(`default-src 'none'`);
    expect(html).not.toContain('<script');
    expect(printed).toEqual([html]);
    await desk.ctx.db.transaction((tx) => desk.ctx.outbox.add(tx, 'purchase.confirmed', id, {}));
    await desk.settle();
    expect((await call(procedures.get, { id })).receipts).toHaveLength(2);
  });

  it('that was changed on the disk, or is gone, is said to be so', async () => {
    const id = await ordered();
    const [html, pdf] = (await call(procedures.get, { id })).receipts;
    rmSync(file(pdf));
    expect(await refusal(call(procedures.readReceipt, { id: pdf!.id, at: 0 }))).toBe('NOT_FOUND receipt');
    appendFileSync(file(html), ' ');
    expect(await refusal(call(procedures.readReceipt, { id: html!.id, at: 0 }))).toBe('NOT_FOUND receipt');
  });

  it('is a person’s own photograph or PDF too, in pieces, by what its bytes are', async () => {
    const id = await ordered();
    const photo = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(700_000, 7)]);
    const kept = await attach(id, photo, '../../till.png', 'Total 40.00, paid in cash');
    expect(kept).toMatchObject({ origin: 'attached', name: 'till.png', mediaType: 'image/jpeg', bytes: photo.length, says: 'Total 40.00, paid in cash', by: 'Amina' });
    expect((await fetched(kept.id)).equals(photo)).toBe(true);
    expect(readdirSync(path.join(dir, 'inbox'))).toEqual([]);
    expect(await refusal(attach(id, Buffer.from('MZ program'), 'receipt.pdf'))).toBe('INVALID file');
    expect(await refusal(call(procedures.beginReceipt, { bytes: 16 * 1024 * 1024 }))).toBe('INVALID file');
    expect(await refusal(call(procedures.beginReceipt, { bytes: 0 }))).toBe('INVALID file');
    expect(await refusal(call(procedures.appendReceipt, { upload: 'rct_none', at: 0, contentBase64: '' }))).toBe('NOT_FOUND upload');
    expect((await call(procedures.get, { id })).events.map((event) => event.kind)).toContain('receipt-attached');
  });

  it('is taken away where a kill kept its row from being made, once a day is over, and no file with a row is', async () => {
    const id = await ordered();
    const kept = await attach(id, pdf, 'kept.pdf');
    // killed after the commit, and before the note of its writing was taken away
    appendFileSync(path.join(dir, 'inbox', kept.id), '');
    const { receipt } = await prepareReceipt(desk.trade.purchasing, { id, upload: await sent(Buffer.from('%PDF-1.7 lost')), name: 'lost.pdf', by: 'Amina' });
    expect(file(receipt)).toContain(receipt.id);
    clock.advanceTo(clock.now() + DAY_MS + 1_000);
    const upload = await sent(pdf);
    expect(readdirSync(path.join(dir, 'inbox'))).toEqual([upload]);
    expect(readdirSync(dir).some((name) => name.startsWith(receipt.id))).toBe(false);
    expect((await fetched(kept.id)).equals(pdf)).toBe(true);
  });

  it('is a saved mail too, however many stops and signatures stand before who wrote it', async () => {
    const id = await ordered();
    const stops = Array.from({ length: 200 }, (_, n) => `Received: by 10.0.0.${n} with SMTP id x${n};\r\n        Mon, 2 Nov 2026 10:00:00 -0800 (PST)`).join('\r\n');
    const mail = Buffer.from(`Delivered-To: me@example.com\r\n${stops}\r\nFrom: Retro Reel <shop@reel.example>\r\nSubject: Order 1043\r\n\r\nThank you`);
    expect(await attach(id, mail, 'order.eml')).toMatchObject({ mediaType: 'message/rfc822', bytes: mail.length });
    expect((await attach(id, Buffer.from('From: A <a@b.example>\nSubject: Order\n\nThank you'), 'short.eml')).mediaType).toBe('message/rfc822');
    expect(await refusal(attach(id, Buffer.from('Note: buy milk\r\nTo: me\r\n\r\nFrom: whom?\r\nSubject: milk\r\n'), 'note.eml'))).toBe('INVALID file');
  });
});

const pdf = Buffer.from('%PDF-1.7 a receipt');
const says = (...lines: string[]): DocumentTextPort['read'] => () => Promise.resolve({ origin: 'pdf', lines: lines.map((text) => ({ text, confidenceBp: 10_000 })) });
const settled = async (upload: string) => {
  await expect.poll(async () => (await call(procedures.reading, { upload })).state).not.toBe('reading');
  return call(procedures.reading, { upload });
};

describe('a receipt that is read for an order made by hand', () => {
  it('is a proposal until a person records it, and then lies with the purchase, words and all', async () => {
    const id = await handed();
    words = says('Hardware World', 'Order HW-9001', 'Date 2026-11-01', 'Camera   4   $9.00   $36.00', 'Shipping   $4.00', 'Total   $40.00', 'VISA ending in 4242');
    const upload = await sent(pdf);
    await call(procedures.startReading, { id, upload });
    const { state, reading, item, twice } = await settled(upload);
    expect([state, reading?.orderNumber?.value, reading?.orderedOn?.value, reading?.total?.value, reading?.total?.doubtful, item, twice]).toEqual(['done', 'HW-9001', '2026-11-01', usd(4_000), false, 0, []]);
    expect(await call(procedures.get, { id })).toMatchObject({ state: 'ordering-by-hand', receipts: [], total: null });
    const { version } = await call(procedures.get, { id });
    const recorded = { id, version, externalId: 'HW-9001', total: usd(4_000), shipping: usd(400), orderedOn: '2026-11-01', receipt: { upload, name: 'receipt.pdf' } };
    // what is refused books nothing and leaves no file behind
    expect(await refusal(call(procedures.recordOrder, { ...recorded, shipping: { minor: 400, currency: 'EUR' } }))).toBe('INVALID shipping');
    expect(readdirSync(dir)).toEqual(['inbox']);
    await call(procedures.recordOrder, recorded);
    await desk.settle();
    const detail = await call(procedures.get, { id });
    expect(detail).toMatchObject({ state: 'confirmed', externalId: 'HW-9001', receipt: { shipping: usd(400), receipt: { orderedOn: '2026-11-01', document: createHash('sha256').update(pdf).digest('hex') } } });
    expect(detail.receipts.find(({ origin }) => origin === 'attached')).toMatchObject({ name: 'receipt.pdf', readText: expect.stringContaining('Order HW-9001') as string });
    expect(JSON.stringify(detail)).not.toContain('4242');
    expect(readdirSync(path.join(dir, 'inbox'))).toEqual([]);

    // again, for another purchase: by its bytes, and by its number and total
    const other = await handed('Yacine');
    const same = await sent(pdf);
    await call(procedures.startReading, { id: other, upload: same });
    expect((await settled(same)).twice).toMatchObject([{ purchaseId: id, why: 'same-file' }]);
    const copy = await sent(Buffer.from('%PDF-1.7 a copy'));
    await call(procedures.startReading, { id: other, upload: copy });
    expect((await settled(copy)).twice).toMatchObject([{ purchaseId: id, why: 'same-order' }]);
  });

  it('that cannot be read says why, and one that is given up stays given up', async () => {
    const id = await handed();
    const upload = await sent(pdf);
    await call(procedures.startReading, { id, upload });
    expect(await settled(upload)).toMatchObject({ state: 'failed', problem: { code: 'receipt.no-text' }, reading: null });
    let given: AbortSignal | undefined;
    words = (_bytes, _type, options) => new Promise((_resolve, reject) => {
      given = options?.signal;
      given?.addEventListener('abort', () => reject(given!.reason as Error));
    });
    const slow = await sent(pdf);
    await call(procedures.startReading, { id, upload: slow });
    expect(await call(procedures.cancelReading, { upload: slow })).toMatchObject({ state: 'cancelled' });
    expect(given?.aborted).toBe(true);
    expect(await settled(slow)).toMatchObject({ state: 'cancelled', reading: null });
    expect(await refusal(call(procedures.startReading, { id, upload: await sent(Buffer.from('MZ program')) }))).toBe('INVALID file');
    expect(await refusal(call(procedures.reading, { upload: 'rct_none' }))).toBe('NOT_FOUND reading');
  });
});

describe('goods that arrive', () => {
  it('in parcels are counted one by one, and become stock with the last; the window to return begins with the first', async () => {
    const id = await ordered();
    const first = clock.now() + 2 * DAY_MS;
    clock.advanceTo(first);
    const at = async () => ({ id, version: (await call(procedures.get, { id })).version });
    expect(await refusal(call(procedures.receive, { ...(await at()), units: 5, damaged: 0 }))).toBe('INVALID units');
    expect(await refusal(call(procedures.receive, { ...(await at()), units: 4, damaged: 0, moreToCome: true }))).toBe('INVALID moreToCome');
    expect(await refusal(call(procedures.receive, { ...(await at()), units: 1, damaged: 1, wrong: 1 }))).toBe('INVALID damaged');
    await call(procedures.receive, { ...(await at()), units: 2, damaged: 1, notes: 'box torn', moreToCome: true });
    expect(await call(procedures.get, { id })).toMatchObject({ state: 'confirmed', arrivals: [{ good: 1, damaged: 1, wrong: 0, notes: 'box torn', by: 'Amina' }], returnWindow: { until: first + 14 * DAY_MS, from: 'assumed' } });
    clock.advanceTo(first + DAY_MS);
    expect(await refusal(call(procedures.receive, { ...(await at()), units: 3, damaged: 0 }))).toBe('INVALID units');
    await call(procedures.receive, { ...(await at()), units: 1, damaged: 0 });
    const done = await call(procedures.get, { id });
    expect(done).toMatchObject({ state: 'received', returnWindow: { until: first + 14 * DAY_MS } });
    expect(done.events.at(-1)?.data).toMatchObject({ units: 3, damaged: 1, missing: 1 });
    expect(await db.prisma.stockLot.findFirstOrThrow()).toMatchObject({ onHand: 2, quantity: 2 });
    expect((await verifyBooks(desk.trade.inventory, 'USD')).sound).toBe(true);
    const said = await call(procedures.setReturnWindow, { ...(await at()), until: first + 30 * DAY_MS });
    expect(said.version).toBe(done.version + 1);
    expect((await call(procedures.get, { id })).returnWindow).toEqual({ until: first + 30 * DAY_MS, from: 'person' });
    const ends = async () => (await readToday({ ctx: desk.ctx })).items.filter((item) => item.kind === 'return-ends').map((item) => [item.id, item.reason?.data['endsAt']]);
    expect(await ends()).toEqual([]);
    clock.advanceTo(first + 28 * DAY_MS);
    expect(await ends()).toEqual([[id, first + 30 * DAY_MS]]);
    clock.advanceTo(first + 30 * DAY_MS);
    expect(await ends()).toEqual([]);
  });
});

describe('the record of a seller', () => {
  it('is drawn towards the usual: one bad order is no verdict, and ten are', () => {
    const bad = { kind: 'arrived', goodShare: 0, late: true } as const;
    const good = { kind: 'arrived', goodShare: 1, late: false } as const;
    expect(rateSeller([])).toMatchObject({ scoreBp: 9_000, outcomes: 0 });
    expect(rateSeller([bad]).scoreBp).toBe(7_500);
    expect(rateSeller(Array.from({ length: 10 }, () => bad)).scoreBp).toBe(3_000);
    expect(rateSeller(Array.from({ length: 10 }, () => good)).scoreBp).toBe(9_667);
    expect(rateSeller([good, { kind: 'cancelled' }, { kind: 'price-rose' }])).toMatchObject({ outcomes: 3, arrived: 1, cancelled: 1, priceRose: 1, scoreBp: 7_333 });
    expect(sellerRisk(null)).toBeNull();
    expect(sellerRisk(rateSeller([bad]))).toMatchObject({ code: 'seller.poor-record', severity: 'warning' });
    expect(sellerRisk(rateSeller([good]))).toMatchObject({ code: 'seller.record', severity: 'info' });
    // three that went wrong, and more than half of all, are in the way; prices that rose never are
    expect(sellerRisk(rateSeller([bad, bad, { kind: 'cancelled' }, good]))).toMatchObject({ code: 'seller.poor-record', severity: 'block' });
    expect(sellerRisk(rateSeller([bad, bad, { kind: 'cancelled' }, good, good, good]))).toMatchObject({ severity: 'warning' });
    expect(sellerRisk(rateSeller(Array.from({ length: 30 }, () => ({ kind: 'price-rose' as const }))))).toMatchObject({ severity: 'warning' });
  });

  it('comes from what happened, to that seller alone', async () => {
    const receive = async (id: string, counts: { units: number; damaged: number }) => call(procedures.receive, { id, version: (await call(procedures.get, { id })).version, ...counts });
    const late = await ordered();
    clock.advanceTo(clock.now() + 15 * DAY_MS);
    await receive(late, { units: 4, damaged: 2 });
    const other = await ordered('Yacine');
    await receive(other, { units: 4, damaged: 0 });
    const { sourceId } = await db.prisma.purchase.findFirstOrThrow();
    expect(await readSellerRating(db.prisma, sourceId, ' KARIMA ')).toMatchObject({ outcomes: 1, arrived: 1, late: 1, notAsDescribed: 1, scoreBp: Math.round(((4.5 + 0.35) / 6) * 10_000) });
    expect(await readSellerRating(db.prisma, sourceId, 'Yacine')).toMatchObject({ outcomes: 1, late: 0, notAsDescribed: 0 });
    expect(await readSellerRating(db.prisma, sourceId, 'Nobody')).toBeNull();
    const risks = await readSellerRisks(db.prisma, sourceId);
    expect([' KARIMA ', 'Yacine', 'Nobody', null].map((name) => risks(name)?.data['outcomes'] ?? null)).toEqual([1, 1, null, null]);
    expect((await call(procedures.get, { id: other })).seller?.outcomes).toBe(1);
    const { receivedAt } = await call(procedures.get, { id: late });
    expect(risks('karima')).toMatchObject({ code: 'seller.record', kind: 'orders', source: 'own-purchases', asOf: receivedAt });
    // what was said of the seller is frozen with the next approval, and shown with it
    expect((await call(procedures.get, { id: await ordered() })).approval.risks).toContainEqual(risks('karima'));
  });
});
