import type { Instant } from '#kernel/time.ts';
import type { CallOptions, ItemCondition, RestrictionAnswer, RestrictionReason } from '#engine/catalog/ports.ts';
import { restrictionsAnswerSchema } from './schema.ts';
import type { SpClient } from './sp-client.ts';

/** Amazon’s words for conditions; it has none for broken things. */
export const CONDITIONS: Readonly<Record<Exclude<ItemCondition, 'for-parts'>, string>> = {
  new: 'new_new', 'open-box': 'new_open_box', refurbished: 'refurbished_refurbished', 'used-like-new': 'used_like_new',
  'used-very-good': 'used_very_good', 'used-good': 'used_good', 'used-acceptable': 'used_acceptable',
};

const CODES: Readonly<Record<string, RestrictionReason['code']>> = { APPROVAL_REQUIRED: 'approval-required', NOT_ELIGIBLE: 'not-eligible', ASIN_NOT_FOUND: 'product-not-found' };

/** `getListingsRestrictions` (Listings Restrictions 2021-08-01): one ASIN a call. An empty list means: may be listed. */
export async function readRestriction(client: SpClient, question: { readonly asin: string; readonly condition: ItemCondition; readonly sellerId: string }, options: CallOptions & { readonly now: () => Instant }): Promise<RestrictionAnswer> {
  const { asin, condition, sellerId } = question;
  if (condition === 'for-parts') {
    return { externalId: asin, condition, allowed: false, reasons: [{ code: 'not-eligible', message: 'Amazon does not take items sold for parts' }], at: options.now() };
  }
  const answer = await client.call('getListingsRestrictions', {
    operation: 'read restrictions', method: 'GET', path: '/listings/2021-08-01/restrictions', schema: restrictionsAnswerSchema, signal: options.signal,
    query: { asin, conditionType: CONDITIONS[condition], sellerId, marketplaceIds: client.marketplaceId, reasonLocale: 'en_US' },
  });
  const here = answer.restrictions.filter((entry) => entry.marketplaceId === client.marketplaceId && (entry.conditionType === undefined || entry.conditionType === CONDITIONS[condition]));
  const reasons = here.flatMap((entry) => (entry.reasons ?? []).map((reason): RestrictionReason => ({ code: CODES[reason.reasonCode ?? ''] ?? 'other', message: reason.message, link: reason.links?.[0]?.resource })));
  if (here.length > 0 && reasons.length === 0) reasons.push({ code: 'other', message: 'Amazon restricts it without a reason' });
  return { externalId: asin, condition, allowed: here.length === 0, reasons, at: options.now() };
}
