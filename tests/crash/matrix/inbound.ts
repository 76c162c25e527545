/** Units go from the shelf into a channel's warehouse by the whole program as it is wired: every call by which the channel is told of them, up to what it counted, or until all of it is taken back. */
import type { DeskClient } from '#app/compose.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS, HOUR_MS, ManualClock, MINUTE_MS } from '#kernel/time.ts';
import type { Database } from '#runtime/ports.ts';
import { createAmazonVendor } from '#practice/vendors/amazon/index.ts';
import { createEbayVendor } from '#practice/vendors/ebay/index.ts';
import { createWorld } from '#practice/world/index.ts';
import { openDesk, START, stock, UNITS, unlessItMoved } from './sale.ts';
import { count, type ChildContext, type OpenMarket, type Scenario, type Tally } from './scenario.ts';

/** `own` carriers to two warehouses, the channel's own carrier to one, or given up once all is agreed to and ordered. */
export type InboundWay = 'own' | 'partnered' | 'cancelled';

const SENT = 4;
const OWN_COST = 501;
const MOST_LOOKS = 600;
const FROM = { name: 'Ada Reseller', company: '', line1: '12 Harbor Street', line2: '', city: 'Portland', state: 'OR', postcode: '97201', country: 'US', phone: '+1 503 555 0100' };
const WORKING: readonly string[] = ['planning', 'placing', 'confirming', 'reporting', 'cancelling'];

type Shipment = Awaited<ReturnType<DeskClient['inboundShipments']['get']>>;
const shipmentOf = async (desk: DeskClient): Promise<Shipment | null> => {
  const [row] = (await desk.inboundShipments.list({ limit: 10 })).items;
  return row ? desk.inboundShipments.get({ id: row.id }) : null;
};

async function open(way: InboundWay, seed: number): Promise<OpenMarket> {
  const clock = new ManualClock(START);
  const world = createWorld({ seed, clock, startAt: START, productCount: 1_000, priceListRows: 50 });
  const amazon = createAmazonVendor(world);
  const ebay = createEbayVendor(world);
  await Promise.all([amazon.start(), ebay.start()]);
  const facts = { vendors: JSON.stringify({ amazon: amazon.baseUrl, ebay: ebay.baseUrl }) };

  async function tally(db: Database): Promise<Tally> {
    const { app, desk } = await openDesk({ db, clock: new ManualClock(clock.now()), facts });
    const books = await app.verifyBooks();
    const shipments = (await desk.inboundShipments.list({ limit: 10 })).items;
    const shipment = await shipmentOf(desk);
    const lots = (await desk.stock.list({ limit: 10 })).items;
    const freight = await db.prisma.ledgerEntry.count({ where: { kind: 'inbound-freight' } });
    await app.stop();
    const lists = { duplicates: [] as string[], losses: [] as string[] };
    const told = amazon.inboundEffects();
    const boxes = way === 'own' ? 2 : 1;
    count(lists, 'shipments at the desk', { have: shipments.length, want: 1 });
    count(lists, `shipments that are ${way === 'cancelled' ? 'cancelled' : 'closed'}`, { have: shipments.filter(({ state }) => state === (way === 'cancelled' ? 'cancelled' : 'closed')).length, want: 1 });
    count(lists, 'plans at the channel', { have: told.plansCreated, want: 1 });
    count(lists, 'plans given up', { have: told.plansCancelled, want: way === 'cancelled' ? 1 : 0 });
    count(lists, 'packings agreed to', { have: told.packingsConfirmed, want: 1 });
    count(lists, 'placements agreed to', { have: told.placementsConfirmed, want: 1 });
    count(lists, 'delivery windows agreed to', { have: told.windowsConfirmed, want: way === 'partnered' ? 0 : boxes });
    count(lists, 'transports ordered', { have: told.transportsConfirmed, want: 1 });
    // a repeat of what was reported replaces it: what counts is that each was
    count(lists, 'deliveries whose boxes were reported', { have: Math.min(told.trackingReported, boxes), want: way === 'own' ? boxes : 0 });
    const there = way === 'cancelled' ? 0 : shipment?.lineItems.reduce((sum, { received, damaged }) => sum + received - damaged, 0) ?? 0;
    const counted = shipment?.lineItems.reduce((sum, { sku }) => sum + Number((sku && world.document('amazon', `fba/${sku}`)) ?? 0), 0) ?? 0;
    count(lists, 'units that the channel counted', { have: counted, want: there });
    const sold = world.sales('amazon').filter(({ status }) => status !== 'cancelled').reduce((sum, { quantity }) => sum + quantity, 0);
    count(lists, 'units on hand', { have: lots.reduce((sum, { onHand }) => sum + onHand, 0), want: way === 'cancelled' ? UNITS - sold : UNITS - SENT + there - sold });
    count(lists, 'freights booked', { have: freight, want: way === 'cancelled' ? 0 : 1 });
    return { ...lists, effects: Object.values(told).reduce((sum, number) => sum + number, 0), unbalanced: [...(books.sound ? [] : [...books.findings, ...books.miscounted].map((finding) => JSON.stringify(finding))), ...amazon.bugs.map(String)] };
  }

  return {
    clock, facts, tally, vendors: { amazon },
    catchUp: () => void world.now(),
    look: () => '',
    async prepare(db) {
      const { app, desk } = await openDesk({ db, clock, facts });
      const made = await stock(app, desk, { channel: 'amazon', world, dearer: 2 });
      // what the channel charges for keeping and sending it goes by its measures
      await db.prisma.product.updateMany({ data: { weightG: 500, lengthMm: 200, widthMm: 150, heightMm: 30 } });
      await app.stop();
      return made;
    },
    async close() {
      await Promise.all([amazon.close(), ebay.close()]);
      world.close();
    },
  };
}

function choiceOf({ options, packing }: Shipment, way: InboundWay) {
  const placement = options!.placements[way === 'own' ? 1 : 0]!;
  const chosen = placement.shipments.map(({ shipmentId, transports }) => ({ shipmentId, option: transports.find(({ solution }) => solution === (way === 'partnered' ? 'partnered' : 'own'))! }));
  return {
    placementOptionId: placement.placementOptionId, transports: chosen.map(({ shipmentId, option }) => ({ shipmentId, optionId: option.optionId })),
    total: money(packing!.fee.minor + placement.fee.minor + chosen.reduce((sum, { option }) => sum + (option.cost?.minor ?? 0), 0), 'USD'),
  };
}

/** What a person does with it as it stands. */
async function steer(desk: DeskClient, shipment: Shipment | null, { way, lotId, now }: { readonly way: InboundWay; readonly lotId: string; readonly now: number }): Promise<void> {
  const os = desk.inboundShipments;
  if (shipment === null) return void (await os.create({ channel: 'amazon-us', from: FROM, readyAt: now + DAY_MS, lines: [{ lotId, units: SENT }] }));
  const { id, version, state, packing } = shipment;
  const seen = { id, version };
  if (state === 'draft') return void (await os.start(seen));
  if (state === 'packing') {
    const boxes = way === 'own' ? 2 : 1;
    const [group] = packing!.groups;
    return void (await os.pack({ ...seen, boxes: Array.from({ length: boxes }, (_, box) => ({ groupId: group!.groupId, contents: group!.items.map((item) => ({ ...item, units: item.units / boxes })), weightG: 4_000 + box, lengthMm: 400, widthMm: 300, heightMm: 200 })) }));
  }
  if (state === 'choosing') return void (await os.agree({ ...seen, ...choiceOf(shipment, way) }));
  if (state === 'ready' && way === 'cancelled') return void (await os.cancel(seen));
  if (state === 'ready') return void (await os.send({ ...seen, tracking: shipment.deliveries.filter(({ solution }) => solution === 'own').flatMap(({ boxes }) => boxes.map(({ boxId }) => ({ boxId, number: `9400 ${boxId}` }))), ownCost: money(OWN_COST, 'USD') }));
  if (state === 'stopped') return void (await os.retry(seen));
  if (state === 'differs') for (const line of shipment.lineItems.filter(({ settled, units, received, damaged }) => settled === null && units !== received - damaged).slice(0, 1)) await os.settle({ ...seen, lineId: line.id, action: 'written-off', reason: 'not found' });
}

async function carry(way: InboundWay, { db, clock, facts, probe, seed, advanceTo }: ChildContext): Promise<void> {
  const { app, desk } = await openDesk({ db, clock, facts, probe, seed });
  const { jobs } = app.parts.ctx;
  for (let look = 0; look < MOST_LOOKS; look++) {
    await jobs.runDue();
    const shipment = await shipmentOf(desk);
    const state = shipment?.state ?? 'none';
    if (state === 'closed' || state === 'cancelled') break;
    if (!WORKING.includes(state) && state !== 'sent' && state !== 'receiving') await unlessItMoved(() => steer(desk, shipment, { way, lotId: facts['lotId']!, now: clock.now() }));
    await advanceTo(clock.now() + (state === 'sent' || state === 'receiving' ? 6 * HOUR_MS : MINUTE_MS));
  }
  await jobs.runDue();
  await app.stop();
}

const ALWAYS = [
  'transact:draft', 'transact:publishing', 'effect:put-content', 'effect:ensure-offer', 'effect:publish', 'transact:activate', 'effect:create-plan', 'effect:generate-packing', 'transact:planned', 'effect:confirm-packing', 'effect:set-packing', 'effect:generate-placement',
  'effect:generate-transport-0', 'transact:offered', 'effect:confirm-placement', 'effect:confirm-transport', 'transact:confirmed',
] as const;
const WINDOWS = ['effect:generate-windows-0', 'effect:confirm-window-0'] as const;
const STEPS: Readonly<Record<InboundWay, readonly string[]>> = {
  own: [...ALWAYS, ...WINDOWS, 'effect:report-tracking-0', 'transact:sent'], partnered: [...ALWAYS, 'transact:sent'], cancelled: [...ALWAYS, ...WINDOWS, 'effect:cancel-plan', 'transact:cancelled', 'transact:stop'],
};

/** What the ways have in common is tried on one of them. */
const FAULTS_AT: Readonly<Record<InboundWay, readonly string[]>> = {
  own: [
    'listPrepDetails', 'listInboundPlans', 'createInboundPlan', 'getInboundOperationStatus', 'generatePackingOptions', 'listPackingOptions', 'confirmPackingOption', 'setPackingInformation', 'generatePlacementOptions', 'listPlacementOptions', 'generateTransportationOptions', 'listTransportationOptions',
    'confirmPlacementOption', 'generateDeliveryWindowOptions', 'confirmDeliveryWindowOptions', 'confirmTransportationOptions', 'getShipment', 'updateShipmentTrackingDetails', 'getShipmentItemsByShipmentId',
  ],
  partnered: ['confirmPlacementOption', 'confirmTransportationOptions'], cancelled: ['getInboundPlan', 'cancelInboundPlan'],
};

export const inbound = (way: InboundWay): Scenario => ({ name: `into the warehouse: ${way}`, steps: STEPS[way], faultsAt: FAULTS_AT[way], open: (seed) => open(way, seed), carry: (context) => carry(way, context) });
