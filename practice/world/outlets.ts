import type { Outlet } from './types.ts';

/** A part of an outlet's offers: their share, and price over market price (mean and spread). */
export type MarginMix = readonly (readonly [share: number, mean: number, spread: number])[];

/** How often identifiers are printed wrongly, in thousandths; the rest are right. */
export interface IdDamage {
  readonly absent: number;
  readonly lostZero: number;
  readonly lostCheck: number;
  readonly exponent: number;
  readonly typo: number;
  readonly dashes: number;
  /** Another product's identifier. */
  readonly wrong: number;
}

export interface OutletProfile extends Outlet {
  readonly offerCount: number;
  readonly language: 'en' | 'dz' | 'eu';
  readonly margins: MarginMix;
  readonly damage: IdDamage;
  /** Chance that an offer is for something whose price is falling: what clearance shops are full of. */
  readonly falling: number;
  /** Chance that a struck-out price is shown. */
  readonly strikes: number;
  /** Chance, per restocking, that the page says in stock and the checkout does not. */
  readonly phantom: number;
  /** Most units after a restocking; typical is a third. */
  readonly deepestStock: number;
  readonly used: number;
}

const CLEAN: IdDamage = { absent: 120, lostZero: 60, lostCheck: 20, exponent: 5, typo: 15, dashes: 30, wrong: 10 };
const SLOPPY: IdDamage = { absent: 260, lostZero: 110, lostCheck: 50, exponent: 20, typo: 30, dashes: 50, wrong: 20 };
const SPREADSHEET: IdDamage = { absent: 50, lostZero: 230, lostCheck: 60, exponent: 60, typo: 20, dashes: 20, wrong: 10 };

/** DZD centimes for a US cent, when a dollar costs 150 DA at the counter. */
export const DZD_PER_USD = 150;

export const OUTLETS: readonly OutletProfile[] = [
  {
    id: 'harbor-clearance', kind: 'woocommerce', name: 'Harbor Clearance', currency: 'USD', country: 'US', shippingMinor: 799, freeShippingFromMinor: 15_000, deliveryDays: [2, 5], offerCount: 1_600, language: 'en',
    margins: [[0.5, 0.9, 0.14], [0.3, 0.72, 0.12], [0.2, 0.44, 0.1]], damage: SLOPPY, falling: 0.3, strikes: 0.85, phantom: 0.06, deepestStock: 14, used: 0,
  },
  {
    id: 'maplecart', kind: 'woocommerce', name: 'Maplecart', currency: 'USD', country: 'US', shippingMinor: 599, freeShippingFromMinor: 6_000, deliveryDays: [2, 6], offerCount: 2_400, language: 'en',
    margins: [[0.8, 1.02, 0.12], [0.13, 0.76, 0.1], [0.07, 0.46, 0.1]], damage: CLEAN, falling: 0.08, strikes: 0.45, phantom: 0.03, deepestStock: 40, used: 0,
  },
  {
    id: 'dar-el-hanout', kind: 'woocommerce', name: 'Dar El Hanout', currency: 'DZD', country: 'DZ', shippingMinor: 60_000, freeShippingFromMinor: null, deliveryDays: [1, 4], offerCount: 900, language: 'dz',
    margins: [[0.85, 1.2, 0.18], [0.15, 0.8, 0.15]], damage: SLOPPY, falling: 0.05, strikes: 0.3, phantom: 0.07, deepestStock: 20, used: 0,
  },
  {
    id: 'ouedkniss', kind: 'ouedkniss', name: 'Ouedkniss', currency: 'DZD', country: 'DZ', shippingMinor: 0, freeShippingFromMinor: null, deliveryDays: [1, 7], offerCount: 3_000, language: 'dz',
    margins: [[0.7, 1.05, 0.25], [0.3, 0.6, 0.2]], damage: { ...SLOPPY, absent: 930, wrong: 5 }, falling: 0.1, strikes: 0.06, phantom: 0.2, deepestStock: 2, used: 0.45,
  },
  {
    id: 'brightshelf', kind: 'html-shop', name: 'Brightshelf', currency: 'USD', country: 'US', shippingMinor: 695, freeShippingFromMinor: 5_000, deliveryDays: [3, 7], offerCount: 1_200, language: 'en',
    margins: [[0.82, 1, 0.12], [0.12, 0.74, 0.1], [0.06, 0.45, 0.1]], damage: CLEAN, falling: 0.08, strikes: 0.4, phantom: 0.03, deepestStock: 30, used: 0,
  },
  {
    id: 'corner-outlet', kind: 'html-shop', name: 'Corner Outlet', currency: 'USD', country: 'US', shippingMinor: 850, freeShippingFromMinor: 9_900, deliveryDays: [3, 8], offerCount: 1_000, language: 'en',
    margins: [[0.6, 0.92, 0.15], [0.28, 0.7, 0.12], [0.12, 0.45, 0.1]], damage: SLOPPY, falling: 0.2, strikes: 0.8, phantom: 0.06, deepestStock: 12, used: 0,
  },
  {
    id: 'atlantic-supply', kind: 'price-list', name: 'Atlantic Supply', currency: 'USD', country: 'US', shippingMinor: 1_500, freeShippingFromMinor: 50_000, deliveryDays: [4, 9], offerCount: 4_000, language: 'en',
    margins: [[0.62, 0.82, 0.1], [0.28, 0.68, 0.08], [0.1, 0.48, 0.08]], damage: SPREADSHEET, falling: 0.08, strikes: 0, phantom: 0.04, deepestStock: 400, used: 0,
  },
  {
    id: 'nordhandel', kind: 'price-list', name: 'Nordhandel Grossist', currency: 'USD', country: 'US', shippingMinor: 2_500, freeShippingFromMinor: 75_000, deliveryDays: [5, 12], offerCount: 4_000, language: 'eu',
    margins: [[0.66, 0.84, 0.1], [0.25, 0.68, 0.08], [0.09, 0.47, 0.08]], damage: SPREADSHEET, falling: 0.08, strikes: 0, phantom: 0.04, deepestStock: 600, used: 0,
  },
];
