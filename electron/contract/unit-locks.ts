import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, instantSchema } from './shared.ts';

const spread = z.strictObject({ medianMs: z.number().nullable(), p99Ms: z.number().nullable(), count: z.int() });
export const lockState = z.enum(['intended', 'calling', 'told', 'proved', 'moot', 'stopped']);
/** Word that one channel had to hear of a unit that is gone, and when it did. */
export const lockRow = z.strictObject({
  id: z.string(), channel: z.string(), listingId: z.string(), quantity: z.int(), state: lockState, soldAt: instantSchema.nullable(), heardAt: instantSchema, firstCallAt: instantSchema.nullable(), toldAt: instantSchema.nullable(),
  provedAt: instantSchema.nullable(), shown: z.int().nullable(), attempts: z.int(), error: z.string().nullable(),
});
/** Lags of one channel. `heard`: from the sale at the vendor until we knew; `told` and `proved`: from then on; `total`: from the sale until it was proved. */
export const lockLag = z.strictObject({ channel: z.string(), locks: z.int(), open: z.int(), stopped: z.int(), heard: spread, told: spread, proved: spread, total: spread });

/**
 * Why the latest sale could be made. `before-heard`: before we knew of the earlier one; `before-called`: before our first call; `before-told`: our call had not got through;
 * `after-told`: the channel sold what it had been told is gone; `channel-oversold`: one channel sold more than it was given; `miscounted`: there is no other sale, there was less than thought.
 */
export const oversellVerdict = z.enum(['before-heard', 'before-called', 'before-told', 'after-told', 'channel-oversold', 'miscounted']);
export const oversell = z.strictObject({
  orderId: z.string(), lotId: z.string(), sku: z.string(), title: z.string(), had: z.int(), sold: z.int(),
  /** In the order in which the vendors made them. */
  sales: z.array(z.strictObject({
    orderId: z.string(), channel: z.string(), externalId: z.string(), state: z.string(), quantity: z.int(), taken: z.int(), placedAt: instantSchema, heardAt: instantSchema.nullable(), version: z.int(),
    locks: z.array(z.strictObject({ channel: z.string(), heardAt: instantSchema, firstCallAt: instantSchema.nullable(), toldAt: instantSchema.nullable(), provedAt: instantSchema.nullable() })),
  })),
  verdict: oversellVerdict,
  /** The latest sale that has not been sent; null where all were. */
  cancelOrderId: z.string().nullable(), channels: z.array(z.string()),
});

export const unitLocksContract = {
  /** What other channels had to hear of an order's units, and why it is oversold if it is. */
  ofOrder: oc.route({ method: 'GET', path: '/orders/{id}/unit-locks' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(z.strictObject({ locks: z.array(lockRow), oversell: oversell.nullable() })),
  summary: oc.route({ method: 'GET', path: '/unit-locks/summary' }).output(z.array(lockLag)),
  /** Tells the channel again what it refused. */
  retry: oc.route({ method: 'POST', path: '/unit-locks/{id}/retry' }).errors({ ...commonErrors, WRONG_STATE: { status: 409, message: 'It is in another state by now.', data: z.strictObject({ state: z.string() }) } }).input(z.strictObject({ id: z.string() })).output(lockRow),
};
