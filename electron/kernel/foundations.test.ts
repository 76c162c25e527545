import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdSource, ID_PREFIXES } from './ids.ts';
import { maskSecrets, maskText } from './log.ts';
import { seededRandom } from './random.ts';
import { DAY_MS, ManualClock, scaledClock, startOfUtcDay, systemClock, utcDay } from './time.ts';

const START = Date.UTC(2026, 10, 21, 12);

const make = () => {
  const ids = createIdSource(new ManualClock(START), seededRandom(7));
  return Array.from({ length: 20 }, () => ids.next('job'));
};

describe('createIdSource', () => {
  it('makes ids that never repeat and sort by their making, also within one millisecond and when the clock goes back', () => {
    let now = START;
    const ids = createIdSource({ now: () => now, sleep: () => Promise.resolve() }, seededRandom('ids'));
    const made: string[] = [];
    for (let i = 0; i < 12_000; i++) {
      if (i === 9_000) now += 5;
      if (i === 10_000) now -= 60_000;
      made.push(ids.next('opportunity'));
    }
    expect(new Set(made).size).toBe(made.length);
    expect(made.toSorted()).toEqual(made);
    for (const id of made.slice(0, 50)) expect(id).toMatch(/^opp_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
  it('makes the same ids from the same seed and clock', () => {
    expect(make()).toEqual(make());
  });
  it('has a prefix of its own for each kind', () => expect(new Set(Object.values(ID_PREFIXES)).size).toBe(Object.keys(ID_PREFIXES).length));
});

const take = (seed: number | string, n = 50) => {
  const random = seededRandom(seed);
  return Array.from({ length: n }, () => random.next());
};

describe('seededRandom', () => {
  it('repeats exactly for a seed, and differs for another', () => {
    expect(take('world')).toEqual(take('world'));
    expect(take('world')).not.toEqual(take('worle'));
    expect(take(1)).toEqual(take('1'));
  });
  it('gives the stream that every machine gives', () => {
    const random = seededRandom('known');
    expect(Array.from({ length: 4 }, () => random.int(1_000))).toEqual([369, 41, 837, 328]);
  });
  it('stays within its bounds', () => {
    fc.assert(fc.property(fc.string(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, bound) => {
      const random = seededRandom(seed);
      for (let i = 0; i < 20; i++) {
        const value = random.int(bound);
        expect(Number.isInteger(value) && value >= 0 && value < bound).toBe(true);
        expect(Number.isFinite(random.normal())).toBe(true);
      }
    }));
  });
  it('is uniform and normal enough for a simulation', () => {
    const random = seededRandom('moments');
    const normals = Array.from({ length: 20_000 }, () => random.normal());
    const mean = normals.reduce((a, b) => a + b, 0) / normals.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(normals.reduce((a, b) => a + (b - mean) ** 2, 0) / normals.length - 1)).toBeLessThan(0.05);
    expect(Math.abs(take('uniform', 20_000).reduce((a, b) => a + b, 0) / 20_000 - 0.5)).toBeLessThan(0.01);
  });
});

describe('ManualClock', () => {
  it('moves on by sleeping, takes no real time, and never goes back', async () => {
    const clock = new ManualClock(START);
    await clock.sleep(30 * DAY_MS);
    await clock.sleep(-5);
    clock.advanceTo(START);
    expect(clock.now()).toBe(START + 30 * DAY_MS);
    await clock.sleep(0.2);
    expect(clock.now()).toBe(START + 30 * DAY_MS + 1);
  });
  it('does not sleep for who has given up', async () => {
    const clock = new ManualClock(START);
    await expect(clock.sleep(1_000, AbortSignal.abort(new Error('given up')))).rejects.toThrow('given up');
    expect(clock.now()).toBe(START);
  });
});

describe('scaledClock', () => {
  it('agrees with another clock of the same anchor, and runs as fast as told', async () => {
    const real = Date.now();
    const [one, other] = [scaledClock({ anchor: START, realAnchor: real, speed: 10_000 }), scaledClock({ anchor: START, realAnchor: real, speed: 10_000 })];
    const before = one.now();
    await one.sleep(200_000); // 20 ms of real time
    expect(one.now() - before).toBeGreaterThanOrEqual(180_000);
    expect(Math.abs(one.now() - other.now())).toBeLessThanOrEqual(100_000);
    expect(Number.isInteger(one.now())).toBe(true);
  });
  it('wakes at the signal', async () => {
    const abort = new AbortController();
    const asleep = scaledClock({ anchor: START, realAnchor: Date.now(), speed: 1 }).sleep(60_000, abort.signal);
    abort.abort(new Error('stopping'));
    await expect(asleep).rejects.toThrow('stopping');
    await expect(systemClock.sleep(1, abort.signal)).rejects.toThrow('stopping');
  });
});

describe('days', () => {
  it('begin at midnight UTC, before 1970 too', () => {
    fc.assert(fc.property(fc.integer({ min: -4_000_000_000_000, max: 4_000_000_000_000 }), (instant) => {
      const start = startOfUtcDay(instant);
      expect(instant - start).toBeGreaterThanOrEqual(0);
      expect(instant - start).toBeLessThan(DAY_MS);
      expect(utcDay(start)).toBe(utcDay(instant));
      expect(start % DAY_MS === 0).toBe(true);
    }));
  });
});

describe('maskSecrets', () => {
  it('masks by name at any depth, in lists and in causes of errors, and leaves the rest', () => {
    const masked = JSON.stringify(maskSecrets({
      apiKey: 's3cret-1', nested: { list: [{ refresh_token: 's3cret-2', name: 'kept' }] }, key: 's3cret-3', keyword: 'kettle', at: 5n,
      error: new Error('GET /x?key=s3cret-4&page=2 failed', { cause: new Error('Authorization: Bearer s3cret-5abc') }),
    }));
    expect(masked).not.toContain('s3cret');
    for (const kept of ['"name":"kept"', '"keyword":"kettle"', 'page=2', '"at":"5"']) expect(masked).toContain(kept);
  });
  it('ends on what holds itself', () => {
    const loop: Record<string, unknown> = { name: 'loop' };
    loop['self'] = loop;
    expect(JSON.stringify(maskSecrets(loop))).toContain('[deep]');
  });
});

describe('maskText', () => {
  it.each([['https://api.example/product?key=abc123&domain=1', 'https://api.example/product?key=[masked]&domain=1'], ['Authorization: Bearer abcdef.ghi-123', 'Authorization: Bearer [masked]'], ['basic needs are met', 'basic needs are met'], ['?monkey=12', '?monkey=12']])('%s', (text, expected) => {
    expect(maskText(text)).toBe(expected);
  });
});
