import type { Business } from '#contract/settings.ts';
import type { Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { CASH, sumAccounts } from '../ledger/index.ts';
import { homeSum } from '../settings/index.ts';

/** The cash that can be spent, whatever it is in: what channels paid out in another currency is money too. Rounded down; cash that no rate is known of does not count. */
export async function cashAtHome(tx: Tx, business: Business): Promise<Money> {
  return homeSum(business, (await sumAccounts(tx, [CASH])).map((line) => line.amount), 'down').sum;
}
