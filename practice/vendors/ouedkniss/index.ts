import { z } from 'zod';
import { toIso } from '#kernel/time.ts';
import type { OfferState, ShopOffer, World } from '../../world/types.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';
import { answerQuery, GraphqlError } from './select-fields.ts';

const OUTLET = 'ouedkniss';
const MOST_PER_PAGE = 48;
/** Slugs of the site's categories, by the word that sellers file things under. */
const CATEGORY_SLUGS: Readonly<Record<string, { id: string; slug: string; name: string }>> = {
  Books: { id: '101', slug: 'loisirs_divertissements', name: 'Loisirs & Divertissements' }, 'Music and film': { id: '101', slug: 'loisirs_divertissements', name: 'Loisirs & Divertissements' },
  Clothing: { id: '102', slug: 'vetements_mode', name: 'Vêtements & Mode' }, Beauty: { id: '103', slug: 'sante_beaute', name: 'Santé & Beauté' }, Grocery: { id: '104', slug: 'alimentaires', name: 'Alimentaires' },
  Electronics: { id: '105', slug: 'electronique_electromenager', name: 'Électronique & Électroménager' }, 'Electronics accessories': { id: '106', slug: 'telephones', name: 'Téléphones & Accessoires' }, Computers: { id: '107', slug: 'informatique', name: 'Informatique' },
  Toys: { id: '101', slug: 'loisirs_divertissements', name: 'Loisirs & Divertissements' }, 'Home and kitchen': { id: '108', slug: 'meubles_maison', name: 'Meubles & Maison' }, Jewelry: { id: '102', slug: 'vetements_mode', name: 'Vêtements & Mode' },
  Watches: { id: '102', slug: 'vetements_mode', name: 'Vêtements & Mode' }, Tools: { id: '109', slug: 'materiaux_equipement', name: 'Matériaux & Équipement' }, 'Musical instruments': { id: '101', slug: 'loisirs_divertissements', name: 'Loisirs & Divertissements' },
};
const REST = { id: '199', slug: 'divers', name: 'Divers' };

const searchFilter = z.object({
  categorySlug: z.string().nullish(), page: z.number().int().min(1).nullish(), count: z.number().int().min(1).nullish(), priceRange: z.array(z.number().nullable()).max(2).nullish(), hasPrice: z.boolean().nullish(), hasPictures: z.boolean().nullish(),
  regionIds: z.array(z.union([z.string(), z.number()])).nullish(), orderByField: z.object({ field: z.string() }).nullish(),
}).loose();
const body = z.object({ operationName: z.string().nullish(), query: z.string(), variables: z.object({ q: z.string().nullish(), filter: searchFilter.nullish(), mediaSize: z.string().nullish() }).loose().default({}) }).loose();

interface Ad {
  readonly offer: ShopOffer;
  readonly state: OfferState;
}

/** Sellers renew an advertisement every few days, until they forget it. */
function refreshedAt({ offer, state }: Ad): number {
  return offer.number % 4 === 0 ? offer.listedAt : Math.max(offer.listedAt, state.changedAt);
}

/** Dear things are priced in millions: one million centimes is 10,000 dinars. */
function inMillions({ offer, state }: Ad): boolean {
  return (state.priceMinor ?? 0) >= 5_000_000 && offer.number % 3 === 0;
}

const grouped = (n: number): string => String(n).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ' ');

function preview(ad: Ad, dinars: number | null): string | null {
  if (dinars === null) return null;
  return inMillions(ad) ? `${String(dinars / 10_000).replace('.', ',')} Millions` : `${grouped(dinars)} DA`;
}

function renderAd(ad: Ad) {
  const { offer, state } = ad;
  const category = CATEGORY_SLUGS[offer.categoryText] ?? REST;
  const hidden = offer.number % 17 === 0;
  const dinars = state.priceMinor === null || hidden ? null : Math.round(state.priceMinor / 100);
  const store = offer.number % 5 === 0 ? { id: String(4_000 + (offer.number % 90)), name: `Boutique ${offer.sellerName}`, slug: `boutique-${offer.sellerName}` } : null;
  return {
    id: String(30_000_000 + offer.number), title: offer.title, slug: offer.slug.replace(/-\d+$/, ''), description: offer.description, price: dinars === null ? null : inMillions(ad) ? dinars / 10_000 : dinars, pricePreview: preview(ad, dinars), priceUnit: dinars === null ? null : inMillions(ad) ? 'MILLION' : 'UNIT',
    oldPrice: state.regularMinor === null ? null : Math.round(state.regularMinor / 100), oldPricePreview: state.regularMinor === null ? null : `${Math.round(state.regularMinor / 100)} DA`, priceType: dinars === null ? 'NONE' : offer.number % 6 === 0 ? 'NEGOTIABLE' : 'FIXED', exchangeType: 'NOT_EXCHANGEABLE',
    status: ['PUBLISHED', 'ACTIVE', 'EDITED'][offer.number % 3], createdAt: toIso(offer.listedAt), refreshedAt: toIso(refreshedAt(ad)), isFromStore: store !== null, hasPictures: offer.imageUrl !== null,
    cities: offer.place === null || offer.number % 29 === 0 ? [] : [{ id: String(offer.place.length), name: offer.place, region: { id: String(offer.place.length), name: offer.place } }], store, user: store ? null : { username: offer.sellerName, displayName: offer.sellerName },
    defaultMedia: offer.imageUrl === null ? null : { mediaUrl: offer.imageUrl, mimeType: 'image/jpeg', thumbnail: offer.imageUrl }, category: { id: category.id, slug: category.slug },
  };
}

function search(world: World, request: VendorRequest, variables: z.infer<typeof body>['variables']) {
  const filter = variables.filter ?? {};
  const count = Math.min(MOST_PER_PAGE, filter.count ?? MOST_PER_PAGE);
  const page = filter.page ?? 1;
  const words = (variables.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const [least, most] = filter.priceRange ?? [];
  const ads = world.shops.offers(OUTLET).flatMap((offer): Ad[] => {
    const state = world.shops.state(OUTLET, offer.number, request.at);
    if (!state) return [];
    const dinars = (state.priceMinor ?? 0) / 100;
    const title = offer.title.toLowerCase();
    const fits = words.every((word) => title.includes(word)) && (!filter.categorySlug || (CATEGORY_SLUGS[offer.categoryText] ?? REST).slug === filter.categorySlug) && (least === null || least === undefined || dinars >= least) && (most === null || most === undefined || dinars <= most) && (!filter.hasPictures || offer.imageUrl !== null);
    return fits ? [{ offer, state }] : [];
  });
  ads.sort((a, b) => refreshedAt(b) - refreshedAt(a) || a.offer.number - b.offer.number);
  const data = ads.slice((page - 1) * count, page * count).map(renderAd);
  const lastPage = Math.max(1, Math.ceil(ads.length / count));
  return { announcements: { data, paginatorInfo: { total: ads.length, count: data.length, currentPage: page, lastPage, hasMorePages: page < lastPage } } };
}

function menu() {
  const categories = [...new Map([...Object.values(CATEGORY_SLUGS), REST].map((category) => [category.slug, category])).values()];
  return categories.map((category, rank) => ({ id: category.id, name: category.name, icon: null, rank, target: { ...category, icon: null, active: true, rank, delivery: false } }));
}

function graphqlError(status: number, message: string): VendorResponse {
  return { status, body: { errors: [{ message, extensions: { category: status === 400 ? 'graphql' : 'internal' } }] } };
}

/** The classifieds site: `POST /graphql` with the public client's search and menu queries. It answers with the fields selected, and refuses others. */
export function createOuedknissVendor(world: World, options: VendorOptions = {}): VendorServer {
  return createHost({
    name: OUTLET, world, errorBody: graphqlError,
    routes: [{
      method: 'POST', pattern: '/graphql', name: 'search', handle: (request) => {
        const input = body.safeParse(request.json());
        if (!input.success) return graphqlError(400, `Variable "$filter" got invalid value: ${input.error.issues[0]?.path.join('.') ?? ''}`);
        try {
          return { status: 200, body: { data: answerQuery(input.data.query, { search: () => search(world, request, input.data.variables), menuFetch: menu }) } };
        } catch (cause) {
          if (cause instanceof GraphqlError) return graphqlError(400, cause.message);
          throw cause;
        }
      },
    }],
  }, options);
}

