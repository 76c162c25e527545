import type { Clock } from '#kernel/time.ts';
import type { Bucket } from './token-bucket.ts';

interface Waiter {
  readonly cost: number;
  readonly go: () => void;
}

/**
 * Lets calls through in the order they came, each as soon as the vendor's quota can bear it and never before.
 * Nothing else may spend the same quota.
 */
export class RateLimiter<B extends Bucket = Bucket> {
  readonly bucket: B;
  readonly #clock: Clock;
  readonly #queue: Waiter[] = [];
  #pumping = false;

  constructor(bucket: B, clock: Clock) {
    this.bucket = bucket;
    this.#clock = clock;
  }

  /** Resolves when `cost` units have been taken. Rejects with the signal's reason, having taken nothing. */
  acquire(cost = 1, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const now = this.#clock.now();
    if (this.#queue.length === 0 && this.bucket.readyAt(cost, now) <= now) {
      this.bucket.spend(cost, now);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        cost,
        go: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      const abort = () => {
        const place = this.#queue.indexOf(waiter);
        if (place < 0) return;
        this.#queue.splice(place, 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#queue.push(waiter);
      void this.#pump();
    });
  }

  /** Nothing passes before `retryAfterMs` has gone by: the vendor said so. */
  block(retryAfterMs: number): void {
    this.bucket.block(this.#clock.now() + retryAfterMs);
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (let head = this.#queue[0]; head; head = this.#queue[0]) {
        const now = this.#clock.now();
        const ready = this.bucket.readyAt(head.cost, now);
        if (ready > now) {
          await this.#clock.sleep(ready - now);
          continue;
        }
        this.#queue.shift();
        this.bucket.spend(head.cost, now);
        head.go();
      }
    } finally {
      this.#pumping = false;
    }
  }
}
