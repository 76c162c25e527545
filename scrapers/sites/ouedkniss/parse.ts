import { money } from '#kernel/money.ts';
import { DAY_MS } from '#kernel/time.ts';
import type { RawOffer, RawReject } from '#engine/sources/ports.ts';
import { findLabelledIdentifiers, findPackText } from '../../core/source/read-text-facts.ts';
import { reject } from '../../core/source/scan-progress.ts';
import { readAdPrice } from './read-price.ts';
import { adSchema, type OuedknissAd } from './schema.ts';

export interface ParseContext {
  readonly where: string;
  readonly seenAt: number;
  readonly staleDays: number;
}

const SITE = 'https://www.ouedkniss.com';
const LIVE = new Set(['PUBLISHED', 'ACTIVE', 'EDITED']);
/** The seller wants to buy. */
const WANTED = /^\s*(?:je\s+)?(?:re)?cherche\b|^\s*(?:achat|j'ach[eè]te|wanted|on ach[eè]te)\b|^\s*(?:مطلوب|نشري|ابحث|أبحث)/i;

function conditionOf(text: string): RawOffer['condition'] {
  if (/reconditionn|refurb/i.test(text)) return 'refurbished';
  if (/\b(?:hs|en panne|pour pi[eè]ces?|cass[eé]e?)\b/i.test(text)) return 'damaged';
  if (/\b(?:occasion|used|utilis[eé]e?|comme neuf|10\/10|9\/10|bon [eé]tat|tr[eè]s bon [eé]tat)\b|مستعمل/i.test(text)) return 'used';
  return /\b(?:neuf|neuve|new|jamais (?:utilis|ouvert)|sous emballage|cachet[eé]|scell[eé])|جديد/i.test(text) ? 'new' : 'unknown';
}

function instant(text: string | null | undefined): number | null {
  const at = text ? Date.parse(text) : Number.NaN;
  return Number.isFinite(at) ? at : null;
}

/** An offer, or why the advertisement is none. */
export function parseAd(raw: unknown, context: ParseContext): RawOffer | RawReject {
  const { where, seenAt } = context;
  const parsed = adSchema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return reject('schema-drift', { where, field: issue?.path.join('.'), reason: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`, raw, seenAt });
  }
  const ad = parsed.data;
  const refuse = (code: RawReject['code'], field: string, reason: string) => reject(code, { where, field, reason, externalId: ad.id, raw, seenAt });
  const title = ad.title.replace(/\s+/g, ' ').trim();
  if (title === '') return refuse('no-title', 'title', 'the advertisement has no title');
  if (ad.status && !LIVE.has(ad.status.toUpperCase())) return refuse('not-for-sale', 'status', `its status is ${ad.status}`);
  if (WANTED.test(title)) return refuse('wanted-ad', 'title', 'the advertiser wants to buy, not to sell');
  const refreshed = instant(ad.refreshedAt) ?? instant(ad.createdAt);
  if (refreshed === null) return refuse('stale', 'refreshedAt', 'nothing says how old it is');
  const days = Math.floor((seenAt - refreshed) / DAY_MS);
  if (days > context.staleDays) return refuse('stale', 'refreshedAt', `last renewed ${days} days ago`);
  const price = readAdPrice(ad);
  if (!price.ok) return refuse(price.code, 'price', price.reason);
  return buildOffer(ad, { title, refreshed, price: price.price }, context);
}

function buildOffer(ad: OuedknissAd, read: { readonly title: string; readonly refreshed: number; readonly price: RawOffer['price'] }, context: ParseContext): RawOffer {
  const { title, price } = read;
  const description = ad.description?.trim() ?? '';
  const text = `${title}\n${description}`;
  const city = ad.cities?.[0];
  const place = [city?.name, city?.region?.name].filter((n): n is string => typeof n === 'string' && n !== '');
  const oldMinor = ad.oldPrice && Number.isSafeInteger(ad.oldPrice * 100) ? ad.oldPrice * 100 : 0;
  const image = ad.defaultMedia?.mediaUrl;
  return {
    externalId: ad.id, url: `${SITE}/${encodeURIComponent(ad.slug ?? '')}-d${ad.id}`, title, description: description === '' ? undefined : description, identifiers: findLabelledIdentifiers(text),
    price, priceText: ad.pricePreview ?? undefined, listPrice: oldMinor > price.minor ? money(oldMinor, 'DZD') : undefined,
    stock: { available: true, quantity: null }, packText: findPackText(title), condition: conditionOf(text),
    sellerId: ad.store ? `store:${ad.store.id}` : ad.user?.username ? `user:${ad.user.username}` : undefined, sellerName: ad.store?.name ?? ad.user?.displayName ?? ad.user?.username ?? undefined,
    location: place.length > 0 ? [...new Set(place)].join(', ') : undefined, imageUrls: image && URL.canParse(image) ? [image] : [], categoryPath: ad.category?.slug ? [ad.category.slug] : [],
    seenAt: context.seenAt, updatedAt: read.refreshed, extractedBy: { identifiers: 'text', packText: 'text', condition: 'text' }, defaultExtractor: 'api',
  };
}
