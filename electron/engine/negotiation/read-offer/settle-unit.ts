/** Settles what a number stands for. In Algeria prices are talked of in centimes: a million of them is 10,000 DA, and `60 mille` may be 600 DA; the price on the table tells. */
import { exponentOf, money, type Currency, type Money } from '#kernel/money.ts';
import type { FoundAmount } from './find-amounts.ts';

export type UnitProblem = 'doubtful-unit' | 'out-of-range' | 'no-currency';
export type Settled = { readonly ok: true; readonly amount: Money } | { readonly ok: false; readonly reason: UnitProblem };

export interface UnitContext {
  readonly expected: Currency | null;
  /** The price on the table, in major units of `expected`. */
  readonly reference: number | null;
}

const DINARS: Readonly<Record<FoundAmount['scale'], readonly number[]>> = { plain: [1, 1_000, 10_000], mille: [1_000, 10], million: [10_000], milliard: [10_000_000] };
const PLAIN: Readonly<Record<FoundAmount['scale'], readonly number[]>> = { plain: [1], mille: [1_000], million: [1_000_000], milliard: [1_000_000_000] };

/** Nobody counters further from the price on the table; beyond it the number means something else. */
const NEAREST = 0.3;
const FURTHEST = 2.5;
/** Without any price on the table, a bare number of dinars below this may be thousands or millions. */
const SURE_DINARS = 1_000;

function multipliersOf(found: FoundAmount, currency: Currency): readonly number[] {
  if (found.centimes) return [found.scale === 'plain' ? 0.01 : found.scale === 'mille' ? 10 : found.scale === 'million' ? 10_000 : 10_000_000];
  if (currency !== 'DZD') return PLAIN[found.scale];
  return found.scale === 'plain' && found.currency === 'DZD' ? [1] : DINARS[found.scale];
}

function toMoney(major: number, currency: Currency): Settled {
  const minor = Math.round(major * 10 ** exponentOf(currency));
  return Number.isSafeInteger(minor) && minor > 0 ? { ok: true, amount: money(minor, currency) } : { ok: false, reason: 'out-of-range' };
}

export function settleUnit(found: FoundAmount, { expected, reference }: UnitContext): Settled {
  const currency = found.currency ?? expected;
  if (currency === null) return { ok: false, reason: 'no-currency' };
  const choices = multipliersOf(found, currency).map((m) => found.value * m);
  if (reference === null || currency !== expected) {
    if (currency === 'DZD' && found.scale === 'plain' && found.currency === null && !found.centimes && found.value < SURE_DINARS) return { ok: false, reason: 'doubtful-unit' };
    return toMoney(choices[0]!, currency);
  }
  const fitting = choices.filter((c) => c / reference >= NEAREST && c / reference <= FURTHEST);
  if (fitting.length === 1) return toMoney(fitting[0]!, currency);
  if (fitting.length > 1) return { ok: false, reason: 'doubtful-unit' };
  return { ok: false, reason: choices.length > 1 ? 'doubtful-unit' : 'out-of-range' };
}
