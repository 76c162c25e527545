import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { ledgerContract } from '#contract/selling.ts';
import type { ProfitReportPort } from './ports.ts';
import { readEntryFacets } from './list-entries.ts';
import type { LedgerDeps } from './post-entry.ts';
import { readBalances, readEntries } from './read-balances.ts';
import { verifyLedger } from './verify-ledger.ts';

export interface LedgerProcedureDeps extends LedgerDeps {
  readonly reports: ProfitReportPort;
}

export function createLedgerProcedures(deps: LedgerProcedureDeps) {
  const os = implement(ledgerContract).use(declaredErrors);
  const { prisma } = deps.ctx.db;
  return os.router({
    balances: os.balances.handler(async () => {
      const [lines, verification] = await Promise.all([readBalances(prisma), verifyLedger(deps)]);
      return { accounts: lines.map(({ account, amount }) => ({ account, balance: amount })), balanced: verification.balanced };
    }),
    entries: os.entries.handler(async ({ input }) => {
      const { items, ...page } = await readEntries(deps.ctx.db, input);
      return {
        items: items.map((e) => ({ id: e.id, kind: e.kind, memo: e.memo, refKind: e.ref.kind, refId: e.ref.id, at: e.at, lines: e.lines.map((line) => ({ ...line })) })),
        ...page,
      };
    }),
    facets: os.facets.handler(() => readEntryFacets(deps.ctx.db)),
    profit: os.profit.handler(({ input }) => deps.reports.profit({ from: input.from ?? 0, to: input.to ?? Number.MAX_SAFE_INTEGER })),
  });
}
