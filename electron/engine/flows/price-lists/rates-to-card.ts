import type { Business } from '#contract/settings.ts';
import { homeRate } from '#engine/settings/index.ts';
import { inverse, type Currency } from '#kernel/money.ts';
import type { CardRate } from './card-rates.ts';

/** Of every currency that the desk has a rate for; the card's own is not among them. */
export function ratesToCard(business: Business, card: Currency): CardRate[] {
  const named = new Set([business.homeCurrency, ...business.rates.flatMap(({ from, to }) => [from, to])]);
  const ofCard = homeRate(business, card);
  return [...named].flatMap((currency) => {
    const own = homeRate(business, currency);
    if (currency === card || own === null || ofCard === null) return [];
    const used = [own, { ...ofCard, rate: inverse(ofCard.rate) }].filter(({ rate }) => rate.from !== rate.to);
    return [{ currency, through: used.map(({ rate }) => rate), kind: used.some(({ kind }) => kind === 'parallel') ? 'parallel' : 'official', source: [...new Set(used.map(({ source }) => source))].join(', '), asOf: used.map(({ asOf }) => asOf).toSorted()[0]! }];
  });
}
