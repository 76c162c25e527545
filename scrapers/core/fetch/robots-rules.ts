import robotsModule from 'robots-parser';
import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import { DAY_MS, SECOND_MS, type Clock } from '#kernel/time.ts';
import type { FetchPolicy, FetchRequest, FetchResult } from './fetch-types.ts';

interface ParsedRobots {
  isAllowed(url: string, agent: string): boolean | undefined;
  getCrawlDelay(agent: string): number | undefined;
  getSitemaps(): string[];
}
// The package's types describe an ES module's default; what Node loads is the function itself.
const robotsParser = robotsModule as unknown as (url: string, text: string) => ParsedRobots;

interface Rules {
  readonly allows: (url: string) => boolean;
  readonly delayMs: number;
  readonly sitemaps: readonly string[];
  readonly until: number;
}
interface How {
  readonly policy: FetchPolicy;
  readonly signal: AbortSignal;
}
type Load = (url: string, policy: FetchPolicy, signal: AbortSignal) => Promise<FetchResult>;

/** A longer wait than this is no crawl delay but a refusal in other words; it is kept to anyway, up to here. */
const LONGEST_DELAY_MS = 60 * SECOND_MS;
const MAX_ROBOTS_BYTES = 512 * 1_024;

/**
 * robots.txt (RFC 9309), one a site, asked again after a day. A site without one permits all; one that cannot be read because
 * the server fails permits nothing until it can.
 */
export class RobotsRules {
  readonly #clock: Clock;
  readonly #agent: string;
  readonly #load: Load;
  readonly #rules = new Map<string, Promise<Rules>>();
  constructor(clock: Clock, userAgent: string, load: Load) {
    this.#clock = clock;
    this.#agent = userAgent;
    this.#load = load;
  }

  /** The delay that the site asks for. @throws ConnectorError `Rejected` with code `ROBOTS` for an address that it forbids. */
  async admit(url: string, request: FetchRequest, how: How): Promise<number> {
    const rules = await this.#rulesOf(new URL(url).origin, how);
    if (rules.allows(url)) return rules.delayMs;
    throw new ConnectorError({ kind: 'Rejected', connector: request.connector, operation: request.operation, code: 'ROBOTS', message: `robots.txt of the site forbids ${url}` });
  }

  async sitemaps(origin: string, how: How): Promise<readonly string[]> {
    return (await this.#rulesOf(origin, how)).sitemaps;
  }

  async #rulesOf(origin: string, how: How): Promise<Rules> {
    const known = this.#rules.get(origin);
    if (known) {
      const rules = await known.catch(() => null);
      if (rules && rules.until > this.#clock.now()) return rules;
    }
    const loading = this.#read(origin, how);
    this.#rules.set(origin, loading);
    try {
      return await loading;
    } catch (error) {
      this.#rules.delete(origin);
      throw error;
    }
  }

  async #read(origin: string, { policy, signal }: How): Promise<Rules> {
    const url = `${origin}/robots.txt`;
    const text = await this.#load(url, { ...policy, maxBytes: MAX_ROBOTS_BYTES }, signal).then((r) => r.text, (error: unknown) => {
      // 4xx: there is no robots.txt for us (RFC 9309, 2.3.1.3).
      if (isConnectorError(error, 'Rejected', 'SessionLost') && error.detail.httpStatus !== undefined) return '';
      // its rules are there and not to be had: all is forbidden until they are (2.3.1.4)
      if (isConnectorError(error) && (error.detail.httpStatus ?? 0) >= 500) throw new ConnectorError({ ...error.detail, message: `its robots.txt answered ${error.detail.httpStatus}, and nothing is read while its rules are not known` }, error);
      throw error;
    });
    const parsed = robotsParser(url, text);
    const delay = parsed.getCrawlDelay(this.#agent);
    return {
      allows: (target) => parsed.isAllowed(target, this.#agent) !== false,
      delayMs: typeof delay === 'number' && Number.isFinite(delay) ? Math.min(LONGEST_DELAY_MS, Math.max(0, delay * SECOND_MS)) : 0,
      sitemaps: parsed.getSitemaps().filter((s) => URL.canParse(s)),
      until: this.#clock.now() + DAY_MS,
    };
  }
}
