import type { Money } from '#kernel/money.ts';
import type { LedgerDeps } from './post-entry.ts';
import type { Expectation } from './ports.ts';
import { balanceOf } from './read-balances.ts';
import { findUnbalanced, sumCurrencies } from './repo.ts';

export type LedgerFinding =
  | { readonly code: 'entry-unbalanced'; readonly data: { readonly entryId: string; readonly left: Money } }
  | { readonly code: 'currency-unbalanced'; readonly data: { readonly left: Money } }
  | { readonly code: 'account-differs'; readonly data: { readonly name: string; readonly account: string; readonly booked: Money; readonly expected: Money } };

export interface Verification {
  readonly balanced: boolean;
  readonly findings: readonly LedgerFinding[];
}

/** Proves the books: every entry and every currency adds up to zero, and accounts hold what other modules say that they must. */
export async function verifyLedger(deps: LedgerDeps, expectations: readonly Expectation[] = []): Promise<Verification> {
  const { db } = deps.ctx;
  const findings: LedgerFinding[] = [];
  for (const row of await findUnbalanced(db)) findings.push({ code: 'entry-unbalanced', data: { entryId: row.entryId, left: { minor: row.minor, currency: row.currency } } });
  for (const row of await sumCurrencies(db)) if (row.minor !== 0) findings.push({ code: 'currency-unbalanced', data: { left: { minor: row.minor, currency: row.currency } } });
  for (const { name, account, expected } of expectations) {
    const booked = await balanceOf(db.prisma, account, expected.currency);
    if (booked.minor !== expected.minor) findings.push({ code: 'account-differs', data: { name, account, booked, expected } });
  }
  return { balanced: findings.length === 0, findings };
}
