import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { purchasesContract } from '#contract/purchases.ts';
import type { Money } from '#kernel/money.ts';
import { approveAgain } from './approve-again.ts';
import { loadPurchase } from './advance-purchase.ts';
import { assistOf } from './assist.ts';
import type { PurchasingDeps } from './deps.ts';
import { badField } from './errors.ts';
import { cancelPurchase } from './end-purchase.ts';
import type { Purchase } from './purchase.ts';
import { readPurchase, readPurchases, rowOf } from './read-purchases.ts';
import { receivePurchase, setReturnWindow } from './receive-purchase.ts';
import { appendReceipt, attachReceipt, beginReceipt, readReceiptPiece } from './receipts/index.ts';

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
  readonly by: string;
}

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
  /** The person says that nothing was ordered there. */
  assistNotPlaced?(input: SeenPurchase): Promise<Purchase>;
}

function known<T>(use: T | undefined): T {
  if (use === undefined) throw badField('id', 'no browser of this machine can be used for it');
  return use;
}

/** @param person whose consent it is: the desk's one user until there are several. */
export function createPurchaseProcedures(deps: PurchasingDeps, joined: JoinedPurchasing, person = 'owner') {
  const os = implement(purchasesContract).use(declaredErrors);
  const { prisma } = deps.ctx.db;
  return os.router({
    list: os.list.handler(({ input }) => readPurchases(prisma, input)),
    get: os.get.handler(async ({ input }) => {
      const detail = await readPurchase(prisma, input.id);
      return { ...detail, assisted: assistOf(deps, await loadPurchase(prisma, input.id), detail.events) };
    }),
    assist: os.assist.handler(async ({ input }) => rowOf(await known(joined.assist)({ ...input, by: person }))),
    assistNotPlaced: os.assistNotPlaced.handler(async ({ input }) => rowOf(await known(joined.assistNotPlaced)({ ...input, by: person }))),
    approveAgain: os.approveAgain.handler(async ({ input }) => rowOf(await approveAgain(deps, { ...input, approvedBy: person }))),
    recordOrder: os.recordOrder.handler(async ({ input }) => rowOf(await joined.recordOrder({ ...input, by: person }))),
    cancel: os.cancel.handler(async ({ input }) => rowOf(await cancelPurchase(deps, { ...input, by: person }))),
    receive: os.receive.handler(async ({ input }) => rowOf(await receivePurchase(deps, { ...input, by: person }))),
    setReturnWindow: os.setReturnWindow.handler(async ({ input }) => rowOf(await setReturnWindow(deps, { ...input, by: person }))),
    beginReceipt: os.beginReceipt.handler(({ input }) => beginReceipt(deps, input)),
    appendReceipt: os.appendReceipt.handler(({ input }) => appendReceipt(deps, input)),
    attachReceipt: os.attachReceipt.handler(({ input }) => attachReceipt(deps, { ...input, by: person })),
    readReceipt: os.readReceipt.handler(({ input }) => readReceiptPiece(prisma, deps.receipts?.dir ?? '', input)),
  });
}
