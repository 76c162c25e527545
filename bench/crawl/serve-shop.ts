// The shop that both crawlers read, in a process of its own: node serve-shop.ts. Prints its address as one line of JSON and serves until its input ends.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seededRandom } from '#kernel/random.ts';
import { PAGE_BYTES, PAGES } from './shop-size.ts';

const random = seededRandom('shop');
const WORDS = 'steel kettle garden hose lamp classic portable premium outdoor black white review delivery returns size colour warranty material cotton light water kitchen office compact'.split(' ');
const text = (count: number) => Array.from({ length: count }, () => WORDS[random.int(WORDS.length)]!).join(' ');

const NAVIGATION = Array.from({ length: 60 }, (_, i) => `<li class="menu-item menu-item-${i}"><a href="/c/${i}" title="${text(2)}">${text(2)}</a></li>`).join('\n');
const card = (i: number) => `<li class="product related"><a href="/p/related-${i}"><img src="/img/${i}.webp" alt="${text(4)}" width="300" height="300" loading="lazy"><h3>${text(5)}</h3><span class="price"><span class="amount">${random.int(90)}.99</span></span></a></li>`;
const review = () => `<article class="review"><header><strong>${text(2)}</strong> <time datetime="2026-03-0${1 + random.int(9)}">2026</time></header><p>${text(60)}</p></article>`;

/** What follows the product on every page: ten different ones, so that no page is a copy of the next. */
const TAILS = Array.from({ length: 10 }, () => {
  let html = `<ul class="related">${Array.from({ length: 24 }, (_, i) => card(i)).join('\n')}</ul><section class="reviews">`;
  while (html.length < PAGE_BYTES) html += review();
  return html;
});

function page(n: number): string {
  const name = `${WORDS[n % WORDS.length]} ${WORDS[(n * 7) % WORDS.length]} model K${1_000 + n}`;
  const digits = String(400_000_000_000 + n);
  const sum = [...digits].reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3), 0);
  const product = {
    '@context': 'https://schema.org', '@type': 'Product', name, sku: `K${n}`, gtin13: digits + ((10 - (sum % 10)) % 10), brand: { '@type': 'Brand', name: 'Northgate' }, image: [`/img/${n}.webp`], description: text(30),
    offers: { '@type': 'Offer', priceCurrency: 'USD', price: `${5 + (n % 90)}.99`, availability: 'https://schema.org/InStock', itemCondition: 'https://schema.org/NewCondition', url: `/p/${n}` },
  };
  const head = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${name} | Shop</title><link rel="canonical" href="/p/${n}"><meta name="description" content="${name}"><style>.a{color:red}</style><script>window.dataLayer=window.dataLayer||[];</script><script type="application/ld+json">${JSON.stringify(product)}</script></head><body><nav><ul>${NAVIGATION}</ul></nav><main><h1>${name}</h1><p class="price">$${5 + (n % 90)}.99</p>`;
  const foot = '</section></main><footer><p>Shop</p></footer></body></html>';
  return `${head}${TAILS[n % TAILS.length]!.slice(0, PAGE_BYTES - head.length - foot.length)}${foot}`;
}

const bodies = Array.from({ length: PAGES }, (_, n) => Buffer.from(page(n)));

const server = createServer((request, response) => {
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const body = bodies[Number(/^\/p\/(\d+)$/.exec(request.url ?? '')?.[1] ?? -1)];
  if (body) response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': body.length }).end(body);
  else if (request.url === '/robots.txt') response.writeHead(200, { 'content-type': 'text/plain' }).end(`User-agent: *\nDisallow: /cart\nDisallow: /account\nSitemap: ${origin}/sitemap.xml\n`);
  else if (request.url === '/sitemap.xml') response.writeHead(200, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${bodies.map((_, n) => `<url><loc>${origin}/p/${n}</loc></url>`).join('')}</urlset>`);
  else response.writeHead(404).end();
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })));
process.stdin.on('end', () => process.exit(0)).resume();
