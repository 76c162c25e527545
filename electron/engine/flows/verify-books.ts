import type { Currency } from '#kernel/money.ts';
import { accountForUnits, stockValue, type InventoryDeps } from '../inventory/index.ts';
import { INVENTORY, verifyLedger, type LedgerFinding } from '../ledger/index.ts';

export interface BooksReport {
  /** Books balance, stock value agrees, and every unit is accounted for. */
  readonly sound: boolean;
  readonly findings: readonly LedgerFinding[];
  readonly miscounted: readonly { readonly lotId: string; readonly onHand: number; readonly moved: number }[];
  /** Units on hand by kind of movement; sales are below zero. */
  readonly units: Readonly<Record<string, number>>;
}

/** Proves books and stock against each other. */
export async function verifyBooks(deps: InventoryDeps, homeCurrency: Currency): Promise<BooksReport> {
  const value = await stockValue(deps.ctx.db.prisma, homeCurrency);
  const [ledger, count] = await Promise.all([verifyLedger(deps, [{ name: 'stock', account: INVENTORY, expected: value }]), accountForUnits(deps)]);
  return { sound: ledger.balanced && count.miscounted.length === 0, findings: ledger.findings, miscounted: count.miscounted, units: count.units };
}
