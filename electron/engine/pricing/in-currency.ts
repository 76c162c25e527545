import { allocate, convert, exponentOf, inverse, money, scaleMinor, type Money, type Rate } from '#kernel/money.ts';
import type { CompiledFees } from './compute-fees.ts';
import type { MarketForecast } from './estimate-profit.ts';
import type { FeeResult } from './types.ts';

const isOne = (rate: Rate) => rate.from === rate.to;

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** A rate between minor units as a fraction in its lowest terms: null where it does not fit whole-number arithmetic. */
function minorRatio(rate: Rate): { readonly numerator: number; readonly denominator: number } | null {
  const up = exponentOf(rate.to) - exponentOf(rate.from);
  const [n, d] = [rate.numerator * 10 ** Math.max(0, up), rate.denominator * 10 ** Math.max(0, -up)];
  if (!Number.isSafeInteger(n) || !Number.isSafeInteger(d)) return null;
  const shared = gcd(n, d);
  return { numerator: n / shared, denominator: d / shared };
}

/** `convert` of whole minor units, many times over: the same answers, without BigInt where numbers carry them exactly. */
export function minorConverter(rate: Rate, rounding: 'half-even' | 'up'): (minor: number) => number {
  const ratio = minorRatio(rate);
  const exactly = (minor: number) => convert(money(minor, rate.from), rate, rounding).minor;
  if (!ratio) return exactly;
  const { numerator, denominator } = ratio;
  return (minor) => {
    const product = minor * numerator;
    if (minor < 0 || product > Number.MAX_SAFE_INTEGER / 2) return scaleMinor(minor, numerator, denominator, rounding);
    const rest = product % denominator;
    const whole = (product - rest) / denominator;
    if (rest === 0) return whole;
    if (rounding === 'up') return whole + 1;
    return rest * 2 > denominator || (rest * 2 === denominator && whole % 2 === 1) ? whole + 1 : whole;
  };
}

/** The same forecast with its prices in another currency. A rate moves the level alone: spread, drift and season are shares of it. */
export function forecastIn(forecast: MarketForecast, rate: Rate): MarketForecast {
  if (isOne(rate)) return forecast;
  if (rate.from !== forecast.currency) throw new RangeError(`the rate is for ${rate.from}, the forecast in ${forecast.currency}`);
  const factor = (rate.numerator / rate.denominator) * 10 ** (exponentOf(rate.to) - exponentOf(rate.from));
  const { history, price } = forecast;
  const scaled = (value: number | null) => (value === null ? null : value * factor);
  return { ...forecast, currency: rate.to, history: { ...history, level: scaled(history.level), usual: scaled(history.usual), mean: scaled(history.mean) }, price: { ...price, logLevel: price.logLevel + Math.log(factor) } };
}

/** A price beyond this in the card's currency is not asked after. */
const MOST_CARD_MINOR = 40_000_000_000;

/**
 * A card's fees for prices in another currency: the card is applied in its own, and what it takes is rounded up. Lines add up to the total.
 * @param rate from the card's currency
 */
export function feesIn(fees: CompiledFees, rate: Rate): CompiledFees {
  if (isOne(rate)) return fees;
  const back = inverse(rate);
  const toCard = minorConverter(back, 'half-even');
  const home = minorConverter(rate, 'up');
  const asHome = (amount: Money | null): Money | null => amount && convert(amount, rate);
  const cardPrice = (minor: number) => Math.min(MOST_CARD_MINOR, toCard(minor));
  return {
    totalMinor: (minor) => home(fees.totalMinor(cardPrice(minor))),
    buyerShippingMinor: convert(money(fees.buyerShippingMinor, rate.from), rate, 'down').minor,
    at: (price): FeeResult => {
      if (price.currency !== rate.to) throw new RangeError(`the fees are in ${rate.to}, not ${price.currency}`);
      const result = fees.at(money(cardPrice(price.minor), rate.from));
      const total = money(home(result.total.minor), rate.to);
      const shares = result.total.minor === 0 ? result.lines.map(() => money(0, rate.to)) : allocate(total, result.lines.map((line) => line.amount.minor));
      return { ...result, total, lines: result.lines.map((line, i) => ({ ...line, amount: shares[i]!, basis: asHome(line.basis) })) };
    },
  };
}
