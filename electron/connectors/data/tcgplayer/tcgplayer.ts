import type { ReferencePrice, ReferencePricePort, UnreadableItem } from '#engine/catalog/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import quotas from '../../../../resources/quotas/tcgplayer.json' with { type: 'json' };
import { AccessToken, HttpClient, RateLimiter, TokenBucket, tokenSchema, type ConnectorOptions } from '../../http/index.ts';
import { answerSchema, readPrices } from './read-prices.ts';

export interface TcgplayerOptions extends ConnectorOptions {
  /** `https://api.tcgplayer.com` unless told. */
  readonly baseUrl?: string | undefined;
  /** An application's existing keys: TCGplayer grants no new ones. */
  readonly credentials: () => Promise<{ readonly publicKey: string; readonly privateKey: string }>;
}

export interface Tcgplayer extends ReferencePricePort {
  forgetSession(): void;
  close(): Promise<void>;
}

const CONNECTOR = 'tcgplayer';

/** Prices of trading cards from TCGplayer's own interface. */
export function createTcgplayer(options: TcgplayerOptions): Tcgplayer {
  const baseUrl = options.baseUrl ?? 'https://api.tcgplayer.com';
  const login = new HttpClient({ ...options, connector: CONNECTOR, baseUrl });
  const limiter = new RateLimiter(new TokenBucket({ ratePerSecond: quotas.ratePerSecond, burst: 1, startedAt: options.clock.now() }), options.clock);
  const token = new AccessToken(async (signal) => {
    const { publicKey, privateKey } = await options.credentials();
    const { body } = await login.send({ operation: 'sign in', method: 'POST', path: '/token', effect: 'idempotent', anonymous: true, schema: tokenSchema, limiter, signal, form: { grant_type: 'client_credentials', client_id: publicKey, client_secret: privateKey } });
    return body;
  }, options.clock);
  const http = new HttpClient({ ...options, connector: CONNECTOR, baseUrl, authorize: async (signal) => ({ authorization: `bearer ${await token.get(signal)}` }), forgetSession: () => token.forget() });
  return {
    connector: CONNECTOR, market: 'tcgplayer-us',
    async referencePrices(externalIds, call) {
      const ids = [...new Set(externalIds)];
      const strange = ids.find((id) => !/^\d{1,12}$/.test(id));
      if (strange !== undefined) throw new RangeError(`not a TCGplayer product id: ${strange}`);
      const items: ReferencePrice[] = [];
      const unreadable: UnreadableItem[] = [];
      for (let i = 0; i < ids.length; i += quotas.idsPerCall) {
        // The ids stand in the path, where a comma is a comma.
        const path = `/pricing/product/${ids.slice(i, i + quotas.idsPerCall).join(',')}`;
        // Before the call takes its turn: two that wait for turns of their own would be sent together, and the cap knows no burst.
        await token.get(call?.signal);
        const { body } = await http.sendAccepting([404], { operation: 'read prices', method: 'GET', path, effect: 'read', schema: answerSchema, limiter, signal: call?.signal });
        if (body === null) continue;
        if (!body.success && body.results.length === 0) throw new ConnectorError({ kind: 'Rejected', connector: CONNECTOR, operation: 'read prices', message: body.errors?.join('; ') || 'refused without a reason' });
        readPrices(body.results, items, unreadable);
      }
      return { items, unreadable, at: options.clock.now() };
    },
    forgetSession: () => token.forget(),
    close: async () => void (await Promise.all([http.close(), login.close()])),
  };
}
