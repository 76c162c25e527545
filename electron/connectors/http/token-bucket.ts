import { MINUTE_MS, SECOND_MS, type Instant } from '#kernel/time.ts';

/** A vendor's quota as arithmetic: how much can be spent at an instant, and when a cost will be affordable. Holds no timer. */
export interface Bucket {
  /** Units that may be spent at `now`. */
  available(now: Instant): number;
  /** Takes `cost`, also below zero where the vendor allowed it. */
  spend(cost: number, now: Instant): void;
  /** First instant at which `cost` is affordable if nothing else is spent; at most the capacity is ever waited for. */
  readyAt(cost: number, now: Instant): Instant;
  /** The vendor said no: nothing is affordable before `until`. */
  block(until: Instant): void;
}

export interface TokenBucketOptions {
  /** Units gained per second. */
  readonly ratePerSecond: number;
  /** Units that a rested account may spend at once. */
  readonly burst: number;
  readonly startedAt: Instant;
}

/** Share of the vendor's rate that is used: the rest covers clocks and network paths that are not even. */
const USED_SHARE = 0.985;

/**
 * A continuously filled bucket that mirrors a vendor's own. It stays inside that one although requests arrive less evenly than they were
 * sent: one unit of the burst is left unused (where there is more than one), and 1.5 % of the rate.
 */
export class TokenBucket implements Bucket {
  #ratePerMs: number;
  #capacity: number;
  #level: number;
  #at: Instant;
  #blockedUntil = 0;

  constructor(options: TokenBucketOptions) {
    if (!(options.ratePerSecond > 0) || !(options.burst >= 1)) throw new RangeError('a quota needs a rate above 0 and a burst of at least 1');
    this.#ratePerMs = (options.ratePerSecond * USED_SHARE) / SECOND_MS;
    this.#capacity = Math.max(1, options.burst - 1);
    this.#level = this.#capacity;
    this.#at = options.startedAt;
  }

  /** Units gained per minute, as far as they are used. */
  get refillPerMinute(): number {
    return this.#ratePerMs * MINUTE_MS;
  }
  get capacity(): number {
    return this.#capacity;
  }

  /** The vendor named another rate for this account. The burst stays. */
  setRate(ratePerSecond: number, now: Instant): void {
    if (!(ratePerSecond > 0)) return;
    this.#fill(now);
    this.#ratePerMs = (ratePerSecond * USED_SHARE) / SECOND_MS;
  }

  /** The vendor named this account's whole quota. What is left is at most what the vendor says. */
  setQuota(quota: { readonly ratePerSecond: number; readonly burst: number; readonly remaining: number | null }, now: Instant): void {
    this.setRate(quota.ratePerSecond, now);
    this.#capacity = Math.max(1, quota.burst - 1);
    this.#level = Math.min(this.#level, this.#capacity, quota.remaining ?? Number.POSITIVE_INFINITY);
  }

  available(now: Instant): number {
    this.#fill(now);
    return now < this.#blockedUntil ? 0 : this.#level;
  }

  spend(cost: number, now: Instant): void {
    this.#fill(now);
    this.#level -= cost;
  }

  readyAt(cost: number, now: Instant): Instant {
    this.#fill(now);
    const missing = Math.min(cost, this.#capacity) - this.#level;
    const filled = missing <= 1e-9 ? now : now + Math.ceil(missing / this.#ratePerMs);
    return Math.max(filled, this.#blockedUntil);
  }

  block(until: Instant): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, until);
    this.#level = Math.min(this.#level, 0);
    this.#at = Math.max(this.#at, until);
  }

  #fill(now: Instant): void {
    if (now <= this.#at) return;
    this.#level = Math.min(this.#capacity, this.#level + (now - this.#at) * this.#ratePerMs);
    this.#at = now;
  }
}

/** Share of a window's calls that may go at once; the rest is spread, so that no window sees more, whenever the vendor begins to count. */
const WINDOW_BURST = 0.02;

/** A quota of so many calls a window (a day, as a rule) as rate and burst. */
export function windowQuota(calls: number, windowSeconds: number): { readonly ratePerSecond: number; readonly burst: number } {
  const burst = Math.max(1, Math.floor(calls * WINDOW_BURST));
  return { ratePerSecond: Math.max(1, calls - burst) / windowSeconds, burst };
}

/** What a vendor that counts tokens says with each answer. */
export interface SteppedReading {
  readonly tokensLeft: number;
  /** Until the next step. */
  readonly refillInMs: number;
  readonly refillPerMinute: number;
}

/**
 * A bucket that the vendor fills once a minute and reports with every answer (Keepa). Unused tokens lapse after an hour, so the
 * capacity is 60 steps. Tokens of calls under way are held back until their answer tells the true level.
 */
export class SteppedBucket implements Bucket {
  #reading: SteppedReading & { readonly at: Instant };
  /** Taken since the last reading. */
  #spentSince = 0;
  /** Taken by calls whose answer has not come yet: a reading may or may not count them, so they stay held back. */
  #held = 0;
  #blockedUntil = 0;

  constructor(reading: SteppedReading, at: Instant) {
    this.#reading = { ...reading, at };
  }

  get refillPerMinute(): number {
    return this.#reading.refillPerMinute;
  }
  get capacity(): number {
    return this.#reading.refillPerMinute * 60;
  }

  read(reading: SteppedReading, at: Instant): void {
    this.#reading = { ...reading, at };
    this.#spentSince = this.#held;
    this.#blockedUntil = 0;
  }

  /** A call that took `cost` has ended, well or badly. */
  settle(cost: number): void {
    this.#held -= cost;
  }

  available(now: Instant): number {
    if (now < this.#blockedUntil) return 0;
    return this.#gained(now) - this.#spentSince;
  }

  spend(cost: number): void {
    this.#spentSince += cost;
    this.#held += cost;
  }

  readyAt(cost: number, now: Instant): Instant {
    const missing = Math.min(cost, this.capacity) - (this.#gained(now) - this.#spentSince);
    if (missing <= 0) return Math.max(now, this.#blockedUntil);
    const firstStep = this.#reading.at + this.#reading.refillInMs;
    const stepsGone = now < firstStep ? 0 : 1 + Math.floor((now - firstStep) / MINUTE_MS);
    const steps = Math.ceil(missing / this.#reading.refillPerMinute);
    return Math.max(firstStep + (stepsGone + steps - 1) * MINUTE_MS, this.#blockedUntil);
  }

  block(until: Instant): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, until);
  }

  #gained(now: Instant): number {
    const { tokensLeft, refillInMs, refillPerMinute, at } = this.#reading;
    const firstStep = at + refillInMs;
    const steps = now < firstStep ? 0 : 1 + Math.floor((now - firstStep) / MINUTE_MS);
    return Math.min(Math.max(this.capacity, tokensLeft), tokensLeft + steps * refillPerMinute);
  }
}
