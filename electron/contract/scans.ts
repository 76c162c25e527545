import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, instantSchema, moneySchema, pageInput, pageOf } from './shared.ts';
import { runView } from './sources.ts';

/** How an offer differs from what was known before. `back`: it had gone. `other`: its words, and neither price nor stock. */
export const offerChange = z.enum(['new', 'back', 'gone', 'cheaper', 'dearer', 'restocked', 'sold-out', 'other']);
export type OfferChange = z.infer<typeof offerChange>;

const changeCounts = z.strictObject({ new: z.int(), back: z.int(), gone: z.int(), cheaper: z.int(), dearer: z.int(), restocked: z.int(), 'sold-out': z.int(), other: z.int() });

export const scanRun = runView.extend({
  /** Null for a source's first pass, with which nothing can be compared, and where it is so old that only its counts are kept. */
  changes: changeCounts.nullable(),
});
export type ScanRun = z.infer<typeof scanRun>;

/** One offer of a difference. Prices are as offered, in the offer's currency; null where it was or is not there. */
export const offerDifference = z.strictObject({
  offerId: z.string(), title: z.string(), url: z.string(), kind: offerChange,
  before: moneySchema.nullable(), after: moneySchema.nullable(), stockBefore: z.int().nullable(), stockAfter: z.int().nullable(),
  opportunityId: z.string().nullable(), at: instantSchema,
});
export type OfferDifference = z.infer<typeof offerDifference>;

export const scansContract = {
  /** Every run of a source, newest first. */
  runs: oc.route({ method: 'GET', path: '/sources/{sourceId}/runs' }).errors(commonErrors).input(z.strictObject({ sourceId: z.string(), ...pageInput })).output(pageOf(scanRun)),
  /** What differs between two runs of one source: how run `to` found each offer beside how run `from` did. Without `from`: beside the run before it. */
  differences: oc.route({ method: 'GET', path: '/runs/{to}/differences' }).errors(commonErrors)
    .input(z.strictObject({ to: z.string(), from: z.string().optional(), kind: offerChange.optional(), ...pageInput })).output(pageOf(offerDifference).extend({ counts: changeCounts })),
};
