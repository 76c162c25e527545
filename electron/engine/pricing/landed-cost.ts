import { allocate, convert, money, multiply, percentOf, sum, type Money } from '#kernel/money.ts';
import type { CostLine, LandedCost, LandedCostInput } from './types.ts';

type Code = CostLine['code'];

/** Rounds up when it converts: a cost is never understated. @throws RangeError when a rate is needed and missing, or is for another pair. */
function toHome(amount: Money, input: LandedCostInput): Money {
  if (amount.currency === input.homeCurrency) return amount;
  if (!input.rate) throw new RangeError(`no exchange rate from ${amount.currency} to ${input.homeCurrency}`);
  return convert(amount, input.rate.rate, 'up');
}

/** What the seller charges for sending the lot; null where nobody says. */
export function lotShipping({ shippingIn, unitPrice, quantity }: Pick<LandedCostInput, 'shippingIn' | 'unitPrice' | 'quantity'>): Money | null {
  if (!shippingIn) return null;
  const { amount, freeFrom } = shippingIn;
  return freeFrom && unitPrice.minor * quantity >= freeFrom.minor ? money(0, amount.currency) : amount;
}

interface Draft { code: Code; original: Money; rateBp: number | null; source: string; counted: boolean }

function drafts(input: LandedCostInput, saleUnits: number): Draft[] {
  const goods = multiply(input.unitPrice, input.quantity);
  const lines: Draft[] = [{ code: 'cost.goods', original: goods, rateBp: null, source: input.priceSource, counted: true }];
  if (input.freight) lines.push({ code: 'cost.freight', original: input.freight.amount, rateBp: null, source: input.freight.source, counted: true });
  const home = () => sum(lines.map((line) => toHome(line.original, input)), input.homeCurrency);
  const shipping = lotShipping(input);
  if (input.shippingIn && shipping) lines.push({ code: 'cost.shipping-in', original: shipping, rateBp: null, source: input.shippingIn.source, counted: true });
  const share = (code: Code, part: { rateBp: number; fixed?: Money; source: string }, counted: boolean) => {
    const rated = percentOf(home(), part.rateBp, 'up');
    const original = part.fixed ? sum([rated, toHome(part.fixed, input)], input.homeCurrency) : rated;
    lines.push({ code, original, rateBp: part.rateBp, source: part.source, counted });
  };
  if (input.customs) share('cost.customs', input.customs, true);
  if (input.tax) share(input.tax.recoverable ? 'cost.tax-recoverable' : 'cost.tax', input.tax, !input.tax.recoverable);
  if (input.paymentFee) share('cost.payment-fee', input.paymentFee, true);
  if (input.prepPerSaleUnit) lines.push({ code: 'cost.prep', original: multiply(input.prepPerSaleUnit.amount, saleUnits), rateBp: null, source: input.prepPerSaleUnit.source, counted: true });
  return lines;
}

/** The largest integer share of `amount` over `units`. */
function perUnit(amount: Money, units: number): Money {
  return money(Math.ceil(amount.minor / units), amount.currency);
}

/**
 * What the lot costs until it can be sold, line by line in the home currency. Duty is taken of goods and shipping; tax of those and the duty; the payment's fee of all that
 * is paid before it (recoverable tax included: it is paid too). Every rounding is against the buyer.
 * @throws RangeError on quantities that are not whole and above zero, on pieces that make no sale unit, or without a needed exchange rate.
 */
export function landedCost(input: LandedCostInput): LandedCost {
  for (const count of [input.quantity, input.piecesPerPurchase, input.piecesPerSale]) {
    if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`quantities and pack sizes are whole numbers from 1, got ${count}`);
  }
  const pieces = input.quantity * input.piecesPerPurchase;
  const saleUnits = Math.floor(pieces / input.piecesPerSale);
  if (saleUnits === 0) throw new RangeError(`${pieces} pieces do not make one unit of ${input.piecesPerSale}`);
  const lines = drafts(input, saleUnits).map((draft): CostLine => {
    const lot = toHome(draft.original, input);
    return { ...draft, labelKey: `costs.${draft.code}`, lot, perUnit: perUnit(lot, saleUnits) };
  });
  const lot = sum(lines.filter((line) => line.counted).map((line) => line.lot), input.homeCurrency);
  const usesRate = lines.some((line) => line.original.currency !== input.homeCurrency) || [input.customs?.fixed, input.paymentFee?.fixed].some((fixed) => fixed && fixed.currency !== input.homeCurrency);
  return { lines, lot, saleUnits, leftoverPieces: pieces - saleUnits * input.piecesPerSale, perUnit: perUnit(lot, saleUnits), rate: usesRate ? (input.rate ?? null) : null };
}

/** The lot's cost over its units, to the last minor unit: what stock is booked at. */
export function shares(cost: LandedCost): Money[] {
  return allocate(cost.lot, Array.from({ length: cost.saleUnits }, () => 1));
}

/** The dearest purchase price (for one purchase unit, in the price's currency) whose landed cost for a sold unit is at most `ceiling`; null when even a free one costs more. */
export function priceForLandedCeiling(input: LandedCostInput, ceiling: Money): Money | null {
  const { shippingIn, ...unshipped } = input;
  if (!shippingIn?.freeFrom) return dearestWithin(input, ceiling);
  const free = dearestWithin(unshipped, ceiling);
  if (free && free.minor * input.quantity >= shippingIn.freeFrom.minor) return free;
  return dearestWithin({ ...unshipped, shippingIn: { amount: shippingIn.amount, source: shippingIn.source } }, ceiling);
}

/** Where shipping does not hang on the price, landed cost never falls as the price rises, so halving finds it. */
function dearestWithin(input: LandedCostInput, ceiling: Money): Money | null {
  const fits = (minor: number) => landedCost({ ...input, unitPrice: money(minor, input.unitPrice.currency) }).perUnit.minor <= ceiling.minor;
  if (ceiling.minor < 0 || !fits(0)) return null;
  let low = 0;
  let high = Math.max(1, input.unitPrice.minor);
  while (fits(high)) {
    low = high;
    high *= 2;
    if (high > 1e12) return money(low, input.unitPrice.currency);
  }
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return money(low, input.unitPrice.currency);
}

