import { convert, inverse, type Currency, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { BUSINESS, homeRate, readSetting } from '../settings/index.ts';

/** A person has to set a rate first. */
export class NoRate extends Error {
  override readonly name = 'NoRate';
}

/** Turns amounts of the home currency (costs, postage, estimates) into an order's, so that a line's profit is of one currency. The books keep the home amount. */
export async function fromHome(tx: Tx, currency: Currency): Promise<(amount: Money) => Money> {
  const business = (await readSetting(tx, BUSINESS)).value;
  const rate = homeRate(business, currency);
  return (amount) => {
    if (amount.currency === currency) return amount;
    if (!rate || amount.currency !== business.homeCurrency) throw new NoRate(`there is no rate from ${amount.currency} to ${currency}: set one`);
    return convert(amount, inverse(rate.rate));
  };
}
