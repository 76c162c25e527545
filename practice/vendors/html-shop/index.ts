import { hash32 } from '#kernel/random.ts';
import { toIso, type Instant } from '#kernel/time.ts';
import type { OutletId, World } from '../../world/types.ts';
import { conditional } from '../answer-conditionally.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';
import { ClassicCheckout, type PlacedByPerson } from './classic-checkout.ts';
import { SteppedCheckout } from './stepped-checkout.ts';
import { type PageOffer, renderCategoryPage, renderProductPage } from './render-page.ts';

export interface HtmlShopOptions extends VendorOptions {
  /** An outlet of kind `html-shop`. */
  readonly outletId: OutletId;
  /** One page to order on, or three. */
  readonly checkout?: 'classic' | 'stepped';
}

const PER_SITEMAP = 500;
const PER_PAGE = 40;
const HTML = 'text/html; charset=utf-8';
const categorySlug = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function notFound(status: number, message: string): VendorResponse {
  return { status, headers: { 'Content-Type': HTML }, body: `<!doctype html><html lang="en"><title>${status}</title><h1>${status}</h1><p>${message}</p></html>` };
}

class HtmlShop {
  readonly #world: World;
  readonly #outletId: OutletId;
  readonly #baseUrl: () => string;
  readonly #bySlug: Map<string, number>;

  constructor(world: World, outletId: OutletId, baseUrl: () => string) {
    this.#world = world;
    this.#outletId = outletId;
    this.#baseUrl = baseUrl;
    this.#bySlug = new Map(world.shops.offers(outletId).map((offer) => [offer.slug, offer.number]));
  }

  #shown(number: number, at: Instant): PageOffer | null {
    const state = this.#world.shops.state(this.#outletId, number, at);
    return state && { outlet: this.#world.shops.outlet(this.#outletId), baseUrl: this.#baseUrl(), offer: this.#world.shops.offers(this.#outletId)[number - 1]!, state };
  }

  shown(number: number, at: Instant): PageOffer | null {
    return this.#world.shops.offers(this.#outletId)[number - 1] ? this.#shown(number, at) : null;
  }

  #all(at: Instant): PageOffer[] {
    return this.#world.shops.offers(this.#outletId).flatMap(({ number }) => this.#shown(number, at) ?? []);
  }

  robots(): VendorResponse {
    return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: `User-agent: *\nDisallow: /cart\nDisallow: /account\nDisallow: /search\n\nSitemap: ${this.#baseUrl()}/sitemap.xml\n` };
  }

  sitemapIndex(request: VendorRequest): VendorResponse {
    const all = this.#all(request.at);
    const parts = Math.max(1, Math.ceil(all.length / PER_SITEMAP));
    const entries = Array.from({ length: parts }, (_, i) => {
      const newest = Math.max(...all.slice(i * PER_SITEMAP, (i + 1) * PER_SITEMAP).map((shown) => shown.state.changedAt), this.#world.startAt - 400 * 86_400_000);
      return `<sitemap><loc>${this.#baseUrl()}/sitemap-products-${i + 1}.xml</loc><lastmod>${toIso(newest)}</lastmod></sitemap>`;
    });
    return xml(`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join('\n')}\n</sitemapindex>`);
  }

  sitemap(request: VendorRequest): VendorResponse {
    const part = Number(/^sitemap-products-(\d+)\.xml$/.exec(request.params['file'] ?? '')?.[1] ?? 0);
    const shown = this.#all(request.at).slice((part - 1) * PER_SITEMAP, part * PER_SITEMAP);
    if (part < 1 || shown.length === 0) return notFound(404, 'Not found');
    const urls = shown.map(({ offer, state }) => `<url><loc>${escapeXml(`${this.#baseUrl()}/p/${offer.slug}`)}</loc><lastmod>${toIso(state.changedAt)}</lastmod></url>`);
    return xml(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls.join('\n')}\n</urlset>`);
  }

  category(request: VendorRequest): VendorResponse {
    const slug = request.params['slug'] ?? '';
    const number = Math.max(1, Math.trunc(Number(request.query.get('page') ?? 1)) || 1);
    const all = this.#all(request.at).filter(({ offer }) => slug === '' || categorySlug(offer.categoryText) === slug);
    const last = Math.ceil(all.length / PER_PAGE);
    if (all.length === 0 || number > last) return notFound(404, 'No such page');
    const name = slug === '' ? 'All products' : all[0]!.offer.categoryText;
    const body = renderCategoryPage({ outlet: all[0]!.outlet, name, path: slug === '' ? '/' : `/c/${slug}` }, { number, last, offers: all.slice((number - 1) * PER_PAGE, number * PER_PAGE) });
    return { status: 200, headers: { 'Content-Type': HTML }, body };
  }

  product(request: VendorRequest): VendorResponse {
    const number = this.#bySlug.get(request.params['slug'] ?? '');
    const shown = number === undefined ? null : this.#shown(number, request.at);
    if (!shown) return number === undefined || request.at < this.#world.shops.offers(this.#outletId)[number - 1]!.listedAt ? notFound(404, 'Not found') : notFound(410, 'No longer sold');
    const body = renderProductPage(shown);
    return conditional(request, { body, type: HTML, etag: `"${hash32(body).toString(36)}-${body.length.toString(36)}"`, changedAt: shown.state.changedAt });
  }
}

function xml(body: string): VendorResponse {
  return { status: 200, headers: { 'Content-Type': 'application/xml; charset=utf-8' }, body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}\n` };
}

export interface HtmlShopVendor extends VendorServer {
  /** Orders that somebody placed by pressing the pay button, with what stood in the form. */
  readonly placed: readonly PlacedByPerson[];
  readonly stepped: SteppedCheckout;
}

/** A shop without an API: robots.txt, sitemap index, category pages, product pages with JSON-LD (broken on some pages of one shop), and a checkout of pages. */
export function createHtmlShopVendor(world: World, options: HtmlShopOptions): HtmlShopVendor {
  if (world.shops.outlet(options.outletId).kind !== 'html-shop') throw new RangeError(`${options.outletId} is not an HTML shop`);
  const shop = new HtmlShop(world, options.outletId, () => server.baseUrl);
  const till = new ClassicCheckout(world, options.outletId, (number, at) => shop.shown(number, at));
  const steps = new SteppedCheckout(till, world.shops.outlet(options.outletId));
  const first = options.checkout === 'stepped' ? steps : null;
  const server: VendorServer = createHost({
    name: options.outletId, world, errorBody: notFound,
    routes: [
      { method: 'GET', pattern: '/robots.txt', name: 'robots', handle: () => shop.robots() },
      { method: 'GET', pattern: '/sitemap.xml', name: 'sitemap-index', handle: (r) => shop.sitemapIndex(r) },
      { method: 'GET', pattern: '/p/{slug}', name: 'product', handle: (r) => shop.product(r) },
      { method: 'GET', pattern: '/c/{slug}', name: 'category', handle: (r) => shop.category(r) },
      { method: 'GET', pattern: '/', name: 'home', handle: (r) => shop.category(r) },
      { method: 'GET', pattern: '/cart', name: 'cart', handle: (r) => till.cart(r) },
      { method: 'POST', pattern: '/cart', name: 'add-to-cart', handle: (r) => till.add(r) },
      { method: 'GET', pattern: '/checkout', name: 'checkout', handle: (r) => (first ? first.address(r) : till.checkout(r)) },
      { method: 'POST', pattern: '/checkout/login', name: 'checkout-login', handle: (r) => steps.pass(r) },
      { method: 'POST', pattern: '/checkout/human', name: 'checkout-human', handle: (r) => steps.pass(r) },
      { method: 'POST', pattern: '/checkout/address', name: 'checkout-address', handle: (r) => steps.takeAddress(r) },
      { method: 'GET', pattern: '/checkout/shipping', name: 'checkout-shipping', handle: (r) => steps.shipping(r) },
      { method: 'POST', pattern: '/checkout/shipping', name: 'checkout-ship', handle: (r) => steps.takeShipping(r) },
      { method: 'GET', pattern: '/checkout/payment', name: 'checkout-payment', handle: (r) => steps.payment(r) },
      { method: 'POST', pattern: '/checkout/payment', name: 'checkout-pay', handle: (r) => steps.pay(r) },
      { method: 'POST', pattern: '/checkout/place-order', name: 'checkout-place', handle: (r) => steps.pay(r) },
      { method: 'POST', pattern: '/checkout', name: 'pay', handle: (r) => till.pay(r) },
      { method: 'GET', pattern: '/order-received/{id}', name: 'order-received', handle: (r) => till.received(r) },
      { method: 'GET', pattern: '/{file}', name: 'sitemap', handle: (r) => shop.sitemap(r) },
    ],
  }, options);
  return Object.assign(server, { placed: till.placed, stepped: steps });
}
