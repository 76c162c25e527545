// The same shop by @crawlee/cheerio: robots.txt obeyed, the sitemap's addresses in its request queue, JSON-LD read from its tree. Nothing is persisted, which spares it work. node crawl-crawlee.ts URL
import { CheerioCrawler, Configuration, log } from '@crawlee/cheerio';
import { CONCURRENCY, printFigures } from './shop-size.ts';

interface Product { readonly name?: string; readonly gtin13?: string; readonly offers?: { readonly price?: string; readonly priceCurrency?: string } }

const [url = ''] = process.argv.slice(2);
log.setLevel(log.LEVELS.ERROR);
const startedAt = performance.now();
let offers = 0;
const crawler = new CheerioCrawler({
  minConcurrency: CONCURRENCY, maxConcurrency: CONCURRENCY, respectRobotsTxtFile: true,
  requestHandler: async ({ $, request, pushData }) => {
    const product = JSON.parse($('script[type="application/ld+json"]').first().text()) as Product;
    if (!product.name || !product.gtin13 || !product.offers?.price) return;
    offers++;
    await pushData({ url: request.url, title: product.name, identifier: product.gtin13, price: product.offers.price, currency: product.offers.priceCurrency });
  },
}, new Configuration({ persistStorage: false, purgeOnStart: false }));
const sitemap = await (await fetch(new URL('/sitemap.xml', url))).text();
await crawler.run([...sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)].map((match) => match[1]!));
printFigures(offers, startedAt);
process.exit(0);
