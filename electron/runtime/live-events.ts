import type { Clock } from '#kernel/time.ts';
import type { DomainEvent } from './ports.ts';

/** Events that one window may be behind before its oldest are dropped; it refetches what it shows in any case. */
const BUFFERED = 1_000;

type ReadAfter = (after: number, limit: number) => Promise<DomainEvent[]>;

class Subscription {
  readonly #buffer: DomainEvent[] = [];
  #arrived: (() => void) | null = null;

  push(event: DomainEvent): void {
    this.#buffer.push(event);
    if (this.#buffer.length > BUFFERED) this.#buffer.shift();
    this.#arrived?.();
  }

  /** Null when the signal ended the wait. */
  async next(signal: AbortSignal): Promise<DomainEvent | null> {
    while (this.#buffer.length === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      this.#arrived = null;
    }
    return signal.aborted ? null : this.#buffer.shift()!;
  }
}

/** What happens, told to windows as it is committed. */
export class LiveEvents {
  readonly #clock: Clock;
  readonly #readAfter: ReadAfter;
  readonly #subscriptions = new Set<Subscription>();
  readonly #announced = new WeakSet<DomainEvent>();
  #lastSeq = 0;

  constructor(clock: Clock, readAfter: ReadAfter) {
    this.#clock = clock;
    this.#readAfter = readAfter;
  }

  publish(event: DomainEvent): void {
    this.#lastSeq = Math.max(this.#lastSeq, event.seq);
    for (const subscription of this.#subscriptions) subscription.push(event);
  }

  /** Its `seq` is that of the last recorded event: asking again after it repeats nothing and misses nothing. */
  announce(topic: string, id: string | null, data: Readonly<Record<string, unknown>>): void {
    const event = { seq: this.#lastSeq, topic, id, data, at: this.#clock.now() };
    this.#announced.add(event);
    for (const subscription of this.#subscriptions) subscription.push(event);
  }

  async *stream(signal: AbortSignal, after?: number): AsyncGenerator<DomainEvent> {
    const subscription = new Subscription();
    // First listen, then read what is stored: nothing falls between, and what comes twice is known by its number.
    this.#subscriptions.add(subscription);
    let seen = after ?? 0;
    try {
      for (const event of after === undefined ? [] : await this.#readAfter(after, BUFFERED)) {
        if (signal.aborted) return;
        seen = event.seq;
        yield event;
      }
      const replayedTo = seen;
      for (;;) {
        const event = await subscription.next(signal);
        if (!event) return;
        if (event.seq > replayedTo || this.#announced.has(event)) yield event;
      }
    } finally {
      this.#subscriptions.delete(subscription);
    }
  }
}
