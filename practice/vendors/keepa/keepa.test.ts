import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS, ManualClock } from '#kernel/time.ts';
import { createWorld, type World } from '../../world/index.ts';
import type { VendorServer } from '../host.ts';
import { createKeepaVendor, PRACTICE_KEEPA_KEY } from './index.ts';
import { keepaMinutes } from './product-body.ts';
import { TokenAccount } from './tokens.ts';

const START = Date.UTC(2026, 10, 21);
interface Body { tokensLeft: number; refillIn: number; refillRate: number; tokensConsumed: number; products?: { asin: string; productType: number; csv: (number[] | null)[] | null; stats: { current: number[]; avg90: number[] } | null }[]; error?: { type: string } }

describe('the practice Keepa', () => {
  const clock = new ManualClock(START);
  let world: World;
  let vendor: VendorServer;
  const ask = async (query: string, key: string = PRACTICE_KEEPA_KEY) => {
    const answer = await fetch(`${vendor.baseUrl}/product?key=${key}&domain=1&${query}`);
    return { status: answer.status, body: (await answer.json()) as Body };
  };
  beforeAll(async () => {
    world = createWorld({ seed: 5, clock, productCount: 1_000 });
    vendor = createKeepaVendor(world, { refillRate: 5 });
    await vendor.start();
  });
  afterAll(async () => {
    await vendor.close();
    world.close();
  });

  it('refuses an unknown key and a call without codes', async () => {
    expect((await ask('asin=B000000000', 'x')).status).toBe(402);
    expect((await ask('')).status).toBe(400);
    expect((await ask(`asin=${Array.from({ length: 101 }, () => 'B000000000').join(',')}`)).status).toBe(400);
  });

  it('writes histories as Keepa does: minutes since 2011, -1 for none, the present value last', async () => {
    const product = world.catalog.products.find((each) => each.kind === 'ordinary' && world.market.value(each.id, 'buyBox', START) !== null)!;
    const { body } = await ask(`asin=${product.asin}&buybox=1&stats=90&days=30`);
    const { csv, stats } = body.products![0]!;
    expect(csv).toHaveLength(36);
    expect(csv![1]!.at(-1)).toBe(world.market.value(product.id, 'new', START));
    expect(csv![18]!.length % 3).toBe(0);
    expect(csv![1]![0]).toBeGreaterThanOrEqual(keepaMinutes(START - 91 * DAY_MS));
    expect(stats!.current[1]).toBe(world.market.value(product.id, 'new', START));
    expect(body.tokensConsumed).toBe(3);
    expect((await ask(`asin=${product.asin}`)).body.products![0]!.csv![18]).toBeNull();
  });

  it('answers 429 with the time to wait when tokens run out, and refills by the minute in virtual time', async () => {
    const many = `asin=${Array.from({ length: 100 }, (_, i) => `B${String(i).padStart(9, '0')}`).join(',')}&history=0`;
    let last = await ask(many);
    while (last.status === 200) last = await ask(many);
    expect(last.status).toBe(429);
    expect(last.body).toMatchObject({ refillRate: 5, error: { type: 'NOT_ENOUGH_TOKEN' }, tokensConsumed: 0 });
    const { tokensLeft } = last.body;
    clock.advanceTo(clock.now() + last.body.refillIn);
    expect((await ask('asin=B000000000&history=0')).body.tokensLeft).toBe(tokensLeft + 5 - 1);
  });
});

it('tokens lapse after an hour', () => {
  const account = new TokenAccount(20, 0);
  account.take(1_000);
  expect(account.tokensLeft(0)).toBe(200);
  expect(account.tokensLeft(MINUTE_MS)).toBe(220);
  expect(account.tokensLeft(500 * MINUTE_MS)).toBe(1_200);
});
