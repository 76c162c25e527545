import { z } from 'zod';
import type { Clock, Instant } from '#kernel/time.ts';

/** The answer of an OAuth 2 token endpoint (RFC 6749 section 5.1); other fields pass. */
export const tokenSchema = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive(), token_type: z.string() });
export type TokenAnswer = z.infer<typeof tokenSchema>;

/** Renewed this long before its end, so that it does not end on the way. */
const RENEW_BEFORE_MS = 60_000;

/** Keeps one access token, fetches it when needed, and lets all who ask meanwhile wait for the same fetch. */
export class AccessToken {
  readonly #fetch: (signal?: AbortSignal) => Promise<TokenAnswer>;
  readonly #clock: Clock;
  #held: { readonly token: string; readonly until: Instant } | null = null;
  #fetching: Promise<string> | null = null;
  #generation = 0;

  constructor(fetch: (signal?: AbortSignal) => Promise<TokenAnswer>, clock: Clock) {
    this.#fetch = fetch;
    this.#clock = clock;
  }

  get(signal?: AbortSignal): Promise<string> {
    if (this.#held && this.#clock.now() < this.#held.until) return Promise.resolve(this.#held.token);
    // One caller's abort must not fail the others, so the shared fetch has no signal of its own.
    if (!this.#fetching) {
      const fetching = this.#renew(this.#generation).finally(() => {
        if (this.#fetching === fetching) this.#fetching = null;
      });
      this.#fetching = fetching;
    }
    if (!signal) return this.#fetching;
    return Promise.race([this.#fetching, rejectOnAbort(signal)]);
  }

  /** The vendor no longer accepts it, or the account is another. A fetch under way is not kept either. */
  forget(): void {
    this.#held = null;
    this.#fetching = null;
    this.#generation += 1;
  }

  async #renew(generation: number): Promise<string> {
    const answer = await this.#fetch();
    const lifeMs = answer.expires_in * 1_000;
    if (generation === this.#generation) this.#held = { token: answer.access_token, until: this.#clock.now() + Math.max(lifeMs / 2, lifeMs - RENEW_BEFORE_MS) };
    return answer.access_token;
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    else signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
