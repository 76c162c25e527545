import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, instantSchema, reasonSchema } from './shared.ts';

/** A language model's opinion of an opportunity: beside the decision, never in it. It may point at a doubt; it cannot approve, and its figures are nobody's. */
export const opinionSchema = z.strictObject({
  verdict: z.enum(['nothing-against', 'look-closer']),
  summary: z.string(),
  doubts: z.array(z.strictObject({ about: z.enum(['identity', 'condition', 'price', 'demand', 'seller', 'shipping', 'other']), why: z.string() })),
  vendor: z.string(), model: z.string(), promptVersion: z.string(), at: instantSchema,
  /** Of the one question, millionths of a minor unit. */
  costMicro: z.int(), currency: z.string(),
  callId: z.string(),
});
export type Opinion = z.infer<typeof opinionSchema>;

/** `opinion` null: none was given on the figures as they stand. `offline`: why none can be had now. */
const answer = z.strictObject({ opinion: opinionSchema.nullable(), offline: reasonSchema.nullable() });

export const opinionsContract = {
  get: oc.route({ method: 'GET', path: '/opportunities/{id}/opinion' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(answer),
  /** Asks the connected model, or takes its earlier answer to the same facts. */
  ask: oc.route({ method: 'POST', path: '/opportunities/{id}/opinion' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(answer),
};
