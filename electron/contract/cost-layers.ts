import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, instantSchema, moneySchema } from './shared.ts';

/** `lots`: each unit at the cost of the lot that it was taken from, as the ledger is booked. `fifo`: the oldest units leave first. `average`: moving average of all units that are there. */
export const costMethod = z.enum(['lots', 'fifo', 'average']);
export type CostMethod = z.infer<typeof costMethod>;

/** Home currency. `in` = `sold` + `writtenOff` + `left` over all time. */
export const costFigures = z.strictObject({ method: costMethod, sold: moneySchema, writtenOff: moneySchema, left: moneySchema });
export type CostFigures = z.infer<typeof costFigures>;

export const productCosts = z.strictObject({
  productId: z.string(), title: z.string(), unitsIn: z.int(), unitsSold: z.int(), unitsWrittenOff: z.int(), unitsLeft: z.int(), in: moneySchema, methods: z.array(costFigures),
  /** What is left, by layer, oldest first; of the average there is one. */
  layers: z.strictObject({ lots: z.array(z.strictObject({ at: instantSchema, lotId: z.string().nullable(), units: z.int(), cost: moneySchema })), fifo: z.array(z.strictObject({ at: instantSchema, lotId: z.string().nullable(), units: z.int(), cost: moneySchema })), average: z.array(z.strictObject({ at: instantSchema, lotId: z.string().nullable(), units: z.int(), cost: moneySchema })) }),
});
export type ProductCosts = z.infer<typeof productCosts>;

const conflict = { CONFLICT: { status: 409, message: 'Somebody changed this meanwhile: look at it again.', data: z.strictObject({ version: z.int() }) } } as const;
const setting = z.strictObject({ value: z.strictObject({ method: costMethod }), version: z.int(), updatedAt: instantSchema });

export const costLayersContract = {
  /** Of one product, over all time. */
  product: oc.route({ method: 'GET', path: '/costs/products/{productId}' }).errors(commonErrors).input(z.strictObject({ productId: z.string() })).output(productCosts),
  /** Of one lot's product. */
  ofLot: oc.route({ method: 'GET', path: '/costs/lots/{lotId}' }).errors(commonErrors).input(z.strictObject({ lotId: z.string() })).output(productCosts),
  /** What was sold and written off from `from` up to, without, `to`, and what was left at `to`, by every method; the 500 products with the highest cost of goods sold by the lots' method (`more`: there are others, which the sums hold). */
  report: oc.route({ method: 'GET', path: '/costs' }).errors(commonErrors).input(z.strictObject({ from: z.coerce.number().int(), to: z.coerce.number().int() })).output(z.strictObject({
    from: instantSchema, to: instantSchema, totals: z.array(costFigures), unitsSold: z.int(), more: z.boolean(),
    rows: z.array(z.strictObject({ productId: z.string(), title: z.string(), unitsSold: z.int(), unitsLeft: z.int(), methods: z.array(costFigures) })),
  })),
  /** The method that is shown first. The ledger is booked by lots whatever is chosen here. */
  settings: oc.route({ method: 'GET', path: '/costs/settings' }).output(setting),
  setSettings: oc.route({ method: 'PUT', path: '/costs/settings' }).errors({ ...commonErrors, ...conflict }).input(z.strictObject({ value: z.strictObject({ method: costMethod }), version: z.int() })).output(setting),
};
