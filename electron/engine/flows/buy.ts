import { z } from 'zod';
import { reasonSchema, type Reason } from '#contract/shared.ts';
import { DomainError, isConnectorError, messageOf, type ConnectorErrorKind } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import type { Tx, WorkflowDefinition, WorkflowRun } from '#runtime/ports.ts';
import { HeldBack } from '#runtime/workflow-run.ts';
import {
  advance, approvalExpiry, BUY_WORKFLOW, checkoutQuoteSchema, checkoutSessionSchema, compareFees, compareQuote, expireUnused, explain, frozenOf, loadPurchase, placedOrderSchema,
  type CheckoutPort, type CheckoutRequest, type CheckoutSession, type Frozen, type PlacedOrder, type Purchase, type PurchaseState,
} from '../purchasing/index.ts';
import { BUSINESS, LIMITS, readSetting } from '../settings/index.ts';
import { confirmPurchase, type BookingDeps } from './book-purchase.ts';

const buyInput = z.strictObject({ purchaseId: z.string(), approvalId: z.string() });
type BuyInput = z.infer<typeof buyInput>;

/** Whether the purchase goes on after a step: a person may have given it up, or it stopped. */
const goesOn = z.strictObject({ on: z.boolean() });
/** `byHand`: it is the person's turn, and the program only watches that the approval does not run out. */
const preparation = goesOn.extend({ byHand: z.boolean().default(false) });
const nothing = z.null();

/**
 * Carries out an approved purchase: price and stock are asked for again and compared with what was approved, a checkout is filled in and kept, the order
 * is placed, and everything that follows from it is written in one transaction. Where the figures left the approved terms it stops and waits for a person.
 * Where there is no checkout it tells the person what to order (see record-order), and stops when the approval runs out before that is done.
 */
export function buyWorkflow(deps: BookingDeps): WorkflowDefinition<BuyInput> {
  return {
    kind: BUY_WORKFLOW,
    input: buyInput,
    run: (run, input) => buy(deps, run, input),
    failed: (tx, input, error) => stopAfter(deps, tx, input, error),
  };
}

async function buy(deps: BookingDeps, run: WorkflowRun, input: BuyInput): Promise<void> {
  const prepared = await run.transact('prepare', preparation, (tx) => prepare(deps, tx, input));
  if (prepared.byHand) return awaitOrder(deps, run, input);
  if (!prepared.on) return;
  const { prisma } = deps.purchasing.ctx.db;
  const purchase = await loadPurchase(prisma, input.purchaseId);
  const checkout = await deps.purchasing.checkouts.open(purchase.sourceId);
  const request = await requestFor(deps, purchase, run.signal);
  const quote = await run.step('quote', checkoutQuoteSchema, () => checkout.quote(request));
  const refused = compareQuote(purchase.approval, quote);
  if (refused) return stop(deps, run, input, refused);
  const session = await run.step('begin', checkoutSessionSchema, () => checkout.begin(request));
  const drifted = compareQuote(purchase.approval, session.quote);
  if (drifted) return stop(deps, run, input, drifted);
  const placing = await run.transact('place', goesOn, (tx) => enterPlacing(deps, tx, input, session));
  if (!placing.on) return;
  const placed = await run.effect('place-order', placeOrder(deps, { checkout, session, purchaseId: purchase.id, signal: run.signal }));
  await run.transact('confirm', nothing, async (tx) => {
    await confirmPurchase(deps, tx, await loadPurchase(tx, input.purchaseId), placed);
    return null;
  });
}

async function requestFor(deps: BookingDeps, purchase: Purchase, signal: AbortSignal): Promise<CheckoutRequest> {
  const business = await readSetting(deps.purchasing.ctx.db, BUSINESS);
  return { offerExternalId: frozenOf(purchase.approval).offerExternalId, quantity: purchase.approval.quantity, shipTo: business.value.address, signal };
}

/** Still this approval's turn, and in a state from which it can go on. */
function isOurs(purchase: Purchase, input: BuyInput, state: PurchaseState): boolean {
  return purchase.approval.id === input.approvalId && purchase.state === state;
}

const expiry = (deps: BookingDeps, purchase: Purchase): Reason | null => approvalExpiry(purchase.approval, deps.purchasing.ctx.clock.now());

async function prepare(deps: BookingDeps, tx: Tx, input: BuyInput): Promise<z.output<typeof preparation>> {
  const purchase = await loadPurchase(tx, input.purchaseId);
  if (!isOurs(purchase, input, 'approved')) return { on: false, byHand: false };
  const frozen = frozenOf(purchase.approval);
  const refused = expiry(deps, purchase) ?? (await feesRose(deps, tx, frozen));
  const byHand = !refused && frozen.orderedBy === 'hand';
  if (refused) await advance(deps.purchasing, tx, purchase, { to: 'stopped', change: { stopReason: refused } });
  else if (byHand) await advance(deps.purchasing, tx, purchase, { to: 'ordering-by-hand', change: { stopReason: whatToOrder(purchase) } });
  else await advance(deps.purchasing, tx, purchase, { to: 'preparing' });
  return { on: !refused && !byHand, byHand };
}

/** The fee card may be another by the time that the approval is carried out, after a week without a connection or at the turn of a month. */
async function feesRose(deps: BookingDeps, tx: Tx, frozen: Frozen): Promise<Reason | null> {
  if (!frozen.fees) return null;
  const { feeDriftBp } = (await readSetting(tx, LIMITS)).value;
  return compareFees(frozen, deps.purchasing.gate.feesNow(frozen.fees), feeDriftBp);
}

/** All that a person needs at the shop. `url` as the source told it: a page of the shop, or the list that the offer stands in. */
function whatToOrder(purchase: Purchase): Reason {
  const { approval } = purchase;
  const { sourceName, offerUrl, terms } = frozenOf(approval);
  const { sellerName } = purchase;
  return {
    code: 'purchase.order-by-hand',
    data: {
      place: sellerName === null || sellerName === sourceName ? sourceName : `${sourceName} (${sellerName})`, url: offerUrl, quantity: approval.quantity, total: terms.total ?? approval.maxTotal, maxUnit: approval.maxUnit, maxTotal: approval.maxTotal, expiresAt: approval.expiresAt,
    },
  };
}

/** Sleeps until the approval runs out; what was recorded or given up by then has nothing to do with it any more. */
async function awaitOrder(deps: BookingDeps, run: WorkflowRun, input: BuyInput): Promise<void> {
  const { approval } = await loadPurchase(deps.purchasing.ctx.db.prisma, input.purchaseId);
  if (approval.id !== input.approvalId) return;
  await run.waitUntil('approval-expires', approval.expiresAt);
  await run.transact('expire', nothing, async (tx) => {
    const purchase = await loadPurchase(tx, input.purchaseId);
    if (isOurs(purchase, input, 'ordering-by-hand')) await expireUnused(deps.purchasing, tx, purchase);
    return null;
  });
}

/** The session is kept with the purchase before anything goes out: whatever happens then, the vendor can be asked about it. */
async function enterPlacing(deps: BookingDeps, tx: Tx, input: BuyInput, session: CheckoutSession): Promise<{ on: boolean }> {
  const purchase = await loadPurchase(tx, input.purchaseId);
  if (!isOurs(purchase, input, 'preparing')) return { on: false };
  const expired = expiry(deps, purchase);
  await advance(deps.purchasing, tx, purchase, expired ? { to: 'stopped', change: { stopReason: expired } } : { to: 'placing', change: { session }, data: { total: session.quote.total } });
  return { on: !expired };
}

async function stop(deps: BookingDeps, run: WorkflowRun, input: BuyInput, reason: Reason): Promise<void> {
  await run.transact('stop', nothing, async (tx) => {
    const purchase = await loadPurchase(tx, input.purchaseId);
    if (isOurs(purchase, input, 'preparing')) await advance(deps.purchasing, tx, purchase, { to: 'stopped', change: { stopReason: reasonSchema.parse(reason) } });
    return null;
  });
}

interface Placing {
  readonly checkout: CheckoutPort;
  readonly session: CheckoutSession;
  readonly purchaseId: string;
  readonly signal: AbortSignal;
}

function placeOrder(deps: BookingDeps, { checkout, session, purchaseId, signal }: Placing) {
  return {
    output: placedOrderSchema,
    call: async ({ idempotencyKey }: { idempotencyKey: string }): Promise<PlacedOrder> => {
      await show(deps, purchaseId, 'placing');
      // the last word before the order leaves
      if (deps.purchasing.ctx.killSwitch.isOnNow()) throw new HeldBack();
      // an order that may be out already was asked after before this; one that was held back for long needs a new yes
      const expired = expiry(deps, await loadPurchase(deps.purchasing.ctx.db.prisma, purchaseId));
      if (expired) throw new DomainError(RAN_OUT, 'the approval ran out before the order left', expired.data);
      return checkout.place(session, { idempotencyKey, signal });
    },
    reconcile: async () => {
      await show(deps, purchaseId, 'reconciling');
      return checkout.reconcile(session, signal);
    },
  };
}

/** Lets people see whether the order is going out or being asked after; the workflow itself depends on its kept steps alone. */
async function show(deps: BookingDeps, purchaseId: string, state: 'placing' | 'reconciling'): Promise<void> {
  await deps.purchasing.ctx.db.transaction(async (tx) => {
    const purchase = await loadPurchase(tx, purchaseId);
    if (purchase.state !== state && (purchase.state === 'placing' || purchase.state === 'reconciling')) await advance(deps.purchasing, tx, purchase, { to: state });
  });
}

const RAN_OUT = 'APPROVAL_EXPIRED';

const CODES: Readonly<Record<Exclude<ConnectorErrorKind, 'OutcomeUnknown'>, string>> = {
  Rejected: 'stop.vendor-refused', Critical: 'stop.vendor-broken', SessionLost: 'stop.session-lost', Retryable: 'stop.vendor-unreachable', Throttled: 'stop.vendor-unreachable',
};

/** The workflow gave up. Nothing was ordered, unless the last word is that nobody knows: then it stays with the vendor's answer awaited (see track-purchases). */
async function stopAfter(deps: BookingDeps, tx: Tx, input: BuyInput, error: unknown): Promise<void> {
  const purchase = await loadPurchase(tx, input.purchaseId);
  if (purchase.approval.id !== input.approvalId || !['approved', 'preparing', 'placing', 'reconciling'].includes(purchase.state)) return;
  const detail = { message: maskText(messageOf(error)).slice(0, 500) };
  if (isConnectorError(error, 'OutcomeUnknown') || (purchase.state === 'reconciling' && !isConnectorError(error, 'Rejected'))) {
    await deps.purchasing.ctx.outbox.add(tx, 'purchase.outcome-unknown', purchase.id, detail);
    const reason = { code: 'stop.outcome-unknown', data: detail };
    if (purchase.state === 'reconciling') await explain(deps.purchasing, tx, purchase, reason);
    else await advance(deps.purchasing, tx, purchase, { to: 'reconciling', change: { stopReason: reason } });
    return;
  }
  if (error instanceof DomainError && error.code === RAN_OUT) {
    await advance(deps.purchasing, tx, purchase, { to: 'stopped', change: { stopReason: expiry(deps, purchase) } });
    return;
  }
  const code = isConnectorError(error) ? CODES[error.kind as keyof typeof CODES] : 'stop.internal-error';
  const vendor = isConnectorError(error) ? { ...detail, connector: error.detail.connector, ...(error.detail.code ? { vendorCode: error.detail.code } : {}), ...(error.detail.evidence ? { evidence: error.detail.evidence } : {}) } : detail;
  await advance(deps.purchasing, tx, purchase, { to: 'stopped', change: { stopReason: { code, data: vendor } } });
}
