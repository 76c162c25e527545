import { exponentOf, money, parseDecimal, type Money } from '#kernel/money.ts';

/** A vendor's decimal number in major units (`12.4`) as money; null where it has more digits than the currency, so that no loss is silent. */
export function moneyFromNumber(amount: number, currency: string): Money | null {
  if (!Number.isFinite(amount) || !/^[A-Z]{3}$/.test(currency)) return null;
  const scaled = amount * 10 ** exponentOf(currency);
  const minor = Math.round(scaled);
  return Number.isSafeInteger(minor) && Math.abs(scaled - minor) < 1e-6 * Math.max(1, Math.abs(scaled)) ? money(minor, currency) : null;
}

/** A vendor's decimal text in major units (`"12.40"`) as money; null for anything else. */
export function moneyFromText(amount: string, currency: string): Money | null {
  return /^[A-Z]{3}$/.test(currency) ? parseDecimal(amount.trim(), currency) : null;
}

/** The major-unit number that a vendor's JSON wants. Exact to the currency's digits. */
export function numberOf(amount: Money): number {
  return Number((amount.minor / 10 ** exponentOf(amount.currency)).toFixed(exponentOf(amount.currency)));
}
