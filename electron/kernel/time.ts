/** A UTC instant: whole milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** The only source of time. `sleep` rejects with the signal's reason when aborted. */
export interface Clock {
  now(): Instant;
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/** The longest delay that a timer holds: beyond 2^31-1 ms it would fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

function timer(durationMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const done = () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    };
    const handle = setTimeout(done, Math.min(Math.max(0, durationMs), LONGEST_TIMER_MS));
    const abort = () => {
      clearTimeout(handle);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}

export const systemClock: Clock = { now: () => Date.now(), sleep: timer };

/** Virtual instant `anchor` at real instant `realAnchor`, `speed` virtual ms per real ms: all that hold it agree on the time. */
export interface ClockAnchor {
  readonly anchor: Instant;
  readonly realAnchor: number;
  /** Above 0. */
  readonly speed: number;
}

/**
 * Virtual time that runs `speed` times as fast as real time from an anchor.
 * @param real real time in ms, of the same origin as `realAnchor`: one that never goes back, where the machine's clock may be set while this runs
 */
export function scaledClock({ anchor, realAnchor, speed }: ClockAnchor, real: () => number = Date.now): Clock {
  return {
    now: () => Math.floor(anchor + (real() - realAnchor) * speed),
    sleep: (ms, signal) => timer(ms / speed, signal),
  };
}

/** A clock that stands still until told: sleeping moves it on at once, so that work which only waits takes no real time. */
export class ManualClock implements Clock {
  #now: Instant;
  constructor(start: Instant) {
    this.#now = start;
  }
  now(): Instant {
    return this.#now;
  }
  /** Moves forward only; an earlier instant is ignored. */
  advanceTo(instant: Instant): void {
    if (instant > this.#now) this.#now = instant;
  }
  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    this.advanceTo(this.#now + Math.max(0, Math.ceil(durationMs)));
    return Promise.resolve();
  }
}

/** `2026-11-21T11:30:00.000Z`. */
export function toIso(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** The UTC calendar day, `2026-11-21`. */
export function utcDay(instant: Instant): string {
  return toIso(instant).slice(0, 10);
}

/** Start of the UTC day that holds `instant`. */
export function startOfUtcDay(instant: Instant): Instant {
  return instant - (((instant % DAY_MS) + DAY_MS) % DAY_MS);
}
