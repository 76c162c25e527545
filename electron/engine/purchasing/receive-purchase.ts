import type { Tx } from '#runtime/ports.ts';
import { advance, loadPurchase, loadVersion, record } from './advance-purchase.ts';
import type { PurchasingDeps } from './deps.ts';
import { badField, wrongState } from './errors.ts';
import { returnUntil } from './purchase-terms.ts';
import { unitsBought, type Purchase } from './purchase.ts';
import { insertArrival, listArrivals, type Arrival } from './repo-arrivals.ts';
import { updatePurchase, type PurchaseChange } from './repo.ts';

export interface ReceiveInput {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: number;
  /** Units in this parcel. */
  readonly units: number;
  /** Of these, units that came damaged. */
  readonly damaged: number;
  /** Of these, units of something else than was ordered. */
  readonly wrong?: number | undefined;
  readonly notes?: string | undefined;
  /** More parcels are on their way; else what has not come by now is missing. */
  readonly moreToCome?: boolean | undefined;
  readonly by?: string | undefined;
}

const unitsOf = ({ good, damaged, wrong }: Pick<Arrival, 'good' | 'damaged' | 'wrong'>): number => good + damaged + wrong;

function check(purchase: Purchase, earlier: readonly Arrival[], input: ReceiveInput): void {
  if (purchase.state !== 'confirmed') throw wrongState(purchase.state);
  const before = earlier.reduce((sum, arrival) => sum + unitsOf(arrival), 0);
  const left = unitsBought(purchase) - before;
  if (input.units > left) throw badField('units', before === 0 ? `${left} were bought` : `${left} were still to come`);
  if (input.damaged + (input.wrong ?? 0) > input.units) throw badField('damaged', `${input.units} arrived`);
  if (input.moreToCome && input.units === 0) throw badField('units', 'a parcel holds at least one');
  if (input.moreToCome && input.units === left) throw badField('moreToCome', 'everything that was bought is here');
}

/** The window begins with the first parcel: nobody can count on more. What a person said of it stays. */
function windowOf(deps: PurchasingDeps, purchase: Purchase): Pick<PurchaseChange, 'returnUntil' | 'returnFrom'> {
  if (purchase.returnFrom === 'person' || purchase.returnUntil !== null) return {};
  const until = returnUntil(deps.terms, purchase.connector, deps.ctx.clock.now());
  return until === null ? {} : { returnUntil: until, returnFrom: 'assumed' };
}

/**
 * A parcel was opened and counted. While more is to come the purchase stays on its way; with the last one all that can be sold becomes stock, and what is
 * damaged, wrong or missing is written off. Goods of an earlier parcel wait for the last one, because their cost is shared out once.
 * @throws DomainError NOT_FOUND, WRONG_STATE, INVALID with the field.
 */
export async function receivePurchase(deps: PurchasingDeps, input: ReceiveInput): Promise<Purchase> {
  const { db, ids, clock } = deps.ctx;
  return db.transaction(async (tx) => {
    const purchase = await loadVersion(tx, input.id, input.version);
    const earlier = await listArrivals(tx, purchase.id);
    check(purchase, earlier, input);
    const wrong = input.wrong ?? 0;
    const arrival: Arrival = { id: ids.next('arrival'), good: input.units - input.damaged - wrong, damaged: input.damaged, wrong, notes: input.notes?.trim() ?? '', by: input.by ?? 'desk', at: clock.now() };
    if (input.units > 0 || arrival.notes) await insertArrival(tx, purchase.id, arrival);
    return input.moreToCome ? noteParcel(deps, tx, purchase, arrival) : close(deps, tx, purchase, [...earlier, arrival]);
  });
}

async function noteParcel(deps: PurchasingDeps, tx: Tx, purchase: Purchase, { good, damaged, wrong, notes }: Arrival): Promise<Purchase> {
  if (!(await updatePurchase(tx, purchase, { ...windowOf(deps, purchase), at: deps.ctx.clock.now() }))) throw wrongState(purchase.state);
  await record(deps, tx, purchase.id, { kind: 'arrived-in-part', data: { good, damaged, wrong, ...(notes ? { notes } : {}) } });
  await deps.ctx.outbox.add(tx, 'purchase.arrived-in-part', purchase.id, { good, damaged, wrong });
  return loadPurchase(tx, purchase.id);
}

async function close(deps: PurchasingDeps, tx: Tx, purchase: Purchase, arrivals: readonly Arrival[]): Promise<Purchase> {
  const total = (of: (arrival: Arrival) => number) => arrivals.reduce((sum, arrival) => sum + of(arrival), 0);
  const [units, damaged, wrong] = [total(unitsOf), total((arrival) => arrival.damaged), total((arrival) => arrival.wrong)];
  const missing = unitsBought(purchase) - units;
  const received = await advance(deps, tx, purchase, {
    to: 'received', change: { receivedAt: deps.ctx.clock.now(), ...(units > 0 ? windowOf(deps, purchase) : {}) }, data: { units, damaged, ...(wrong > 0 ? { wrong } : {}), ...(missing > 0 ? { missing } : {}), ...(arrivals.at(-1)?.notes ? { notes: arrivals.at(-1)!.notes } : {}) },
  });
  await deps.stock.receive(tx, { purchaseId: purchase.id, units, damaged: damaged + wrong });
  return received;
}

/** A person knows until when it can be sent back; null: it cannot. @throws DomainError NOT_FOUND, WRONG_STATE. */
export async function setReturnWindow(deps: PurchasingDeps, input: { readonly id: string; readonly version: number; readonly until: number | null; readonly by: string }): Promise<Purchase> {
  return deps.ctx.db.transaction(async (tx) => {
    const purchase = await loadVersion(tx, input.id, input.version);
    if (purchase.state !== 'confirmed' && purchase.state !== 'received') throw wrongState(purchase.state);
    if (!(await updatePurchase(tx, purchase, { returnUntil: input.until, returnFrom: 'person', at: deps.ctx.clock.now() }))) throw wrongState(purchase.state);
    await record(deps, tx, purchase.id, { kind: 'return-window-set', data: { until: input.until, by: input.by } });
    return loadPurchase(tx, purchase.id);
  });
}
