import { oc } from '@orpc/contract';
import { z } from 'zod';
import { opportunityFilter, opportunityRow } from './opportunities.ts';
import { commonErrors, instantSchema } from './shared.ts';

/** A saved view that tells of what comes to match it. */
export const alertView = z.strictObject({
  viewId: z.string(), name: z.string(),
  /** The address that the saved view stands for. */
  query: z.record(z.string(), z.unknown()),
  /** Matches since the person last looked, and of them those that no window has told of. */
  unseen: z.int(), untold: z.int(), latestAt: instantSchema.nullable(), checkedAt: instantSchema,
});
export type AlertView = z.infer<typeof alertView>;

const tooMany = { TOO_MANY: { status: 422, message: 'Too much matches this view already.', data: z.strictObject({ most: z.int() }) } } as const;

export const alertsContract = {
  list: oc.route({ method: 'GET', path: '/alerts' }).output(z.array(alertView)),
  /** Begins to tell of new matches. What matches already is known, and not told. Asked again, it begins anew with this filter. */
  set: oc.route({ method: 'PUT', path: '/alerts/{viewId}' }).errors({ ...commonErrors, ...tooMany }).input(z.strictObject({ viewId: z.string(), filter: z.strictObject(opportunityFilter) })).output(alertView),
  remove: oc.route({ method: 'DELETE', path: '/alerts/{viewId}' }).errors(commonErrors).input(z.strictObject({ viewId: z.string() })).output(z.strictObject({ viewId: z.string() })),
  /** What has matched since the person last looked, newest first, at most 200. */
  matches: oc.route({ method: 'GET', path: '/alerts/{viewId}/matches' }).errors(commonErrors).input(z.strictObject({ viewId: z.string() })).output(z.array(opportunityRow)),
  /** The person looks at it now: what matched until now counts as seen. */
  look: oc.route({ method: 'POST', path: '/alerts/{viewId}/look' }).errors(commonErrors).input(z.strictObject({ viewId: z.string() })).output(z.strictObject({ seen: z.int() })),
  /** What is to be told, handed to one window: each match is answered once, whoever asks and however often. */
  claim: oc.route({ method: 'POST', path: '/alerts/claim' }).output(z.array(z.strictObject({ viewId: z.string(), name: z.string(), query: z.record(z.string(), z.unknown()), count: z.int(), titles: z.array(z.string()) }))),
};
