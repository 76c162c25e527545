export { CASH, COST_OF_GOODS_SOLD, feesOf, FX, INVENTORY, isAccount, kindOf, OPENING, PAYABLE, POSTAGE, receivableOf, REFUNDS, SALES, SALES_TAX, SUSPENSE, WRITE_OFF, type AccountKind } from './accounts.ts';
export type { Entry, EntryLine, NewEntry } from './entry.ts';
export { BookingError } from './errors.ts';
export type { Expectation, ProfitReport, ProfitReportPort, TimeRange } from './ports.ts';
export { post, type LedgerDeps } from './post-entry.ts';
export { createLedgerProcedures, type LedgerProcedureDeps } from './procedures.ts';
export { balanceOf, cashBalance, movedByKind, openByRef, readBalances, readEntries, type EntryPage } from './read-balances.ts';
export { setOpeningCash } from './set-opening-cash.ts';
export { verifyLedger, type LedgerFinding, type Verification } from './verify-ledger.ts';
