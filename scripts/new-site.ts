/**
 * `npm run new-site -- NAME URL [--html FILE]`: the code of a site that needs its own, from one of its product pages. The page is fetched once, politely
 * (or read from FILE, where the site is to be left alone), and becomes the fixture of the site's test.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '#kernel/errors.ts';
import { systemRandom } from '#kernel/random.ts';
import { systemClock, utcDay } from '#kernel/time.ts';
import { REPAIRABLE_FIELDS, type PageValues, type PlacedRule } from '#engine/sources/ports.ts';
import { maskPage } from '#engine/sources/index.ts';
import { isEmptyShell } from '#scrapers/core/detect/find-shell.ts';
import { proposePlaces } from '#scrapers/core/extract/propose-places.ts';
import { createFetcher } from '#scrapers/core/fetch/fetcher.ts';
import { createMemoryPageStore } from '#scrapers/core/fetch/page-store.ts';
import { parsePage, valuesOf } from '#scrapers/sites/structured-shop/parse.ts';
import { ScaffoldError, siteFiles, siteRegistrations, type SiteToMake } from './scaffold-site.ts';

const USAGE = `usage: npm run new-site -- NAME URL [options]

  NAME            the site's name in small letters: corner-outlet
  URL             the address of one of its product pages
  --html FILE     the page as saved by a browser, instead of fetching it
  --name TEXT     what the page says of the product, where its structured data does not:
  --price TEXT    the places of these texts on the page become the site's rules
  --brand TEXT
  --gtin TEXT
  --root DIR      the project's folder`;

async function record(url: string): Promise<{ html: string; hasSitemap: boolean }> {
  const fetcher = createFetcher({ clock: systemClock, random: systemRandom, store: createMemoryPageStore(), userAgent: 'ResaleDesk/new-site' });
  const policy = { minIntervalMs: 1_000, concurrency: 1 };
  const { signal } = new AbortController();
  try {
    const page = await fetcher.fetch({ url, connector: 'new-site', operation: 'record the page', headers: { accept: 'text/html' } }, policy, signal);
    const { origin } = new URL(url);
    const named = await fetcher.sitemaps(origin, policy, signal);
    const hasSitemap = named.length > 0 || (await fetcher.fetch({ url: `${origin}/sitemap.xml`, connector: 'new-site', operation: 'look for a sitemap' }, policy, signal).then(() => true, () => false));
    return { html: page.text, hasSitemap };
  } finally {
    await fetcher.close();
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { html: { type: 'string' }, name: { type: 'string' }, price: { type: 'string' }, brand: { type: 'string' }, gtin: { type: 'string' }, root: { type: 'string' }, help: { type: 'boolean' } } });
  const [name, url] = positionals;
  if (values.help || !name || !url || !URL.canParse(url)) return void console.log(USAGE);
  const root = path.resolve(values.root ?? path.join(import.meta.dirname, '..'));
  const folder = path.join(root, 'scrapers/sites', name);
  if (existsSync(folder)) throw new ScaffoldError(`${folder} is there already`);
  const recorded = values.html === undefined ? await record(url) : { html: readFileSync(values.html, 'utf8'), hasSitemap: true };
  if (isEmptyShell(recorded.html)) console.log('The page is an empty shell that scripts fill: save it with a browser and give it with --html, and set "render" in the source.');
  const html = maskPage(recorded.html);
  const day = utcDay(systemClock.now());
  const context = { url, externalId: new URL(url).pathname, seenAt: systemClock.now(), currency: undefined, depth: 'full' as const, label: name };
  const known: PageValues = { name: values.name, price: values.price, brand: values.brand, gtin: values.gtin };
  const plain = parsePage(html, context);
  const said: PageValues = 'code' in plain ? {} : valuesOf(plain);
  const wanted = REPAIRABLE_FIELDS.filter((f) => known[f] !== undefined && said[f] === undefined);
  const proposals = proposePlaces(html, known, wanted);
  const places: PlacedRule[] = wanted.flatMap((f) => proposals.filter((p) => p.field === f).slice(0, 1).map(({ field, rule }) => ({ field, rule })));
  const site: SiteToMake = { name, url, html, read: parsePage(html, { ...context, rules: places }), places, hasSitemap: recorded.hasSitemap, day };
  const files = siteFiles(site);
  // All edits are worked out before the first file is written: a refusal leaves nothing half done.
  const edits = siteRegistrations(site).map(({ file, edit }) => [path.join(root, file), edit(readFileSync(path.join(root, file), 'utf8'))] as const);
  for (const [file, text] of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  for (const [file, text] of edits) writeFileSync(file, text);
  const missed = wanted.filter((f) => !places.some((p) => p.field === f));
  console.log([
    `scrapers/sites/${name} is made, and registered as a kind of source.`,
    'code' in site.read ? `The recorded page cannot be read yet (${site.read.reason}): give --name and --price as the page shows them, or mend parse.ts.` : `Of the recorded page: ${site.read.title}, ${site.read.priceText ?? `${site.read.price.minor} minor units of ${site.read.price.currency}`}.`,
    ...(missed.length > 0 ? [`Not found on the page: ${missed.join(', ')}.`] : []),
    `Next: read the site's terms and state them in POLICY; npx vitest run --project unit scrapers/sites/${name}`,
  ].join('\n'));
}

try {
  await main();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
