import { money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { closeInboundLot, createLot, type InventoryDeps } from '../inventory/index.ts';
import { CASH, FX, INVENTORY, PAYABLE, post, type EntryLine } from '../ledger/index.ts';
import { advance, expectedBy, frozenOf, giveBack, rateText, record, toHome, unitsBought, type PlacedOrder, type Purchase, type PurchasingDeps } from '../purchasing/index.ts';

export interface BookingDeps {
  readonly purchasing: PurchasingDeps;
  readonly inventory: InventoryDeps;
}

const minus = (amount: Money): Money => money(-amount.minor, amount.currency);

/** Debits `account` with what was paid: from cash at once in the home currency, over the supplier's account and `equity:fx` in another. */
async function bookPayment(deps: BookingDeps, tx: Tx, given: { readonly purchase: Purchase; readonly total: Money; readonly home: Money }): Promise<void> {
  const { purchase, total, home } = given;
  const about = { ref: { kind: 'purchase', id: purchase.id }, at: deps.purchasing.ctx.clock.now() };
  const memo = total.currency === home.currency ? purchase.title : `${purchase.title} (at ${rateText(purchase.rate)} ${total.currency} to ${home.currency})`;
  const book = (part: string, kind: string, lines: EntryLine[]) => post(deps.inventory, tx, { ...about, key: `purchase:${purchase.id}:${part}`, kind, memo, lines });
  if (total.currency === home.currency) {
    await book('confirmed', 'purchase', [{ account: INVENTORY, amount: home }, { account: CASH, amount: minus(home) }]);
    return;
  }
  await book('confirmed', 'purchase', [{ account: INVENTORY, amount: home }, { account: FX, amount: minus(home) }, { account: FX, amount: total }, { account: PAYABLE, amount: minus(total) }]);
  await book('paid', 'payment', [{ account: PAYABLE, amount: total }, { account: FX, amount: minus(total) }, { account: FX, amount: home }, { account: CASH, amount: minus(home) }]);
}

/** The vendor has the order: receipt, stock on its way, books and opportunity, all in the caller's transaction. `purchase.quantity` is what was ordered. */
export async function confirmPurchase(deps: BookingDeps, tx: Tx, purchase: Purchase, placed: PlacedOrder): Promise<Purchase> {
  const { purchasing } = deps;
  const home = toHome(placed.total, purchase.rate);
  const confirmed = await advance(purchasing, tx, purchase, {
    to: 'confirmed', change: { quantity: purchase.quantity, externalId: placed.externalId, receipt: placed, homeTotal: home, confirmedAt: purchasing.ctx.clock.now(), expectedBy: expectedBy(purchasing.terms, purchase.connector, purchasing.ctx.clock.now()) }, data: { externalId: placed.externalId, total: placed.total, status: placed.status },
  });
  if (placed.total.minor > purchase.approval.maxTotal.minor) {
    await record(purchasing, tx, purchase.id, { kind: 'over-approval', data: { approved: purchase.approval.maxTotal, charged: placed.total } });
    await purchasing.ctx.outbox.add(tx, 'purchase.over-approval', purchase.id, { approved: purchase.approval.maxTotal, charged: placed.total });
  }
  const frozen = frozenOf(purchase.approval);
  await createLot(deps.inventory, tx, {
    purchaseId: purchase.id, productId: purchase.productId, title: purchase.title, condition: frozen.condition, quantity: unitsBought(purchase), totalCost: home,
    estimate: { profit: frozen.expected.profit, salePrice: frozen.expected.salePrice, daysToSell: frozen.daysToSell },
  });
  await bookPayment(deps, tx, { purchase, total: placed.total, home });
  await purchasing.gate.markPurchased(tx, purchase.opportunityId);
  return confirmed;
}

/** The vendor gave a confirmed order up before anything arrived, and the money back: the stock on its way and its booking are undone. */
export async function bookRefundedPurchase(deps: BookingDeps, tx: Tx, purchase: Purchase, status: string): Promise<void> {
  const reason = { code: 'failed.vendor-refunded', data: { status } };
  const value = await closeInboundLot(deps.inventory, tx, purchase.id);
  await post(deps.inventory, tx, {
    key: `purchase:${purchase.id}:refunded`, kind: 'purchase-refund', memo: `${purchase.title}: given up by the vendor`, ref: { kind: 'purchase', id: purchase.id }, at: deps.purchasing.ctx.clock.now(),
    lines: [{ account: CASH, amount: value }, { account: INVENTORY, amount: minus(value) }],
  });
  await advance(deps.purchasing, tx, purchase, { to: 'failed', change: { stopReason: reason } });
  await giveBack(deps.purchasing, tx, purchase);
}
