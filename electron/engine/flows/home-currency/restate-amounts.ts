import type { HomeCurrencyProposal } from '#contract/home-currency.ts';
import type { Business, Limits } from '#contract/settings.ts';
import { convert, rateOf, type Currency, type Money, type Rate } from '#kernel/money.ts';

type SetRate = Business['rates'][number];

export interface Restated {
  readonly business: Business;
  readonly limits: Limits;
  /** Every amount that was converted. */
  readonly amounts: HomeCurrencyProposal['amounts'];
}

/** As many digits as a rate may have. */
const DIGITS = 6;

/** A number as a rate's text: at most six digits after the point, and as many before it as there are. */
const asText = (value: number): string => value.toFixed(DIGITS).replace(/\.?0+$/, '');

/** A rate of the old home currency to a third one, through `given`, as a rate of the new home currency: stated the way round that keeps most digits. */
function through(known: SetRate, given: SetRate, old: Currency): SetRate {
  const other = known.from === old ? known.to : known.from;
  const perOld = known.from === old ? Number(known.rate) : 1 / Number(known.rate);
  const newPerOld = Number(given.rate);
  const perNew = perOld / newPerOld;
  const [from, to, value] = perNew >= 1 ? [given.to, other, perNew] : [other, given.to, 1 / perNew];
  return {
    from, to, kind: known.kind, rate: asText(value), asOf: known.asOf < given.asOf ? known.asOf : given.asOf,
    source: `worked out through ${old}: ${known.source} (${known.asOf}); ${given.source} (${given.asOf})`.slice(0, 400),
  };
}

const touches = (rate: Pick<SetRate, 'from' | 'to'>, currency: Currency) => rate.from === currency || rate.to === currency;
const samePair = (a: SetRate, b: SetRate) => a.kind === b.kind && touches(a, b.from) && touches(a, b.to);

/** Those of the new home currency stay, `given` among them; those of the old one are worked out where the new one has none of its own. Rates between two others are of no use and go. */
function restateRates(rates: readonly SetRate[], given: SetRate, old: Currency): SetRate[] {
  const kept = [...rates.filter((rate) => touches(rate, given.to) && !samePair(rate, given)), given];
  const derived = rates.filter((rate) => touches(rate, old) && !touches(rate, given.to)).map((rate) => through(rate, given, old));
  return [...kept, ...derived.filter((rate) => !kept.some((other) => samePair(other, rate)))];
}

/** Limits and facts of the business in another home currency: each amount at the given rate, to its nearest minor unit. @param given one unit of the home currency of today in the new one */
export function restateAmounts(business: Business, limits: Limits, given: SetRate): Restated {
  const old = business.homeCurrency;
  const rate: Rate = rateOf(old, given.to, given.rate);
  const amounts: Restated['amounts'] = [];
  const at = <T extends Money | null>(field: string, before: T): T => {
    if (before === null) return before;
    const after = convert(before, rate);
    amounts.push({ field, before, after });
    return after as T;
  };
  const of = (field: keyof Limits & ('perPurchase' | 'perDay' | 'perWeek' | 'perMonth' | 'perSellerPerDay' | 'perCategoryPerMonth' | 'perSourcePerMonth' | 'twoPersonAbove')) => at(`limits.${field}`, limits[field]);
  const newLimits: Limits = {
    ...limits, perPurchase: of('perPurchase'), perDay: of('perDay'), perWeek: of('perWeek'), perMonth: of('perMonth'), perSellerPerDay: of('perSellerPerDay'), perCategoryPerMonth: of('perCategoryPerMonth'),
    perSourcePerMonth: of('perSourcePerMonth'), minProfit: at('limits.minProfit', limits.minProfit), cashReserve: at('limits.cashReserve', limits.cashReserve), twoPersonAbove: of('twoPersonAbove'),
  };
  const newBusiness: Business = {
    ...business, homeCurrency: given.to, prepPerUnit: at('business.prepPerUnit', business.prepPerUnit),
    outboundShipping: { base: at('business.outboundBase', business.outboundShipping.base), perKg: at('business.outboundPerKg', business.outboundShipping.perKg) },
    openingCash: at('business.openingCash', business.openingCash), rates: restateRates(business.rates, given, old),
  };
  return { business: newBusiness, limits: newLimits, amounts };
}
