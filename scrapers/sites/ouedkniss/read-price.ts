/** Prices on Ouedkniss: dinars, or millions and milliards of centimes, and often no price at all but a number that stands for none. */
import { money, type Money } from '#kernel/money.ts';
import { readPriceText } from '#kernel/price-text.ts';
import type { OuedknissAd } from './schema.ts';

/** Dinars in one unit. Prices are talked of in centimes: a million of them is ten thousand dinars. */
const UNITS: Readonly<Record<string, number>> = { UNIT: 1, DA: 1, DZD: 1, MILLION: 10_000, MILLIARD: 10_000_000, BILLION: 10_000_000 };

export type AdPrice = { readonly ok: true; readonly price: Money } | { readonly ok: false; readonly code: 'no-price' | 'doubtful-price' | 'joke-price'; readonly reason: string };

const no = (code: 'no-price' | 'doubtful-price' | 'joke-price', reason: string): AdPrice => ({ ok: false, code, reason });

/** Below this nothing is sold that is worth posting. */
const LEAST_DINARS = 50;

/** Numbers that sellers type to say "ask me": 1111, 1234, 9999, 123456, 1000000. */
export function isJokePrice(dinars: number): boolean {
  const text = String(dinars);
  if (dinars < LEAST_DINARS) return true;
  if (text.length >= 3 && [...text].every((d) => d === text[0])) return true;
  if ('123456789'.startsWith(text) && text.length >= 3) return true;
  if ('987654321'.startsWith(text) && text.length >= 3) return true;
  return text === '1000000' || text === '10000000' || text === '100000000' || text === '1000000000' || text === '12341234' || text === '123123';
}

/** The ad's price in centimes. The number and what the site shows beside it must agree, where both are there. */
export function readAdPrice(ad: OuedknissAd): AdPrice {
  const type = ad.priceType?.toUpperCase() ?? '';
  if (type === 'FREE' || type === 'OFFERED') return no('no-price', 'the seller gives it away or asks for offers');
  // The site writes `8,705 Millions`: its comma is a decimal point.
  const shown = ad.pricePreview === null ? null : readPriceText(ad.pricePreview, { expected: 'DZD', ...(/,\d{3}\s*mill?i/i.test(ad.pricePreview) ? { decimalSeparator: ',' as const } : {}) });
  if (ad.price === null || ad.price === undefined) {
    return shown?.amount ? no('doubtful-price', `the site shows "${ad.pricePreview}" but gives no number`) : no('no-price', 'the seller states no price');
  }
  if (!Number.isFinite(ad.price) || ad.price <= 0) return no('no-price', `the price is ${ad.price}`);
  const unit = UNITS[(ad.priceUnit ?? 'UNIT').toUpperCase()];
  if (unit === undefined) return no('doubtful-price', `unknown unit of price: ${ad.priceUnit}`);
  // Jokes are typed as they are, in any unit: 1111 millions is one too, 1.2 milliards is none.
  if (isJokePrice(ad.price) && (unit === 1 || ad.price >= 1_000)) return no('joke-price', `${ad.price} is a placeholder, not a price`);
  const dinars = ad.price * unit;
  if (isJokePrice(dinars)) return no('joke-price', `${dinars} DA is a placeholder, not a price`);
  if (shown !== null && shown.amount !== null && shown.currency === 'DZD' && !agrees(Number(shown.amount), dinars, ad)) return no('doubtful-price', `the price is ${ad.price} ${ad.priceUnit ?? ''} but the site shows "${ad.pricePreview}"`);
  const centimes = Math.round(dinars * 100);
  return Number.isSafeInteger(centimes) ? { ok: true, price: money(centimes, 'DZD') } : no('doubtful-price', `${dinars} DA is more than anything costs`);
}

/** The preview is either the whole amount, or (a bare number) the same number that `price` holds. */
function agrees(shown: number, dinars: number, ad: OuedknissAd): boolean {
  return Math.abs(shown - dinars) < 1 || (/^\s*[\d.,\s]+$/.test(ad.pricePreview ?? '') && shown === ad.price);
}
