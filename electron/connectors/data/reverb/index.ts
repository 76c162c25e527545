import { z } from 'zod';
import type { AskingPrice, AskingPrices, AskingPricesPort, ItemCondition, UnreadableItem } from '#engine/catalog/ports.ts';
import type { Money } from '#kernel/money.ts';
import quotas from '../../../../resources/quotas/reverb.json' with { type: 'json' };
import { excerptOf, faultsOf, HttpClient, moneyFromText, RateLimiter, TokenBucket, type ConnectorOptions, type FailedAnswer, type VendorVerdict } from '../../http/index.ts';

export interface ReverbOptions extends ConnectorOptions {
  /** `https://api.reverb.com` unless told. */
  readonly baseUrl?: string | undefined;
  /** A personal access token with the `public` and `read_listings` scopes. */
  readonly credentials: () => Promise<{ readonly token: string }>;
}

export interface Reverb extends AskingPricesPort {
  close(): Promise<void>;
}

const CONNECTOR = 'reverb';
const MARKET = 'reverb';
const text = z.string().nullish();
const amount = z.looseObject({ amount: z.union([z.string(), z.number()]).transform(String), currency: z.string() });
const listingSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).transform(String), title: z.string(), make: text, model: text, price: amount, condition: z.looseObject({ display_name: text, slug: text }).nullish(), auction: z.boolean().nullish(),
  shop_name: text, shop: z.looseObject({ name: text }).nullish(), published_at: text, created_at: text,
  shipping: z.looseObject({ rates: z.array(z.looseObject({ region_code: text, rate: amount.nullish() })).nullish(), us_rate: amount.nullish() }).nullish(),
  _links: z.looseObject({ web: z.looseObject({ href: z.string() }).nullish() }).nullish(),
});
const answerSchema = z.looseObject({ total: z.int().nullish(), current_page: z.int().nullish(), total_pages: z.int().nullish(), listings: z.array(z.unknown()) });

const CONDITIONS: readonly (readonly [RegExp, ItemCondition])[] = [
  [/^brand[ -]new/i, 'new'], [/^b[ -]stock/i, 'open-box'], [/^mint/i, 'used-like-new'], [/^(?:excellent|very[ -]good)/i, 'used-very-good'], [/^good/i, 'used-good'], [/^(?:fair|poor)/i, 'used-acceptable'], [/^non[ -]functioning/i, 'for-parts'],
];

function judge(failed: FailedAnswer): VendorVerdict | undefined {
  const body = z.looseObject({ message: z.string() }).safeParse(failed.json);
  return body.success ? { message: body.data.message } : undefined;
}

function moneyOf(value: z.infer<typeof amount>): Money | null {
  return moneyFromText(value.amount.replaceAll(',', ''), value.currency);
}

function readListing(raw: unknown): AskingPrice | string {
  const parsed = listingSchema.safeParse(raw);
  if (!parsed.success) return faultsOf(parsed.error);
  const listing = parsed.data;
  const price = moneyOf(listing.price);
  if (!price || price.minor <= 0) return `price: ${listing.price.amount} ${listing.price.currency} is no amount`;
  const rate = listing.shipping?.us_rate ?? listing.shipping?.rates?.find((r) => r.region_code === 'US')?.rate;
  const said = listing.condition?.display_name ?? listing.condition?.slug ?? '';
  const listedAt = Date.parse(listing.published_at ?? listing.created_at ?? '');
  return {
    market: MARKET, listingId: listing.id, url: listing['_links']?.web?.href ?? `https://reverb.com/item/${listing.id}`, title: listing.title, price, shipping: rate ? (moneyOf(rate) ?? undefined) : undefined,
    condition: CONDITIONS.find(([words]) => words.test(said))?.[1] ?? 'unknown', sale: listing.auction ? 'auction' : 'fixed', sellerName: listing.shop_name ?? listing.shop?.name ?? undefined,
    brand: listing.make ?? undefined, model: listing.model ?? undefined, listedAt: Number.isNaN(listedAt) ? undefined : listedAt,
  };
}

/** What is asked on Reverb for musical gear. Its price guide is reported retired: there are asks, and no sales. */
export function createReverb(options: ReverbOptions): Reverb {
  const http = new HttpClient({
    ...options, connector: CONNECTOR, baseUrl: options.baseUrl ?? 'https://api.reverb.com', judge, headers: { accept: 'application/hal+json', 'accept-version': '3.0' },
    authorize: async () => ({ authorization: `Bearer ${(await options.credentials()).token}` }),
  });
  const limiter = new RateLimiter(new TokenBucket({ ratePerSecond: quotas.ratePerSecond, burst: quotas.burst, startedAt: options.clock.now() }), options.clock);
  return {
    connector: CONNECTOR, market: MARKET,
    async askingPrices(query, call) {
      const words = query.words?.trim() ?? query.code?.value;
      if (!words) throw new RangeError('a search needs a code or words');
      const most = query.most ?? 50;
      const items: AskingPrice[] = [];
      const unreadable: UnreadableItem[] = [];
      let total: number | null = null;
      for (let page = 1; items.length + unreadable.length < most; page++) {
        const { body } = await http.send({
          operation: 'search listings', method: 'GET', path: '/api/listings/all', effect: 'read', schema: answerSchema, limiter, signal: call?.signal,
          query: { query: words.slice(0, 200), ...(query.onlyNew ? { conditions: ['new'] } : {}), ...(query.withoutAuctions ? { exclude_auctions: true } : {}), per_page: quotas.itemsPerCall, page },
        });
        total = body.total ?? total;
        for (const [i, raw] of body.listings.entries()) {
          const read = readListing(raw);
          if (typeof read === 'string') unreadable.push({ where: `page ${page} listing ${i + 1}`, reason: read, excerpt: excerptOf(raw) });
          else items.push(read);
        }
        if (body.listings.length === 0 || page >= (body.total_pages ?? page)) break;
      }
      return { items: items.slice(0, most), total, unreadable, at: options.clock.now() } satisfies AskingPrices;
    },
    close: () => http.close(),
  };
}
