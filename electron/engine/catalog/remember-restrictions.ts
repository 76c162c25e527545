import { DAY_MS, type Clock } from '#kernel/time.ts';
import type { RestrictionAnswer, RestrictionPort } from './ports.ts';

/** An account's permissions change seldom: an answer holds for so long. What is asked again and again is the same few products. */
const HOLDS_MS = 3 * DAY_MS;
const MOST_KEPT = 20_000;

/** The same port, asked at most once in three days for each product and condition. Failures are not kept. */
export function rememberRestrictions(port: RestrictionPort, clock: Clock): RestrictionPort {
  const kept = new Map<string, RestrictionAnswer>();
  return {
    connector: port.connector, market: port.market,
    async restriction(externalId, condition, options) {
      const key = `${externalId} ${condition}`;
      const known = kept.get(key);
      if (known && clock.now() - known.at < HOLDS_MS) return known;
      const answer = await port.restriction(externalId, condition, options);
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(key, answer);
      return answer;
    },
  };
}
