import { MINUTE_MS, type Instant } from '#kernel/time.ts';

/** Keepa's token account: a step of `refillRate` each whole minute, lapsing after an hour. */
export class TokenAccount {
  readonly refillRate: number;
  #tokens: number;
  #minute: number;

  constructor(refillRate: number, at: Instant) {
    this.refillRate = refillRate;
    this.#tokens = refillRate * 60;
    this.#minute = Math.floor(at / MINUTE_MS);
  }

  tokensLeft(at: Instant): number {
    const minute = Math.floor(at / MINUTE_MS);
    if (minute > this.#minute) {
      this.#tokens = Math.min(this.refillRate * 60, this.#tokens + (minute - this.#minute) * this.refillRate);
      this.#minute = minute;
    }
    return this.#tokens;
  }

  refillIn(at: Instant): number {
    return MINUTE_MS - (at % MINUTE_MS);
  }

  take(cost: number): void {
    this.#tokens -= cost;
  }
}
