import { describe, expect, it } from 'vitest';
import { seededRandom } from '#kernel/random.ts';
import { MINUTE_MS, ManualClock, SECOND_MS } from '#kernel/time.ts';
import { RateLimiter, SteppedBucket, TokenBucket } from './index.ts';

/** The vendor's own count: rate a second and burst, without any margin. */
class VendorCount {
  refused = 0;
  #level: number;
  #at: number;
  readonly #rate: number;
  readonly #burst: number;
  constructor(rate: number, burst: number, at: number) {
    this.#rate = rate;
    this.#burst = burst;
    this.#level = burst;
    this.#at = at;
  }
  arrive(at: number): void {
    this.#level = Math.min(this.#burst, this.#level + ((at - this.#at) * this.#rate) / SECOND_MS);
    this.#at = at;
    if (this.#level < 1 - 1e-9) this.refused += 1;
    else this.#level -= 1;
  }
}

describe('a limiter of calls a second', () => {
  it.each([[2, 2], [0.5, 1], [5, 10], [1, 2], [0.033, 1]])('at %d a second with a burst of %d uses at least 95 %% of the quota and is never refused, with uneven paths', async (rate, burst) => {
    const clock = new ManualClock(0);
    const limiter = new RateLimiter(new TokenBucket({ ratePerSecond: rate, burst, startedAt: 0 }), clock);
    const vendor = new VendorCount(rate, burst, 0);
    const random = seededRandom(3);
    const arrivals: number[] = [];
    const calls = 400;
    for (let i = 0; i < calls; i++) {
      await limiter.acquire();
      // Up to a hundredth of the interval late, in any order of lateness.
      arrivals.push(clock.now() + random.next() * (10 / rate));
    }
    for (const at of arrivals.toSorted((a, b) => a - b)) vendor.arrive(at);
    expect(vendor.refused).toBe(0);
    expect(calls / ((clock.now() / SECOND_MS) * rate)).toBeGreaterThanOrEqual(0.95);
  });

  it('lets nothing pass while the vendor says wait, and takes a new rate', async () => {
    const clock = new ManualClock(0);
    const limiter = new RateLimiter(new TokenBucket({ ratePerSecond: 10, burst: 10, startedAt: 0 }), clock);
    await limiter.acquire();
    limiter.block(5_000);
    await limiter.acquire();
    expect(clock.now()).toBeGreaterThanOrEqual(5_000);
    limiter.bucket.setRate(1, clock.now());
    const from = clock.now();
    for (let i = 0; i < 5; i++) await limiter.acquire();
    expect(clock.now() - from).toBeGreaterThanOrEqual(4_500);
  });

  it('serves callers in the order they came and forgets one that gave up', async () => {
    const clock = new ManualClock(0);
    const limiter = new RateLimiter(new TokenBucket({ ratePerSecond: 1, burst: 1, startedAt: 0 }), clock);
    await limiter.acquire();
    const order: string[] = [];
    const stop = new AbortController();
    const first = limiter.acquire().then(() => order.push('first'));
    const quitter = limiter.acquire(1, stop.signal).then(() => order.push('quitter'), () => order.push('gave up'));
    const second = limiter.acquire().then(() => order.push('second'));
    stop.abort(new Error('enough'));
    await Promise.all([first, quitter, second]);
    expect(order.filter((name) => name !== 'gave up')).toEqual(['first', 'second']);
    expect(order).toContain('gave up');
  });
});

describe('a bucket that the vendor fills by the minute', () => {
  it('waits for as many steps as a cost needs', () => {
    const bucket = new SteppedBucket({ tokensLeft: 5, refillInMs: 10_000, refillPerMinute: 20 }, 0);
    expect(bucket.readyAt(5, 0)).toBe(0);
    expect(bucket.readyAt(6, 0)).toBe(10_000);
    expect(bucket.readyAt(25, 0)).toBe(10_000);
    expect(bucket.readyAt(26, 0)).toBe(10_000 + MINUTE_MS);
    expect(bucket.available(10_000 + MINUTE_MS)).toBe(45);
  });

  it('holds back what calls under way may cost, until they end', () => {
    const bucket = new SteppedBucket({ tokensLeft: 100, refillInMs: MINUTE_MS, refillPerMinute: 20 }, 0);
    bucket.spend(60);
    bucket.spend(30);
    expect(bucket.available(0)).toBe(10);
    bucket.settle(60);
    bucket.read({ tokensLeft: 40, refillInMs: MINUTE_MS, refillPerMinute: 20 }, 0);
    expect(bucket.available(0)).toBe(10);
    bucket.settle(30);
    bucket.read({ tokensLeft: 10, refillInMs: MINUTE_MS, refillPerMinute: 20 }, 0);
    expect(bucket.available(0)).toBe(10);
  });

  it('never expects more than an hour’s tokens', () => {
    const bucket = new SteppedBucket({ tokensLeft: 0, refillInMs: 0, refillPerMinute: 20 }, 0);
    expect(bucket.available(10 * 60 * MINUTE_MS)).toBe(1_200);
  });
});
