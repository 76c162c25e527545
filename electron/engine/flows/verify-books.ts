import type { Currency } from '#kernel/money.ts';
import { accountForUnits, stockValue, type InventoryDeps } from '../inventory/index.ts';
import { INVENTORY, verifyLedger, type LedgerFinding } from '../ledger/index.ts';
import { expectReceivables } from '../orders/index.ts';
import { expectPayables } from '../purchase-orders/index.ts';

export interface BooksReport {
  /** Books balance, stock, receivables and debts to suppliers agree with lots and orders, and every unit is accounted for. */
  readonly sound: boolean;
  readonly findings: readonly LedgerFinding[];
  readonly miscounted: readonly { readonly lotId: string; readonly onHand: number; readonly moved: number }[];
  /** Units on hand by kind of movement; sales are below zero. */
  readonly units: Readonly<Record<string, number>>;
}

/** Proves books, stock and orders against each other. */
export async function verifyBooks(deps: InventoryDeps, homeCurrency: Currency): Promise<BooksReport> {
  const { prisma } = deps.ctx.db;
  const expectations = [{ name: 'stock', account: INVENTORY, expected: await stockValue(prisma, homeCurrency) }, ...(await expectReceivables(prisma)), ...(await expectPayables(prisma))];
  const [ledger, count] = await Promise.all([verifyLedger(deps, expectations), accountForUnits(deps)]);
  return { sound: ledger.balanced && count.miscounted.length === 0, findings: ledger.findings, miscounted: count.miscounted, units: count.units };
}
