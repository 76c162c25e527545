import { oc } from '@orpc/contract';
import { z } from 'zod';
import { basisPointsSchema, commonErrors, instantSchema, moneySchema } from './shared.ts';

/** What the program may spend and on what. Null is no limit. Amounts are in the home currency. */
export const limitsSchema = z.strictObject({
  perPurchase: moneySchema.nullable(),
  perDay: moneySchema.nullable(),
  /** From Monday, UTC. */
  perWeek: moneySchema.nullable().default(null),
  /** Of the calendar, UTC. */
  perMonth: moneySchema.nullable().default(null),
  perSellerPerDay: moneySchema.nullable(),
  perCategoryPerMonth: moneySchema.nullable().default(null),
  perSourcePerMonth: moneySchema.nullable().default(null),
  minProfit: moneySchema,
  minRoiBp: basisPointsSchema,
  /** How sure the estimate has to be. */
  minConfidenceBp: basisPointsSchema.min(0).max(10_000).default(0),
  maxLossChanceBp: basisPointsSchema,
  maxDaysToSell: z.int().min(1).max(3650),
  cashReserve: moneySchema,
  blockedBrands: z.array(z.string().min(1).max(120)).max(5_000),
  blockedCategories: z.array(z.string().min(1).max(120)).max(500),
  /** A rise in price above this share of the approved price stops the purchase and asks again. */
  priceDriftBp: basisPointsSchema.min(0).max(10_000),
  /** Fees of selling that rose above this share of the approved ones stop the purchase and ask again. */
  feeDriftBp: basisPointsSchema.min(0).max(10_000).default(500),
  approvalHours: z.int().min(1).max(720),
  /** What may cost more than this needs the consent of two persons. Null: one is enough. */
  twoPersonAbove: moneySchema.nullable().default(null),
});
export type Limits = z.infer<typeof limitsSchema>;

/** Facts of the business that the arithmetic needs. */
export const businessSchema = z.strictObject({
  homeCurrency: z.string().regex(/^[A-Z]{3}$/),
  /** Where goods are delivered to and sent from. */
  address: z.strictObject({
    firstName: z.string().max(80), lastName: z.string().max(80), line1: z.string().max(120), line2: z.string().max(120), city: z.string().max(80),
    state: z.string().max(80), postcode: z.string().max(20), country: z.string().regex(/^[A-Z]{2}$/), phone: z.string().max(30), email: z.string().max(120),
  }),
  ebayStore: z.enum(['none', 'starter', 'basic', 'premium', 'anchor', 'enterprise']),
  prepPerUnit: moneySchema,
  outboundShipping: z.strictObject({ base: moneySchema, perKg: moneySchema }),
  purchaseTaxBp: basisPointsSchema.min(0).max(5_000),
  payoutDelayDays: z.int().min(0).max(60),
  /** Rates to the home currency, with where each comes from and its day. */
  rates: z.array(z.strictObject({ from: z.string(), to: z.string(), kind: z.enum(['official', 'parallel']), rate: z.string(), source: z.string(), asOf: z.string() })).max(200),
  rateKind: z.enum(['official', 'parallel']),
  openingCash: moneySchema,
  /** Told to the shops that are read, in the name that the program gives itself: an e-mail address or a page. Null: they are told none. */
  contact: z.string().trim().regex(/^[\x21-\x7e]{3,120}$/).nullable().default(null),
});
export type Business = z.infer<typeof businessSchema>;

export const appearanceSchema = z.strictObject({
  scheme: z.enum(['light', 'dark', 'auto']),
  density: z.enum(['normal', 'compact']),
  locale: z.enum(['en', 'fr', 'ar']),
});
export type Appearance = z.infer<typeof appearanceSchema>;

const versioned = <T extends z.ZodType>(value: T) => z.strictObject({ value, version: z.int(), updatedAt: instantSchema });

/** Connections to vendors. A secret goes to the keychain and never comes back: only whether it is there. */
export const connectionView = z.strictObject({
  id: z.enum(['keepa', 'amazon-sp-api', 'ebay', 'reverb', 'bookscouter', 'tcgplayer', 'tcgcsv', 'woocommerce', 'etsy', 'shopify', 'openai', 'anthropic', 'telegram', 'stripe', 'paypal', 'chargily', 'paynow', 'ecocash', 'email', 'twilio']),
  name: z.string(),
  baseUrl: z.string(),
  fields: z.array(z.strictObject({ name: z.string(), label: z.string(), secret: z.boolean(), present: z.boolean() })),
  state: z.enum(['not-connected', 'connected', 'failing', 'practice']),
  lastCheckedAt: instantSchema.nullable(),
  lastError: z.string().nullable(),
});

const conflict = { CONFLICT: { status: 409, message: 'Somebody changed this meanwhile: look at it again.', data: z.strictObject({ version: z.int() }) } } as const;
const keychain = { KEYCHAIN_UNAVAILABLE: { status: 503, message: 'The keychain of this computer cannot be used.', data: z.strictObject({ reason: z.string() }) } } as const;

export const settingsContract = {
  limits: oc.route({ method: 'GET', path: '/settings/limits' }).output(versioned(limitsSchema)),
  setLimits: oc.route({ method: 'PUT', path: '/settings/limits' }).errors({ ...commonErrors, ...conflict }).input(z.strictObject({ value: limitsSchema, version: z.int() })).output(versioned(limitsSchema)),
  business: oc.route({ method: 'GET', path: '/settings/business' }).output(versioned(businessSchema)),
  setBusiness: oc.route({ method: 'PUT', path: '/settings/business' }).errors({ ...commonErrors, ...conflict }).input(z.strictObject({ value: businessSchema, version: z.int() })).output(versioned(businessSchema)),
  appearance: oc.route({ method: 'GET', path: '/settings/appearance' }).output(versioned(appearanceSchema)),
  setAppearance: oc.route({ method: 'PUT', path: '/settings/appearance' }).errors({ ...commonErrors, ...conflict }).input(z.strictObject({ value: appearanceSchema, version: z.int() })).output(versioned(appearanceSchema)),
  connections: oc.route({ method: 'GET', path: '/connections' }).output(z.array(connectionView)),
  /** Stores what is given (an empty text removes it) and checks the connection with one harmless call. */
  setConnection: oc.route({ method: 'PUT', path: '/connections/{id}' }).errors({ ...commonErrors, ...keychain })
    .input(z.strictObject({ id: connectionView.shape.id, values: z.record(z.string(), z.string().max(4_000)) })).output(connectionView),
  checkConnection: oc.route({ method: 'POST', path: '/connections/{id}/check' }).errors({ ...commonErrors, ...keychain }).input(z.strictObject({ id: connectionView.shape.id })).output(connectionView),
};
