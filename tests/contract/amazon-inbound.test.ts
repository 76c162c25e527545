import { afterAll, beforeAll, expect, it } from 'vitest';
import { SpClient } from '#connectors/data/amazon-sp-api/index.ts';
import { createAmazonSeller, type AmazonSeller } from '#connectors/marketplaces/amazon/index.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, ManualClock, MINUTE_MS } from '#kernel/time.ts';
import { createAmazonVendor, PRACTICE_AMAZON, PRACTICE_SELLER_ID, type AmazonVendor } from '#practice/vendors/amazon/index.ts';
import { createWorld, type World } from '#practice/world/index.ts';
import { examine } from './examine-traffic.ts';
import { inboundDocument } from './inbound-reference.ts';
import { recordTraffic, type Recorder } from './record-traffic.ts';
import { Spec } from './spec.ts';

const FROM = { name: 'Ada Reseller', company: 'Acme', line1: '12 Harbor Street', line2: 'Unit 2', city: 'Portland', state: 'OR', postcode: '97201', country: 'US', phone: '+1 503 555 0100' };
const clock = new ManualClock(Date.UTC(2026, 10, 21));
let world: World;
let vendor: AmazonVendor;
let recorder: Recorder;
let client: SpClient;
let seller: AmazonSeller;

beforeAll(async () => {
  world = createWorld({ seed: 7, clock, productCount: 1_000 });
  vendor = createAmazonVendor(world);
  recorder = await recordTraffic(await vendor.start());
  client = new SpClient({ clock, random: seededRandom(1), log: silentLogger, baseUrl: recorder.baseUrl, loginUrl: recorder.baseUrl, credentials: async () => PRACTICE_AMAZON });
  seller = createAmazonSeller({ client, sellerId: async () => PRACTICE_SELLER_ID });
});
afterAll(async () => {
  await client.close();
  await recorder.close();
  await vendor.close();
  world.close();
});

it('every call of a shipment is as Amazon has it, and so is every answer of the practice Amazon', async () => {
  const { inbound } = seller;
  const done = async ({ operationId }: { readonly operationId: string | null }) => {
    expect(await inbound.operation(operationId!)).toEqual({ state: 'running', problems: [] });
    clock.advanceTo(clock.now() + MINUTE_MS);
    expect(await inbound.operation(operationId!)).toEqual({ state: 'done', problems: [] });
  };
  const product = world.catalog.products.find((entry) => entry.kind === 'ordinary' && entry.restriction === 'none')!;
  await seller.ensureOffer('IN-1', { price: money(2_000, 'USD'), quantity: 6, categoryId: 'PRODUCT', policies: { fulfilment: '', payment: '', returns: '' }, locationKey: 'home', sentByChannel: true, content: { title: product.title, description: '', condition: 'new', aspects: {}, imageUrls: [], gtins: [product.gtin!], cataloguePage: product.asin } });
  const [prep] = await inbound.prepDetails(['IN-1']);
  expect(prep).toEqual({ sku: 'IN-1', prepBy: 'none', labelBy: 'seller', category: 'NONE', types: ['ITEM_LABELING'] });
  const items = [{ sku: 'IN-1', units: 6, prepBy: prep!.prepBy, labelBy: prep!.labelBy }];
  const given = { name: 'IN-2026-0001', from: FROM, items };
  expect(await inbound.findPlan(given.name, clock.now() - DAY_MS)).toBeNull();
  const { planId, operationId } = await inbound.createPlan(given);
  await done({ operationId });
  expect([await inbound.findPlan(given.name, clock.now() - DAY_MS), await inbound.planState(planId)]).toEqual([{ planId }, 'active']);
  await done(await inbound.generatePacking(planId));
  const [packing] = await inbound.packingOptions(planId);
  expect(packing).toMatchObject({ accepted: false, fee: money(0, 'USD') });
  const groupId = packing!.groupIds[0]!;
  expect(await inbound.groupItems(planId, groupId)).toEqual([{ sku: 'IN-1', units: 6 }]);
  await done(await inbound.confirmPacking(planId, packing!.optionId));
  await done(await inbound.setPacking(planId, [{ groupId, boxes: [2, 4].map((units) => ({ contents: [{ ...items[0]!, units }], weightG: 3_250, lengthMm: 405, widthMm: 300, heightMm: 200 })) }]));
  await done(await inbound.generatePlacement(planId));
  const placements = await inbound.placementOptions(planId);
  expect(placements.map(({ fee, shipmentIds }) => [fee.minor, shipmentIds.length])).toEqual([[6 * 27, 1], [0, 2]]);
  const { optionId: placementOptionId, shipmentIds } = placements[1]!;
  expect(await inbound.shipmentItems(planId, shipmentIds[1]!)).toEqual([{ sku: 'IN-1', units: 4 }]);
  await done(await inbound.generateTransport(planId, { placementOptionId, shipmentIds, readyAt: clock.now() + DAY_MS, contact: FROM }));
  const transports = await inbound.transportOptions(planId, placementOptionId);
  expect(transports.map(({ solution, needsWindow, cost }) => [solution, needsWindow, cost !== null])).toEqual([['partnered', false, true], ['own', true, false], ['partnered', false, true], ['own', true, false]]);
  await done(await inbound.confirmPlacement(planId, placementOptionId));
  // one shipment with Amazon's carrier, one with a carrier of one's own, which needs a window
  const chosen = [transports[0]!, transports[3]!];
  await expect(inbound.confirmTransport(planId, { transports: chosen, contact: FROM })).rejects.toMatchObject({ kind: 'Rejected', message: expect.stringContaining('CONFIRMED_DELIVERY_WINDOW') as string });
  await done(await inbound.generateWindows(planId, shipmentIds[1]!));
  const windows = await inbound.windows(planId, shipmentIds[1]!);
  expect(windows.map(({ open }) => open)).toEqual([false, true, true]);
  await done(await inbound.confirmWindow(planId, { shipmentId: shipmentIds[1]!, optionId: windows[1]!.optionId }));
  await done(await inbound.confirmTransport(planId, { transports: chosen.map(({ shipmentId, optionId }) => ({ shipmentId, optionId })), contact: FROM }));
  const reading = await inbound.delivery(planId, shipmentIds[1]!);
  expect(reading).toMatchObject({ status: 'READY_TO_SHIP', phase: 'working', transportOptionId: chosen[1]!.optionId, windowOptionId: windows[1]!.optionId, tracking: [] });
  const boxIds = await inbound.boxes(planId, shipmentIds[1]!);
  for (const sheet of [await inbound.itemLabels([{ sku: 'IN-1', units: 6 }]), await inbound.boxLabels(reading.confirmationId!, boxIds)]) expect(Buffer.from(sheet).subarray(0, 5).toString()).toBe('%PDF-');
  await done(await inbound.reportTracking(planId, { shipmentId: shipmentIds[1]!, boxes: [{ boxId: boxIds[0]!, number: '9400111899223344556677' }] }));
  expect((await inbound.delivery(planId, shipmentIds[1]!)).tracking).toEqual([{ boxId: boxIds[0], number: '9400111899223344556677' }]);
  expect(await inbound.received(reading.confirmationId!)).toEqual([{ sku: 'IN-1', shipped: 4, received: 0 }]);
  clock.advanceTo(clock.now() + 12 * DAY_MS);
  expect(await inbound.delivery(planId, shipmentIds[1]!)).toMatchObject({ phase: 'closed' });
  const [counted] = await inbound.received(reading.confirmationId!);
  expect(counted!.received).toBeGreaterThanOrEqual(3);
  // a plan that is given up is none of ours any more
  const second = await inbound.createPlan({ ...given, name: 'IN-2026-0002' });
  await done(second);
  await done(await inbound.cancelPlan(second.planId));
  expect([await inbound.planState(second.planId), await inbound.findPlan('IN-2026-0002', clock.now() - DAY_MS)]).toEqual(['cancelled', null]);

  const spec = Spec.of(inboundDocument());
  const seen = examine(recorder.exchanges.filter(({ path }) => path.includes('/inbound/')), () => spec);
  expect(seen.requestFaults).toEqual([]);
  expect(seen.answerFaults.filter((fault) => !fault.includes(' 400: '))).toEqual([]);
  expect(seen.operations).toEqual(spec.operations.map(({ id }) => id).toSorted());
  expect(vendor.bugs).toEqual([]);
  expect(vendor.counts().byStatus['429']).toBeUndefined();
});
