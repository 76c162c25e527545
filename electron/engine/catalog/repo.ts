import type { Database, Tx } from '#runtime/ports.ts';
import { numbered } from '#runtime/numbered-sql.ts';
import type { Instant } from '#kernel/time.ts';
import { latestPrice, marketFactsSchema, type MarketFacts } from './market-facts.ts';

export interface ProductRecord {
  readonly id: string;
  readonly gtin: string | null;
  readonly asin: string | null;
  readonly title: string;
  readonly brand: string | null;
  /** Key of the fee cards. */
  readonly category: string | null;
  readonly lengthMm: number | null;
  readonly widthMm: number | null;
  readonly heightMm: number | null;
  readonly weightG: number | null;
  readonly imageUrl: string | null;
  /** JSON: see `product-attributes`. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface StoredSnapshot {
  readonly productId: string;
  readonly facts: MarketFacts;
  readonly fetchedAt: Instant;
  readonly expiresAt: Instant;
}

// A list of keys is joined with CROSS JOIN: the planner does not know how short it is, and would read the whole table first.
const clientOf = (source: Database | Tx): Tx => ('prisma' in source ? source.prisma : source);

interface ProductRow extends Omit<ProductRecord, 'attributes'> {
  attributes: string;
}
function productOf({ id, gtin, asin, title, brand, category, lengthMm, widthMm, heightMm, weightG, imageUrl, attributes }: ProductRow): ProductRecord {
  return { id, gtin, asin, title, brand, category, lengthMm, widthMm, heightMm, weightG, imageUrl, attributes: JSON.parse(attributes) as Record<string, unknown> };
}
const PRODUCT_COLUMNS = 'p.id, p.gtin, p.asin, p.title, p.brand, p.category, p.lengthMm, p.widthMm, p.heightMm, p.weightG, p.imageUrl, p.attributes';

type RawProductRow = { [K in keyof ProductRow]: ProductRow[K] extends number | null ? bigint | number | null : ProductRow[K] };
const number = (value: bigint | number | null) => (value === null ? null : Number(value));

function productOfRaw(row: RawProductRow): ProductRecord {
  return productOf({ ...row, lengthMm: number(row.lengthMm), widthMm: number(row.widthMm), heightMm: number(row.heightMm), weightG: number(row.weightG) } as ProductRow);
}

export async function findProduct(db: Database | Tx, id: string): Promise<ProductRecord | null> {
  const row = await clientOf(db).product.findUnique({ where: { id } });
  return row && productOf(row);
}

/** Products by our ids; unknown ids are absent. */
export async function findProducts(db: Database | Tx, ids: readonly string[]): Promise<Map<string, ProductRecord>> {
  const rows = await clientOf(db).$queryRawUnsafe<RawProductRow[]>(`SELECT ${PRODUCT_COLUMNS} FROM json_each(?) w CROSS JOIN "Product" p ON p.id = w.value`, JSON.stringify(ids));
  return new Map(rows.map((row) => [row.id, productOfRaw(row)]));
}

export type CodeKind = 'gtin' | 'asin';

/** Which product each code names. A code that names several is left out: a person or better evidence must choose. */
export async function findByCodes(db: Database | Tx, kind: CodeKind, values: readonly string[]): Promise<Map<string, string>> {
  if (values.length === 0) return new Map();
  const rows = await clientOf(db).$queryRawUnsafe<{ value: string; productId: string; n: bigint }[]>(...numbered(
    `SELECT i.value AS value, min(i.productId) AS productId, count(DISTINCT i.productId) AS n
       FROM json_each(?1) w CROSS JOIN "ProductIdentifier" i ON i.kind = ?2 AND i.value = w.value GROUP BY i.value`,
    JSON.stringify(values), kind));
  return new Map(rows.filter((r) => Number(r.n) === 1).map((r) => [r.value, r.productId]));
}

/** Products of a brand that Amazon has, oldest first. */
export async function findOfBrand(db: Database | Tx, brand: string, most: number): Promise<{ readonly asin: string; readonly title: string }[]> {
  const rows = await clientOf(db).product.findMany({ where: { brand, asin: { not: null } }, select: { asin: true, title: true }, orderBy: { id: 'asc' }, take: most });
  return rows.map(({ asin, title }) => ({ asin: asin!, title }));
}

/** Which of these GTIN-14s name a product already, be it one or several. */
export async function findTakenGtins(tx: Tx, gtins: readonly string[]): Promise<Set<string>> {
  const rows = await tx.$queryRawUnsafe<{ value: string }[]>(
    `SELECT DISTINCT w.value AS value FROM json_each(?) w
      WHERE EXISTS (SELECT 1 FROM "ProductIdentifier" i WHERE i.kind = 'gtin' AND i.value = w.value) OR EXISTS (SELECT 1 FROM "Product" p WHERE p.gtin = w.value)`, JSON.stringify(gtins));
  return new Set(rows.map((r) => r.value));
}

export interface NewIdentifier {
  readonly kind: 'gtin' | 'asin' | 'mpn';
  readonly value: string;
  readonly productId: string;
  readonly source: string;
}

/** Inserts new products and refreshes known ones (by id), in one statement each. */
export async function upsertProducts(tx: Tx, products: readonly ProductRecord[], at: Instant): Promise<void> {
  if (products.length === 0) return;
  const rows = products.map((p) => [p.id, p.gtin, p.asin, p.title, p.brand, p.category, p.lengthMm, p.widthMm, p.heightMm, p.weightG, p.imageUrl, JSON.stringify(p.attributes)]);
  await tx.$executeRawUnsafe(...numbered(
    `INSERT INTO "Product" (id, gtin, asin, title, brand, category, lengthMm, widthMm, heightMm, weightG, imageUrl, attributes, createdAt, updatedAt)
     SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8, value->>9, value->>10, value->>11, ?2, ?2 FROM json_each(?1) WHERE true
     ON CONFLICT (id) DO UPDATE SET title = excluded.title, brand = excluded.brand, category = excluded.category, lengthMm = excluded.lengthMm, widthMm = excluded.widthMm,
       heightMm = excluded.heightMm, weightG = excluded.weightG, imageUrl = excluded.imageUrl, attributes = excluded.attributes, updatedAt = excluded.updatedAt`,
    JSON.stringify(rows), at));
}

export async function insertIdentifiers(tx: Tx, identifiers: readonly NewIdentifier[]): Promise<void> {
  if (identifiers.length === 0) return;
  await tx.$executeRawUnsafe(
    `INSERT OR IGNORE INTO "ProductIdentifier" (kind, value, productId, source) SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(?)`,
    JSON.stringify(identifiers.map((i) => [i.kind, i.value, i.productId, i.source])),
  );
}

/** Facts by their text, the last used last: what was just stored is read again within the batch, and parsing a year of series is most of what reading costs. */
const factsByText = new Map<string, MarketFacts>();
const MOST_FACTS = 500;

function remember(text: string, facts: MarketFacts): MarketFacts {
  factsByText.delete(text);
  factsByText.set(text, facts);
  if (factsByText.size > MOST_FACTS) factsByText.delete(factsByText.keys().next().value!);
  return facts;
}

/** Null for what no longer parses. */
function factsFrom(text: string): MarketFacts | null {
  const parsed = factsByText.get(text) ?? marketFactsSchema.safeParse(JSON.parse(text)).data;
  return parsed ? remember(text, parsed) : null;
}

export async function putSnapshots(tx: Tx, vendor: string, snapshots: readonly StoredSnapshot[]): Promise<void> {
  if (snapshots.length === 0) return;
  const rows = snapshots.map(({ productId, facts, fetchedAt, expiresAt }) => [productId, JSON.stringify(facts), fetchedAt, expiresAt] as const);
  snapshots.forEach(({ facts }, i) => remember(rows[i]![1], facts));
  await tx.$executeRawUnsafe(...numbered(
    `INSERT INTO "MarketSnapshot" (productId, vendor, facts, fetchedAt, expiresAt) SELECT value->>0, ?2, value->>1, value->>2, value->>3 FROM json_each(?1) WHERE true
     ON CONFLICT (productId, vendor) DO UPDATE SET facts = excluded.facts, fetchedAt = excluded.fetchedAt, expiresAt = excluded.expiresAt`,
    JSON.stringify(rows), vendor));
  await putPrices(tx, snapshots);
}

/** The facts' last price of each beside them; one that nobody ever offered has none. */
async function putPrices(tx: Tx, snapshots: readonly StoredSnapshot[]): Promise<void> {
  const prices = snapshots.flatMap(({ productId, facts, fetchedAt }) => {
    const price = latestPrice(facts, fetchedAt);
    return price ? [[productId, price.series, Math.round(price.minor), facts.currency, price.at]] : [];
  });
  if (prices.length === 0) return;
  await tx.$executeRawUnsafe(...numbered(
    `INSERT INTO "MarketPrice" (productId, series, priceMinor, currency, at) SELECT value->>0, value->>1, value->>2, value->>3, value->>4 FROM json_each(?1) WHERE true
     ON CONFLICT (productId) DO UPDATE SET series = excluded.series, priceMinor = excluded.priceMinor, currency = excluded.currency, at = excluded.at`, JSON.stringify(prices)));
}

/** Facts by product; what no longer parses counts as missing, so that it is fetched anew. */
export async function findSnapshots(db: Database | Tx, vendor: string, productIds: readonly string[]): Promise<Map<string, StoredSnapshot>> {
  const rows = await clientOf(db).$queryRawUnsafe<{ productId: string; facts: string; fetchedAt: bigint; expiresAt: bigint }[]>(...numbered(
    `SELECT s.productId, s.facts, s.fetchedAt, s.expiresAt FROM json_each(?1) w CROSS JOIN "MarketSnapshot" s ON s.productId = w.value AND s.vendor = ?2`, JSON.stringify(productIds), vendor));
  const found = new Map<string, StoredSnapshot>();
  for (const row of rows) {
    const facts = factsFrom(row.facts);
    if (facts) found.set(row.productId, { productId: row.productId, facts, fetchedAt: Number(row.fetchedAt), expiresAt: Number(row.expiresAt) });
  }
  return found;
}
