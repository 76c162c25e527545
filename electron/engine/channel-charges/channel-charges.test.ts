import { afterEach, beforeEach, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { DAY_MS } from '#kernel/time.ts';
import { createTestRuntime, TEST_START, type TestRuntime } from '#runtime/testing.ts';
import { addLotByHand, getLot, stockValue, takeUnits } from '../inventory/index.ts';
import { balanceOf, CASH, feesOf, inboundOf, INVENTORY, storageOf, SUSPENSE, WRITE_OFF } from '../ledger/index.ts';
import { fixedSources, type ChannelCharge, type OrderSourcePort } from '../orders/index.ts';
import { BUSINESS, PRACTICE_BUSINESS, putSetting } from '../settings/index.ts';
import type { ChargesDeps } from './deps.ts';
import { explainCharge } from './explain-charge.ts';
import { readCharges, readChargesJob } from './read-charges.ts';

const usd = (minor: number) => money(minor, 'USD');
const AMAZON = 'amazon-us';
let runtime: TestRuntime;
let deps: ChargesDeps;
let source: OrderSourcePort;
let listed: ChannelCharge[];
let asked: number[];
let lots: string[];

const charge = (given: Partial<ChannelCharge> & Pick<ChannelCharge, 'kind' | 'amount'>): ChannelCharge => ({ chargeId: `c${listed.length}`, words: `ServiceFee: ${given.kind}`, references: [], at: TEST_START + DAY_MS, ...given });
const tx = () => runtime.db.prisma;
const held = async (account: string) => (await balanceOf(tx(), account, 'USD')).minor;
const take = async (...charges: ChannelCharge[]) => {
  listed.push(...charges);
  return readCharges(deps, source);
};

/** Ten units at 10.00 in each of two lots, sent for 2.16 of placement and 12.40 of transport, which are booked as agreed. */
async function sendOne(n: number, cost = { placement: 216, transport: 1_240 }): Promise<void> {
  const made: string[] = [];
  await runtime.db.transaction(async (at) => {
    for (const place of [1, 2]) made.push((await addLotByHand(deps.inventory, at, { key: `lot-${n}-${place}`, productId: `prd_${place}`, title: 'Thing', condition: 'new', quantity: 10, totalCost: usd(10_000), location: 'Amazon FBA', estimate: { profit: usd(1), salePrice: usd(2), daysToSell: 30 }, booking: 'opening', receipt: null, list: false })).lot.id);
  });
  lots = made;
  const chosen = { placementOptionId: 'pl', packingFee: usd(0), placementFee: usd(cost.placement), total: usd(cost.placement + cost.transport), at: TEST_START, by: 'owner', transports: [{ shipmentId: `sh${n}`, optionId: 'o', solution: 'partnered', carrier: 'UPS', cost: usd(cost.transport), voidableUntil: null, needsWindow: false }] };
  const delivery = { shipmentId: `sh${n}`, confirmationId: `FBA17K3J9Q${n}`, warehouse: 'ONT8', solution: 'partnered', carrier: 'UPS', status: 'SHIPPED', boxes: [] };
  const from = { name: 'A', company: '', line1: '1', line2: '', city: 'P', state: '', postcode: '1', country: 'US', phone: '1' };
  await tx().inboundShipment.create({
    data: {
      id: `ins_${n}`, number: `IN-2026-000${n}`, name: `plan ${n}`, channel: AMAZON, state: 'sent', attempt: 1, from: JSON.stringify(from), readyAt: TEST_START, planId: `wf${n}`, chosen: JSON.stringify(chosen), deliveries: JSON.stringify([delivery]), createdAt: TEST_START, updatedAt: TEST_START, sentAt: TEST_START, by: 'owner',
      lines: { create: made.map((lotId, place) => ({ id: `inl_${n}_${place}`, number: place, sourceLotId: lotId, sourcePlace: 'main', lotId, sku: `S${place}`, productId: `prd_${place}`, title: 'Thing', units: 10, received: 0, damaged: 0 })) },
    },
  });
}

beforeEach(async () => {
  runtime = await createTestRuntime();
  const ctx = runtime.context;
  [listed, asked] = [[], []];
  source = { market: AMAZON, connector: 'amazon-sp-api', charges: async function* (query: { readonly modifiedFrom: number }) { asked.push(query.modifiedFrom); yield [...listed]; } } as unknown as OrderSourcePort;
  deps = { ctx, inventory: { ctx }, sources: fixedSources([source]) };
  await runtime.db.transaction((at) => putSetting(at, BUSINESS, PRACTICE_BUSINESS, TEST_START));
});
afterEach(() => runtime.close());

it('books of a shipment what is charged beyond what was agreed, each charge once, as cost of the units that are there', async () => {
  await sendOne(1);
  const before = { cash: await held(CASH), stock: await held(INVENTORY) };
  await runtime.db.transaction((at) => takeUnits(deps.inventory, at, { lotId: lots[1]!, ref: 'sale', units: 6 }));
  // named by the confirmation: 85 more than agreed, of which the six units that are sold carry 25
  expect(await take(charge({ kind: 'transport', amount: usd(1_325), references: ['FBA17K3J9Q1'] }))).toBe(1);
  expect(await take()).toBe(0);
  expect([(await held(CASH)) - before.cash, await held(inboundOf(AMAZON)), (await held(INVENTORY)) - before.stock]).toEqual([-85, 25, 60]);
  expect((await getLot(tx(), lots[0]!)).unitCost.minor).toBe(1_004);
  // placement names nothing, and is the only part of that amount
  await take(charge({ kind: 'placement', amount: usd(216) }));
  expect(await held(CASH)).toBe(before.cash - 85);
  // a second charge of the part is a difference altogether, and one that comes back takes it off again
  await take(charge({ kind: 'transport', amount: usd(100), references: ['sh1'] }), { ...charge({ kind: 'transport', amount: usd(-100), references: ['sh1'] }), chargeId: 'back' });
  expect([(await held(CASH)) - before.cash, await held(inboundOf(AMAZON))]).toEqual([-85, 25]);
  const rows = await tx().channelCharge.findMany({ orderBy: { id: 'asc' } });
  expect(rows.map(({ shipmentId, minor, expectedMinor }) => [shipmentId, Number(minor), Number(expectedMinor)])).toEqual([['ins_1', 1_325, 1_240], ['ins_1', 216, 216], ['ins_1', 100, 0], ['ins_1', -100, 0]]);
  // the cost of goods of the six is not booked here: the lots hold what the account holds without it
  expect((await held(INVENTORY)) - (await stockValue(tx(), 'USD')).minor).toBe(6_000);
});

it('a part that comes back before its charge is told is a difference of its own', async () => {
  await sendOne(1);
  const before = await held(CASH);
  await take(charge({ kind: 'transport', amount: usd(-40), references: ['sh1'] }));
  expect((await held(CASH)) - before).toBe(40);
  await take(charge({ kind: 'transport', amount: usd(1_240), references: ['sh1'] }));
  expect((await held(CASH)) - before).toBe(40);
});

it('joins none where two shipments fit, and books storage, services and what nobody understands where they belong', async () => {
  await sendOne(1);
  await sendOne(2);
  const cash = await held(CASH);
  await take(charge({ kind: 'placement', amount: usd(216) }), { ...charge({ kind: 'storage', amount: usd(90) }), chargeId: 's' }, { ...charge({ kind: 'service', amount: usd(3_999) }), chargeId: 'sub' }, { ...charge({ kind: 'unknown', amount: usd(-1_650), words: 'Adjustment: Reimbursement' }), chargeId: 'u' });
  expect(await Promise.all([inboundOf(AMAZON), storageOf(AMAZON), feesOf(AMAZON), SUSPENSE].map(held))).toEqual([216, 90, 3_999, -1_650]);
  expect((await held(CASH)) - cash).toBe(-216 - 90 - 3_999 + 1_650);
  const [unknown] = await tx().channelCharge.findMany({ where: { kind: 'unknown' } });
  const explain = (as: 'reimbursement' | 'storage') => runtime.db.transaction((at) => explainCharge(deps, at, { id: unknown!.id, as, by: 'owner' }));
  await explain('reimbursement');
  expect([await held(SUSPENSE), await held(WRITE_OFF)]).toEqual([0, -1_650]);
  await expect(explain('storage')).rejects.toMatchObject({ code: 'INVALID', data: { reason: 'explained' } });
});

it('reads no charge from before its first look, looks five days back after it, and asks no account on which nothing of ours stood', async () => {
  const { clock } = runtime;
  const start = clock.now();
  await readCharges(deps, source);
  clock.advanceTo(start + 20 * DAY_MS);
  await readCharges(deps, source);
  clock.advanceTo(start + 21 * DAY_MS);
  await readCharges(deps, source);
  expect(asked.map((from) => (from - start) / DAY_MS)).toEqual([0, 0, 15]);
  await readChargesJob(deps).run({}, { signal: new AbortController().signal } as never);
  expect(asked).toHaveLength(3);
});

it('a charge in a currency without a rate waits for one, and is not passed over', async () => {
  await sendOne(1);
  const eur = { placement: money(216, 'EUR'), total: money(1_456, 'EUR') };
  const row = await tx().inboundShipment.findUniqueOrThrow({ where: { id: 'ins_1' } });
  const chosen = JSON.parse(row.chosen!) as { transports: { cost: unknown }[] };
  await tx().inboundShipment.update({ where: { id: 'ins_1' }, data: { chosen: JSON.stringify({ ...chosen, placementFee: eur.placement, packingFee: money(0, 'EUR'), total: eur.total }) } });
  expect(await take(charge({ kind: 'placement', amount: money(300, 'EUR'), references: ['wf1'] }))).toBe(0);
  expect(await tx().channelCharge.count()).toBe(0);
  // the next look begins where this one did
  runtime.clock.advanceTo(TEST_START + 30 * DAY_MS);
  await readCharges(deps, source);
  expect(asked.map((from) => from - asked[0]!)).toEqual([0, 0]);
});
