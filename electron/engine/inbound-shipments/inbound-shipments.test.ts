import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpClient } from '#connectors/data/amazon-sp-api/index.ts';
import { createAmazonSeller, type AmazonSeller } from '#connectors/marketplaces/amazon/index.ts';
import type { InboundDetail, InboundState } from '#contract/inbound-shipments.ts';
import { ConnectorError } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, HOUR_MS, ManualClock } from '#kernel/time.ts';
import { createKillSwitch, type HeldKillSwitch } from '#runtime/kill-switch.ts';
import { createTestRuntime, TEST_START, type TestRuntime } from '#runtime/testing.ts';
import { createAmazonVendor, PRACTICE_AMAZON, PRACTICE_SELLER_ID, type AmazonVendor } from '#practice/vendors/amazon/index.ts';
import { createWorld, type Product, type World } from '#practice/world/index.ts';
import { explore, traps } from '#tests/support/state-machine.ts';
import { addLotByHand, getLot, getLots, movementsOf, stockValue } from '../inventory/index.ts';
import { balanceOf, CASH, INVENTORY, WRITE_OFF } from '../ledger/index.ts';
import { BUSINESS, PRACTICE_BUSINESS, putSetting } from '../settings/index.ts';
import { createShipment, startShipment } from './create-shipment.ts';
import type { InboundDeps } from './deps.ts';
import { INBOUND_TRANSITIONS } from './machine.ts';
import { matchCharge } from './match-charge.ts';
import { printLabels } from './print-labels.ts';
import { readShipment } from './read-shipments.ts';
import { registerInbound } from './register.ts';
import { settleDifference } from './settle-difference.ts';
import { agreeToCosts, askAgain, cancelShipment, packShipment, retryShipment, sendShipment } from './steer-shipment.ts';
import { trackShipment } from './track-shipments.ts';

const usd = (minor: number) => money(minor, 'USD');
const FROM = { name: 'Ada Reseller', company: '', line1: '12 Harbor Street', line2: '', city: 'Portland', state: 'OR', postcode: '97201', country: 'US', phone: '+1 503 555 0100' };

/** A desk with two lots of ten units, and the practice Amazon behind its real connector. */
interface Desk { readonly runtime: TestRuntime; readonly world: World; readonly vendor: AmazonVendor; readonly client: SpClient; readonly seller: AmazonSeller; readonly deps: InboundDeps; readonly killSwitch: HeldKillSwitch; readonly lots: readonly string[]; readonly products: readonly Product[] }
let desk: Desk;
let probe: (point: string) => void;

async function open(seed = 7): Promise<Desk> {
  probe = () => undefined;
  const killSwitch = await createKillSwitch(async () => false);
  const runtime = await createTestRuntime({ killSwitch, crashProbe: (point) => probe(point) });
  const clock: ManualClock = runtime.clock;
  const world = createWorld({ seed, clock, productCount: 1_000 });
  const vendor = createAmazonVendor(world);
  const baseUrl = await vendor.start();
  const client = new SpClient({ clock, random: seededRandom(1), log: silentLogger, baseUrl, loginUrl: baseUrl, credentials: async () => PRACTICE_AMAZON });
  const seller = createAmazonSeller({ client, sellerId: async () => PRACTICE_SELLER_ID });
  const ctx = runtime.context;
  const amazon = { port: seller.inbound, name: 'Amazon', unsellable: async (skus: readonly string[]) => new Map((await seller.warehouseUnits!(skus)).map((entry) => [entry.sku, entry.unsellable])) };
  const deps: InboundDeps = { ctx, inventory: { ctx }, channels: { get: (market) => (market === 'amazon-us' ? amazon : null), connected: () => [amazon] } };
  registerInbound(deps);
  const products = world.catalog.products.filter((product) => product.kind === 'ordinary' && product.restriction === 'none').slice(0, 2);
  const lots = await runtime.db.transaction(async (tx) => {
    await putSetting(tx, BUSINESS, PRACTICE_BUSINESS, TEST_START);
    const made = [];
    for (const [i, product] of products.entries()) {
      const { lot } = await addLotByHand(deps.inventory, tx, { key: `lot-${i}`, productId: `prd_${i}`, title: product.title, condition: 'new', quantity: 10, totalCost: usd(10_003), location: 'main', estimate: { profit: usd(1), salePrice: usd(2), daysToSell: 30 }, booking: 'opening', receipt: null, list: false });
      made.push(lot.id);
    }
    return made;
  });
  return { runtime, world, vendor, client, seller, deps, killSwitch, lots, products };
}

const read = (id: string) => readShipment(desk.deps.ctx.db.prisma, id);
const soon = async (ms = HOUR_MS / 4) => desk.runtime.runUntil(desk.runtime.clock.now() + ms);
/** What the job does at its turns, after so long. */
async function look(id: string, after: number): Promise<InboundDetail> {
  desk.runtime.clock.advanceTo(desk.runtime.clock.now() + after);
  await trackShipment(desk.deps, id);
  return read(id);
}
/** A carrier takes days; whatever else is worked on is through within minutes. */
async function until(id: string, state: InboundState): Promise<InboundDetail> {
  for (let i = 0; i < 40; i++) {
    const now = await read(id);
    if (now.state === state) return now;
    await (state === 'receiving' ? look(id, 2 * DAY_MS) : soon());
  }
  throw new Error(`it is ${(await read(id)).state} (${JSON.stringify((await read(id)).reason)}), not ${state}`);
}

/** What listing does by itself, without its own machinery: Amazon knows the SKU as its own to send. */
async function listThem(id: string): Promise<void> {
  const { seller, runtime, products, world } = desk;
  for (const [i, line] of (await read(id)).lineItems.entries()) {
    const product = products[i]!;
    await seller.ensureOffer(line.sku!, {
      price: usd(2_000), quantity: line.units, categoryId: 'PRODUCT', policies: { fulfilment: '', payment: '', returns: '' }, locationKey: 'home', sentByChannel: true,
      content: { title: product.title, description: '', condition: 'new', aspects: {}, imageUrls: [], gtins: [product.gtin!], cataloguePage: product.asin },
    });
    const at = runtime.clock.now();
    await runtime.db.prisma.listing.create({ data: { id: `lst_${line.lotId}`, sku: line.sku!, lotId: line.lotId!, productId: line.productId, channel: 'amazon-us', title: line.title, description: '', condition: 'new', priceMinor: 2_000, floorMinor: 1_000, currency: 'USD', quantity: line.units, state: 'active', idempotencyKey: line.lotId!, createdAt: at, updatedAt: at } });
    expect(world.listings('amazon').at(-1)).toMatchObject({ sku: line.sku, quantity: 0 });
  }
}

async function planned(units = 4): Promise<InboundDetail> {
  const draft = await createShipment(desk.deps, { channel: 'amazon-us', from: FROM, readyAt: desk.runtime.clock.now() + DAY_MS, lines: desk.lots.map((lotId) => ({ lotId, units })) }, 'owner');
  await startShipment(desk.deps, { id: draft.id, version: draft.version });
  await listThem(draft.id);
  return until(draft.id, 'packing');
}
const boxesFor = (now: InboundDetail, count = 1) => Array.from({ length: count }, (_, box) => ({ groupId: now.packing!.groups[0]!.groupId, contents: now.packing!.groups[0]!.items.map((item) => ({ ...item, units: item.units / count })), weightG: 4_000 + box, lengthMm: 400, widthMm: 300, heightMm: 200 }));
async function offered(boxes = 1): Promise<InboundDetail> {
  const now = await planned();
  await packShipment(desk.deps, { id: now.id, version: now.version, boxes: boxesFor(now, boxes), by: 'owner' });
  return until(now.id, 'choosing');
}
async function agreed(now: InboundDetail, solution: 'partnered' | 'own', place = 0): Promise<InboundDetail> {
  const placement = now.options!.placements[place]!;
  const transports = placement.shipments.map((one) => ({ shipmentId: one.shipmentId, option: one.transports.find((option) => option.solution === solution)! }));
  const total = usd(now.packing!.fee.minor + placement.fee.minor + transports.reduce((sum, { option }) => sum + (option.cost?.minor ?? 0), 0));
  await agreeToCosts(desk.deps, { id: now.id, version: now.version, placementOptionId: placement.placementOptionId, transports: transports.map(({ shipmentId, option }) => ({ shipmentId, optionId: option.optionId })), total, by: 'owner' });
  return until(now.id, 'ready');
}
async function sent(now: InboundDetail, ownCost = 500): Promise<InboundDetail> {
  const tracking = now.deliveries.filter(({ solution }) => solution === 'own').flatMap(({ boxes }) => boxes.map(({ boxId }) => ({ boxId, number: `9400 ${boxId}` })));
  await sendShipment(desk.deps, { id: now.id, version: now.version, tracking, ownCost: usd(ownCost), by: 'owner' });
  return until(now.id, 'sent');
}
const balances = async () => ({ inventory: (await balanceOf(desk.deps.ctx.db.prisma, INVENTORY, 'USD')).minor, value: (await stockValue(desk.deps.ctx.db.prisma, 'USD')).minor });

it('the machine reaches every state, and ends closed or cancelled', () => {
  const { reachable, terminal } = explore(INBOUND_TRANSITIONS, ['draft']);
  expect([...reachable].toSorted()).toEqual(Object.keys(INBOUND_TRANSITIONS).toSorted());
  expect(terminal.toSorted()).toEqual(['cancelled', 'closed']);
  expect(traps(INBOUND_TRANSITIONS)).toEqual([]);
});

describe('a shipment into Amazon’s warehouses', () => {
  beforeEach(async () => { desk = await open(); });
  afterEach(async () => {
    expect(desk.vendor.bugs).toEqual([]);
    await desk.client.close();
    await desk.vendor.close();
    desk.world.close();
    await desk.runtime.close();
  });

  it('goes from the shelf to what Amazon counted, each change there once, and its freight is part of what the units cost', async () => {
    const { prisma } = desk.deps.ctx.db;
    const offer = await offered(2);
    const [first] = await getLots(prisma, desk.lots);
    const set = await getLot(prisma, offer.lineItems[0]!.lotId!);
    expect([first!.onHand, set.onHand, set.location, set.sku === first!.sku]).toEqual([6, 4, 'On the way to Amazon FBA', false]);
    expect(offer.lineItems[0]!.prep).toEqual({ prepBy: 'none', labelBy: 'seller', category: 'NONE', types: ['ITEM_LABELING'] });
    // one warehouse for a fee, or two for none; nothing is agreed to yet
    expect(offer.options!.placements.map(({ fee, shipments }) => [fee.minor, shipments.length])).toEqual([[8 * 27, 1], [0, 2]]);
    expect(desk.vendor.inboundEffects()).toMatchObject({ placementsConfirmed: 0, transportsConfirmed: 0 });
    const before = await balances();
    const ready = await agreed(offer, 'own', 1);
    expect(ready.deliveries.map(({ boxes, status }) => [boxes.length, status])).toEqual([[1, 'READY_TO_SHIP'], [1, 'READY_TO_SHIP']]);
    for (const given of [{ kind: 'item' as const }, { kind: 'box' as const, shipmentId: ready.deliveries[0]!.shipmentId }]) {
      const sheet = await printLabels(desk.deps, { id: ready.id, ...given });
      const pdf = Buffer.from(sheet.contentBase64, 'base64');
      expect([sheet.mediaType, pdf.subarray(0, 8).toString(), pdf.includes(given.kind === 'box' ? ready.deliveries[0]!.boxes[0]!.boxId : set.sku)]).toEqual(['application/pdf', '%PDF-1.4', true]);
      expect(pdf.subarray(9, 14)).toEqual(Buffer.from([0x25, 0xe2, 0xe3, 0xcf, 0xd3]));
    }
    await expect(sendShipment(desk.deps, { id: ready.id, version: ready.version, tracking: [], ownCost: usd(0), by: 'owner' })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'tracking' } });
    const gone = await sent(ready, 501);
    expect(gone.lineItems.map(({ unitCost }) => unitCost!.minor)).toEqual([1_000 + 62, 1_000 + 62]);
    const after = await balances();
    expect([after.inventory - before.inventory, after.inventory - after.value, (await balanceOf(prisma, CASH, 'USD')).minor]).toEqual([501, 0, -501]);
    const units = async () => (await desk.seller.warehouseUnits!([set.sku]))[0];
    expect(await units()).toMatchObject({ sku: set.sku, sellable: 0, inbound: 4 });
    await until(gone.id, 'receiving');
    expect((await getLot(prisma, set.id)).location).toBe('Amazon FBA');
    const over = await look(gone.id, 5 * DAY_MS);
    expect(['closed', 'differs']).toContain(over.state);
    expect(desk.vendor.inboundEffects()).toEqual({ plansCreated: 1, plansCancelled: 0, packingsConfirmed: 1, placementsConfirmed: 1, windowsConfirmed: 2, transportsConfirmed: 1, trackingReported: 2 });
    expect(over.lineItems.map(({ sku }) => desk.world.document('amazon', `fba/${sku}`))).toEqual(over.lineItems.map(({ received, damaged }) => received - damaged));
    expect(over.lineItems.map(({ received, units: all }) => all - received).every((short) => short === 0 || short === 1)).toBe(true);
    expect(await desk.deps.ctx.db.read('SELECT json_extract(data, \'$.chosen.total.minor\') AS minor FROM "AuditEntry" WHERE action = \'inbound-shipment.costs-agreed\'')).toEqual([{ minor: 0 }]);
  });

  it('killed at every point of every step, it does nothing twice', async () => {
    const died = new Set<string>();
    probe = (point) => {
      if (died.has(point)) return;
      died.add(point);
      throw new Error(`killed at ${point}`);
    };
    const over = await sent(await agreed(await offered(), 'own'));
    await until(over.id, 'receiving');
    expect(desk.vendor.inboundEffects()).toMatchObject({ plansCreated: 1, packingsConfirmed: 1, placementsConfirmed: 1, windowsConfirmed: 1, transportsConfirmed: 1 });
    const effects = ['create-plan', 'generate-packing', 'confirm-packing', 'set-packing', 'generate-placement', 'generate-transport-0', 'confirm-placement', 'confirm-transport'];
    for (const name of effects) for (const part of ['before', 'called']) expect(died).toContain(`effect:${name}:${part}`);
    const { inventory, value } = await balances();
    expect([inventory - value, (await balanceOf(desk.deps.ctx.db.prisma, CASH, 'USD')).minor]).toEqual([0, -500 - 8 * 27]);
  });

  it('an answer that is lost on its way is asked after, and there is one plan', async () => {
    const { port } = desk.deps.channels.get('amazon-us')!;
    const real = port.createPlan.bind(port);
    let calls = 0;
    Object.assign(port, { createPlan: async (...given: Parameters<typeof real>) => {
      calls++;
      await real(...given);
      throw new ConnectorError({ kind: 'OutcomeUnknown', connector: 'amazon-sp-api', operation: 'make a plan', message: 'no answer' });
    } });
    const now = await planned();
    expect([calls, desk.vendor.inboundEffects().plansCreated, now.planId !== null]).toEqual([1, 1, true]);
  });

  it('nothing leaves while the kill switch is on', async () => {
    desk.killSwitch.press();
    const draft = await createShipment(desk.deps, { channel: 'amazon-us', from: FROM, readyAt: TEST_START, lines: [{ lotId: desk.lots[0]!, units: 3 }] }, 'owner');
    await startShipment(desk.deps, { id: draft.id, version: draft.version });
    await listThem(draft.id);
    await soon();
    expect([(await read(draft.id)).state, desk.vendor.inboundEffects().plansCreated]).toEqual(['planning', 0]);
    desk.killSwitch.release();
    await until(draft.id, 'packing');
  });

  it('asks the costs of a person, to the cent, and stops where they rose before they were confirmed', async () => {
    const now = await offered();
    const placement = now.options!.placements[0]!;
    const choice = { id: now.id, version: now.version, placementOptionId: placement.placementOptionId, transports: [{ shipmentId: placement.shipments[0]!.shipmentId, optionId: placement.shipments[0]!.transports[0]!.optionId }], by: 'owner' };
    await expect(agreeToCosts(desk.deps, { ...choice, total: usd(placement.fee.minor) })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'total' } });
    const { port } = desk.deps.channels.get('amazon-us')!;
    const real = port.transportOptions.bind(port);
    const dearer = async (...given: Parameters<typeof real>) => (await real(...given)).map((option) => (option.cost ? { ...option, cost: usd(option.cost.minor + 1) } : option));
    Object.assign(port, { transportOptions: dearer });
    const total = usd(placement.fee.minor + placement.shipments[0]!.transports[0]!.cost!.minor);
    await agreeToCosts(desk.deps, { ...choice, total });
    const stopped = await until(now.id, 'stopped');
    expect([stopped.reason!.code, desk.vendor.inboundEffects().placementsConfirmed]).toEqual(['stock.inbound-price-changed', 0]);
    Object.assign(port, { transportOptions: real });
    await retryShipment(desk.deps, { id: stopped.id, version: stopped.version });
    const again = await until(now.id, 'choosing');
    await askAgain(desk.deps, { id: again.id, version: again.version });
    const ready = await agreed(await until(now.id, 'choosing'), 'partnered');
    expect([ready.agreed, ready.deliveries[0]!.boxes[0]!.tracking !== null, ready.freeUntil !== null]).toEqual([total, true, true]);
    // and Amazon's own entries for it, when it has charged: they name the shipment, and are matched with what was agreed
    const gone = await sent(ready);
    await until(gone.id, 'receiving');
    desk.runtime.clock.advanceTo(desk.runtime.clock.now() + 20 * DAY_MS);
    const charges = [];
    for await (const listed of desk.seller.charges!({ modifiedFrom: TEST_START })) charges.push(...listed);
    const parts = await Promise.all(charges.filter(({ kind }) => kind === 'placement' || kind === 'transport').map(async ({ kind, references, amount, at }) => ({ kind, amount, part: await matchCharge(desk.deps.ctx.db.prisma, { channel: 'amazon-us', kind: kind as 'placement' | 'transport', references, amount, at }) })));
    const transport = placement.shipments[0]!.transports[0]!.cost!;
    expect(parts.map(({ kind, part }) => [kind, part?.shipmentId, part?.expected])).toEqual(expect.arrayContaining([['placement', gone.id, placement.fee], ['transport', gone.id, transport]]));
    expect([parts.length, parts.every(({ kind, amount }) => amount.minor === (kind === 'placement' ? placement.fee.minor : transport.minor) || amount.minor === transport.minor + 85)]).toEqual([2, true]);
  });

  it('cancelled, its plan is given up and the units are where they were', async () => {
    const ready = await agreed(await offered(), 'partnered');
    await cancelShipment(desk.deps, { id: ready.id, version: ready.version });
    const over = await until(ready.id, 'cancelled');
    expect(desk.vendor.inboundEffects().plansCancelled).toBe(1);
    const { prisma } = desk.deps.ctx.db;
    const moved = await getLot(prisma, over.lineItems[0]!.lotId!);
    const [, back] = await movementsOf(prisma, moved.id).then((all) => all.filter(({ kind }) => kind === 'moved').toSorted((a, b) => a.at - b.at));
    const home = await getLot(prisma, back!.ref);
    expect([moved.onHand, home.onHand, home.location]).toEqual([0, 4, 'main']);
    const { inventory, value } = await balances();
    expect(inventory).toBe(value);
    expect((await balanceOf(prisma, CASH, 'USD')).minor).toBe(0);
  });

  it('refuses boxes that hold less, units that are not there, and goods that lie with Amazon already', async () => {
    const now = await planned();
    const [box] = boxesFor(now);
    await expect(packShipment(desk.deps, { id: now.id, version: now.version, boxes: [{ ...box!, contents: box!.contents.slice(1) }], by: 'owner' })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'boxes' } });
    const draft = (lotId: string, units: number) => createShipment(desk.deps, { channel: 'amazon-us', from: FROM, readyAt: TEST_START, lines: [{ lotId, units }] }, 'owner');
    await expect(draft(desk.lots[0]!, 7)).rejects.toMatchObject({ code: 'INVALID', data: { field: 'lines.0.units' } });
    await expect(draft(now.lineItems[0]!.lotId!, 1)).rejects.toMatchObject({ code: 'INVALID', data: { field: 'lines.0.lotId' } });
  });

  it('what is short or damaged waits for a person, and leaves stock and books with the reason', async () => {
    const gone = await sent(await agreed(await offered(), 'own'));
    const { port } = desk.deps.channels.get('amazon-us')!;
    const real = port.received.bind(port);
    const short = gone.lineItems[0]!;
    Object.assign(port, { received: async (id: string) => (await real(id)).map((item) => ({ ...item, received: item.sku === short.sku ? item.shipped - 1 : item.shipped })) });
    Object.assign(desk.deps.channels.get('amazon-us')!, { unsellable: async () => new Map([[gone.lineItems[1]!.sku!, 2]]) });
    await soon(3 * HOUR_MS);
    desk.runtime.clock.advanceTo(desk.runtime.clock.now() + 12 * DAY_MS);
    await soon();
    const over = await read(gone.id);
    expect([over.state, over.lineItems.map(({ received, damaged }) => [received, damaged])]).toEqual(['differs', [[3, 0], [4, 2]]]);
    const settle = async (lineId: string, action: 'written-off' | 'accepted') => settleDifference(desk.deps, { id: over.id, version: (await read(over.id)).version, lineId, action, reason: 'Amazon counted fewer', by: 'owner' });
    await settle(short.id, 'written-off');
    const { prisma } = desk.deps.ctx.db;
    const lot = await getLot(prisma, short.lotId!);
    expect([lot.onHand, (await balanceOf(prisma, WRITE_OFF, 'USD')).minor]).toEqual([3, lot.unitCost.minor]);
    expect((await settle(over.lineItems[1]!.id, 'accepted')).state).toBe('closed');
    expect((await getLot(prisma, over.lineItems[1]!.lotId!)).onHand).toBe(4);
    const { inventory, value } = await balances();
    expect(inventory).toBe(value);
  });
});
