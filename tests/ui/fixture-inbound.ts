import { ORPCError, type implement } from '@orpc/server';
import type { contract } from '#contract/index.ts';
import { inboundRow, type InboundDetail, type InboundState } from '#contract/inbound-shipments.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { FACETS } from './fixture-facets.ts';
import { FIXTURE_NOW, stockRows } from './fixture-data.ts';

const usd = (minor: number) => money(minor, 'USD');
const STATES: readonly InboundState[] = ['choosing', 'packing', 'ready', 'differs', 'stopped', 'receiving', 'planning', 'draft', 'closed', 'cancelled'];
const from = { name: 'Ada Reseller', company: '', line1: '12 Harbor Street', line2: '', city: 'Portland', state: 'OR', postcode: '97201', country: 'US', phone: '+1 503 555 0100' };

function detail(i: number, state: InboundState): InboundDetail {
  const lots = stockRows(40).slice(i * 3, i * 3 + 3);
  const step = ['draft', 'planning', 'packing', 'placing', 'choosing', 'confirming', 'ready', 'reporting', 'sent', 'receiving', 'differs', 'closed'].indexOf(state === 'stopped' ? 'choosing' : state === 'cancelled' ? 'planning' : state);
  const items = lots.map((lot, place) => ({ sku: `RD01930000${i}${place}`, units: 4 + place }));
  const units = items.reduce((sum, item) => sum + item.units, 0);
  const transports = (shipmentId: string, cost: number) => [
    { optionId: `${shipmentId}-p`, solution: 'partnered' as const, mode: 'GROUND_SMALL_PARCEL', carrier: 'United Parcel Service', cost: usd(cost), until: FIXTURE_NOW + DAY_MS, voidableUntil: FIXTURE_NOW + DAY_MS, needsWindow: false },
    { optionId: `${shipmentId}-o`, solution: 'own' as const, mode: 'GROUND_SMALL_PARCEL', carrier: 'United States Postal Service', cost: null, until: null, voidableUntil: null, needsWindow: true },
  ];
  const placements = [
    { placementOptionId: 'pl1', fee: usd(405), until: FIXTURE_NOW + 30 * HOUR_MS, shipments: [{ shipmentId: 'sh1', warehouse: 'ONT8', items, transports: transports('sh1', 1_240) }] },
    { placementOptionId: 'pl2', fee: usd(0), until: FIXTURE_NOW + 30 * HOUR_MS, shipments: [{ shipmentId: 'sh2', warehouse: 'PHX3', items: items.slice(0, 2), transports: transports('sh2', 810) }, { shipmentId: 'sh3', warehouse: 'ABE8', items: items.slice(2), transports: transports('sh3', 930) }] },
  ];
  const sent = step >= 8;
  return {
    id: `ins_${i}`, number: `IN-2026-${String(40 - i).padStart(4, '0')}`, name: `IN-2026-${String(40 - i).padStart(4, '0')} 0a1b2c3d4e5f`, channel: 'amazon-us', state, lines: items.length, units, received: step >= 10 ? units - 1 : step === 9 ? 8 : 0, agreed: step >= 5 ? usd(1_645) : null,
    reason: state === 'stopped' ? { code: 'stock.inbound-refused', data: { message: 'The transportation option has expired.' } } : null, createdAt: FIXTURE_NOW - (i + 1) * DAY_MS, sentAt: sent ? FIXTURE_NOW - 5 * DAY_MS : null, version: 4,
    planId: step >= 2 ? 'wf1234abcd-1234-abcd-5678-1234abcd5678' : null, from, readyAt: FIXTURE_NOW + DAY_MS, packing: step >= 2 ? { optionId: 'po1', fee: usd(0), groups: [{ groupId: 'pg1', items }] } : null,
    boxes: step >= 3 ? [{ groupId: 'pg1', contents: items, weightG: 8_400, lengthMm: 450, widthMm: 350, heightMm: 300 }] : [], options: step >= 4 ? { at: FIXTURE_NOW - HOUR_MS, placements } : null, failedFrom: state === 'stopped' ? 'confirming' : null,
    chosen: step >= 5 ? { placementOptionId: 'pl1', packingFee: usd(0), placementFee: usd(405), total: usd(1_645), at: FIXTURE_NOW - HOUR_MS, by: 'owner', transports: [{ shipmentId: 'sh1', optionId: 'sh1-p', solution: i % 2 ? 'partnered' : 'own', carrier: 'United Parcel Service', cost: usd(1_240), voidableUntil: FIXTURE_NOW + DAY_MS, needsWindow: false }] } : null,
    deliveries: step >= 6 ? [{ shipmentId: 'sh1', confirmationId: 'FBA17K3J9QXZ', warehouse: 'ONT8', solution: i % 2 ? 'partnered' : 'own', carrier: 'United Parcel Service', status: sent ? (step >= 10 ? 'CLOSED' : 'RECEIVING') : 'READY_TO_SHIP', boxes: [{ boxId: 'FBA17K3J9QXZU000001', tracking: sent ? '1Z999AA10123456784' : null }] }] : [],
    freeUntil: step >= 5 ? FIXTURE_NOW + DAY_MS : null,
    lineItems: lots.map((lot, place) => ({
      id: `inl_${place}`, number: place + 1, sourceLotId: lot.id, sourcePlace: 'main', lotId: step >= 1 ? lot.id : null, sku: step >= 1 ? items[place]!.sku : null, productId: `prd_${place}`, title: lot.title, units: items[place]!.units,
      prep: step >= 2 ? { prepBy: 'none', labelBy: 'seller', category: 'NONE', types: ['ITEM_LABELING'] } : null, received: step >= 10 ? items[place]!.units - (place === 1 ? 1 : 0) : step === 9 ? 2 : 0, damaged: 0, unitCost: step >= 1 ? usd(1_132 + place * 310) : null, settled: null,
    })),
    events: [{ id: 'evt_1', kind: 'drafted', data: { by: 'owner' }, at: FIXTURE_NOW - (i + 1) * DAY_MS }, ...(step >= 5 ? [{ id: 'evt_2', kind: 'confirming', data: { total: usd(1_645), by: 'owner' }, at: FIXTURE_NOW - HOUR_MS }] : [])],
  };
}

/** The procedures of shipments into a channel's warehouse for the pages' tests. */
export function inboundProcedures(os: ReturnType<typeof implement<typeof contract>>, given: { readonly empty: () => boolean; readonly gate: () => Promise<void> }) {
  const details = STATES.map((state, i) => detail(i, state));
  const find = (id: string) => {
    const found = details.find((one) => one.id === id);
    if (!found) throw new ORPCError('NOT_FOUND', { data: { kind: 'inbound-shipment', id } });
    return found;
  };
  const any = async ({ input }: { input: { readonly id: string } }) => { await given.gate(); return find(input.id); };
  return {
    list: os.inboundShipments.list.handler(async ({ input }) => {
      await given.gate();
      return { items: given.empty() ? [] : details.filter(({ state }) => input.state === undefined || state === input.state).map((one) => inboundRow.strip().parse(one)), nextCursor: null };
    }),
    facets: os.inboundShipments.facets.handler(() => FACETS.inbound),
    get: os.inboundShipments.get.handler(any), defaults: os.inboundShipments.defaults.handler(() => ({ channels: given.empty() ? [] : [{ market: 'amazon-us', name: 'Amazon', place: 'Amazon FBA' }], from })),
    create: os.inboundShipments.create.handler(async () => { await given.gate(); return details[7]!; }), start: os.inboundShipments.start.handler(any), pack: os.inboundShipments.pack.handler(any), agree: os.inboundShipments.agree.handler(any), askAgain: os.inboundShipments.askAgain.handler(any),
    send: os.inboundShipments.send.handler(any), retry: os.inboundShipments.retry.handler(any), cancel: os.inboundShipments.cancel.handler(any), refresh: os.inboundShipments.refresh.handler(any), settle: os.inboundShipments.settle.handler(any),
    labels: os.inboundShipments.labels.handler(() => ({ name: 'labels.pdf', mediaType: 'application/pdf', contentBase64: 'JVBERi0=' })),
  };
}
