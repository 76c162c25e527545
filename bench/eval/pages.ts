import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { repairIdentifier } from '#kernel/identifiers.ts';
import { extractProduct } from '#scrapers/core/extract/extract-product.ts';
import { readOptions, report } from './read-options.ts';

const pageSchema = z.object({ file: z.string(), url: z.string(), price: z.number().nullable(), via: z.string().optional(), identifiers: z.array(z.string()).optional(), gtin: z.string().nullish(), asin: z.string().nullish() });
const fileSchema = z.object({ pages: z.array(pageSchema) });
type Page = z.infer<typeof pageSchema>;

interface Outcome {
  readonly page: Page;
  readonly price: number | null;
  readonly by: string | undefined;
  readonly verdict: 'right' | 'missed' | 'wrong' | 'invented';
  /** Of the expected identifiers. */
  readonly identifiersFound: number;
  readonly milliseconds: number;
}

const expectedIdentifiers = (page: Page) => [...(page.identifiers ?? []), ...(page.gtin ? [page.gtin] : []), ...(page.asin ? [page.asin] : [])];

/** The forms under which an identifier may be found: as written, and its GTIN-14. */
function forms(text: string): string[] {
  const outcome = repairIdentifier(text);
  return outcome.status === 'refused' ? [text] : [text, ...outcome.candidates.map((c) => c.identifier.gtin14 ?? c.identifier.value)];
}

async function judge(page: Page, dir: string): Promise<Outcome> {
  const bytes = await readFile(path.join(dir, page.file));
  const html = (page.file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const started = performance.now();
  const { product } = extractProduct(html, page.url);
  const milliseconds = performance.now() - started;
  const price = product?.price === undefined ? null : Number(product.price);
  const found = new Set((product?.identifiers ?? []).flatMap((i) => forms(i.text)));
  const identifiersFound = expectedIdentifiers(page).filter((i) => forms(i).some((f) => found.has(f))).length;
  const verdict = price === page.price ? 'right' : price === null ? 'missed' : page.price === null ? 'invented' : 'wrong';
  return { page, price, by: product?.extractedBy['price'], verdict, identifiersFound, milliseconds };
}

export async function run(args: string[]): Promise<number> {
  const options = readOptions(args, ['expected']);
  if (!options) return 2;
  const file = options.values['expected'] ?? '';
  const { pages } = fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const outcomes: Outcome[] = [];
  for (const page of pages) outcomes.push(await judge(page, path.dirname(file)));
  if (!options.json) for (const o of outcomes) if (o.verdict !== 'right' || options.verbose) console.log(`${o.page.file}: ${o.verdict}: expected ${o.page.price}${o.page.via ? ` (${o.page.via})` : ''}, got ${o.price} by ${o.by ?? 'nothing'} in ${o.milliseconds.toFixed(0)} ms`);
  const count = (verdict: Outcome['verdict']) => outcomes.filter((o) => o.verdict === verdict).length;
  const identifiers = pages.reduce((n, p) => n + expectedIdentifiers(p).length, 0);
  report('pages', { pages: pages.length, right: count('right'), missed: count('missed'), wrong: count('wrong'), invented: count('invented'), 'identifiers expected': identifiers, 'identifiers found': outcomes.reduce((n, o) => n + o.identifiersFound, 0) }, options.json);
  return 0;
}
