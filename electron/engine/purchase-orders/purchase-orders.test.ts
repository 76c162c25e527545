import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { readFlows } from '../inventory/costs/read-flows.ts';
import { getLots, takeUnits, unitsOf, valueOf } from '../inventory/index.ts';
import { CASH, FX, INVENTORY, PAYABLE, readBalances, verifyLedger, WRITE_OFF } from '../ledger/index.ts';
import { BUSINESS, PRACTICE_BUSINESS, putSetting } from '../settings/index.ts';
import { canGo, createPurchaseOrderProcedures, expectPayables, ORDER_TRANSITIONS, registerPurchaseOrders, type OrderState, type PurchaseOrdersDeps } from './index.ts';

const usd = (minor: number) => money(minor, 'USD');
const dzd = (minor: number) => money(minor, 'DZD');
const LINE = { productId: null, title: 'Kettle, steel', supplierCode: 'K-1', condition: 'new' as const, units: 10, unit: usd(1_000), why: null };
const DRAFT = { supplier: 'Acme & Söhne', contact: 'Dock 4', currency: 'USD', language: null, note: '', expectedAt: null, lines: [LINE, { ...LINE, title: '=cmd|kettle, red', supplierCode: null, units: 4, unit: usd(500) }] };

let runtime: TestRuntime;
let dir: string;
let deps: PurchaseOrdersDeps;
beforeEach(async () => {
  runtime = await createTestRuntime();
  dir = mkdtempSync(path.join(os.tmpdir(), 'orders-'));
  const ctx = runtime.context;
  deps = {
    ctx, inventory: { ctx }, archive: { dir, print: (html) => Promise.resolve(Buffer.from(`%PDF of ${html.length}`)) },
    estimator: { estimate: (_tx, { unitCost, salePrice }) => Promise.resolve({ profit: money(salePrice.minor - unitCost.minor, 'USD'), salePrice, daysToSell: 30 }) },
  };
  registerPurchaseOrders(deps);
  // 0.75 of preparation for each unit; 150 DZD are one USD
  await runtime.db.transaction((tx) => putSetting(tx, BUSINESS, PRACTICE_BUSINESS, runtime.clock.now()));
});
afterEach(async () => {
  await runtime.close();
  rmSync(dir, { recursive: true });
});

const client = () => createRouterClient(createPurchaseOrderProcedures(deps, 'owner'));
const balances = async () => Object.fromEntries((await readBalances(runtime.db.prisma)).filter((line) => line.amount.minor !== 0).map((line) => [`${line.account} ${line.amount.currency}`, line.amount.minor]));
const seen = (order: { id: string; version: number }) => ({ id: order.id, version: order.version });
const sent = async (draft: Parameters<ReturnType<typeof client>['create']>[0] = DRAFT) => client().markSent({ ...seen(await client().create(draft)), reference: null });
const at = { location: 'shelf 2', notes: '', list: false };
/** Stock by lots, and debts by orders, are what the books hold. */
async function sound() {
  const lots = await getLots(runtime.db.prisma, (await runtime.db.prisma.stockLot.findMany({ select: { id: true } })).map((lot) => lot.id));
  const stock = { name: 'stock', account: INVENTORY, expected: usd(lots.reduce((sum, lot) => sum + valueOf(lot).minor, 0)) };
  return { ...(await verifyLedger(deps, [stock, ...(await expectPayables(runtime.db.prisma))])), units: lots.reduce((sum, lot) => sum + unitsOf(lot), 0) };
}

describe('a purchase order', () => {
  it('knows no way but its machine\'s', () => {
    const states = Object.keys(ORDER_TRANSITIONS) as OrderState[];
    expect(states.filter((state) => canGo(state, 'cancelled'))).toEqual(['draft', 'sent']);
    expect(states.filter((state) => canGo('received', state))).toEqual(['sent', 'partly-received']);
  });

  it('is drafted, numbered in turn, edited while it is a draft, and sent once by a person', async () => {
    const first = await client().create(DRAFT);
    const second = await client().create({ ...DRAFT, supplier: 'Harbor' });
    expect([first.number, second.number, first.state, first.total]).toEqual(['PO-2026-0001', 'PO-2026-0002', 'draft', usd(12_000)]);
    const edited = await client().update({ ...DRAFT, ...seen(first), lines: [{ ...LINE, productId: first.lineItems[0]!.productId, units: 3 }] });
    expect(edited).toMatchObject({ units: 3, lines: 1, total: usd(3_000), number: first.number });
    await expect(client().update({ ...DRAFT, ...seen(first) })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await expect(client().create({ ...DRAFT, lines: [{ ...LINE, unit: money(1, 'EUR') }] })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'lines.0.unit' } });
    await expect(client().create({ ...DRAFT, lines: [{ ...LINE, productId: 'prd_none' }] })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'lines.0.productId' } });
    const gone = await client().markSent({ ...seen(edited), reference: 'H-1' });
    expect(gone).toMatchObject({ state: 'sent', reference: 'H-1' });
    await expect(client().update({ ...DRAFT, ...seen(gone) })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    expect((await client().list({ search: 'Söhne' })).items.map((row) => row.number)).toEqual(['PO-2026-0001']);
    expect((await client().list({ state: 'draft', limit: 1 })).items.map((row) => row.number)).toEqual(['PO-2026-0002']);
    const cancelled = await client().cancel(seen(gone));
    expect((await client().reopen(seen(cancelled))).state).toBe('sent');
    expect(await balances()).toEqual({});
  });

  it('is a document whose words are words, sealed as it was sent', async () => {
    const draft = await client().create(DRAFT);
    const text = async (format: 'html' | 'pdf' | 'csv', id = draft.id) => Buffer.from((await client().document({ id, format })).contentBase64, 'base64').toString();
    expect(await text('html')).toContain('Draft: not an order yet');
    const order = await client().markSent({ ...seen(draft), reference: null });
    await runtime.runUntil(runtime.clock.now());
    const stored = (await client().get({ id: order.id })).files;
    expect(stored.map((file) => [file.name, file.mediaType])).toEqual([['PO-2026-0001.html', 'text/html'], ['PO-2026-0001.pdf', 'application/pdf']]);
    const html = await text('html');
    expect(html).toContain('Acme &amp; Söhne');
    expect(html).toContain('120.00 USD');
    expect(html).not.toContain('Draft');
    expect(await text('pdf')).toMatch(/^%PDF/);
    // a spreadsheet must not take a title for a formula
    expect(await text('csv')).toContain(`"'=cmd|kettle, red"`);
    const taken = await client().reopen(seen(order));
    expect(taken).toMatchObject({ state: 'draft', sentAt: null, files: [] });
    expect(await text('html')).toContain('Draft: not an order yet');
  });

  it('arrives in parts: lots at their landed cost, damage written off, all of it owed, once for each form', async () => {
    const order = await sent();
    const [kettles, reds] = [order.lineItems[0]!, order.lineItems[1]!];
    const first = { ...seen(order), ...at, key: 'form-0001', extra: usd(301), lines: [{ lineId: kettles.id, good: 5, damaged: 1, unit: usd(1_000), salePrice: usd(2_500) }, { lineId: reds.id, good: 0, damaged: 0, unit: usd(500), salePrice: usd(900) }] };
    await expect(client().receive({ ...first, lines: [{ ...first.lines[0]!, good: 11 }] })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(client().receive({ ...first, lines: [first.lines[1]!] })).rejects.toMatchObject({ code: 'INVALID' });
    const partly = await client().receive(first);
    expect(await client().receive(first)).toEqual(partly);
    expect(partly).toMatchObject({ state: 'partly-received', arrived: 6, owed: usd(6_301) });
    // 63.01 over 6 units: five kept with 0.75 of preparation each, one written off
    expect(await balances()).toEqual({ 'assets:inventory USD': 5_251 + 375, 'expenses:write-off USD': 1_050, 'liabilities:suppliers USD': -6_301, 'assets:cash USD': -375 });
    const rest = await client().receive({ ...seen(partly), ...at, key: 'form-0002', extra: usd(0), list: true, lines: [{ lineId: kettles.id, good: 4, damaged: 0, unit: usd(990), salePrice: usd(2_500) }, { lineId: reds.id, good: 4, damaged: 0, unit: usd(500), salePrice: usd(900) }] });
    expect(rest).toMatchObject({ state: 'received', arrived: 14, owed: usd(6_301 + 3_960 + 2_000) });
    expect(await sound()).toMatchObject({ balanced: true, findings: [], units: 13 });
    const lots = await runtime.db.prisma.stockLot.findMany({ orderBy: { id: 'asc' } });
    expect(lots.map((lot) => [lot.onHand, lot.location, Number(lot.totalCostMinor)])).toEqual([[5, 'shelf 2', 5_626], [4, 'shelf 2', 4_260], [4, 'shelf 2', 2_300]]);
    expect(new Set(lots.map((lot) => lot.productId)).size).toBe(2);
    await expect(client().receive({ ...seen(rest), ...at, key: 'form-0003', extra: usd(0), lines: first.lines })).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  it('is written in the supplier’s language, which stays theirs until another is chosen', async () => {
    const first = await client().create({ ...DRAFT, language: 'ar', contact: 'Oran\n+213 41 33 22 11', note: 'Call first', lines: [{ ...LINE, condition: 'used-good' as const }] });
    const text = async (id: string, format: 'html' | 'csv' = 'html') => Buffer.from((await client().document({ id, format })).contentBase64, 'base64').toString();
    const arabic = await text(first.id);
    expect(arabic).toContain('<html lang="ar" dir="rtl">');
    for (const words of ['أمر شراء <bdi dir="ltr">PO-2026-0001</bdi>', 'المجموع', 'مستعمل بحالة جيدة', '<bdi dir="ltr">100.00 USD</bdi>', 'Acme &amp; Söhne', 'Call first', 'مسودة', 'Oran\n<bdi dir="ltr">+213 41 33 22 11</bdi>']) expect(arabic).toContain(words);
    expect(arabic).not.toMatch(/Purchase order|Deliver to|Unit price|Total|Condition/);
    // a spreadsheet's columns are names for machines
    expect(await text(first.id, 'csv')).toContain('unit_price');
    const again = await client().create(DRAFT);
    const other = await client().create({ ...DRAFT, supplier: 'Harbor', lines: [{ ...LINE, units: 12_345 }] });
    expect(await text(other.id)).toContain('<bdi dir="ltr">123\u202F450.00 USD</bdi>');
    expect([again.language, other.language]).toEqual(['ar', 'en']);
    const french = await client().update({ ...DRAFT, ...seen(again), language: 'fr', lines: [{ ...DRAFT.lines[0]!, productId: again.lineItems[0]!.productId }] });
    const page = await text(french.id);
    expect(page).toContain('<html lang="fr">');
    for (const words of ['Bon de commande', 'Prix unitaire', 'Adresse de livraison']) expect(page).toContain(words);
    expect((await client().create(DRAFT)).language).toBe('fr');
  });

  it('gives a receipt back that was a mistake, as if it had never come; not once something stands against it', async () => {
    const order = await sent();
    const [kettles, reds] = [order.lineItems[0]!, order.lineItems[1]!];
    const line = (of: typeof kettles, good: number, damaged = 0) => ({ lineId: of.id, good, damaged, unit: of.unit, salePrice: usd(2_500) });
    const first = await client().receive({ ...seen(order), ...at, key: 'form-0001', extra: usd(301), lines: [line(kettles, 5, 1)] });
    const before = await balances();
    const both = await client().receive({ ...seen(first), ...at, key: 'form-0002', extra: usd(77), lines: [line(kettles, 4), line(reds, 3, 1)] });
    expect(both.state).toBe('received');
    const [one, two] = both.receipts as [typeof both.receipts[number], typeof both.receipts[number]];
    const back = await client().takeBack({ ...seen(both), receiptId: two.id });
    expect(back).toMatchObject({ state: 'partly-received', arrived: 6, owed: usd(6_301), receipts: [{ takenBackAt: null }, { takenBackBy: 'owner' }] });
    expect(await balances()).toEqual(before);
    expect(await sound()).toMatchObject({ balanced: true, findings: [], units: 5 });
    // told twice it is done once; the form that was sent is not taken in again
    expect(await client().takeBack({ ...seen(both), receiptId: two.id })).toEqual(back);
    expect((await client().receive({ ...seen(back), ...at, key: 'form-0002', extra: usd(77), lines: [line(kettles, 4)] })).version).toBe(back.version);
    // paid meanwhile: what stands is money ahead
    const paid = await client().pay({ ...seen(back), key: 'pay-00001', amount: usd(6_301), note: '' });
    const lotId = one.lines[0]!.lotId!;
    const refusal = (of: { id: string; version: number }) => client().takeBack({ ...seen(of), receiptId: one.id }).then(() => 'done', (error: { code: string; data: { field: string; reason: string } }) => `${error.code} ${error.data.field}: ${error.data.reason}`);
    const inStock = <T>(change: (tx: Parameters<Parameters<typeof runtime.db.transaction>[0]>[0]) => Promise<T>) => runtime.db.transaction(change);
    const now = runtime.clock.now();
    await inStock((tx) => tx.listing.create({ data: { id: 'lst_1', sku: 's', lotId, productId: kettles.productId, channel: 'ebay-us', title: 't', description: 'd', condition: 'new', priceMinor: 2_500, floorMinor: 1_000, currency: 'USD', quantity: 5, state: 'active', idempotencyKey: 'k', createdAt: now, updatedAt: now } }));
    expect(await refusal(paid)).toContain('INVALID lines.1: they are listed on ebay-us');
    await inStock((tx) => tx.listing.update({ where: { id: 'lst_1' }, data: { state: 'ended' } }));
    await inStock((tx) => takeUnits(deps.inventory, tx, { lotId, ref: 'sale', units: 2 }));
    expect(await refusal(paid)).toContain('INVALID lines.1: 2 of 5 were sold');
    await inStock(async (tx) => { await tx.stockMovement.deleteMany({ where: { ref: 'sale' } }); await tx.stockLot.update({ where: { id: lotId }, data: { onHand: 5, state: 'on-hand' } }); });
    const none = await client().takeBack({ ...seen(paid), receiptId: one.id });
    expect(none).toMatchObject({ state: 'sent', arrived: 0, owed: usd(-6_301) });
    expect(await balances()).toEqual({ 'assets:cash USD': -6_301, 'liabilities:suppliers USD': 6_301 });
    expect(await sound()).toMatchObject({ balanced: true, findings: [], units: 0 });
    // the right goods come in as ever
    expect((await client().receive({ ...seen(none), ...at, key: 'form-0003', extra: usd(0), lines: [line(kettles, 10), line(reds, 4)] })).state).toBe('received');
    const flows = await readFlows(runtime.db, { to: runtime.clock.now() + 1 });
    expect(flows.flatMap((product) => product.flows).map((flow) => [flow.kind, flow.units]).toSorted()).toEqual([['in', 10], ['in', 4]]);
  });

  it('is paid ahead or after, never too much, and money that came back is a payment below zero', async () => {
    const order = await sent();
    const pay = (minor: number, key: string, of: { id: string; version: number }) => client().pay({ ...seen(of), key, amount: usd(minor), note: '' });
    await expect(pay(12_001, 'pay-00001', order)).rejects.toMatchObject({ code: 'INVALID' });
    const ahead = await pay(2_000, 'pay-00001', order);
    expect(await pay(2_000, 'pay-00001', order)).toEqual(ahead);
    expect(ahead.owed).toEqual(usd(-2_000));
    const back = await pay(-500, 'pay-00002', ahead);
    await expect(pay(-1_501, 'pay-00003', back)).rejects.toMatchObject({ code: 'INVALID' });
    expect(await balances()).toEqual({ 'assets:cash USD': -1_500, 'liabilities:suppliers USD': 1_500 });
    expect(await sound()).toMatchObject({ balanced: true });
    const draft = await client().create(DRAFT);
    await expect(pay(1, 'pay-00004', draft)).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  it('in another currency stands at home by the rate of the day, and what is owed in its own', async () => {
    const order = await sent({ ...DRAFT, currency: 'DZD', lines: [{ ...LINE, units: 3, unit: dzd(100_000) }] });
    const arrived = await client().receive({ ...seen(order), ...at, key: 'form-0001', extra: dzd(0), lines: [{ lineId: order.lineItems[0]!.id, good: 2, damaged: 0, unit: dzd(100_000), salePrice: usd(1_500) }] });
    const closed = await client().close(seen(arrived));
    expect((await client().reopen(seen(closed))).state).toBe('partly-received');
    const again = await client().get({ id: order.id });
    expect(again.owed).toEqual(dzd(200_000));
    await client().pay({ ...seen(again), key: 'pay-00001', amount: dzd(200_000), note: 'bank' });
    const left = await balances();
    expect(left[`${INVENTORY} USD`]).toBe(1_333 + 150);
    expect([left[`${PAYABLE} DZD`], left[`${FX} DZD`], left[`${FX} USD`], left[`${CASH} USD`], left[`${WRITE_OFF} USD`]]).toEqual([undefined, undefined, undefined, -1_333 - 150, undefined]);
    expect(await sound()).toMatchObject({ balanced: true, findings: [] });
    await expect(client().receive({ ...seen(await sent({ ...DRAFT, currency: 'CHF', lines: [{ ...LINE, unit: money(1, 'CHF') }] })), ...at, key: 'form-0009', extra: money(0, 'CHF'), lines: [{ lineId: 'pol_x', good: 1, damaged: 0, unit: money(1, 'CHF'), salePrice: usd(1) }] })).rejects.toMatchObject({ code: 'INVALID' });
  });
});
