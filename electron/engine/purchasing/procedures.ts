import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import type { z } from 'zod';
import { purchasesContract, type returnedGoods } from '#contract/purchases.ts';
import type { Money } from '#kernel/money.ts';
import { approveAgain } from './approve-again.ts';
import { loadPurchase } from './advance-purchase.ts';
import { assistOf } from './assist.ts';
import type { PurchasingDeps } from './deps.ts';
import { badField } from './errors.ts';
import { cancelPurchase } from './end-purchase.ts';
import type { Purchase } from './purchase.ts';
import { readPurchaseFacets } from './list-purchases.ts';
import { readPurchase, readPurchases, rowOf } from './read-purchases.ts';
import { receivePurchase, setReturnWindow } from './receive-purchase.ts';
import { appendReceipt, attachReceipt, beginReceipt, readReceiptPiece, ReceiptReadings } from './receipts/index.ts';

export interface RecordOrderInput {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: number;
  /** The shop's order number. */
  readonly externalId: string;
  /** Paid in all, in the purchase's currency. */
  readonly total: Money;
  /** Offers (packs) ordered; as approved unless told. */
  readonly quantity?: number | undefined;
  readonly receiptNote?: string | undefined;
  /** `YYYY-MM-DD`, as the receipt has it. */
  readonly orderedOn?: string | undefined;
  /** Parts of the total, in its currency. */
  readonly goods?: Money | undefined;
  readonly shipping?: Money | undefined;
  readonly tax?: Money | undefined;
  /** An uploaded document that proves it. */
  readonly receipt?: { readonly upload: string; readonly name: string; readonly readText: string | null } | undefined;
  readonly by: string;
}

export interface ReturnInput {
  readonly id: string;
  readonly version: number;
  /** Of those in stock. */
  readonly units: number;
  /** Of those that came damaged or wrong. */
  readonly setAside: number;
  readonly note?: string | undefined;
  readonly by: string;
}

export interface ReturnRefundInput {
  readonly id: string;
  readonly version: number;
  /** In the purchase's currency. */
  readonly refund: Money;
  readonly by: string;
}

export type Returned = z.infer<typeof returnedGoods>;

export interface SeenPurchase {
  readonly id: string;
  readonly version: number;
  readonly by: string;
}

/** What spans other modules; the flows do it. */
export interface JoinedPurchasing {
  recordOrder(input: RecordOrderInput): Promise<Purchase>;
  /** Fills in the shop's checkout in the person's browser. Absent: it cannot. */
  assist?(input: SeenPurchase): Promise<Purchase>;
  /** Has the desk go on in the shop's window. */
  assistGoOn?(input: SeenPurchase): Promise<Purchase>;
  /** The person says that nothing was ordered there. */
  assistNotPlaced?(input: SeenPurchase): Promise<Purchase>;
  /** What can go back and what did; with the two that follow. */
  returned?(purchase: Purchase): Promise<Returned | null>;
  recordReturn?(input: ReturnInput): Promise<Purchase>;
  recordReturnRefund?(input: ReturnRefundInput): Promise<Purchase>;
}

function known<T>(use: T | undefined): T {
  if (use === undefined) throw badField('id', 'this desk cannot do that');
  return use;
}

/** @param person whose consent it is: the desk's one user until there are several. */
export function createPurchaseProcedures(deps: PurchasingDeps, joined: JoinedPurchasing, person = 'owner') {
  const os = implement(purchasesContract).use(declaredErrors);
  const { prisma } = deps.ctx.db;
  const readings = new ReceiptReadings(deps);
  return os.router({
    list: os.list.handler(({ input }) => readPurchases(deps.ctx.db, input)),
    facets: os.facets.handler(() => readPurchaseFacets(deps.ctx.db)),
    get: os.get.handler(async ({ input }) => {
      const detail = await readPurchase(prisma, input.id);
      const purchase = await loadPurchase(prisma, input.id);
      return { ...detail, assisted: assistOf(deps, purchase, detail.events), returned: (await joined.returned?.(purchase)) ?? null };
    }),
    assist: os.assist.handler(async ({ input }) => rowOf(await known(joined.assist)({ ...input, by: person }))),
    assistGoOn: os.assistGoOn.handler(async ({ input }) => rowOf(await known(joined.assistGoOn)({ ...input, by: person }))),
    assistNotPlaced: os.assistNotPlaced.handler(async ({ input }) => rowOf(await known(joined.assistNotPlaced)({ ...input, by: person }))),
    approveAgain: os.approveAgain.handler(async ({ input }) => rowOf(await approveAgain(deps, { ...input, approvedBy: person }))),
    recordOrder: os.recordOrder.handler(async ({ input: { receipt, ...input } }) => {
      const recorded = await joined.recordOrder({ ...input, ...(receipt ? { receipt: { ...receipt, readText: readings.textOf(receipt.upload) } } : {}), by: person });
      if (receipt) readings.forget(receipt.upload);
      return rowOf(recorded);
    }),
    cancel: os.cancel.handler(async ({ input }) => rowOf(await cancelPurchase(deps, { ...input, by: person }))),
    recordReturn: os.recordReturn.handler(async ({ input }) => rowOf(await known(joined.recordReturn)({ ...input, by: person }))),
    recordReturnRefund: os.recordReturnRefund.handler(async ({ input }) => rowOf(await known(joined.recordReturnRefund)({ ...input, by: person }))),
    receive: os.receive.handler(async ({ input }) => rowOf(await receivePurchase(deps, { ...input, by: person }))),
    setReturnWindow: os.setReturnWindow.handler(async ({ input }) => rowOf(await setReturnWindow(deps, { ...input, by: person }))),
    beginReceipt: os.beginReceipt.handler(({ input }) => beginReceipt(deps, input)),
    appendReceipt: os.appendReceipt.handler(({ input }) => appendReceipt(deps, input)),
    startReading: os.startReading.handler(({ input }) => readings.begin(input)),
    reading: os.reading.handler(({ input }) => readings.get(input.upload)),
    cancelReading: os.cancelReading.handler(({ input }) => readings.cancel(input.upload)),
    attachReceipt: os.attachReceipt.handler(async ({ input }) => {
      const attached = await attachReceipt(deps, { ...input, readText: readings.textOf(input.upload), by: person });
      readings.forget(input.upload);
      return attached;
    }),
    readReceipt: os.readReceipt.handler(({ input }) => readReceiptPiece(prisma, deps.receipts?.dir ?? '', input)),
  });
}
