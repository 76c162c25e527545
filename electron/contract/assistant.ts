import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, instantSchema, moneySchema, pageInput, pageOf, reasonSchema } from './shared.ts';

/** What a language model is asked for. */
export const aiPurpose = z.enum(['opinion', 'match', 'extract', 'negotiate', 'describe', 'reply']);
export type AiPurpose = z.infer<typeof aiPurpose>;
export const aiVendor = z.enum(['openai', 'anthropic']);

/** What a million tokens cost, minor units. */
export const aiPriceSchema = z.strictObject({ inputPerMillionMinor: z.int().min(0).max(10_000_000), outputPerMillionMinor: z.int().min(0).max(10_000_000) });

export const aiSettingsSchema = z.strictObject({
  provider: z.enum(['off', 'openai', 'anthropic']),
  /** By provider; the one of a provider that is not chosen is kept. */
  models: z.strictObject({ openai: z.string().trim().min(1).max(120), anthropic: z.string().trim().min(1).max(120) }),
  /** Another server that speaks OpenAI's protocol, such as `http://127.0.0.1:11434/v1`; null: OpenAI's own. */
  baseUrl: z.url({ protocol: /^https?$/ }).max(300).nullable(),
  /** Most that may be spent in a UTC day, in the price card's currency. */
  budgetPerDay: moneySchema,
  /** Stands above the price card; null: as the card says. */
  ownPrice: aiPriceSchema.nullable(),
  /** What it may be asked for. */
  purposes: z.array(aiPurpose).max(6),
});
export type AiSettings = z.infer<typeof aiSettingsSchema>;

/** An amount too small for whole minor units: millionths of one. */
const microSchema = z.int().min(0);

export const aiOutcome = z.enum(['asked', 'answered', 'cached', 'replayed', 'invalid', 'refused', 'failed', 'over-budget']);

export const aiCallRow = z.strictObject({
  id: z.string(), purpose: aiPurpose, subject: z.string().nullable(), vendor: aiVendor, model: z.string(), promptVersion: z.string(),
  outcome: aiOutcome, detail: reasonSchema.nullable(), inputTokens: z.int(), outputTokens: z.int(),
  /** Millionths of a minor unit. While it is asked: the most that it can cost. */
  costMicro: microSchema, currency: z.string(), priceCard: z.string(), latencyMs: z.int(), at: instantSchema,
  /** Its input was kept, so that it can be asked again. */
  replayable: z.boolean(),
});
export type AiCallRow = z.infer<typeof aiCallRow>;

export const aiCallDetail = aiCallRow.extend({
  inputHash: z.string(),
  /** What was sent; null where it held a person's words, which are not kept. */
  request: z.strictObject({ instructions: z.string(), data: z.string(), schemaName: z.string() }).nullable(),
  answer: z.unknown().nullable(),
  answeredBy: z.string().nullable(),
});

/** `ready`, or why no question is asked. */
export const aiState = z.enum(['ready', 'off', 'no-account', 'no-price', 'over-budget', 'kill-switch']);

export const aiStatus = z.strictObject({
  state: aiState, provider: aiSettingsSchema.shape.provider, model: z.string().nullable(),
  price: aiPriceSchema.extend({ source: z.string(), version: z.string() }).nullable(), currency: z.string(),
  today: z.strictObject({ spentMicro: microSchema, budget: moneySchema, asked: z.int(), cached: z.int(), unanswered: z.int() }),
  /** The last 30 days with a question, newest first. */
  days: z.array(z.strictObject({ day: z.string(), spentMicro: microSchema, asked: z.int(), cached: z.int(), unanswered: z.int() })),
  purposes: z.array(z.strictObject({ purpose: aiPurpose, spentMicro: microSchema, asked: z.int(), cached: z.int() })),
  knownModels: z.array(aiPriceSchema.extend({ vendor: aiVendor, model: z.string(), source: z.string() })),
});

/** One field that differs; `before` is as recorded. */
export const aiDifference = z.strictObject({ path: z.string(), before: z.unknown(), after: z.unknown() });

const versioned = z.strictObject({ value: aiSettingsSchema, version: z.int(), updatedAt: instantSchema });
const conflict = { CONFLICT: { status: 409, message: 'Somebody changed this meanwhile: look at it again.', data: z.strictObject({ version: z.int() }) } } as const;
const offline = { AI_OFFLINE: { status: 503, message: 'No language model can be asked now.', data: z.strictObject({ reason: reasonSchema }) } } as const;

export const assistantContract = {
  settings: oc.route({ method: 'GET', path: '/assistant/settings' }).output(versioned),
  setSettings: oc.route({ method: 'PUT', path: '/assistant/settings' }).errors({ ...commonErrors, ...conflict }).input(z.strictObject({ value: aiSettingsSchema, version: z.int() })).output(versioned),
  status: oc.route({ method: 'GET', path: '/assistant/status' }).output(aiStatus),
  /** Newest first. */
  calls: oc.route({ method: 'GET', path: '/assistant/calls' }).errors(commonErrors).input(z.strictObject({ purpose: aiPurpose.optional(), outcome: aiOutcome.optional(), subject: z.string().max(100).optional(), ...pageInput })).output(pageOf(aiCallRow)),
  call: oc.route({ method: 'GET', path: '/assistant/calls/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(aiCallDetail),
  /**
   * `recorded`: proves that the record is whole and shows the answer that was used then. `live`: asks the present model with the recorded input, within the budget, and shows what
   * differs. Neither changes a decision.
   */
  replay: oc.route({ method: 'POST', path: '/assistant/calls/{id}/replay' }).errors({ ...commonErrors, ...offline }).input(z.strictObject({ id: z.string(), mode: z.enum(['recorded', 'live']) })).output(z.strictObject({
    /** The recorded input has the hash that was recorded with it. */
    whole: z.boolean(), model: z.string(), answer: z.unknown().nullable(), differences: z.array(aiDifference), costMicro: microSchema, currency: z.string(),
  })),
};
