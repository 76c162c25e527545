import { z } from 'zod';
import { reasonSchema, type Reason } from '#contract/shared.ts';
import { HeldBack } from '#runtime/workflow-run.ts';
import { getLot } from '../inventory/index.ts';
import { channelCondition, categoryOn, demandedMeasures, liesElsewhere, liesWith, loadListing, missingMeasures, savedTexts, sentAspects, type Listing, type ListingContent, type ListingFacts, type OfferTerms, type OnChannel } from '../listings/index.ts';
import { BUSINESS, readSetting } from '../settings/index.ts';
import { picturesFor } from './place-pictures.ts';

/** Our one place that goods ship from, at every channel. */
const LOCATION_KEY = 'resale-desk-main';

/** What an offer needs beside price and quantity: the channel's own ids of place, category and standing terms. */
const way = z.strictObject({ /** Of the channel's own catalogue, which the offer joins. */ page: z.string().nullable().default(null), /** The channel sends it from its own warehouse. */ sentByChannel: z.boolean().default(false), locationKey: z.string(), categoryId: z.string(), aspects: z.record(z.string(), z.array(z.string())).default({}), policies: z.strictObject({ fulfilment: z.string(), payment: z.string(), returns: z.string() }) });
export const reachSchema = z.union([way, z.strictObject({ refusal: reasonSchema })]);
export type Reach = z.infer<typeof way>;

function choose(policies: readonly { readonly id: string; readonly isDefault: boolean }[]): string | null {
  return (policies.find((policy) => policy.isDefault) ?? policies[0])?.id ?? null;
}

/** Looks the ids up, and makes our place known to the channel where it is not yet. A refusal names what a person has to set up. */
export async function reach(deps: OnChannel, listingId: string, signal: AbortSignal): Promise<z.infer<typeof reachSchema>> {
  const { ctx, channel } = deps;
  const listing = await loadListing(ctx.db.prisma, listingId);
  const facts = await deps.products.facts(listing.productId, channel.market);
  const { location } = await getLot(ctx.db.prisma, listing.lotId);
  if (liesElsewhere(location, channel.market)) return { refusal: { code: 'listing.lies-elsewhere', data: { location } } };
  if ((await picturesFor(deps, listing.lotId, facts.imageUrls)).length === 0) return { refusal: { code: 'listing.no-image', data: {} } };
  const category = await categoryOn(deps, { id: listing.productId, facts }, signal);
  if (category === null && deps.taxonomy !== null) return { refusal: { code: 'listing.category-unknown', data: { category: facts.title } } };
  if (category && category.pages.length > 1) return { refusal: { code: 'listing.page-ambiguous', data: { pages: category.pages.map((page) => `${page.title} (${page.id})`).slice(0, 5) } } };
  const page = category?.pages[0]?.id ?? null;
  const restricted = page === null ? null : await restrictionOn(deps, { page, condition: listing.condition, signal });
  if (restricted) return { refusal: restricted };
  if (category && category.missing.length > 0) return { refusal: { code: 'listing.aspects-missing', data: { category: [...category.path, category.name].join(' › '), missing: category.missing } } };
  const unmeasured = missingMeasures(await demandedMeasures(deps, category, signal), facts);
  if (unmeasured.length > 0) return { refusal: { code: 'listing.measures-missing', data: { category: category?.name ?? '', missing: unmeasured } } };
  const found = await channel.policies?.({ signal });
  const policies = found ? { fulfilment: choose(found.fulfilment), payment: choose(found.payment), returns: choose(found.returns) } : { fulfilment: '', payment: '', returns: '' };
  const { fulfilment, payment, returns } = policies;
  if (fulfilment === null || payment === null || returns === null) {
    return { refusal: { code: 'listing.no-policies', data: { missing: Object.entries(policies).filter(([, id]) => id === null).map(([name]) => name) } } };
  }
  const { address } = (await readSetting(ctx.db, BUSINESS)).value;
  if (channel.ensureLocation && (await ctx.killSwitch.isOn())) throw new HeldBack();
  await channel.ensureLocation?.({
    key: LOCATION_KEY, name: 'Resale Desk', country: address.country, postalCode: address.postcode, ...(address.city ? { city: address.city } : {}),
    ...(address.state ? { stateOrProvince: address.state } : {}), ...(address.line1 ? { addressLine: address.line1 } : {}),
  }, { signal });
  return { page, sentByChannel: liesWith(location, channel.market), locationKey: LOCATION_KEY, categoryId: category?.id ?? '', aspects: category ? Object.fromEntries(Object.entries(sentAspects(category.aspects, facts)).map(([name, values]) => [name, [...values]])) : {}, policies: { fulfilment, payment, returns } };
}

/** What keeps this account from selling the page's product, asked before anything is sent. */
async function restrictionOn({ channel }: OnChannel, asked: { readonly page: string; readonly condition: string; readonly signal: AbortSignal }): Promise<Reason | null> {
  const condition = channelCondition(asked.condition);
  const found = condition === null ? [] : ((await channel.restrictions?.(asked.page, condition, { signal: asked.signal })) ?? []);
  if (found.length === 0) return null;
  const link = found.find((restriction) => restriction.link !== undefined)?.link;
  return { code: 'listing.restricted', data: { message: found.map((restriction) => restriction.message).join(' '), ...(link === undefined ? {} : { link }) } };
}

export function termsFor(listing: Pick<Listing, 'price' | 'floor' | 'quantity'>, reached: Reach, content?: ListingContent): OfferTerms {
  return { ...(content ? { content } : {}), ...(reached.sentByChannel ? { sentByChannel: true } : {}), price: listing.price, floor: listing.floor, quantity: listing.quantity, categoryId: reached.categoryId, policies: reached.policies, locationKey: reached.locationKey };
}

/** What is known of the package; sides alone or the weight alone are sent as well. */
function measuresIn({ measures, package: whole }: ListingFacts): Pick<ListingContent, 'packageMeasures'> {
  const { lengthMm, widthMm, heightMm, weightG } = measures ?? whole ?? { lengthMm: null, widthMm: null, heightMm: null, weightG: null };
  const known = { ...(lengthMm && widthMm && heightMm ? { lengthMm, widthMm, heightMm } : {}), ...(weightG ? { weightGrams: weightG } : {}) };
  return Object.keys(known).length === 0 ? {} : { packageMeasures: known };
}

/** The facts of the thing for the channel: words from the listing, the rest from the product. */
export async function contentOf(deps: OnChannel, listingId: string, reached: Pick<Reach, 'aspects' | 'page'>): Promise<ListingContent & { readonly quantity: number }> {
  const { prisma } = deps.ctx.db;
  const listing = await loadListing(prisma, listingId);
  const [facts, lot, [words]] = await Promise.all([deps.products.facts(listing.productId, deps.channel.market), getLot(prisma, listing.lotId), savedTexts(prisma, listingId, 1)]);
  const condition = channelCondition(lot.condition);
  if (condition === null) throw new Error(`listing ${listingId} has no condition that the channel knows`);
  return {
    title: listing.title, description: listing.description, condition, aspects: { ...facts.aspects, ...reached.aspects }, imageUrls: await picturesFor(deps, listing.lotId, facts.imageUrls), gtins: facts.gtins, quantity: listing.quantity,
    ...(words && words.text.conditionNote.trim() !== '' && condition !== 'new' ? { conditionNote: words.text.conditionNote.trim() } : {}), ...(words && words.text.bullets.length > 0 ? { bullets: words.text.bullets } : {}),
    ...(reached.page === null ? {} : { cataloguePage: reached.page }), ...(facts.brand === null ? {} : { brand: facts.brand }), ...(facts.mpn === null ? {} : { mpn: facts.mpn }),
    ...measuresIn(facts),
  };
}
