import { z } from 'zod';
import { SECOND_MS } from '#kernel/time.ts';
import { jpegSize } from '../read-jpeg.ts';
import type { VendorRequest, VendorResponse } from '../host.ts';
import { PROCESSING_PROFILE_ID, refuse, RETURN_POLICY_ID, SHIPPING_PROFILE_ID, SHOP_ID, usd, type EtsyRecord, type EtsyShop } from './shop.ts';
import { USER_ID } from './oauth.ts';
import { isLeaf } from './taxonomy.ts';

const MOST_PER_PAGE = 100;
const WHO = ['i_did', 'someone_else', 'collective'];
const WHEN = ['made_to_order', '2020_2026', '2010_2019', '2007_2009', 'before_2007', '2000_2006', '1990s', '1980s', '1970s', '1960s', '1950s', '1940s', '1930s', '1920s', '1910s', '1900s', '1800s', '1700s', 'before_1700'];
const STATES = ['active', 'inactive', 'sold_out', 'draft', 'expired'] as const;

const whole = z.coerce.number().int().positive();
const title = z.string().min(1).max(140).refine((text) => !/[^\p{L}\p{Nd}\p{P}\p{Sm}\p{Zs}™©®]/u.test(text) && [...'%:&+'].every((letter) => text.split(letter).length <= 2), { message: 'The title has characters that are not allowed' });
const measure = { item_length: z.coerce.number().positive().optional(), item_width: z.coerce.number().positive().optional(), item_height: z.coerce.number().positive().optional(), item_dimensions_unit: z.literal('mm').optional(), item_weight: z.coerce.number().positive().optional(), item_weight_unit: z.literal('g').optional() };
const draftSchema = z.strictObject({
  title, description: z.string().min(1), price: z.coerce.number().min(0.2).max(50_000), quantity: whole.max(999), who_made: z.enum(WHO), when_made: z.enum(WHEN), is_supply: z.enum(['true', 'false']), taxonomy_id: whole,
  shipping_profile_id: z.literal(String(SHIPPING_PROFILE_ID)), return_policy_id: z.literal(String(RETURN_POLICY_ID)), readiness_state_id: z.literal(String(PROCESSING_PROFILE_ID)), type: z.literal('physical'), ...measure,
});
const updateSchema = z.strictObject({
  title: title.optional(), description: z.string().min(1).optional(), state: z.enum(['active', 'inactive']).optional(), taxonomy_id: whole.optional(), who_made: z.enum(WHO).optional(), when_made: z.enum(WHEN).optional(), is_supply: z.enum(['true', 'false']).optional(),
  shipping_profile_id: z.literal(String(SHIPPING_PROFILE_ID)).optional(), return_policy_id: z.literal(String(RETURN_POLICY_ID)).optional(),
});
const inventorySchema = z.strictObject({
  products: z.array(z.strictObject({
    sku: z.string().max(32), property_values: z.array(z.unknown()).max(0),
    offerings: z.array(z.strictObject({ price: z.number().min(0.2).max(50_000), quantity: z.int().min(1).max(999), is_enabled: z.boolean(), readiness_state_id: z.int().nullable() })).length(1),
  })).length(1),
  price_on_property: z.array(z.int()).optional(), quantity_on_property: z.array(z.int()).optional(), sku_on_property: z.array(z.int()).optional(),
});

const issue = (error: z.ZodError) => refuse(400, `${error.issues[0]?.path.join('.') ?? 'body'}: ${error.issues[0]?.message ?? 'malformed'}`);
const fields = (request: VendorRequest) => Object.fromEntries(request.form());

const seconds = (instant: number) => Math.floor(instant / SECOND_MS);

function listingBody(record: EtsyRecord) {
  return {
    listing_id: record.listingId, user_id: USER_ID, shop_id: SHOP_ID, title: record.title, description: record.description, state: record.state, creation_timestamp: seconds(record.createdAt), created_timestamp: seconds(record.createdAt),
    last_modified_timestamp: seconds(record.updatedAt), updated_timestamp: seconds(record.updatedAt), quantity: record.state === 'sold_out' ? 0 : record.quantity, url: `https://www.etsy.com/listing/${record.listingId}`, listing_type: 'physical',
    shipping_profile_id: record.shippingProfileId, return_policy_id: record.returnPolicyId, who_made: record.whoMade, when_made: record.whenMade, is_supply: record.isSupply, taxonomy_id: record.taxonomyId, readiness_state_id: record.processingId, price: usd(record.priceMinor),
  };
}
const withSkus = (record: EtsyRecord) => ({ ...listingBody(record), skus: record.sku === '' ? [] : [record.sku] });

function inventoryBody(record: EtsyRecord) {
  const offering = { offering_id: record.listingId + 2, quantity: record.state === 'sold_out' ? 0 : record.quantity, is_enabled: record.enabled, is_deleted: false, price: usd(record.priceMinor), readiness_state_id: record.processingId };
  return { products: [{ product_id: record.listingId + 1, sku: record.sku, is_deleted: false, offerings: [offering], property_values: [] }], price_on_property: [], quantity_on_property: [], sku_on_property: [], readiness_state_on_property: [] };
}

function found(shop: EtsyShop, request: VendorRequest): EtsyRecord | VendorResponse {
  return shop.get(Number(request.params['listing_id'])) ?? refuse(404, 'The listing could not be found');
}
const isAnswer = (value: EtsyRecord | VendorResponse): value is VendorResponse => 'status' in value;

export function createDraft(shop: EtsyShop, request: VendorRequest): VendorResponse {
  const parsed = draftSchema.safeParse(fields(request));
  if (!parsed.success) return issue(parsed.error);
  const given = parsed.data;
  if (!isLeaf(shop.world, given.taxonomy_id)) return refuse(400, 'taxonomy_id: no such leaf');
  const { at } = request;
  const record = shop.put({
    listingId: shop.nextId(), state: 'draft', title: given.title, description: given.description, taxonomyId: given.taxonomy_id, whoMade: given.who_made, whenMade: given.when_made, isSupply: given.is_supply === 'true', shippingProfileId: SHIPPING_PROFILE_ID,
    returnPolicyId: RETURN_POLICY_ID, sku: '', priceMinor: Math.round(given.price * 100), quantity: given.quantity, enabled: true, processingId: PROCESSING_PROFILE_ID, pictures: [], marketId: null, createdAt: at, updatedAt: at,
  });
  shop.count('draftsCreated');
  return { status: 201, body: listingBody(record) };
}

export function updateListing(shop: EtsyShop, request: VendorRequest): VendorResponse {
  const before = found(shop, request);
  if (isAnswer(before)) return before;
  const parsed = updateSchema.safeParse(fields(request));
  if (!parsed.success) return issue(parsed.error);
  const given = parsed.data;
  const changed: EtsyRecord = {
    ...before, title: given.title ?? before.title, description: given.description ?? before.description, taxonomyId: given.taxonomy_id ?? before.taxonomyId, whoMade: given.who_made ?? before.whoMade, whenMade: given.when_made ?? before.whenMade,
    isSupply: given.is_supply === undefined ? before.isSupply : given.is_supply === 'true', updatedAt: request.at,
  };
  if (given.state === 'active' && before.state !== 'active') {
    if (before.pictures.length === 0) return refuse(400, 'An active listing needs an image');
    // a sold-out listing begins again with one
    shop.put(shop.activate({ ...changed, state: 'active', quantity: before.state === 'sold_out' ? 1 : changed.quantity }));
    shop.count('listingsActivated');
  } else if (given.state === 'inactive' && before.state === 'active') {
    shop.put(shop.pause(changed));
    shop.count('listingsPaused');
  } else shop.put(changed);
  return { status: 200, body: listingBody(shop.get(before.listingId)!) };
}

export function putInventory(shop: EtsyShop, request: VendorRequest): VendorResponse {
  const before = found(shop, request);
  if (isAnswer(before)) return before;
  const parsed = inventorySchema.safeParse(request.json());
  if (!parsed.success) return issue(parsed.error);
  const [product] = parsed.data.products;
  const [offering] = product!.offerings;
  const changed: EtsyRecord = { ...before, sku: product!.sku, priceMinor: Math.round(offering!.price * 100), quantity: offering!.quantity, enabled: offering!.is_enabled, processingId: offering!.readiness_state_id, updatedAt: request.at };
  shop.put(before.state === 'active' ? shop.activate(changed) : changed);
  shop.count('inventoriesPut');
  return { status: 200, body: inventoryBody(changed) };
}

export function getListing(shop: EtsyShop, request: VendorRequest): VendorResponse {
  const record = found(shop, request);
  return isAnswer(record) ? record : { status: 200, body: withSkus(record) };
}

export function getInventory(shop: EtsyShop, request: VendorRequest): VendorResponse {
  const record = found(shop, request);
  return isAnswer(record) ? record : { status: 200, body: inventoryBody(record) };
}

export function listListings(shop: EtsyShop, { query }: VendorRequest): VendorResponse {
  const state = query.get('state') ?? 'active';
  const [limit, offset] = [Number(query.get('limit') ?? 25), Number(query.get('offset') ?? 0)];
  if (!(STATES as readonly string[]).includes(state) || !Number.isInteger(limit) || limit < 1 || limit > MOST_PER_PAGE || !Number.isInteger(offset) || offset < 0) return refuse(400, 'state, limit or offset are not valid');
  const records = shop.all().filter((record) => record.state === state);
  return { status: 200, body: { count: records.length, results: records.slice(offset, offset + limit).map(withSkus) } };
}

const picture = (record: EtsyRecord, id: number, rank: number) => ({ listing_id: record.listingId, listing_image_id: id, rank, url_fullxfull: `https://i.etsystatic.com/practice/${id}.jpg` });

export function listImages(shop: EtsyShop, request: VendorRequest): VendorResponse {
  const record = found(shop, request);
  return isAnswer(record) ? record : { status: 200, body: { count: record.pictures.length, results: record.pictures.map((id, index) => picture(record, id, index + 1)) } };
}

export async function uploadImage(shop: EtsyShop, request: VendorRequest): Promise<VendorResponse> {
  const record = found(shop, request);
  if (isAnswer(record)) return record;
  const form = await new Response(new Uint8Array(request.body), { headers: { 'content-type': request.header('content-type') } }).formData().catch(() => null);
  const image = form?.get('image');
  const rank = Number(form?.get('rank') ?? 1);
  if (!(image instanceof Blob) || !jpegSize(new Uint8Array(await image.arrayBuffer())) || !Number.isInteger(rank) || rank < 1 || rank > 20) return refuse(400, 'image and rank are required');
  const id = shop.nextPicture();
  const pictures = [...record.pictures];
  if (form?.get('overwrite') === 'true') pictures[Math.min(rank, pictures.length + 1) - 1] = id;
  else pictures.splice(rank - 1, 0, id);
  shop.put({ ...record, pictures });
  shop.count('picturesTaken');
  return { status: 201, body: picture(record, id, rank) };
}

export function deleteImage(shop: EtsyShop, request: VendorRequest): VendorResponse {
  const record = found(shop, request);
  if (isAnswer(record)) return record;
  const id = Number(request.params['listing_image_id']);
  if (!record.pictures.includes(id)) return refuse(404, 'The image could not be found.');
  shop.put({ ...record, pictures: record.pictures.filter((one) => one !== id) });
  return { status: 204, body: '' };
}
