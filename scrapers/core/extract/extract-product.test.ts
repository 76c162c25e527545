import { describe, expect, it } from 'vitest';
import { extractProduct } from './extract-product.ts';
import { showsPrice } from './read-visible-price.ts';
import { parseHtml, priceElementText } from './parse-html.ts';
import { readMicrodata } from './read-microdata.ts';
import { readRdfa } from './read-rdfa.ts';
import type { Element } from 'domhandler';

const PAGE = 'https://shop.example/p/mug';
const ld = (value: unknown) => `<script type="application/ld+json">${JSON.stringify(value)}</script>`;
const price = (html: string, url = PAGE) => {
  const { product } = extractProduct(html, url);
  return product?.price === undefined ? null : `${product.price} ${product.currency ?? '?'} by ${product.extractedBy['price'] ?? '?'}${product.severalPrices ? ', one of several' : ''}`;
};
const text = (html: string) => priceElementText(parseHtml(html).children[0] as Element);
const typed = (value: string, type: string) => ({ '@value': value, '@type': `http://www.w3.org/2001/XMLSchema#${type}` });
const picturesOf = (html: string) => readRdfa(parseHtml(html), PAGE).find((n) => '@type' in n)?.['http://schema.org/image'];
const offer = (more: object) => ({ '@type': 'Offer', priceCurrency: 'EUR', availability: 'https://schema.org/InStock', ...more });
const mug = (offers: unknown, more: object = {}) => ({ '@context': 'https://schema.org', '@type': 'Product', name: 'Mug', offers, ...more });
const pageShowing = (shown: string) => `${ld(mug(offer({ price: '1299.00' })))}<body><main><h1>Mug</h1><div class="buy-box">${shown}</div></main><aside><a href="/p/2"><span class="price">€ 3.00</span></a></aside></body>`;

describe('prices in JSON-LD', () => {
  it.each([
    ['a number', mug(offer({ price: 9.5 })), '9.5 EUR by json-ld'],
    ['a text with a comma', mug(offer({ price: '1.299,00' })), '1299.00 EUR by json-ld'],
    ['a list of one', mug([offer({ price: '9.50' })]), '9.50 EUR by json-ld'],
    ['an aggregate of one price', mug({ '@type': 'AggregateOffer', priceCurrency: 'EUR', lowPrice: 5, highPrice: 5 }), '5 EUR by json-ld'],
    ['an aggregate of many', mug({ '@type': 'AggregateOffer', priceCurrency: 'EUR', lowPrice: 5, highPrice: 9 }), '5 EUR by json-ld, one of several'],
    ['differing offers', mug([offer({ price: 5 }), offer({ price: 9 })]), '5 EUR by json-ld, one of several'],
    ['the offer of this very page among several', mug([offer({ price: 5, url: '/p/cup' }), offer({ price: 9, url: '/p/mug' })]), '9 EUR by json-ld'],
    ['a specification beside a list price', mug(offer({ priceSpecification: [{ '@type': 'UnitPriceSpecification', price: 20, priceType: 'https://schema.org/ListPrice' }, { '@type': 'UnitPriceSpecification', price: 15 }] })), '15 EUR by json-ld'],
    ['a graph', { '@graph': [{ '@type': 'WebPage' }, mug(offer({ price: 4 }))] }, '4 EUR by json-ld'],
    ['variants of one price', { '@type': 'ProductGroup', name: 'Mug', hasVariant: [mug(offer({ price: 4 })), mug(offer({ price: 4 }))] }, '4 EUR by json-ld'],
    ['no price for zero', mug(offer({ price: 0 })), null],
    ['no price for an object', mug(offer({ price: {}, availability: 'OutOfStock' })), null],
    ['no price for a range', mug(offer({ price: '10 - 20' })), null],
    ['nothing for a listing', [mug(offer({ price: 4 })), { ...mug(offer({ price: 5 })), name: 'Cup' }], null],
    ['nothing for related products', { '@type': 'WebPage', isRelatedTo: mug(offer({ price: 4 })) }, null],
  ])('reads %s', (_what, data, expected) => expect(price(ld(data))).toBe(expected));
});

describe('one product among several', () => {
  const two = [{ ...mug(offer({ price: 4 })), name: 'Stoneware mug' }, { ...mug(offer({ price: 5 })), name: 'Porcelain cup' }];
  it('is the one that the title names, or whose address is the canonical one', () => {
    expect(price(`<title>Porcelain cup | Shop</title>${ld(two)}`)).toBe('5 EUR by json-ld');
    expect(price(`<title>Mugs and cups</title>${ld(two)}`)).toBeNull();
    expect(price(`<link rel="canonical" href="https://shop.example/p/cup">${ld([two[0], { ...two[1], url: 'https://www.shop.example/p/cup/' }])}`)).toBe('5 EUR by json-ld');
  });
});

const shows = (body: string, shown = '1299.50') => showsPrice(`<head><meta content="1299.50"></head><body>${body}</body>`, shown);

describe('other syntaxes', () => {
  const micro = '<div itemscope itemtype="http://schema.org/Product"><h1 itemprop="name">Mug</h1><span itemprop="gtin13">6291041500213</span><div itemprop="offers" itemscope itemtype="http://schema.org/Offer"><meta itemprop="priceCurrency" content="USD"><span itemprop="price">12.50</span></div></div>';
  const og = '<meta property="og:type" content="product"><meta property="og:title" content="Mug"><meta property="product:price:amount" content="11.00"><meta property="product:price:currency" content="USD">';
  it('reads microdata and Open Graph', () => {
    expect(price(micro)).toBe('12.50 USD by microdata');
    expect(price(og)).toBe('11.00 USD by opengraph');
  });
  it('reads RDFa', () => {
    const html = '<div vocab="http://schema.org/" typeof="Product"><span property="name">Mug</span><span property="sku">M-1</span><div property="offers" typeof="Offer"><meta property="priceCurrency" content="GBP"><span property="price" content="7.25">£7.25</span></div></div>';
    expect(price(html)).toBe('7.25 GBP by rdfa');
    expect(extractProduct(html, PAGE).product).toMatchObject({ name: 'Mug', sku: 'M-1' });
  });
  it('takes the most trusted, and keeps what the others say', () => {
    const { product } = extractProduct(ld(mug(offer({ price: '13.00' }))) + micro + og, PAGE);
    expect(product?.price).toBe('13.00');
    expect(product?.identifiers).toEqual([{ hint: 'gtin', text: '6291041500213' }]);
    expect(product?.extractedBy).toMatchObject({ price: 'json-ld', identifiers: 'microdata' });
    expect(product?.conflicts).toEqual([{ field: 'price', value: '12.50 USD', extractedBy: 'microdata' }, { field: 'price', value: '11.00 USD', extractedBy: 'opengraph' }]);
  });
  it('keeps the price that people see where structured data says another, in either depth', () => {
    for (const depth of ['fast', 'full'] as const) {
      const sale = extractProduct(pageShowing('<s class="price price-was">€ 1,299.00</s> <span class="price">€ 999.00</span>'.replace('1,299.00', '1,399.00')), PAGE, { depth }).product;
      expect([sale?.price, sale?.extractedBy['price'], sale?.conflicts]).toEqual(['1299.00', 'json-ld', [{ field: 'price', value: '999.00 EUR', extractedBy: 'text' }]]);
    }
    for (const shown of ['<span class="price">1 299,00 €</span>', '<span class="price">€1,299<sup>00</sup></span>', '<span class="price">€ 1.299</span>', '<span class="price">from € 5</span>', '<span class="price">€ 5</span><span class="price">€ 6</span>', '<span class="unit price">€ 2.00</span>', '']) {
      expect([shown, extractProduct(pageShowing(shown), PAGE).product?.conflicts]).toEqual([shown, []]);
    }
    expect(extractProduct('<body><main><h1>News</h1><p class="price">€ 5.00</p></main></body>', PAGE).product).toBeNull();
  });
  it('sees a structured price on the page in every spelling, and in no script', () => {
    for (const body of ['$1,299.50', '1.299,50 €', '1&nbsp;299,50', '1299.5', '1299<sup>50</sup>', '<b>1 299</b><span>,</span><small>50</small>']) expect([body, shows(body)]).toEqual([body, true]);
    for (const body of ['', '<script>{"price":1299.50}</script>', '11299.50', '1299.5012'.replace('5012', '40'), '299.50']) expect([body, shows(body)]).toEqual([body, false]);
  });
  it('repairs spoiled JSON-LD and says so', () => {
    const page = extractProduct(`<script type="application/ld+json">${JSON.stringify(mug(offer({ price: '3.00' }))).replace(/\}$/, ',}')}</script>`, PAGE);
    expect([page.product?.price, page.repaired]).toEqual(['3.00', true]);
  });
  it('gives null for a page without a product', () => expect(extractProduct('<p>We sell mugs from $5</p>', PAGE).product).toBeNull());
  it('builds no tree where JSON-LD suffices, and finds the same', () => {
    const html = ld(mug(offer({ price: '13.00' })));
    expect(extractProduct(html, PAGE, { depth: 'fast' }).product).toMatchObject({ price: '13.00', currency: 'EUR', name: 'Mug' });
  });
});

const feedback = (aggregateRating: object) => extractProduct(ld(mug(offer({ price: '13.00', seller: { '@type': 'Organization', name: 'Toolbox', aggregateRating } }))), PAGE).product?.sellerFeedback;

describe('texts escaped for HTML', () => {
  it('reads them as a person does, in JSON too', () => {
    const { product } = extractProduct(ld({ ...mug(offer({ price: '&euro;13,00' })), name: 'Tom &amp; Jerry&#8217;s 24&quot; &lt;mug&gt; A&B', brand: 'A&amp;B', url: 'https://shop.example/p?a=1&copy=2&amp;b=3' }), PAGE);
    expect(product).toMatchObject({ name: 'Tom & Jerry’s 24" <mug> A&B', brand: 'A&B', price: '13.00', url: 'https://shop.example/p?a=1&copy=2&b=3' });
  });
});

describe('what buyers say of the seller', () => {
  it('reads the mark on its own scale, with its count', () => {
    expect(feedback({ ratingValue: '3,6', ratingCount: '120' })).toEqual({ scale: 'stars', scoreBp: 6_500, ratings: 120, text: '3.6/5' });
    expect(feedback({ ratingValue: 91, bestRating: 100, reviewCount: 40 })).toEqual({ scale: 'positive', scoreBp: 9_100, ratings: 40, text: '91 %' });
  });
  it('takes nothing of a mark off its scale, or without a count', () => expect([{ ratingValue: 4 }, { ratingValue: 47, ratingCount: 9 }, { ratingValue: 'good', ratingCount: 9 }, { ratingValue: 4, ratingCount: 1.5 }].map(feedback)).toEqual([undefined, undefined, undefined, undefined]));
});

describe('site rules', () => {
  it('reads a known site and the id in its address', () => {
    const { product } = extractProduct('<span id="productTitle"> Mug </span><span id="priceblock_ourprice">$12.99</span>', 'https://www.amazon.com/Some-Mug/dp/B00N150YS4/');
    expect(product).toMatchObject({ name: 'Mug', price: '12.99', currency: 'USD', identifiers: [{ hint: 'asin', text: 'B00N150YS4' }] });
  });
  it('refuses a range, and a rule of another site', () => {
    expect(price('<span id="priceblock_ourprice">$12.99 - $19.99</span>', 'https://www.amazon.com/dp/B00N150YS4')).toBeNull();
    expect(price('<span id="priceblock_ourprice">$12.99</span>')).toBeNull();
    expect(price('<span id="priceblock_ourprice">$12.99</span>', 'https://amazon.evil.example.com/x')).toBeNull();
    expect(price('<span id="priceblock_ourprice">£12.99</span>', 'https://www.amazon.co.uk/dp/B00N150YS4')).toBe('12.99 GBP by site-rule');
  });
  it('uses a general name only where all of that name agree', () => {
    expect(price('<span itemprop="price" content="5.00"></span>')).toBe('5.00 ? by site-rule');
    expect(price('<span itemprop="price" content="5.00"></span><span itemprop="price" content="6.00"></span>')).toBeNull();
  });
  it('never glues the digits of two elements', () => {
    expect(text('<b>$12<sup>99</sup></b>')).toBe('$12.99');
    expect(text('<b><i>$12</i><i>99</i></b>')).toBe('$12 99');
    expect(text('<b>$<span>12</span><span class="price-info-superscript">48</span></b>')).toBe('$12.48');
  });
});

describe('a page without data for programs', () => {
  const buy = '<button name="add-to-cart">In den Warenkorb</button>';
  const page = (shown: string, control = buy) => `<body><main class="product"><h1>Mug</h1>${shown}${control}</main><aside><a href="/p/2">Cup</a><span class="price">3,00 €</span></aside></body>`;
  it('gives the one price that stands with its currency beside the heading and the button', () => {
    expect(price(page('<p class="price"><del>24,90 €</del> <ins>19,90 €</ins></p>'))).toBe('19.90 EUR by text');
    expect(price(page('<div class="product-price has-discount"><span class="regular-price">24,90 €</span><span class="current-price">19,92 €</span></div>'))).toBe('19.92 EUR by text');
    expect(extractProduct(page('<p class="price">12 500 DA</p>'), PAGE).product).toMatchObject({ name: 'Mug', price: '12500', currency: 'DZD' });
  });
  it.each([
    ['two prices', page('<p class="price">19,90 €</p><p class="price">29,90 €</p>')], ['a rate', page('<p class="price">$19.99/mo</p>')], ['no currency', page('<p class="price">19.90</p>')], ['no button', page('<p class="price">19,90 €</p>', '')],
    ['a dead button', page('<p class="price">19,90 €</p>', buy.replace('name', 'disabled name'))], ['something gone', page('<p>No longer available</p><p class="price">19,90 €</p>')],
    ['a list', `<body><h1>Mugs</h1>${`<div class="card"><a href="/p">Mug</a><span class="price">5 €</span>${buy}</div>`.repeat(3)}</body>`],
    ['a product that says itself that it is sold out', `${ld(mug({ '@type': 'Offer', availability: 'https://schema.org/OutOfStock' }))}${page('<p class="price">19,90 €</p>')}`],
  ])('gives none for %s', (_what, html) => expect(price(html)).toBeNull());
});

describe('microdata and RDFa', () => {
  it('reads an address, a value and a time before `content`, and an empty `content` as none', () => {
    const html = '<div itemscope><a itemprop="url" href="/x" content="c">t</a><a itemprop="price" content="5.00">t</a><data itemprop="sku" value="1" content="2"></data><time itemprop="d" datetime="2020" content="z">t</time><b itemprop="name" content="">Mug</b></div>';
    expect(readMicrodata(parseHtml(html))).toEqual([{ properties: { url: '/x', price: '5.00', sku: '1', d: '2020', name: 'Mug' } }]);
  });
  it('gives the values of a name in the order of the page, each element once, wherever `itemref` points', () => {
    const html = '<i id="r" itemprop="a">0</i><div itemscope itemref="r s"><b itemprop="a a">1</b><b id="s" itemprop="a">2</b></div>';
    expect(readMicrodata(parseHtml(html))).toEqual([{ properties: { a: ['0', '1', '2'] } }]);
  });
  it("resolves addresses by the page's base, in every syntax", () => {
    const head = '<html><head><base href="/shop/"></head>';
    expect(extractProduct(`${head}<div itemscope itemtype="http://schema.org/Product"><b itemprop="name">Mug</b><img itemprop="image" src="m.jpg"></div>`, PAGE).product?.imageUrls).toEqual(['https://shop.example/shop/m.jpg']);
    expect(extractProduct(`${head}<div vocab="http://schema.org/" typeof="Product"><b property="name">Mug</b><img property="image" src="m.jpg"></div>`, PAGE).product?.imageUrls).toEqual(['https://shop.example/shop/m.jpg']);
  });
  it('types the text of a time by its form, and takes the value of data', () => {
    const html = '<p about="#x" prefix="ex: http://ex/"><time property="ex:d" datetime="2012-03-18">D</time><time property="ex:d">P2D</time><time property="ex:d">2012-03-18T00:00:00Z</time><time property="ex:d" content="2012">x</time><time property="ex:d">soon</time><data property="ex:d" value="9.99">$9.99</data></p>';
    expect(readRdfa(parseHtml(html), PAGE)[0]?.['http://ex/d'])
      .toEqual([typed('2012-03-18', 'date'), typed('P2D', 'duration'), typed('2012-03-18T00:00:00Z', 'dateTime'), { '@value': '2012' }, { '@value': 'soon' }, { '@value': '9.99' }]);
  });
  it('says roles of elements, and copies what an rdfa:Pattern says into what points to it', () => {
    expect(readRdfa(parseHtml('<form id="f" role="search"></form>'), PAGE)).toEqual([{ '@id': `${PAGE}#f`, 'http://www.w3.org/1999/xhtml/vocab#role': [{ '@id': 'http://www.w3.org/1999/xhtml/vocab#search' }] }]);
    const shared = '<div resource="_:a" typeof="rdfa:Pattern"><b property="brand">Acme</b></div>';
    expect(extractProduct(`<div vocab="http://schema.org/"><div typeof="Product"><b property="name">Mug</b><link property="rdfa:copy" resource="_:a"></div>${shared}</div>`, PAGE).product).toMatchObject({ name: 'Mug', brand: 'Acme' });
  });
  it('takes the first element of a piece of a page for a thing of its own, not for the page', () => {
    const thing = '<div vocab="http://schema.org/" typeof="Product"><b property="name">Mug</b></div>';
    const named = { '@type': ['http://schema.org/Product'], 'http://schema.org/name': [{ '@value': 'Mug' }] };
    const vocabulary = { '@id': PAGE, 'http://www.w3.org/ns/rdfa#usesVocabulary': [{ '@id': 'http://schema.org/' }] };
    expect([readRdfa(parseHtml(thing), PAGE), readRdfa(parseHtml(`<html><body>${thing}</body></html>`), PAGE)]).toEqual([[vocabulary, { '@id': '_:b0', ...named }], [vocabulary, { '@id': '_:b0', ...named }]]);
    expect(readRdfa(parseHtml(thing.replace('<div', '<body')), PAGE)[0]?.['@id']).toBe(PAGE);
  });
});

describe('hostile pages', () => {
  it('copies no long pattern into thousands of items', () => {
    const pattern = `<div resource="_:a" typeof="rdfa:Pattern">${Array.from({ length: 2_000 }, (_, i) => `<b property="award">${i}</b>`).join('')}</div>`;
    const nodes = readRdfa(parseHtml(`<div vocab="http://schema.org/">${'<p typeof="Product"><link property="rdfa:copy" resource="_:a"></p>'.repeat(2_000)}${pattern}</div>`), PAGE);
    const copied = nodes.filter((n) => 'http://schema.org/award' in n).length;
    expect([nodes.length, copied > 0 && copied < 100]).toEqual([2_001, true]);
  });
  it('reads many thousand values of one name, each once', () => {
    const html = `<div vocab="http://schema.org/" typeof="Product">${Array.from({ length: 60_000 }, (_, i) => `<b property="award">${i >> 1}</b>`).join('')}</div>`;
    expect(readRdfa(parseHtml(html), PAGE).find((n) => '@type' in n)?.['http://schema.org/award']).toHaveLength(30_000);
  });
  it("keeps the order of RDFa's lists, as RDFa Core 1.1 has them, and reads what is in them", () => {
    const pictures = '<a property="image" inlist href="/2.jpg"></a><p><a rel="image" inlist href="/1.jpg"></a><a property="image" inlist href="/2.jpg"></a></p>';
    const [one, two] = ['1', '2'].map((n) => ({ '@id': `https://shop.example/${n}.jpg` }));
    expect(picturesOf(`<div vocab="http://schema.org/" typeof="Product">${pictures}</div>`)).toEqual([{ '@list': [two, one, two] }]);
    expect(picturesOf('<div vocab="http://schema.org/" typeof="Product"><p rel="image" inlist></p></div>')).toEqual([{ '@list': [] }]);
    expect(price('<div vocab="http://schema.org/" typeof="Product"><b property="name">Mug</b><div rel="offers" inlist><div typeof="Offer"><i property="price">7.25</i><i property="priceCurrency" content="GBP"></i></div></div></div>')).toBe('7.25 GBP by rdfa');
  });
  it('survives depth, self-reference and size', () => {
    expect(extractProduct('<div>'.repeat(20_000), PAGE).product).toBeNull();
    expect(readMicrodata(parseHtml('<div id="a" itemscope itemref="a"><span itemprop="x">1</span></div>'))).toEqual([{ properties: { x: '1' } }]);
    expect(() => readMicrodata(parseHtml('<div id="a" itemscope itemref="b"></div><div id="b" itemprop="p" itemscope itemref="a"></div>'))).not.toThrow();
    const refs = Array.from({ length: 40 }, (_, i) => `r${i}`).join(' ');
    expect(readMicrodata(parseHtml(`<div itemscope itemref="${refs}"></div>${refs.split(' ').map((r) => `<div id="${r}" itemprop="p" itemscope itemref="${refs}"></div>`).join('')}`))).toHaveLength(1);
    expect(() => readRdfa(parseHtml('<div typeof="x">'.repeat(5_000)), PAGE)).not.toThrow();
  });
});
