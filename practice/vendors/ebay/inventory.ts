import { z } from 'zod';
import type { Route, VendorRequest, VendorResponse } from '../host.ts';
import { errorEntry, refuse, type EbayError } from './errors.ts';
import { reviseRunning } from './offers.ts';
import type { Shop } from './shop.ts';
import { itemSchema, type Item } from './store.ts';

const BULK_LIMIT = 25;
const CONDITIONS = new Set(['NEW', 'LIKE_NEW', 'NEW_OTHER', 'NEW_WITH_DEFECTS', 'CERTIFIED_REFURBISHED', 'SELLER_REFURBISHED', 'USED_EXCELLENT', 'USED_VERY_GOOD', 'USED_GOOD', 'USED_ACCEPTABLE', 'FOR_PARTS_OR_NOT_WORKING']);

const firstIssue = (error: z.ZodError) => `Invalid value for ${error.issues[0]?.path.join('.') ?? 'body'}. ${error.issues[0]?.message ?? ''}`;
const noItem = (sku: string): EbayError => ({ errorId: 25702, message: `SKU ${sku} could not be found or is not available in the system.` });

function checkedItem(raw: unknown, sku: string): { item: Item } | { error: EbayError } {
  if (!/^[\w.\- ]{1,50}$/.test(sku)) return { error: { errorId: 25707, message: 'Invalid SKU. SKU should be an alphanumeric text, not more than 50 characters.' } };
  const parsed = itemSchema.safeParse(raw);
  if (!parsed.success) return { error: { errorId: 25709, message: firstIssue(parsed.error) } };
  if (parsed.data.condition !== undefined && !CONDITIONS.has(parsed.data.condition)) return { error: { errorId: 25021, message: `Condition ${parsed.data.condition} is not valid.` } };
  return { item: parsed.data };
}

function storeItem({ store, count }: Shop, sku: string, item: Item): void {
  count(store.putItem(sku, item) ? 'itemsReplaced' : 'itemsCreated');
}

function putItem(shop: Shop, request: VendorRequest): VendorResponse {
  if (request.header('content-language') === '') return refuse(400, { errorId: 25709, message: 'Invalid value for header Content-Language.' });
  const sku = request.params['sku'] ?? '';
  const checked = checkedItem(request.json(), sku);
  if ('error' in checked) return refuse(400, checked.error);
  const existed = shop.store.item(sku) !== undefined;
  storeItem(shop, sku, checked.item);
  return { status: existed ? 204 : 201, ...(existed ? {} : { body: {} }) };
}

function bulkPutItems(shop: Shop, request: VendorRequest): VendorResponse {
  const parsed = z.object({ requests: z.array(z.looseObject({ sku: z.string(), locale: z.string() })).min(1).max(BULK_LIMIT) }).safeParse(request.json());
  if (!parsed.success) return refuse(400, { errorId: 25709, message: firstIssue(parsed.error) });
  const responses = parsed.data.requests.map(({ sku, locale, ...rest }) => {
    const checked = checkedItem(rest, sku);
    if ('error' in checked) return { sku, locale, statusCode: 400, errors: [errorEntry(checked.error)] };
    storeItem(shop, sku, checked.item);
    return { sku, locale, statusCode: 200 };
  });
  return { status: responses.some((entry) => entry.statusCode >= 400) ? 207 : 200, body: { responses } };
}

function getItem({ store }: Shop, request: VendorRequest): VendorResponse {
  const sku = request.params['sku'] ?? '';
  const item = store.item(sku);
  return item ? { status: 200, body: { sku, locale: 'en_US', ...item } } : refuse(404, noItem(sku));
}

function deleteItem({ store, world }: Shop, request: VendorRequest): VendorResponse {
  const sku = request.params['sku'] ?? '';
  if (!store.item(sku)) return refuse(404, noItem(sku));
  const offer = store.offerOf(sku);
  const listing = offer && store.listing(offer.offerId);
  // eBay ends the listing and removes the offer along with the item.
  if (listing?.status === 'active') world.actions.endListing(listing.id);
  if (offer) store.deleteOffer(offer);
  store.deleteItem(sku);
  return { status: 204 };
}

const priceQuantity = z.object({
  requests: z.array(z.object({
    sku: z.string(), shipToLocationAvailability: z.looseObject({ quantity: z.int().nonnegative() }).optional(),
    offers: z.array(z.object({ offerId: z.string(), availableQuantity: z.int().nonnegative().optional(), price: z.object({ value: z.string().regex(/^\d{1,9}(\.\d{1,2})?$/), currency: z.literal('USD') }).optional() })).optional(),
  })).min(1).max(BULK_LIMIT),
});

function bulkUpdatePriceQuantity(shop: Shop, request: VendorRequest): VendorResponse {
  const parsed = priceQuantity.safeParse(request.json());
  if (!parsed.success) return refuse(400, { errorId: 25709, message: firstIssue(parsed.error) });
  const { store } = shop;
  const responses = parsed.data.requests.flatMap(({ sku, shipToLocationAvailability, offers = [] }): { sku: string; offerId?: string; statusCode: number; errors?: unknown[] }[] => {
    const item = store.item(sku);
    if (!item) return [{ sku, statusCode: 404, errors: [errorEntry(noItem(sku))] }];
    if (shipToLocationAvailability) storeItem(shop, sku, { ...item, availability: { ...item.availability, shipToLocationAvailability: { ...item.availability?.shipToLocationAvailability, quantity: shipToLocationAvailability.quantity } } });
    if (offers.length === 0) return [{ sku, statusCode: 200 }];
    return offers.map(({ offerId, availableQuantity, price }) => {
      const offer = store.offer(offerId);
      if (!offer || offer.sku !== sku) return { sku, offerId, statusCode: 404, errors: [errorEntry({ errorId: 25713, message: 'This Offer is not available.' })] };
      const terms = { ...offer.terms, ...(availableQuantity === undefined ? {} : { availableQuantity }), ...(price ? { pricingSummary: { ...offer.terms.pricingSummary, price } } : {}) };
      const refused = reviseRunning(shop, { offer: { ...offer, terms }, at: request.at });
      return refused ? { sku, offerId, statusCode: 400, errors: [errorEntry(refused)] } : { sku, offerId, statusCode: 200 };
    });
  });
  return { status: responses.some((entry) => entry.statusCode >= 400) ? 207 : 200, body: { responses } };
}

function createLocation({ store, count }: Shop, request: VendorRequest): VendorResponse {
  const key = request.params['merchantLocationKey'] ?? '';
  if (!/^[\w-]{1,36}$/.test(key)) return refuse(400, { errorId: 25801, message: 'Invalid merchantLocationKey.' });
  const parsed = z.looseObject({
    name: z.string().optional(), locationTypes: z.array(z.string()).optional(), merchantLocationStatus: z.string().optional(),
    location: z.looseObject({ address: z.looseObject({ country: z.string().length(2), postalCode: z.string().optional(), city: z.string().optional(), stateOrProvince: z.string().optional() }) }),
  }).safeParse(request.json());
  if (!parsed.success) return refuse(400, { errorId: 25802, message: firstIssue(parsed.error) });
  const { address } = parsed.data.location;
  if (!address.postalCode && !(address.city && address.stateOrProvince)) return refuse(400, { errorId: 25802, message: 'postalCode, or city and stateOrProvince, are required.' });
  if (store.location(key)) return refuse(409, { errorId: 25803, message: `${key} already exists.` });
  store.putLocation(key, { merchantLocationKey: key, merchantLocationStatus: 'ENABLED', ...parsed.data });
  count('locationsCreated');
  return { status: 204 };
}

function getLocation({ store }: Shop, request: VendorRequest): VendorResponse {
  const location = store.location(request.params['merchantLocationKey'] ?? '');
  return location ? { status: 200, body: location } : refuse(404, { errorId: 25804, message: 'Location not found.' });
}

function listLocations({ store }: Shop): VendorResponse {
  const locations = store.locations();
  return { status: 200, body: { href: '/sell/inventory/v1/location', total: locations.length, limit: 100, offset: 0, locations } };
}

/** Items and places of the Sell Inventory API. */
export function inventoryRoutes(shop: Shop): Route[] {
  const base = '/sell/inventory/v1';
  const on = (method: Route['method'], path: string, given: { name: string; handle: (shop: Shop, request: VendorRequest) => VendorResponse }): Route => ({ method, pattern: base + path, name: given.name, handle: (request) => given.handle(shop, request) });
  return [
    on('PUT', '/inventory_item/{sku}', { name: 'createOrReplaceInventoryItem', handle: putItem }),
    on('GET', '/inventory_item/{sku}', { name: 'getInventoryItem', handle: getItem }),
    on('DELETE', '/inventory_item/{sku}', { name: 'deleteInventoryItem', handle: deleteItem }),
    on('POST', '/bulk_create_or_replace_inventory_item', { name: 'bulkCreateOrReplaceInventoryItem', handle: bulkPutItems }),
    on('POST', '/bulk_update_price_quantity', { name: 'bulkUpdatePriceQuantity', handle: bulkUpdatePriceQuantity }),
    on('GET', '/location', { name: 'getInventoryLocations', handle: listLocations }),
    on('POST', '/location/{merchantLocationKey}', { name: 'createInventoryLocation', handle: createLocation }),
    on('GET', '/location/{merchantLocationKey}', { name: 'getInventoryLocation', handle: getLocation }),
  ];
}
