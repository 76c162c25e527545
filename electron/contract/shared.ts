import { z } from 'zod';

/** An amount in minor units with its ISO 4217 currency. */
export const moneySchema = z.strictObject({ minor: z.int(), currency: z.string().regex(/^[A-Z]{3}$/) });
/** A UTC instant in whole milliseconds. */
export const instantSchema = z.int();
/** 1 % is 100. */
export const basisPointsSchema = z.int();

/** Pages by cursor: `cursor` of one page asks for the next; null is the end. `limit` is 1 to 200. */
export const pageInput = { cursor: z.string().max(500).optional(), limit: z.coerce.number().int().min(1).max(200).default(50) };
export const pageOf = <T extends z.ZodType>(item: T) => z.strictObject({ items: z.array(item), nextCursor: z.string().nullable(), total: z.strictObject({ count: z.int(), capped: z.boolean() }).optional() });

/** Orders a list: `total`, the least first, or `-total`; `second` orders what the first holds equal. A page's cursor belongs to its order. */
export const sortInput = <const Key extends string>(keys: readonly Key[]) => {
  const sort = z.enum(keys.flatMap((key) => [key, `-${key}` as const]));
  return { sort: sort.optional(), second: sort.optional() };
};

/** Narrows a list: to one value of each choice; to a time, from `since` on and before `until`; to an amount, `least` to `most` in minor units of `currency`. */
export const filterInput = <const Choice extends string>(choices: readonly Choice[]) => ({
  ...(Object.fromEntries(choices.map((choice) => [choice, z.string().min(1).max(120).optional()])) as { [K in Choice]: z.ZodOptional<z.ZodString> }),
  since: z.coerce.number().int().optional(), until: z.coerce.number().int().optional(),
  least: z.coerce.number().int().optional(), most: z.coerce.number().int().optional(), currency: z.string().regex(/^[A-Z]{3}$/).optional(),
});
/** By choice, the values that occur, the most frequent first; `name` where the key is not a word of its own. And the currencies of the list's amounts. */
export const listFacets = z.strictObject({ choices: z.record(z.string(), z.array(z.strictObject({ key: z.string(), name: z.string().nullable(), count: z.int() }))), currencies: z.array(z.string()) });

/** A coded statement with the figures that it is about; the desk words it in the user's language. */
export const reasonSchema = z.strictObject({ code: z.string(), data: z.record(z.string(), z.unknown()).default({}) });
export type Reason = z.infer<typeof reasonSchema>;

/** Errors that any procedure may answer with. */
export const commonErrors = {
  NOT_FOUND: { status: 404, message: 'There is nothing with this id.', data: z.strictObject({ kind: z.string(), id: z.string() }) },
  INVALID: { status: 400, message: 'The request cannot be carried out as it is.', data: z.looseObject({ field: z.string(), reason: z.string() }) },
} as const;
