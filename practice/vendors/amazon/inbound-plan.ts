import { z } from 'zod';
import { hash32, seededRandom, type Random } from '#kernel/random.ts';
import { DAY_MS, HOUR_MS, SECOND_MS, type Instant } from '#kernel/time.ts';
import type { World } from '../../world/types.ts';
import { warehouseKey } from './listings.ts';

const VENDOR = 'amazon';
/** So long Amazon works on whatever it is asked for. */
export const WORKS_MS = 20 * SECOND_MS;
const OPTIONS_LAST_MS = 2 * DAY_MS;
export const VOIDABLE_MS = DAY_MS;

const instant = z.number().nullable();
const item = z.object({ msku: z.string(), quantity: z.number(), prepOwner: z.string(), labelOwner: z.string() });
export type PlanItem = z.infer<typeof item>;
const box = z.object({ packageId: z.string(), groupId: z.string(), items: z.array(item), weightG: z.number(), sidesMm: z.array(z.number()) });
export type PlanBox = z.infer<typeof box>;
const shipment = z.object({
  shipmentId: z.string(), warehouseId: z.string(), boxes: z.array(z.string()), confirmationId: z.string().nullable(), transportAt: instant, transportOptionId: z.string().nullable(), windowsAt: instant, windowId: z.string().nullable(), readyAt: instant, transportsAt: instant,
  handedOverAt: instant, tracking: z.record(z.string(), z.string()),
  /** Drawn when it was handed over: what comes to be counted, and when. */
  fate: z.object({ arrivesAt: z.number(), closesAt: z.number(), lines: z.array(z.object({ msku: z.string(), shipped: z.number(), counted: z.number(), damaged: z.number() })) }).nullable(),
  /** Units of each SKU that are in the warehouse's count already. */
  counted: z.record(z.string(), z.number()),
});
export type InboundShipment = z.infer<typeof shipment>;
const placement = z.object({ placementOptionId: z.string(), feeMinor: z.number(), readyAt: z.number(), expiresAt: z.number(), acceptedAt: instant, shipments: z.array(shipment) });
export type Placement = z.infer<typeof placement>;
const planSchema = z.object({
  planId: z.string(), name: z.string(), createdAt: z.number(), updatedAt: z.number(), voidedAt: instant, source: z.record(z.string(), z.string()), items: z.array(item),
  packing: z.object({ optionId: z.string(), groupId: z.string(), readyAt: z.number(), expiresAt: z.number(), acceptedAt: instant }).nullable(), boxes: z.array(box), placements: z.array(placement),
});
export type Plan = z.infer<typeof planSchema>;

const key = (planId: string) => `inbound/plan/${planId}`;
const letters = (random: Random, length: number, alphabet = '0123456789abcdef') => Array.from({ length }, () => alphabet[random.int(alphabet.length)]).join('');
const uuid = (random: Random) => [8, 4, 4, 4, 12].map((length) => letters(random, length)).join('-');
export const fnskuOf = (sku: string) => `X00${hash32(`fnsku:${sku}`).toString(36).toUpperCase().padStart(7, '0').slice(-7)}`;

/** Plans in the world's documents. Its draws are of streams of its own, so that a market in which nobody sends anything in goes on as it did. */
export class InboundPlans {
  readonly #world: World;
  #any: boolean | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  /** A stream for one purpose of one plan: the same whatever was asked before. */
  random(purpose: string): Random {
    return seededRandom(`amazon-inbound:${this.#world.seed}:${purpose}`);
  }
  id(prefix: string, purpose: string, length?: number): string {
    const random = this.random(purpose);
    return `${prefix}${length === undefined ? uuid(random) : letters(random, length, '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ')}`;
  }
  get any(): boolean {
    this.#any ??= this.#world.documents(VENDOR, 'inbound/plan/').length > 0;
    return this.#any;
  }
  all(): Plan[] {
    return this.any ? this.#world.documents(VENDOR, 'inbound/plan/').map(({ value }) => planSchema.parse(value)) : [];
  }
  load(planId: string): Plan | null {
    const found = this.#world.document(VENDOR, key(planId));
    return found === undefined ? null : planSchema.parse(found);
  }
  save(plan: Plan, at: Instant): void {
    this.#any = true;
    this.#world.actions.putDocument(VENDOR, key(plan.planId), { ...plan, updatedAt: at });
  }
  /** What is worked on from now on. */
  begin(operation: string, at: Instant, problems: readonly string[] = []): string {
    const operationId = this.id('', `operation:${operation}:${this.#world.documents(VENDOR, 'inbound/operation/').length}`);
    this.#world.actions.putDocument(VENDOR, `inbound/operation/${operationId}`, { operation, doneAt: at + WORKS_MS, problems });
    return operationId;
  }
  operation(operationId: string): { readonly operation: string; readonly doneAt: Instant; readonly problems: readonly string[] } | null {
    const found = this.#world.document(VENDOR, `inbound/operation/${operationId}`);
    return found === undefined ? null : z.object({ operation: z.string(), doneAt: z.number(), problems: z.array(z.string()) }).parse(found);
  }

  /** One placement in one warehouse for a fee for each unit; where there are several boxes, one in two warehouses for none. */
  placementsFor(plan: Plan, at: Instant): Placement[] {
    const units = plan.items.reduce((sum, { quantity }) => sum + quantity, 0);
    const split = plan.boxes.length > 1 ? [plan.boxes.filter((_box, place) => place % 2 === 0), plan.boxes.filter((_box, place) => place % 2 === 1)] : [];
    const of = (number: number, feeMinor: number, parts: readonly (readonly PlanBox[])[]): Placement => ({
      placementOptionId: this.id('pl', `${plan.planId}:placement:${number}:${at}`), feeMinor, readyAt: at + WORKS_MS, expiresAt: at + WORKS_MS + OPTIONS_LAST_MS, acceptedAt: null,
      shipments: parts.map((boxes, place): InboundShipment => ({
        shipmentId: this.id('sh', `${plan.planId}:shipment:${number}:${place}:${at}`), warehouseId: WAREHOUSES[this.random(`${plan.planId}:warehouse:${number}:${place}`).int(WAREHOUSES.length)]!, boxes: boxes.map(({ packageId }) => packageId),
        confirmationId: null, transportAt: null, transportOptionId: null, windowsAt: null, windowId: null, readyAt: null, transportsAt: null, handedOverAt: null, tracking: {}, fate: null, counted: {},
      })),
    });
    return [of(1, units * FEE_MINOR, [plan.boxes]), ...(split.length > 0 ? [of(2, 0, split)] : [])];
  }

  /** What became of shipments by now: carriers fetch what they were ordered for, boxes arrive and are counted in two halves, now and then one unit short or damaged. */
  advance(at: Instant): void {
    for (const plan of this.all()) {
      if (plan.voidedAt !== null) continue;
      let changed = false;
      for (const one of shipmentsOf(plan)) {
        if (one.handedOverAt === null && partnered(one) && one.transportAt! + VOIDABLE_MS <= at) changed = handOver(this, plan, one, one.transportAt! + VOIDABLE_MS);
        if (one.fate) changed = this.#count(one, at) || changed;
      }
      if (changed) this.save(plan, at);
    }
  }

  #count(one: InboundShipment, at: Instant): boolean {
    const { arrivesAt, closesAt, lines } = one.fate!;
    let changed = false;
    for (const line of lines) {
      const due = at >= closesAt ? line.counted : at >= arrivesAt + DAY_MS ? Math.ceil(line.counted / 2) : 0;
      const before = one.counted[line.msku] ?? 0;
      if (due <= before) continue;
      one.counted[line.msku] = due;
      changed = true;
      // what is damaged is counted last
      const sellable = (counted: number) => Math.min(counted, line.counted - line.damaged);
      this.#putAway(line.msku, sellable(due) - sellable(before));
    }
    return changed;
  }

  #putAway(sku: string, units: number): void {
    if (units <= 0) return;
    const { world } = { world: this.#world };
    const put = Number(world.document(VENDOR, warehouseKey(sku)) ?? 0);
    world.actions.putDocument(VENDOR, warehouseKey(sku), put + units);
    const listing = world.listings('amazon').find((entry) => entry.sku === sku && entry.status === 'active');
    if (listing) world.actions.reviseListing(listing.id, { quantity: listing.quantity + units });
  }
}

const WAREHOUSES = ['ONT8', 'PHX3', 'MDW2', 'CLT2', 'ABE8', 'DFW6'];
/** For each unit that all goes into one warehouse (assumption of the practice market). */
const FEE_MINOR = 27;

export const accepted = (plan: Plan): Placement | null => plan.placements.find((entry) => entry.acceptedAt !== null) ?? null;
export const shipmentsOf = (plan: Plan): InboundShipment[] => accepted(plan)?.shipments ?? [];
export const findShipment = (plan: Plan, shipmentId: string): InboundShipment | null => plan.placements.flatMap(({ shipments }) => shipments).find((entry) => entry.shipmentId === shipmentId) ?? null;
export const boxesOf = (plan: Plan, one: InboundShipment): PlanBox[] => plan.boxes.filter(({ packageId }) => one.boxes.includes(packageId));
export const boxIdOf = (one: InboundShipment, place: number): string => `${one.confirmationId}U${String(place + 1).padStart(6, '0')}`;
export const partnered = (one: InboundShipment): boolean => one.transportOptionId?.endsWith('-partnered') === true;
export function unitsIn(boxes: readonly PlanBox[]): PlanItem[] {
  const units = new Map<string, PlanItem>();
  for (const entry of boxes.flatMap(({ items }) => items)) units.set(entry.msku, { ...entry, quantity: entry.quantity + (units.get(entry.msku)?.quantity ?? 0) });
  return [...units.values()];
}

/** The carrier has the boxes; what will be counted is drawn. */
export function handOver(plans: InboundPlans, plan: Plan, one: InboundShipment, at: Instant): true {
  const random = plans.random(`${plan.planId}:${one.confirmationId}:fate`);
  const arrivesAt = at + (3 + random.int(4)) * DAY_MS + random.int(12) * HOUR_MS;
  one.handedOverAt = at;
  one.fate = {
    arrivesAt, closesAt: arrivesAt + 3 * DAY_MS,
    lines: unitsIn(boxesOf(plan, one)).map(({ msku, quantity }) => {
      const [short, broken] = [random.int(8) === 0 ? 1 : 0, random.int(10) === 0 ? 1 : 0];
      const counted = quantity - short;
      return { msku, shipped: quantity, counted, damaged: Math.min(counted, broken) };
    }),
  };
  return true;
}

export function statusOf(plan: Plan, one: InboundShipment, at: Instant): string {
  if (plan.voidedAt !== null) return 'CANCELLED';
  if (accepted(plan) === null || accepted(plan)!.acceptedAt! > at) return 'UNCONFIRMED';
  if (one.fate !== null) {
    const { arrivesAt, closesAt } = one.fate;
    return at >= closesAt ? 'CLOSED' : at >= arrivesAt + DAY_MS ? 'RECEIVING' : at >= arrivesAt + DAY_MS / 2 ? 'CHECKED_IN' : at >= arrivesAt ? 'DELIVERED' : at >= one.handedOverAt! + DAY_MS ? 'IN_TRANSIT' : 'SHIPPED';
  }
  return one.confirmationId !== null && one.transportAt! <= at ? 'READY_TO_SHIP' : 'WORKING';
}

/** What Amazon counts as on its way in under a SKU, and what of it is damaged. */
export function inboundOf(plans: InboundPlans, sku: string, at: Instant): { readonly working: number; readonly shipped: number; readonly receiving: number; readonly damaged: number } {
  const found = { working: 0, shipped: 0, receiving: 0, damaged: 0 };
  for (const plan of plans.all()) {
    if (plan.voidedAt !== null) continue;
    for (const one of shipmentsOf(plan)) {
      const sent = unitsIn(boxesOf(plan, one)).find(({ msku }) => msku === sku)?.quantity ?? 0;
      const counted = one.counted[sku] ?? 0;
      const status = statusOf(plan, one, at);
      const fate = one.fate?.lines.find(({ msku }) => msku === sku);
      if (fate) found.damaged += Math.max(0, counted - (fate.counted - fate.damaged));
      if (status === 'WORKING' || status === 'READY_TO_SHIP') found.working += sent;
      else if (['SHIPPED', 'IN_TRANSIT', 'DELIVERED'].includes(status)) found.shipped += sent;
      else if (status !== 'CLOSED') found.receiving += sent - counted;
    }
  }
  return found;
}

/** Days after which Amazon charges: the carrier when it has fetched the boxes, placement when they were received (assumption of the practice market). */
const TRANSPORT_CHARGED_MS = 2 * DAY_MS;
const PLACEMENT_CHARGED_MS = DAY_MS;
/** Storage of a month is charged on the 15th of the next: so many cents for a unit in the practice market. */
const STORAGE_MINOR = 9;

export interface AccountCharge { readonly id: string; readonly words: string; readonly at: Instant; readonly minor: number; readonly confirmationId?: string | undefined }

/** What Amazon took for stock on its way in by an instant. A carrier weighs the boxes again: now and then it takes a little more than was agreed. */
export function inboundCharges(plans: InboundPlans, costOf: (plan: Plan, one: InboundShipment) => number, until: Instant): AccountCharge[] {
  return plans.all().flatMap((plan) => {
    const option = accepted(plan);
    if (!option || plan.voidedAt !== null) return [];
    const sent = option.shipments.filter((one) => one.handedOverAt !== null);
    const transports = sent.filter(partnered).map((one): AccountCharge => ({
      id: `transport-${one.confirmationId}`, words: 'FBA Amazon-Partnered Carrier Shipment Fee', at: one.handedOverAt! + TRANSPORT_CHARGED_MS, minor: costOf(plan, one) + (plans.random(`${one.shipmentId}:weighed`).int(2) === 0 ? 0 : 85), confirmationId: one.confirmationId!,
    }));
    const arrived = sent.map((one) => one.fate?.closesAt ?? Number.POSITIVE_INFINITY);
    const placed: AccountCharge[] = option.feeMinor > 0 && arrived.length > 0 ? [{ id: `placement-${plan.planId}`, words: 'FBA Inbound Placement Service Fee', at: Math.max(...arrived) + PLACEMENT_CHARGED_MS, minor: option.feeMinor, confirmationId: sent[0]!.confirmationId! }] : [];
    return [...transports, ...placed].filter(({ at }) => at <= until);
  });
}

/** Storage of each month that had units in the warehouse, by what lies there as of now. */
export function storageCharges(world: World, until: Instant): AccountCharge[] {
  const start = warehouseKey('');
  const units = world.documents(VENDOR, start).reduce((sum, { value }) => sum + Number(value), 0);
  const charges: AccountCharge[] = [];
  const first = new Date(world.startAt);
  if (units <= 0) return charges;
  for (let month = 1; ; month++) {
    const at = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 15);
    if (at > until) break;
    charges.push({ id: `storage-${new Date(at).toISOString().slice(0, 7)}`, words: 'FBA storage fee', at, minor: units * STORAGE_MINOR });
  }
  return charges;
}
