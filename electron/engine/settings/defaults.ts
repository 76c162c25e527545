import type { Appearance, Business, Limits } from '#contract/settings.ts';

/** Careful limits to begin with: small purchases, clear profit. In US dollars. */
export const DEFAULT_LIMITS: Limits = {
  perPurchase: { minor: 50_000, currency: 'USD' },
  perDay: { minor: 150_000, currency: 'USD' },
  perWeek: null,
  perMonth: null,
  perSellerPerDay: { minor: 100_000, currency: 'USD' },
  perCategoryPerMonth: null,
  perSourcePerMonth: null,
  minProfit: { minor: 300, currency: 'USD' },
  minRoiBp: 2_000,
  minConfidenceBp: 2_500,
  maxLossChanceBp: 2_500,
  maxDaysToSell: 60,
  cashReserve: { minor: 50_000, currency: 'USD' },
  blockedBrands: [],
  blockedCategories: [],
  priceDriftBp: 200,
  feeDriftBp: 500,
  approvalHours: 48,
  twoPersonAbove: null,
};

/** The business before the person has said anything: rates are dated and named so that nobody takes them for today's. */
export const DEFAULT_BUSINESS: Business = {
  homeCurrency: 'USD',
  address: { firstName: '', lastName: '', line1: '', line2: '', city: '', state: '', postcode: '', country: 'US', phone: '', email: '' },
  ebayStore: 'none',
  prepPerUnit: { minor: 75, currency: 'USD' },
  outboundShipping: { base: { minor: 420, currency: 'USD' }, perKg: { minor: 240, currency: 'USD' } },
  purchaseTaxBp: 0,
  payoutDelayDays: 3,
  rates: [
    { from: 'USD', to: 'DZD', kind: 'official', rate: '130.5', source: 'assumption of this program, not looked up: set your own', asOf: '2026-11-01' },
    { from: 'USD', to: 'DZD', kind: 'parallel', rate: '238', source: 'assumption of this program, not looked up: set your own', asOf: '2026-11-01' },
  ],
  rateKind: 'parallel',
  openingCash: { minor: 0, currency: 'USD' },
  contact: null,
};

export const DEFAULT_APPEARANCE: Appearance = { scheme: 'auto', density: 'normal', locale: 'en' };

/** The simulated business of the practice market: an address that its shops deliver to, and money to spend. */
export const PRACTICE_BUSINESS: Business = {
  ...DEFAULT_BUSINESS,
  address: { firstName: 'Practice', lastName: 'Reseller', line1: '1 Practice Street', line2: '', city: 'Columbus', state: 'OH', postcode: '43004', country: 'US', phone: '6145550100', email: 'reseller@practice.example' },
  openingCash: { minor: 1_000_000, currency: 'USD' },
  // what the practice carrier and the practice bureau charge
  outboundShipping: { base: { minor: 520, currency: 'USD' }, perKg: { minor: 300, currency: 'USD' } },
  rates: (['official', 'parallel'] as const).map((kind) => ({ from: 'USD', to: 'DZD', kind, rate: '150', source: 'practice market', asOf: '2026-09-01' })),
};

/** What the practice bureau gives for a dollar, where another home currency is practised in: round figures of the simulated market, and no rates of any day. */
export const PRACTICE_RATES: Business['rates'] = Object.entries({ EUR: '0.92', GBP: '0.79', NGN: '1500', ZWG: '27', MAD: '10', TND: '3.1', EGP: '48', KES: '130', ZAR: '18', XOF: '600', CAD: '1.37', AUD: '1.52', CHF: '0.88', JPY: '150', KWD: '0.307', TRY: '34' })
  .map(([to, rate]) => ({ from: 'USD', to, kind: 'official' as const, rate, source: 'practice market', asOf: '2026-09-01' }));
