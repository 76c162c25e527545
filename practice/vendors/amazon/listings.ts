import { z } from 'zod';
import { SECOND_MS, toIso, type Instant } from '#kernel/time.ts';
import type { Listing, Product } from '../../world/types.ts';
import type { VendorRequest, VendorResponse } from '../host.ts';
import { PRACTICE_SELLER_ID, US_MARKETPLACE } from './bodies.ts';
import { REQUIRED_ATTRIBUTES } from './product-types.ts';
import { invalid, refusal } from './refusals.ts';
import type { Desk } from './selling.ts';

const VENDOR = 'amazon';
/** So long Amazon works on a new listing before it can be seen. */
const WORKS_MS = 20 * SECOND_MS;
const CONDITIONS = ['new_new', 'new_open_box', 'new_oem', 'refurbished_refurbished', 'used_like_new', 'used_very_good', 'used_good', 'used_acceptable'];

const attributesSchema = z.record(z.string(), z.array(z.record(z.string(), z.unknown())));
type Attributes = z.infer<typeof attributesSchema>;
const putSchema = z.strictObject({ productType: z.string().min(1), requirements: z.enum(['LISTING', 'LISTING_PRODUCT_ONLY', 'LISTING_OFFER_ONLY']).default('LISTING'), attributes: attributesSchema });
const patchSchema = z.strictObject({ productType: z.string().min(1), patches: z.array(z.strictObject({ op: z.enum(['add', 'replace', 'merge', 'delete']), path: z.string().regex(/^\/attributes\/\w+$/), value: z.array(z.record(z.string(), z.unknown())).optional() })).min(1) });

/** What Amazon keeps of a SKU. */
const recordSchema = z.object({ sku: z.string(), productType: z.string(), requirements: z.string(), attributes: attributesSchema, asin: z.string(), listingId: z.string().nullable(), createdAt: z.number(), updatedAt: z.number() });
type SkuRecord = z.infer<typeof recordSchema>;

interface Issue {
  readonly code: string;
  readonly message: string;
  readonly severity: 'ERROR' | 'WARNING';
  readonly attributeNames?: readonly string[];
  readonly categories: readonly string[];
}

const scheduled = z.array(z.object({ schedule: z.array(z.object({ value_with_tax: z.number().positive().max(1_000_000) })).length(1) })).length(1);
const offerSchema = z.looseObject({ currency: z.literal('USD'), our_price: scheduled, minimum_seller_allowed_price: scheduled.optional() });
const stockSchema = z.union([z.strictObject({ fulfillment_channel_code: z.literal('DEFAULT'), quantity: z.int().nonnegative() }), z.strictObject({ fulfillment_channel_code: z.literal('AMAZON_NA') })]);
/** What lies in Amazon's warehouse under a SKU; a test or a run puts it there. */
export const warehouseKey = (sku: string): string => `fba/${sku}`;

const first = (attributes: Attributes, name: string) => attributes[name]?.[0];
const priceOf = (attributes: Attributes): number | null => {
  const parsed = offerSchema.safeParse(first(attributes, 'purchasable_offer'));
  return parsed.success ? Math.round(parsed.data.our_price[0]!.schedule[0]!.value_with_tax * 100) : null;
};
const channelOf = (attributes: Attributes) => stockSchema.safeParse(first(attributes, 'fulfillment_availability')).data;
/** Null where it is not said. Amazon knows by itself what lies with it. */
function stockOf({ world }: Pick<Desk, 'world'>, sku: string, attributes: Attributes): number | null {
  const said = channelOf(attributes);
  if (!said) return null;
  return 'quantity' in said ? said.quantity : Number(world.document(VENDOR, warehouseKey(sku)) ?? 0);
}
/** The page that the SKU is offered on; null where it is not listed. */
export const asinOf = (desk: Pick<Desk, 'world'>, sku: string): string | null => recordSchema.safeParse(desk.world.document(VENDOR, key(sku))).data?.asin ?? null;
/** Whether Amazon sends what is sold under the SKU. */
export function sentByAmazon({ world }: Pick<Desk, 'world'>, sku: string): boolean {
  const record = recordSchema.safeParse(world.document(VENDOR, key(sku))).data;
  return record !== undefined && channelOf(record.attributes)?.fulfillment_channel_code === 'AMAZON_NA';
}

function missing(name: string): Issue {
  return { code: '90220', message: `'${name}' is required but not supplied.`, severity: 'ERROR', attributeNames: [name], categories: ['MISSING_ATTRIBUTE'] };
}
const wrong = (name: string, message: string): Issue => ({ code: '90000900', message, severity: 'ERROR', attributeNames: [name], categories: ['INVALID_ATTRIBUTE'] });

function productOf({ world }: Desk, attributes: Attributes): Product | undefined {
  const asin = first(attributes, 'merchant_suggested_asin')?.['value'];
  if (typeof asin === 'string') return world.catalog.byAsin(asin);
  const gtins = (attributes['externally_assigned_product_identifier'] ?? []).flatMap((entry) => (typeof entry['value'] === 'string' ? [entry['value']] : []));
  return world.catalog.identify({ gtins });
}

function issuesOf(desk: Desk, given: { readonly requirements: string; readonly attributes: Attributes }): Issue[] {
  const { attributes, requirements } = given;
  const issues: Issue[] = [];
  const needed = requirements === 'LISTING_OFFER_ONLY' ? ['merchant_suggested_asin'] : [...REQUIRED_ATTRIBUTES];
  for (const name of ['condition_type', 'purchasable_offer', 'fulfillment_availability', ...needed]) if ((attributes[name] ?? []).length === 0) issues.push(missing(name));
  if (issues.length > 0) return issues;
  if (priceOf(attributes) === null) issues.push(wrong('purchasable_offer', 'The price is not valid.'));
  const offer = offerSchema.safeParse(first(attributes, 'purchasable_offer')).data;
  if (offer && (offer.minimum_seller_allowed_price?.[0]?.schedule[0]?.value_with_tax ?? 0) > offer.our_price[0]!.schedule[0]!.value_with_tax) issues.push({ code: '18155', message: "The 'minimum price' is greater than the selling price (excluding shipping) for the listing. Review and update your price and/or minimum price.", severity: 'ERROR', categories: ['INVALID_PRICE'] });
  if (!channelOf(attributes)) issues.push(wrong('fulfillment_availability', 'The quantity is not valid.'));
  if (!CONDITIONS.includes(String(first(attributes, 'condition_type')?.['value']))) issues.push(wrong('condition_type', 'The condition is not valid.'));
  const product = productOf(desk, attributes);
  if (requirements === 'LISTING_OFFER_ONLY' && (!product || product.kind === 'parent')) issues.push({ code: '8567', message: 'The ASIN does not exist, or is a variation parent.', severity: 'ERROR', attributeNames: ['merchant_suggested_asin'], categories: ['INVALID_ATTRIBUTE'] });
  if (product && product.restriction !== 'none') issues.push({ code: '5886', message: product.restriction === 'approval-required' ? 'You need approval to list this product.' : 'You are not eligible to list this product.', severity: 'ERROR', categories: ['QUALIFICATION_REQUIRED'] });
  return issues;
}

const key = (sku: string) => `item/${sku}`;
const load = ({ world }: Desk, sku: string): SkuRecord | null => {
  const found = world.document(VENDOR, key(sku));
  return found === undefined ? null : recordSchema.parse(found);
};

/** Carries the record over to the market: a listing that buyers can find. */
function settle({ world }: Desk, record: SkuRecord): SkuRecord {
  const { attributes, sku } = record;
  const terms = { priceMinor: priceOf(attributes)!, quantity: stockOf({ world }, sku, attributes)! };
  const running = record.listingId === null ? undefined : world.listing(record.listingId);
  if (running?.status === 'active') {
    // what has sold from the warehouse is gone from it
    const counted = sentByAmazon({ world }, sku) ? { quantity: running.quantity } : {};
    world.actions.reviseListing(running.id, { ...terms, ...counted });
    return record;
  }
  const product = productOf({ world, count: () => undefined }, attributes);
  const condition = String(first(attributes, 'condition_type')?.['value']).startsWith('new') ? 'new' : 'used';
  const made = world.actions.createListing({ channel: 'amazon', sku, productId: product && product.kind !== 'parent' ? product.id : null, condition, shippingMinor: 0, vendorRef: sku, ...terms });
  return { ...record, listingId: made.ok ? made.value.id : null };
}

function submission(sku: string, status: 'ACCEPTED' | 'INVALID' | 'VALID', rest: { readonly at: Instant; readonly issues?: readonly Issue[]; readonly asin?: string | undefined }): VendorResponse {
  const identifiers = rest.asin ? { identifiers: [{ marketplaceId: US_MARKETPLACE, asin: rest.asin }] } : {};
  return { status: 200, body: { sku, status, submissionId: `practice-${rest.at}-${sku}`, issues: rest.issues ?? [], ...identifiers } };
}

const place = (request: VendorRequest): { sku: string } | VendorResponse => {
  if (request.params['sellerId'] !== PRACTICE_SELLER_ID) return refusal(403, 'Unauthorized', 'Access to requested resource is denied.');
  if (request.query.get('marketplaceIds') !== US_MARKETPLACE) return invalid('marketplaceIds: the practice market has Amazon US only');
  const sku = request.params['sku'] ?? '';
  return sku === '' || sku.length > 40 ? invalid('sku: 1 to 40 characters') : { sku };
};

export function putItem(desk: Desk, request: VendorRequest): VendorResponse {
  const where = place(request);
  if ('status' in where) return where;
  const parsed = putSchema.safeParse(request.json());
  if (!parsed.success) return invalid(`${parsed.error.issues[0]?.path.join('.') ?? 'body'}: ${parsed.error.issues[0]?.message ?? 'malformed'}`);
  const { sku } = where;
  const { at } = request;
  const issues = issuesOf(desk, parsed.data);
  const product = productOf(desk, parsed.data.attributes);
  const preview = request.query.get('mode') === 'VALIDATION_PREVIEW';
  if (issues.length > 0) return submission(sku, 'INVALID', { at, issues });
  if (preview) return submission(sku, 'VALID', { at, asin: product?.asin });
  const before = load(desk, sku);
  const asin = product?.asin ?? before?.asin ?? `B0P${String(desk.world.documents(VENDOR, 'item/').length + 1).padStart(7, '0')}`;
  const record = settle(desk, { sku, ...parsed.data, asin, listingId: before?.listingId ?? null, createdAt: before?.createdAt ?? at, updatedAt: at });
  desk.world.actions.putDocument(VENDOR, key(sku), record);
  desk.count(before ? 'listingsReplaced' : 'listingsCreated');
  return submission(sku, 'ACCEPTED', { at, asin: product?.asin });
}

export function patchItem(desk: Desk, request: VendorRequest): VendorResponse {
  const where = place(request);
  if ('status' in where) return where;
  const parsed = patchSchema.safeParse(request.json());
  if (!parsed.success) return invalid(`${parsed.error.issues[0]?.path.join('.') ?? 'body'}: ${parsed.error.issues[0]?.message ?? 'malformed'}`);
  const { sku } = where;
  const before = load(desk, sku);
  if (!before) return submission(sku, 'INVALID', { at: request.at, issues: [{ code: '13013', message: 'The SKU does not exist.', severity: 'ERROR', categories: [] }] });
  const attributes = { ...before.attributes };
  for (const { op, path, value } of parsed.data.patches) {
    const name = path.slice('/attributes/'.length);
    if (op === 'delete') delete attributes[name];
    else attributes[name] = value ?? [];
  }
  const issues = issuesOf(desk, { requirements: before.requirements, attributes });
  if (issues.length > 0) return submission(sku, 'INVALID', { at: request.at, issues });
  desk.world.actions.putDocument(VENDOR, key(sku), settle(desk, { ...before, attributes, updatedAt: request.at }));
  desk.count('listingsPatched');
  return submission(sku, 'ACCEPTED', { at: request.at });
}

export function deleteItem(desk: Desk, request: VendorRequest): VendorResponse {
  const where = place(request);
  if ('status' in where) return where;
  const before = load(desk, where.sku);
  if (before) {
    if (before.listingId !== null && desk.world.listing(before.listingId)?.status === 'active') desk.world.actions.endListing(before.listingId);
    desk.world.actions.deleteDocument(VENDOR, key(where.sku));
    desk.count('listingsDeleted');
  }
  return submission(where.sku, 'ACCEPTED', { at: request.at });
}

function body(record: SkuRecord, listing: Listing | undefined, given: { readonly wanted: ReadonlySet<string>; readonly at: Instant }) {
  const { wanted, at } = given;
  if (at < record.createdAt + WORKS_MS) return { sku: record.sku, ...(wanted.has('summaries') ? { summaries: [] } : {}), ...(wanted.has('issues') ? { issues: [] } : {}) };
  const live = listing?.status === 'active' && listing.quantity > 0;
  const name = first(record.attributes, 'item_name')?.['value'];
  const sets: Readonly<Record<string, unknown>> = {
    summaries: [{
      marketplaceId: US_MARKETPLACE, asin: record.asin, productType: record.productType, conditionType: first(record.attributes, 'condition_type')?.['value'], status: live ? ['BUYABLE', 'DISCOVERABLE'] : [],
      ...(typeof name === 'string' ? { itemName: name } : {}), createdDate: toIso(record.createdAt), lastUpdatedDate: toIso(record.updatedAt),
    }],
    attributes: record.attributes, issues: [],
    offers: listing ? [{ marketplaceId: US_MARKETPLACE, offerType: 'B2C', price: { currencyCode: 'USD', amount: (listing.priceMinor / 100).toFixed(2) }, audience: { value: 'ALL', displayName: 'Sell on Amazon' } }] : [],
    fulfillmentAvailability: [{ fulfillmentChannelCode: channelOf(record.attributes)?.fulfillment_channel_code ?? 'DEFAULT', quantity: listing?.quantity ?? 0 }],
    productTypes: [{ marketplaceId: US_MARKETPLACE, productType: record.productType }],
  };
  return { sku: record.sku, ...Object.fromEntries(Object.entries(sets).filter(([set]) => wanted.has(set))) };
}

export function getItem(desk: Desk, request: VendorRequest): VendorResponse {
  const where = place(request);
  if ('status' in where) return where;
  const record = load(desk, where.sku);
  if (!record) return refusal(404, 'NOT_FOUND', `SKU '${where.sku}' not found in marketplace ${US_MARKETPLACE}.`);
  const wanted = new Set((request.query.get('includedData') ?? 'summaries').split(','));
  return { status: 200, body: body(record, record.listingId === null ? undefined : desk.world.listing(record.listingId), { wanted, at: request.at }) };
}
