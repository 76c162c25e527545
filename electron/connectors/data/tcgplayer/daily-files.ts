import { z } from 'zod';
import type { ReferencePrice, ReferencePrices, UnreadableItem } from '#engine/catalog/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import { HOUR_MS, type Instant } from '#kernel/time.ts';
import quotas from '../../../../resources/quotas/tcgplayer.json' with { type: 'json' };
import { HttpClient, RateLimiter, TokenBucket, type ConnectorOptions } from '../../http/index.ts';
import { answerSchema, readPrices, type PriceAnswer } from './read-prices.ts';

/** Where a fetched file is kept until it may be fetched again; must survive a restart, or the limit would not. */
export interface DailyFileStore {
  get(path: string): Promise<{ readonly fetchedAt: Instant; readonly text: string } | null>;
  /** Of all files that are kept. */
  paths(): Promise<readonly string[]>;
  put(path: string, file: { readonly fetchedAt: Instant; readonly text: string }): Promise<void>;
}

export interface DailyPricesOptions extends ConnectorOptions {
  /** `https://tcgcsv.com` unless told. */
  readonly baseUrl?: string | undefined;
  readonly store: DailyFileStore;
  /** Names the program, as the site asks. */
  readonly userAgent: string;
}

/** A game (`categoryId`) and a set of it (`groupId`), by TCGplayer's numbers. */
export interface CardGroup {
  readonly categoryId: number;
  readonly groupId: number;
}

export interface DailyPrices {
  /** Every price of a set, at most a day old. */
  groupPrices(group: CardGroup, signal?: AbortSignal): Promise<ReferencePrices>;
  /** Sets of a game. */
  groups(categoryId: number, signal?: AbortSignal): Promise<readonly { readonly groupId: number; readonly name: string; readonly abbreviation: string | null }[]>;
  /** Rows of any of its files: `/tcgplayer/categories`. */
  rows(path: string, signal?: AbortSignal): Promise<readonly unknown[]>;
  now(): Instant;
  close(): Promise<void>;
}

const CONNECTOR = 'tcgcsv';
const groupSchema = z.looseObject({ groupId: z.int().positive(), name: z.string(), abbreviation: z.string().nullish() });

/** TCGplayer's prices as tcgcsv.com mirrors them, a file a set and day. A file is fetched once in 24 hours, whoever asks. */
export function createDailyPrices(options: DailyPricesOptions): DailyPrices {
  const { clock, store } = options;
  const http = new HttpClient({ ...options, connector: CONNECTOR, baseUrl: options.baseUrl ?? 'https://tcgcsv.com', headers: { 'user-agent': options.userAgent } });
  const limiter = new RateLimiter(new TokenBucket({ ratePerSecond: quotas.dailyFiles.ratePerSecond, burst: 1, startedAt: clock.now() }), clock);
  const fetching = new Map<string, Promise<{ answer: PriceAnswer; at: Instant }>>();

  const load = async (path: string, signal: AbortSignal | undefined): Promise<{ answer: PriceAnswer; at: Instant }> => {
    const kept = await store.get(path);
    const known = kept && clock.now() - kept.fetchedAt < quotas.dailyFiles.refetchAfterHours * HOUR_MS ? answerSchema.safeParse(JSON.parse(kept.text)) : null;
    if (kept && known?.success) return { answer: known.data, at: kept.fetchedAt };
    const { body } = await http.send({ operation: 'read daily file', method: 'GET', path, effect: 'read', schema: answerSchema, limiter, signal });
    if (!body.success) throw new ConnectorError({ kind: 'Rejected', connector: CONNECTOR, operation: 'read daily file', message: body.errors?.join('; ') || 'the file says that it failed' });
    const at = clock.now();
    await store.put(path, { fetchedAt: at, text: JSON.stringify(body) });
    return { answer: body, at };
  };
  /** Two who ask at once wait for one fetch. */
  const once = (path: string, signal?: AbortSignal) => {
    const running = fetching.get(path) ?? load(path, signal).finally(() => fetching.delete(path));
    fetching.set(path, running);
    return running;
  };
  return {
    async groupPrices({ categoryId, groupId }, signal) {
      const { answer, at } = await once(`/tcgplayer/${categoryId}/${groupId}/prices`, signal);
      const items: ReferencePrice[] = [];
      const unreadable: UnreadableItem[] = [];
      readPrices(answer.results, items, unreadable);
      return { items, unreadable, at };
    },
    async groups(categoryId, signal) {
      const { answer } = await once(`/tcgplayer/${categoryId}/groups`, signal);
      return answer.results.flatMap((raw) => {
        const parsed = groupSchema.safeParse(raw);
        return parsed.success ? [{ groupId: parsed.data.groupId, name: parsed.data.name, abbreviation: parsed.data.abbreviation ?? null }] : [];
      });
    },
    rows: async (path, signal) => (await once(path, signal)).answer.results,
    now: () => clock.now(),
    close: () => http.close(),
  };
}
