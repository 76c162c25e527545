import { afterEach, describe, expect, it } from 'vitest';
import { FixtureSite, offersOf, rejectsOf, scanAll, type FixtureAnswer } from '../../core/source/serve-fixture.ts';
import { createPrestaShopAdapter } from './fetch.ts';

const NOW = Date.UTC(2026, 10, 21);
const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
const embedded = (more: object = {}) => ({
  id_shop_default: '1', id_manufacturer: '3', reference: 'MUG-1', is_virtual: '0', minimal_quantity: '1', price: '36,00\u00a0€', available_for_order: '1', show_price: '1', condition: 'new', name: 'Tasse émaillée "Bleue"', description: '<p>Acier</p>', id: 12, id_product: 12, out_of_stock: 2,
  id_product_attribute: 0, allow_oosp: 0, category_name: 'Cuisine', quantity: 7, price_amount: 36, regular_price_amount: 45, attributes: [], availability: 'available', availability_message: 'En stock', ean13: '3165140821858', upc: '', isbn: '', mpn: '', manufacturer_name: 'Falcon', ...more,
});
const SCRIPT = '<script>var prestashop = {"cart":{},"currency":{"id":1,"name":"Euro","iso_code":"EUR","iso_code_num":"978","sign":"\\u20ac"},"language":{"iso_code":"fr"}};</script>';
const jsonLd = (price: string) => `<script type="application/ld+json">${JSON.stringify({ '@context': 'https://schema.org', '@type': 'Product', name: 'Tasse', description: 'Acier émaillé', image: 'https://shop.example/a.jpg', offers: { '@type': 'Offer', priceCurrency: 'EUR', price, availability: 'https://schema.org/InStock' } })}</script>`;
const page = (product: object | null, more = '') => `<html><head>${more}</head><body>${SCRIPT}${product ? `<div class="tab-pane" id="product-details" data-product="${escape(JSON.stringify(product))}" role="tabpanel"></div>` : ''}</body></html>`;
let site: FixtureSite;

async function open(pages: Readonly<Record<string, FixtureAnswer>>, options: { config?: object; robots?: boolean; listed?: readonly string[] } = {}) {
  site = await new FixtureSite((r) => {
    if (r.path === '/robots.txt') return options.robots ? { body: `Sitemap: ${site.url}/1_index_sitemap.xml` } : null;
    if (r.path === '/1_index_sitemap.xml') return { body: `<sitemapindex><sitemap><loc>${site.url}/1_fr_0_sitemap.xml</loc></sitemap><sitemap><loc>${site.url}/1_en_0_sitemap.xml</loc></sitemap></sitemapindex>` };
    const language = /^\/1_(\w\w)_0_sitemap\.xml$/.exec(r.path)?.[1];
    if (language) return { body: `<urlset>${(options.listed ?? Object.keys(pages)).filter((p) => p.startsWith(`/${language}/`)).map((p) => `<url><loc><![CDATA[${site.url}${p}]]></loc></url>`).join('')}</urlset>` };
    return pages[r.path] ?? null;
  }, NOW).start();
  return site.open(createPrestaShopAdapter(site.tools), options.config ?? {});
}
afterEach(() => site?.close());

describe('PrestaShop', () => {
  it('reads the product that the page carries, and structured data for the rest', async () => {
    const [offer] = offersOf(await scanAll(await open({ '/fr/cuisine/12-tasse.html': { body: page(embedded(), jsonLd('36.00')) } })));
    expect(offer).toMatchObject({
      externalId: '12', title: 'Tasse émaillée "Bleue"', brand: 'Falcon', price: { minor: 3_600, currency: 'EUR' }, listPrice: { minor: 4_500, currency: 'EUR' }, stock: { available: true, quantity: 7, text: 'En stock' }, condition: 'new', categoryPath: ['Cuisine'],
      imageUrls: ['https://shop.example/a.jpg'], description: 'Acier émaillé', identifiers: [{ hint: 'gtin', text: '3165140821858' }, { hint: 'sku', text: 'MUG-1' }], defaultExtractor: 'site-rule', conflicts: undefined,
    });
    expect(offer?.extractedBy).toMatchObject({ price: 'site-rule', imageUrls: 'json-ld' });
  });
  it('keeps a contradicting structured price beside the one that goes into the cart', async () => {
    const [offer] = offersOf(await scanAll(await open({ '/fr/12-tasse.html': { body: page(embedded({ price_amount: 29.9 }), jsonLd('36.00')) } })));
    expect(offer).toMatchObject({ price: { minor: 2_990 }, conflicts: [{ field: 'price', value: '36.00 EUR', extractedBy: 'json-ld' }] });
  });
  it('reads a product once, whatever the languages, and only products', async () => {
    const pages = { '/fr/12-tasse.html': { body: page(embedded()) }, '/fr/3-cuisine': { body: '' }, '/fr/content/2-cgv': { body: '' }, '/en/12-mug.html': { body: page(embedded()) }, '/en/13-cup.html': { body: page(embedded({ name: 'Cup' })) } };
    const scanned = await scanAll(await open(pages, { robots: true }));
    expect(offersOf(scanned).map((o) => [o.externalId, new URL(o.url).pathname])).toEqual([['12', '/fr/12-tasse.html'], ['13', '/en/13-cup.html']]);
    expect(rejectsOf(scanned)).toEqual([]);
    expect(scanned.at(-1)?.complete).toBe(true);
    await site.close();
    expect(offersOf(await scanAll(await open(pages, { config: { language: 'en' } }))).map((o) => new URL(o.url).pathname)).toEqual(['/en/12-mug.html', '/en/13-cup.html']);
  });
  it('takes the chosen combination’s own code and options', async () => {
    const attributes = { 1: { id_attribute: '4', name: 'L', group: 'Taille', reference: 'MUG-L', ean13: '4006381333931', isbn: '', upc: '', mpn: '' }, 2: { id_attribute: '9', name: 'Noir', group: 'Couleur', reference: 'MUG-L', ean13: '4006381333931', isbn: '', upc: '', mpn: '' } };
    const [offer] = offersOf(await scanAll(await open({ '/fr/12-45-tasse.html': { body: page(embedded({ attributes, id_product_attribute: 45 })) } })));
    expect(offer).toMatchObject({ title: 'Tasse émaillée "Bleue" - L - Noir', identifiers: [{ hint: 'gtin', text: '4006381333931' }, { hint: 'sku', text: 'MUG-L' }] });
  });
  it('reads what versions and modules write differently', async () => {
    const pages = {
      '/fr/1-a.html': { body: page(embedded({ price_amount: undefined, regular_price_amount: null })) }, '/fr/2-b.html': { body: page(embedded({ price: 5.2395, price_amount: '5.24', regular_price_amount: '5.24', condition: { type: 'used', label: 'Occasion' } })) },
      '/fr/3-c.html': { body: page(embedded({ quantity: '-2', allow_oosp: 1 })) }, '/fr/4-d.html': { body: page(null, jsonLd('9.50')) }, '/fr/5-e.html': { body: page(embedded({ attributes: null, quantity: '', availability: 'unavailable' })) },
    };
    expect(offersOf(await scanAll(await open(pages))).map((o) => [o.externalId, o.price.minor, o.listPrice?.minor, o.stock?.available, o.stock?.quantity, o.condition])).toEqual([
      ['1', 3_600, undefined, true, 7, 'new'], ['2', 524, undefined, true, 7, 'used'], ['3', 3_600, 4_500, false, 0, 'new'], ['4', 950, undefined, true, null, 'unknown'], ['5', 3_600, 4_500, false, null, 'new'],
    ]);
  });
  it('keeps what is no offer, with its reason', async () => {
    const pages = {
      '/fr/1-a.html': { body: page(embedded({ is_virtual: '1' })) }, '/fr/2-b.html': { body: page(embedded({ show_price: '0' })) }, '/fr/3-c.html': { body: page(embedded({ available_for_order: '0' })) }, '/fr/4-d.html': { body: page(embedded({ price_amount: 0, price: '0,00 €' })) },
      '/fr/5-e.html': { body: '<div data-product="{&quot;name&quot;: oops}"></div>' }, '/fr/6-f.html': { status: 404 }, '/fr/7-g.html': { body: page(embedded({ price_amount: 5.2395, price: 5.2395 })) },
    };
    const scanned = await scanAll(await open(pages));
    expect(offersOf(scanned)).toEqual([]);
    expect(rejectsOf(scanned).map((r) => [r.externalId, r.code])).toEqual([['1', 'not-a-product'], ['2', 'no-price'], ['3', 'not-for-sale'], ['4', 'no-price'], ['5', 'schema-drift'], ['6', 'not-for-sale'], ['7', 'no-price']]);
  });
  it('fails rather than end every offer, when the sitemap lists no product', async () => {
    await expect(scanAll(await open({ '/fr/3-cuisine': { body: '' } }))).rejects.toMatchObject({ detail: { kind: 'Critical', message: 'the sitemaps of the shop list no product pages: add it by the address of a category, whose links are then followed' } });
  });
});
