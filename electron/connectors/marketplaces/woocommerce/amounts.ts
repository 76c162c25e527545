import { exponentOf, money, type Money } from '#kernel/money.ts';

/** A shop's minor-unit text as money. A shop prints as many digits as it likes (whole dinars: 0), which need not be the currency's. */
export function amountOf(text: string, unit: { readonly currency_code: string; readonly currency_minor_unit: number }): Money {
  const digits = exponentOf(unit.currency_code) - unit.currency_minor_unit;
  const minor = Number(text);
  if (digits >= 0) return money(minor * 10 ** digits, unit.currency_code);
  // More digits than the currency has: rounded up, so that nothing is ever held to be cheaper than it is.
  return money(Math.ceil(minor / 10 ** -digits), unit.currency_code);
}
