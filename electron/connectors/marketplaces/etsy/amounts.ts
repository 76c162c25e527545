import { exponentOf, money, type Money } from '#kernel/money.ts';
import type { EtsyMoney } from './schema.ts';

/** An amount that the currency's digits cannot hold. */
export class StrangeAmount extends Error {}

/** Etsy writes whole numbers and what to divide them by. @throws StrangeAmount */
export function readAmount({ amount, divisor, currency_code: currency }: EtsyMoney, field: string): Money {
  const scaled = (amount * 10 ** exponentOf(currency)) / divisor;
  if (!/^[A-Z]{3}$/.test(currency) || !Number.isSafeInteger(scaled)) throw new StrangeAmount(`${field}: ${amount}/${divisor} ${currency} is no amount`);
  return money(scaled, currency);
}
