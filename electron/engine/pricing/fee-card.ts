import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/**
 * How sure a figure is: `high` the vendor's own model or answer; `medium` transcribed from the vendor's page by others; `low` sources conflict, or the figure is an upper bound;
 * the worst of all parts is the confidence of a sum.
 */
export const confidenceSchema = z.enum(['high', 'medium', 'low']);
export type Confidence = z.infer<typeof confidenceSchema>;

const minor = z.int().min(0);
const basisPoints = z.int().min(0).max(100_000);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
/** What a share is taken of: the item's price alone, with the shipping that the buyer pays, or with sales tax too. */
const base = z.enum(['item', 'item+shipping', 'item+shipping+tax']);
export type FeeBase = z.infer<typeof base>;

const when = z.strictObject({
  categories: z.array(z.string()).min(1).optional(),
  storeLevels: z.array(z.enum(['none', 'starter', 'basic', 'premium', 'anchor', 'enterprise'])).min(1).optional(),
  fulfilment: z.enum(['fba', 'fbm']).optional(),
  international: z.boolean().optional(),
  belowStandard: z.boolean().optional(),
  /** The rule's base must be at least this many minor units. */
  fromMinor: minor.optional(),
  /** First day on which the rule is charged, where it is later than the card's. */
  fromDay: day.optional(),
});

const shared = {
  /** Stable name of the fee line: `amazon.referral`. */
  code: z.string().regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/),
  /** Among the rules of one group the first that applies is charged, and no other. A rule without a group always applies. */
  group: z.string().optional(),
  when: when.optional(),
  confidence: confidenceSchema.optional(),
  source: z.string().optional(),
  note: z.string().optional(),
};

/** Steps by an inclusive upper edge in minor units; the last has none (`null`). */
const rateSteps = z.array(z.strictObject({ upToMinor: minor.nullable(), rateBp: basisPoints })).min(1).superRefine((steps, context) => {
  steps.forEach((step, index) => {
    const last = index === steps.length - 1;
    if (last !== (step.upToMinor === null)) context.addIssue({ code: 'custom', message: 'only the last step is open', path: [index] });
    const before = steps[index - 1]?.upToMinor;
    if (before !== undefined && before !== null && step.upToMinor !== null && step.upToMinor <= before) context.addIssue({ code: 'custom', message: 'steps must rise', path: [index] });
  });
});

const sizeTier = z.strictObject({
  tier: z.string(),
  /** Longest, median and shortest side in hundredths of an inch; null where the tier takes any. */
  maxSidesHundredthIn: z.tuple([z.int(), z.int(), z.int()]).nullable(),
  /** Longest side plus girth, in hundredths of an inch. */
  maxLengthGirthHundredthIn: z.int().nullable(),
  /** Shipping weight in hundredths of an ounce. */
  maxWeightHundredthOz: z.int().nullable(),
  usesDimensionalWeight: z.boolean(),
  /** Rows by inclusive shipping weight; amounts follow `priceBands`. The last may grow by `step`. */
  rows: z.array(z.strictObject({
    upToHundredthOz: z.int().nullable(),
    amountsMinor: z.array(minor).min(1),
    /** Added for each begun `everyHundredthOz` above `overHundredthOz`. */
    step: z.strictObject({ overHundredthOz: z.int(), everyHundredthOz: z.int().positive(), addMinor: minor }).optional(),
    confidence: confidenceSchema.optional(),
  })).min(1),
  confidence: confidenceSchema.optional(),
});
export type SizeTier = z.infer<typeof sizeTier>;

export const feeRuleSchema = z.discriminatedUnion('kind', [
  /** One share of the base. */
  z.strictObject({ ...shared, kind: z.literal('percent'), base, rateBp: basisPoints, minimumMinor: minor.optional() }),
  /** The whole base is rated by the step that it falls in ("price of X or less"). */
  z.strictObject({ ...shared, kind: z.literal('cliff'), base, steps: rateSteps, minimumMinor: minor.optional() }),
  /** Each part of the base at its own rate ("portion up to X"). */
  z.strictObject({ ...shared, kind: z.literal('marginal'), base, steps: rateSteps, minimumMinor: minor.optional() }),
  /** An amount for each order or listing. */
  z.strictObject({ ...shared, kind: z.literal('fixed'), amountMinor: minor }),
  /** An amount by the band that the base falls in. */
  z.strictObject({ ...shared, kind: z.literal('band'), base, bands: z.array(z.strictObject({ upToMinor: minor.nullable(), amountMinor: minor })).min(1) }),
  /** A listing fee that starts after a number of free listings in the month. */
  z.strictObject({ ...shared, kind: z.literal('insertion'), amountMinor: minor, freePerMonth: z.int().min(0) }),
  /** A share of another line of the same card, named by its code. */
  z.strictObject({ ...shared, kind: z.literal('surcharge'), of: z.string(), rateBp: basisPoints }),
  /** Fulfilment by size tier: `priceBands` are the edges between the amounts' columns: below the first, from the first up to and with the second, above it. */
  z.strictObject({ ...shared, kind: z.literal('size-tier'), priceBandsMinor: z.tuple([minor, minor]), dimensionalDivisor: z.int().positive(), dimensionalUntilHundredthOz: z.int().positive(), tiers: z.array(sizeTier).min(1) }),
]);
export type FeeRule = z.infer<typeof feeRuleSchema>;

export const feeCardSchema = z.strictObject({
  id: z.string(),
  /** The channel that it prices, such as `amazon-us`. */
  channel: z.string(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  version: z.string(),
  effectiveFrom: day,
  /** The first day on which the card is no longer valid; null while it is. */
  effectiveTo: day.nullable(),
  source: z.string(),
  retrievedAt: day,
  confidence: confidenceSchema,
  /** Category ids that the rules know, each with words that other sources use for it. */
  categories: z.record(z.string(), z.array(z.string())),
  /** How long after the sale the money arrives. */
  payoutDelay: z.strictObject({ days: z.int().min(0), source: z.string(), confidence: confidenceSchema }),
  rules: z.array(feeRuleSchema).min(1),
}).superRefine((card, context) => {
  card.rules.forEach((rule, index) => {
    for (const category of rule.when?.categories ?? []) {
      if (!(category in card.categories)) context.addIssue({ code: 'custom', message: `the card has no category ${category}`, path: ['rules', index, 'when', 'categories'] });
    }
    if (rule.kind === 'surcharge' && !card.rules.slice(0, index).some((other) => other.code === rule.of)) {
      context.addIssue({ code: 'custom', message: `no earlier rule makes ${rule.of}`, path: ['rules', index, 'of'] });
    }
  });
});
/** Dated, sourced fees of one channel: data, never code. */
export type FeeCard = z.infer<typeof feeCardSchema>;

const fileSchema = z.strictObject({ cards: z.array(feeCardSchema).min(1) });

/** Cards of one file's parsed JSON: `{cards: [...]}`. @throws with file, field and reason when the data is not a card file. */
export function parseFeeCards(json: unknown, file: string): FeeCard[] {
  const parsed = fileSchema.safeParse(json);
  if (parsed.success) return parsed.data.cards;
  const issue = parsed.error.issues[0];
  throw new Error(`${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a fee card file'}`, { cause: parsed.error });
}

/** Every card of a folder (`resources/fee-cards`), by file name. @throws as `parseFeeCards`, or when the folder cannot be read. */
export function readFeeCards(directory: string): FeeCard[] {
  return readdirSync(directory).filter((name) => name.endsWith('.json')).sort()
    .flatMap((name) => parseFeeCards(JSON.parse(readFileSync(path.join(directory, name), 'utf8')), name));
}

/** The card in force for a channel on a UTC day (`2026-11-21`): the latest that has begun and has not ended; null when there is none. */
export function selectFeeCard(cards: readonly FeeCard[], channel: string, utcDay: string): FeeCard | null {
  let best: FeeCard | null = null;
  for (const card of cards) {
    if (card.channel !== channel || card.effectiveFrom > utcDay || (card.effectiveTo !== null && card.effectiveTo <= utcDay)) continue;
    if (best === null || card.effectiveFrom > best.effectiveFrom) best = card;
  }
  return best;
}

/**
 * The card's category for words of another source (`Books > Mystery`): an id or alias that is equal, else the longest alias found as whole words; `null` when none fits,
 * and then the card's default rates apply.
 */
export function resolveCategory(card: FeeCard, words: string): string | null {
  const text = ` ${words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim()} `;
  let best: { id: string; length: number } | null = null;
  for (const [id, aliases] of Object.entries(card.categories)) {
    for (const alias of [id.replaceAll('-', ' '), ...aliases]) {
      if (text === ` ${alias} `) return id;
      if (text.includes(` ${alias} `) && alias.length > (best?.length ?? 0)) best = { id, length: alias.length };
    }
  }
  return best?.id ?? null;
}
