import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, ManualClock } from '#kernel/time.ts';
import { createWorld, type Product, type World } from '../../world/index.ts';
import { aspectsOf, createEbayVendor, leafOf, PRACTICE_EBAY, type EbayVendor } from './index.ts';
import { PAYMENT_POLICY_ID, RETURN_POLICY_ID } from './policies.ts';

const START = Date.UTC(2026, 10, 21);
const clockAt = () => new ManualClock(START);
let clock: ManualClock;
let world: World;
let vendor: EbayVendor;
let token: string;

async function signIn(grant: Record<string, string> = { grant_type: 'refresh_token', refresh_token: PRACTICE_EBAY.refreshToken }, secret: string = PRACTICE_EBAY.clientSecret) {
  const answer = await fetch(`${vendor.baseUrl}/identity/v1/oauth2/token`, { method: 'POST', headers: { authorization: `Basic ${Buffer.from(`${PRACTICE_EBAY.clientId}:${secret}`).toString('base64')}` }, body: new URLSearchParams(grant) });
  return { status: answer.status, body: (await answer.json()) as { access_token: string; error?: string } };
}

async function call(method: string, path: string, body?: unknown) {
  const answer = await fetch(vendor.baseUrl + path, { method, headers: { authorization: `Bearer ${token}`, 'content-language': 'en-US', 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as Record<string, never> & { errors?: { errorId: number; parameters?: { value: string }[] }[] } };
}

beforeEach(async () => {
  clock = clockAt();
  world = createWorld({ seed: 5, clock, productCount: 1_000 });
  vendor = createEbayVendor(world);
  await vendor.start();
  token = (await signIn()).body.access_token;
});
afterEach(async () => {
  await vendor.close();
  world.close();
});

const sellable = () => world.catalog.products.filter((product) => product.kind === 'ordinary' && world.market.value(product.id, 'ebayNew', START) !== null);
const item = (product: Product) => ({ condition: 'NEW', availability: { shipToLocationAvailability: { quantity: 2 } }, product: { title: product.title.slice(0, 80), description: product.title, imageUrls: ['https://example.com/1.jpg'], ean: [product.gtin!], aspects: aspectsOf(world, product) } });
const offer = (sku: string, value = '19.99', categoryId = leafOf(world, world.catalog.products[Number(sku.slice(1))] ?? sellable()[0]!)) => ({
  sku, marketplaceId: 'EBAY_US', format: 'FIXED_PRICE', availableQuantity: 2, categoryId, merchantLocationKey: 'home', pricingSummary: { price: { value, currency: 'USD' } },
  listingPolicies: { fulfillmentPolicyId: '6196932000', paymentPolicyId: PAYMENT_POLICY_ID, returnPolicyId: RETURN_POLICY_ID },
});
const inventory = '/sell/inventory/v1';

async function publish(product: Product, value?: string) {
  const sku = `S${product.id}`;
  await call('POST', `${inventory}/location/home`, { location: { address: { country: 'US', postalCode: '94105' } } });
  await call('PUT', `${inventory}/inventory_item/${sku}`, item(product));
  const { offerId } = (await call('POST', `${inventory}/offer`, offer(sku, value))).body as unknown as { offerId: string };
  return { sku, offerId, ...(await call('POST', `${inventory}/offer/${offerId}/publish`)) };
}

describe('sign-in', () => {
  it('refuses wrong secrets and grants', async () => {
    expect((await signIn(undefined, 'x')).status).toBe(401);
    expect((await signIn({ grant_type: 'refresh_token', refresh_token: 'x' })).body.error).toBe('invalid_grant');
    expect((await signIn({ grant_type: 'password' })).body.error).toBe('unsupported_grant_type');
  });
  it('lets an application token read no seller data, and ends tokens after two hours', async () => {
    const path = `${inventory}/inventory_item/x`;
    token = (await signIn({ grant_type: 'client_credentials' })).body.access_token;
    expect((await call('GET', path)).body.errors![0]!.errorId).toBe(1100);
    token = (await signIn()).body.access_token;
    expect((await call('GET', path)).body.errors![0]!.errorId).toBe(25702);
    clock.advanceTo(START + 2 * HOUR_MS);
    expect((await call('GET', path)).status).toBe(401);
  });
});

describe('listing', () => {
  it('answers 25002 with the id of the offer that stands', async () => {
    const { sku, offerId } = await publish(sellable()[0]!);
    const again = await call('POST', `${inventory}/offer`, offer(sku));
    expect(again.status).toBe(400);
    expect(again.body.errors![0]).toMatchObject({ errorId: 25002, parameters: [{ name: 'offerId', value: offerId }] });
  });

  it('publishes once however often it is asked', async () => {
    const first = await publish(sellable()[0]!);
    expect((await call('POST', `${inventory}/offer/${first.offerId}/publish`)).body).toEqual(first.body);
    expect(vendor.effects().listingsPublished).toBe(1);
    expect(world.effects().listings).toHaveLength(1);
  });

  it('takes what buyers would take it for from its identifiers', async () => {
    const product = sellable()[0]!;
    const { body } = await publish(product);
    expect(world.listing(body['listingId'] as unknown as string)!.productId).toBe(product.id);
  });

  it('handles items in bulk, each with its own verdict', async () => {
    const [first, second] = sellable();
    const answer = await call('POST', `${inventory}/bulk_create_or_replace_inventory_item`, { requests: [{ sku: 'B1', locale: 'en_US', ...item(first!) }, { sku: 'B2', locale: 'en_US', ...item(second!), condition: 'SHINY' }] });
    expect(answer.status).toBe(207);
    expect(answer.body['responses']).toMatchObject([{ sku: 'B1', statusCode: 200 }, { sku: 'B2', statusCode: 400, errors: [{ errorId: 25021 }] }]);
    expect((await call('GET', `${inventory}/inventory_item/B1`)).status).toBe(200);
    expect((await call('GET', `${inventory}/inventory_item/B2`)).status).toBe(404);
  });

  it('ends the listing when its item is deleted', async () => {
    const { sku, body, offerId } = await publish(sellable()[0]!);
    expect((await call('DELETE', `${inventory}/inventory_item/${sku}`)).status).toBe(204);
    expect(world.listing(body['listingId'] as unknown as string)!.status).toBe('ended');
    expect((await call('GET', `${inventory}/offer/${offerId}`)).status).toBe(404);
  });

  it.each([['a policy', { listingPolicies: {} }], ['a category', { categoryId: undefined }], ['a known place', { merchantLocationKey: 'moon' }], ['a price', { pricingSummary: {} }]])('is not published without %s', async (_, change) => {
    await call('POST', `${inventory}/location/home`, { location: { address: { country: 'US', postalCode: '94105' } } });
    await call('PUT', `${inventory}/inventory_item/X`, item(sellable()[0]!));
    const { offerId } = (await call('POST', `${inventory}/offer`, { ...offer('X'), ...change })).body as unknown as { offerId: string };
    expect((await call('POST', `${inventory}/offer/${offerId}/publish`)).status).toBe(400);
    expect(world.effects().listings).toEqual([]);
  });
});

const errorOf = async (path: string) => (await call('GET', path)).body.errors?.[0]?.errorId;

describe('categories', () => {
  const tree = '/commerce/taxonomy/v1/category_tree/0';
  it('are found by a title, and only their leaves take a listing, with what they ask for', async () => {
    for (const product of sellable().slice(0, 40)) {
      const found = (await call('GET', `${tree}/get_category_suggestions?q=${encodeURIComponent(product.title)}`)).body as unknown as { categorySuggestions: { category: { categoryId: string } }[] };
      expect(found.categorySuggestions[0]!.category.categoryId).toBe(leafOf(world, product));
    }
    const product = sellable().find((candidate) => candidate.category === 'tools')!;
    await call('POST', `${inventory}/location/home`, { location: { address: { country: 'US', postalCode: '94105' } } });
    const refusalOf = async (sku: string, categoryId: string, aspects: object) => {
      await call('PUT', `${inventory}/inventory_item/${sku}`, { ...item(product), product: { ...item(product).product, aspects } });
      const { offerId } = (await call('POST', `${inventory}/offer`, { ...offer(sku), categoryId })).body as unknown as { offerId: string };
      const answer = await call('POST', `${inventory}/offer/${offerId}/publish`);
      return [answer.status, answer.body.errors?.[0]?.errorId, answer.body.errors?.[0]?.parameters?.[0]?.value];
    };
    expect(await refusalOf('S1', '631', aspectsOf(world, product))).toEqual([400, 25_005, undefined]);
    expect(await refusalOf('S2', leafOf(world, product), { Type: ['x'] })).toEqual([400, 25_002, 'Brand']);
    expect(await refusalOf('S3', leafOf(world, product), aspectsOf(world, product))).toEqual([200, undefined, undefined]);
  });

  it('refuses what is no leaf of the tree, in eBay’s words', async () => {
    expect(await errorOf(`${tree}/get_item_aspects_for_category?category_id=631`)).toBe(62_009);
    expect(await errorOf(`${tree}/get_item_aspects_for_category?category_id=0`)).toBe(62_008);
    expect(await errorOf(`${tree}/get_item_aspects_for_category?category_id=5`)).toBe(62_005);
    expect(await errorOf('/commerce/taxonomy/v1/category_tree/9/get_category_suggestions?q=x')).toBe(62_004);
    expect(await errorOf('/commerce/taxonomy/v1/get_default_category_tree_id?marketplace_id=EBAY_XX')).toBe(62_003);
  });
});

it('counts the calls of a day, says how many are left, and refuses the one that is too many', async () => {
  const strict = createEbayVendor(world, { callsPerDay: { 'buy.browse': 2 } });
  const base = await strict.start();
  const signedIn = await fetch(`${base}/identity/v1/oauth2/token`, { method: 'POST', headers: { authorization: `Basic ${Buffer.from(`${PRACTICE_EBAY.clientId}:${PRACTICE_EBAY.clientSecret}`).toString('base64')}` }, body: new URLSearchParams({ grant_type: 'client_credentials' }) });
  const { access_token } = (await signedIn.json()) as { access_token: string };
  const ask = (path: string) => fetch(base + path, { headers: { authorization: `Bearer ${access_token}` } });
  const search = async () => (await ask('/buy/browse/v1/item_summary/search?q=drill')).status;
  expect([await search(), await search(), await search()]).toEqual([200, 200, 429]);
  const limits = (await (await ask('/developer/analytics/v1_beta/rate_limit/?api_context=buy&api_name=browse')).json()) as { rateLimits: unknown[] };
  expect(limits.rateLimits).toMatchObject([{ apiContext: 'buy', apiName: 'browse', resources: [{ rates: [{ limit: 2, remaining: 0, timeWindow: 86_400, reset: '2026-11-22T00:00:00.000Z' }] }] }]);
  clock.advanceTo(START + DAY_MS - 60_000);
  await strict.close();
});

it('orders come in pages that join without gap, and filters hold', async () => {
  for (const product of sellable().slice(0, 50)) await publish(product, (Math.max(150, world.market.value(product.id, 'ebayNew', START)! * 0.6) / 100).toFixed(2));
  clock.advanceTo(START + 5 * DAY_MS);
  token = (await signIn()).body.access_token;
  const path = '/sell/fulfillment/v1/order';
  interface Page { total: number; next?: string; orders: { orderId: string; creationDate: string; lastModifiedDate: string; orderFulfillmentStatus: string }[] }
  const seen: string[] = [];
  let next: string | undefined = `${path}?limit=7`;
  while (next) {
    const page: Page = (await call('GET', next)).body as unknown as Page;
    seen.push(...page.orders.map((order) => order.orderId));
    next = page.next;
  }
  expect(seen).toEqual(world.sales('ebay').map((sale) => sale.id));
  expect(seen.length).toBeGreaterThan(14);
  const from = new Date(START + 2 * DAY_MS).toISOString();
  const recent = (await call('GET', `${path}?limit=200&filter=${encodeURIComponent(`creationdate:[${from}..]`)}`)).body as unknown as Page;
  expect(recent.orders.map((order) => order.orderId)).toEqual(world.sales('ebay').filter((sale) => sale.createdAt >= Date.parse(from)).map((sale) => sale.id));
  expect((await call('GET', `${path}?limit=201`)).status).toBe(400);
  expect((await call('GET', `${path}?filter=${encodeURIComponent('lastmodifieddate:[yesterday..]')}`)).status).toBe(400);
  const byIds = (await call('GET', `${path}?orderIds=${seen[1]},${seen[3]}`)).body as unknown as Page;
  expect(byIds.orders.map((order) => order.orderId)).toEqual([seen[1], seen[3]]);
});
