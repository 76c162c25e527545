import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, moneySchema } from './shared.ts';
import { HAND_CONDITIONS } from './words.ts';

export const codeFound = z.strictObject({
  text: z.string(), format: z.string(),
  /** 14 digits; null for a code that is no product code. */
  gtin: z.string().nullable(),
  product: z.strictObject({ id: z.string(), title: z.string(), brand: z.string().nullable() }).nullable(),
});
export type CodeFound = z.infer<typeof codeFound>;

const errors = { ...commonErrors, PICTURE_REFUSED: { status: 422, message: 'The picture cannot be taken.', data: z.looseObject({ code: z.string(), name: z.string() }) } } as const;

export const stockByHandContract = {
  /** Codes in a picture (any turn), and what they name here. Nothing is kept. */
  read: oc.route({ method: 'POST', path: '/codes/read' }).errors(errors).input(z.strictObject({ contentBase64: z.string().max(960_000) })).output(z.strictObject({ codes: z.array(codeFound) })),
  /** What a typed code names. */
  find: oc.route({ method: 'GET', path: '/codes/{code}' }).errors(errors).input(z.strictObject({ code: z.string().min(1).max(40) })).output(codeFound),
  /** Takes goods in that the desk did not buy, and books them: owned before (`opening`), or paid in cash now. `key` is chosen once for each form: sent twice, it is taken in once. */
  add: oc.route({ method: 'POST', path: '/stock' }).errors(errors).input(z.strictObject({
    key: z.string().regex(/^[\w-]{8,64}$/), productId: z.string().nullable(), gtin: z.string().regex(/^\d{14}$/).nullable(), title: z.string().trim().min(2).max(200), brand: z.string().trim().max(80).nullable(),
    condition: z.enum(HAND_CONDITIONS), quantity: z.int().min(1).max(100_000),
    /** Of all units together, home currency. */
    totalCost: moneySchema,
    location: z.string().trim().min(1).max(60), booking: z.enum(['opening', 'cash']),
    /** Number or place of the receipt. */
    receipt: z.string().trim().max(120).nullable(),
    /** What one is expected to sell for, home currency. */
    salePrice: moneySchema,
    /** Puts it up for sale at once. */
    list: z.boolean(),
  })).output(z.strictObject({ lotId: z.string(), existed: z.boolean() })),
};
