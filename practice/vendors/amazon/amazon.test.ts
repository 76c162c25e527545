import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS, ManualClock } from '#kernel/time.ts';
import { createWorld, type World } from '../../world/index.ts';
import type { VendorServer } from '../host.ts';
import { createAmazonVendor, PRACTICE_AMAZON } from './index.ts';
import { UsageCounter } from './rate-limits.ts';

const START = Date.UTC(2026, 10, 21);
const US = 'ATVPDKIKX0DER';

describe('the practice Selling Partner API', () => {
  const clock = new ManualClock(START);
  let world: World;
  let vendor: VendorServer;
  const login = (change: Record<string, string> = {}) => fetch(`${vendor.baseUrl}/auth/o2/token`, {
    method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: PRACTICE_AMAZON.refreshToken, client_id: PRACTICE_AMAZON.clientId, client_secret: PRACTICE_AMAZON.clientSecret, ...change }),
  });
  const tokenOf = async () => ((await (await login()).json()) as { access_token: string }).access_token;
  const get = (path: string, token: string) => fetch(vendor.baseUrl + path, { headers: { 'x-amz-access-token': token } });
  beforeAll(async () => {
    world = createWorld({ seed: 5, clock, productCount: 1_000 });
    vendor = createAmazonVendor(world);
    await vendor.start();
  });
  afterAll(async () => {
    await vendor.close();
    world.close();
  });

  it('signs in by refresh token alone', async () => {
    expect((await login({ client_secret: 'x' })).status).toBe(401);
    expect(await (await login({ refresh_token: 'x' })).json()).toMatchObject({ error: 'invalid_grant' });
    expect(await (await login({ grant_type: 'password' })).json()).toMatchObject({ error: 'unsupported_grant_type' });
  });

  it('answers 403 without a token and after its hour', async () => {
    const path = `/listings/2021-08-01/restrictions?asin=B000000000&sellerId=A1&marketplaceIds=${US}`;
    expect((await get(path, 'none')).status).toBe(403);
    const token = await tokenOf();
    expect((await get(path, token)).status).toBe(200);
    clock.advanceTo(clock.now() + HOUR_MS);
    const late = await get(path, token);
    expect(late.status).toBe(403);
    expect(await late.json()).toMatchObject({ errors: [{ code: 'Unauthorized', details: expect.stringContaining('expired') as string }] });
  });

  it('counts each operation by its own plan, tells the rate, and refuses with QuotaExceeded', async () => {
    const token = await tokenOf();
    const path = `/catalog/2022-04-01/items?marketplaceIds=${US}&keywords=book&includedData=summaries`;
    const answers = [await get(path, token), await get(path, token), await get(path, token)];
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 429]);
    expect(answers[0]!.headers.get('x-amzn-ratelimit-limit')).toBe('2.0');
    expect(await answers[2]!.json()).toMatchObject({ errors: [{ code: 'QuotaExceeded' }] });
    clock.advanceTo(clock.now() + 500);
    expect((await get(path, token)).status).toBe(200);
  });

  it('pages through a search', async () => {
    const token = await tokenOf();
    const seen = new Set<string>();
    let pageToken = '';
    for (let page = 0; page < 3; page++) {
      clock.advanceTo(clock.now() + 1_000);
      const body = (await (await get(`/catalog/2022-04-01/items?marketplaceIds=${US}&keywords=the&pageSize=5${pageToken}`, token)).json()) as { items: { asin: string }[]; pagination?: { nextToken: string } };
      for (const item of body.items) seen.add(item.asin);
      pageToken = body.pagination ? `&pageToken=${body.pagination.nextToken}` : '';
    }
    expect(seen.size).toBe(15);
  });

  it('refuses other marketplaces and too many identifiers', async () => {
    const token = await tokenOf();
    clock.advanceTo(clock.now() + 5_000);
    expect((await get('/catalog/2022-04-01/items?marketplaceIds=X&keywords=a', token)).status).toBe(400);
    expect((await get(`/catalog/2022-04-01/items?marketplaceIds=${US}&identifiersType=ASIN&identifiers=${'B,'.repeat(21)}`, token)).status).toBe(400);
  });
});

it('a rested account may burst, and no more', () => {
  const usage = new UsageCounter();
  const allowed = (at: number) => Array.from({ length: 15 }, () => usage.allow('getListingsRestrictions', at)).filter(Boolean).length;
  expect(allowed(0)).toBe(10);
  expect(allowed(1_000)).toBe(5);
  expect(allowed(60_000)).toBe(10);
});
