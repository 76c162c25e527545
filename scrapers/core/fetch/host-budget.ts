import { HOUR_MS, startOfUtcDay, type Clock } from '#kernel/time.ts';

export interface QuietHours {
  readonly from: number;
  readonly to: number;
  readonly zone?: string | undefined;
}

/** How much of a host one may take. */
export interface HostPolicy {
  /** Least time between the starts of two requests. */
  readonly minIntervalMs: number;
  readonly concurrency: number;
  /** Hours in which nothing is fetched: from `from` up to `to` (`{from: 22, to: 5}` passes midnight), in the site's own zone (IANA); UTC without one. */
  readonly quietHours?: QuietHours | undefined;
}

interface HostState {
  nextAt: number;
  active: number;
  readonly waiting: (() => void)[];
}

const zones = new Map<string, Intl.DateTimeFormat>();

/** How far the zone's clocks are ahead of UTC at that moment, in ms. */
function offsetAt(instant: number, zone: string | undefined): number {
  if (zone === undefined || zone === 'UTC') return 0;
  let format = zones.get(zone);
  if (!format) zones.set(zone, (format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })));
  const parts = Object.fromEntries(format.formatToParts(instant).map((p) => [p.type, Number(p.value)]));
  const local = Date.UTC(parts['year'] ?? 0, (parts['month'] ?? 1) - 1, parts['day'] ?? 1, parts['hour'] ?? 0, parts['minute'] ?? 0, parts['second'] ?? 0);
  return local - Math.floor(instant / 1_000) * 1_000;
}

/** When the quiet hours that hold at `now` end; `now` itself outside them. */
export function quietUntil(now: number, quiet: HostPolicy['quietHours']): number {
  if (!quiet || quiet.from === quiet.to) return now;
  const offset = offsetAt(now, quiet.zone);
  const local = now + offset;
  const day = startOfUtcDay(local);
  const hour = (local - day) / HOUR_MS;
  const inside = quiet.from < quiet.to ? hour >= quiet.from && hour < quiet.to : hour >= quiet.from || hour < quiet.to;
  if (!inside) return now;
  const today = day + quiet.to * HOUR_MS;
  const end = today > local ? today : today + 24 * HOUR_MS;
  // The clocks may be changed in between: what counts is the zone's time when they end.
  return end - offsetAt(end - offset, quiet.zone);
}

/** Shares out requests per host, first come first served. */
export class HostBudget {
  readonly #clock: Clock;
  readonly #hosts = new Map<string, HostState>();
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits for the host's turn. The returned function gives the place back. @throws the signal's reason when aborted. */
  async take(host: string, policy: HostPolicy, signal?: AbortSignal): Promise<() => void> {
    const state = this.#state(host);
    while (state.active >= policy.concurrency) await this.#wait(state, signal);
    signal?.throwIfAborted();
    state.active += 1;
    try {
      const start = quietUntil(Math.max(this.#clock.now(), state.nextAt), policy.quietHours);
      state.nextAt = start + policy.minIntervalMs;
      const wait = start - this.#clock.now();
      if (wait > 0) await this.#clock.sleep(wait, signal);
    } catch (error) {
      this.#release(state);
      throw error;
    }
    let given = true;
    return () => {
      if (given) this.#release(state);
      given = false;
    };
  }

  /** Nothing more from the host for a while: it said so. */
  hold(host: string, durationMs: number): void {
    const state = this.#state(host);
    state.nextAt = Math.max(state.nextAt, this.#clock.now() + durationMs);
  }

  #state(host: string): HostState {
    let state = this.#hosts.get(host);
    if (!state) this.#hosts.set(host, (state = { nextAt: 0, active: 0, waiting: [] }));
    return state;
  }

  #release(state: HostState): void {
    state.active -= 1;
    state.waiting.shift()?.();
  }

  #wait(state: HostState, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const abort = () => {
        const at = state.waiting.indexOf(turn);
        if (at >= 0) state.waiting.splice(at, 1);
        reject(signal?.reason as Error);
      };
      if (signal?.aborted) return reject(signal.reason as Error);
      signal?.addEventListener('abort', abort, { once: true });
      state.waiting.push(turn);
    });
  }
}
