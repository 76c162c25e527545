import { money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { CASH, OPENING } from './accounts.ts';
import { post, type LedgerDeps } from './post-entry.ts';
import { balanceOf } from './read-balances.ts';
import { countEntries } from './repo.ts';

/** Makes the opening cash what the person says that it is: books the difference to what was booked before, or nothing when there is none. */
export async function setOpeningCash(deps: LedgerDeps, tx: Tx, cash: Money): Promise<void> {
  const opened = await balanceOf(tx, OPENING, cash.currency);
  const difference = money(cash.minor + opened.minor, cash.currency);
  if (difference.minor === 0) return;
  const number = (await countEntries(tx, 'opening')) + 1;
  await post(deps, tx, {
    key: `opening:${cash.currency}:${number}`, kind: 'opening', memo: 'Opening cash', ref: { kind: 'settings', id: 'opening-cash' }, at: deps.ctx.clock.now(),
    lines: [{ account: CASH, amount: difference }, { account: OPENING, amount: money(-difference.minor, cash.currency) }],
  });
}
