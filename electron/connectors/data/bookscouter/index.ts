import { z } from 'zod';
import type { BuybackOffer, BuybackPort, UnreadableItem } from '#engine/catalog/ports.ts';
import { isIsbn10, isIsbn13 } from '#kernel/identifiers.ts';
import quotas from '../../../../resources/quotas/bookscouter.json' with { type: 'json' };
import { excerptOf, faultsOf, HttpClient, moneyFromNumber, RateLimiter, TokenBucket, type ConnectorOptions } from '../../http/index.ts';

export { buybackMarket, isBookCode } from './buyback-market.ts';

export interface BookScouterOptions extends ConnectorOptions {
  /** `https://api.bookscouter.com` unless told. */
  readonly baseUrl?: string | undefined;
}

export interface BookScouter extends BuybackPort {
  close(): Promise<void>;
}

const CONNECTOR = 'bookscouter';
/** Its buyers pay in dollars; the answer names no currency. */
const CURRENCY = 'USD';
const bookSchema = z.looseObject({ title: z.string().nullish(), isbn13: z.string().nullish(), isbn10: z.string().nullish() });
const answerSchema = z.looseObject({ book: bookSchema.nullish(), prices: z.array(z.unknown()) });
const offerSchema = z.looseObject({ price: z.number(), vendor: z.looseObject({ name: z.string().min(1), minimumOrder: z.union([z.number(), z.string()]).nullish() }) });

function readOffer(raw: unknown): BuybackOffer | string | null {
  const parsed = offerSchema.safeParse(raw);
  if (!parsed.success) return faultsOf(parsed.error);
  const { price, vendor } = parsed.data;
  if (price === 0) return null;
  const amount = moneyFromNumber(price, CURRENCY);
  if (!amount || amount.minor < 0) return `price: ${price} is no amount`;
  const least = Number(vendor.minimumOrder ?? Number.NaN);
  const minimumOrder = Number.isFinite(least) && least > 0 ? (moneyFromNumber(least, CURRENCY) ?? undefined) : undefined;
  return { buyer: vendor.name, price: amount, minimumOrder };
}

/** What buyers of used books pay, as BookScouter compares them. Its interface is undocumented: see README.md. */
export function createBookScouter(options: BookScouterOptions): BookScouter {
  const http = new HttpClient({ ...options, connector: CONNECTOR, baseUrl: options.baseUrl ?? 'https://api.bookscouter.com', headers: { accept: 'application/json' } });
  const limiter = new RateLimiter(new TokenBucket({ ratePerSecond: quotas.ratePerSecond, burst: quotas.burst, startedAt: options.clock.now() }), options.clock);
  return {
    connector: CONNECTOR,
    async buyback(isbn, call) {
      if (!isIsbn10(isbn) && !isIsbn13(isbn)) throw new RangeError(`not an ISBN: ${isbn}`);
      const { body } = await http.sendAccepting([404], { operation: 'read buyback prices', method: 'GET', path: `/v4/prices/sell/${isbn}`, effect: 'read', schema: answerSchema, limiter, signal: call?.signal });
      if (body === null) return null;
      const offers: BuybackOffer[] = [];
      const unreadable: UnreadableItem[] = [];
      for (const [i, raw] of body.prices.entries()) {
        const read = readOffer(raw);
        if (typeof read === 'string') unreadable.push({ where: `buyer ${i + 1}`, reason: read, excerpt: excerptOf(raw) });
        else if (read) offers.push(read);
      }
      return { isbn, title: body.book?.title ?? undefined, offers: offers.toSorted((a, b) => b.price.minor - a.price.minor), unreadable, at: options.clock.now() };
    },
    close: () => http.close(),
  };
}
