import type { Database } from '#runtime/ports.ts';
import { CatalogueIndex, Vocabulary, type MatchRecord, type PreparedRecord } from './match/index.ts';
import type { WordsCandidate } from './rank-candidates.ts';

/** Products that are read at once when the index grows. */
const PAGE = 5_000;
/** Beyond this many products the newest are no longer indexed by words: about a kilobyte each is kept. */
const MOST_PRODUCTS = 400_000;
const MOST_PREPARED = 20_000;

interface IndexedRow { readonly row: bigint; readonly id: string; readonly asin: string | null; readonly title: string; readonly brand: string | null; readonly mpn: string | null; readonly weightG: bigint | null; readonly kind: string | null }

export interface KnownProduct extends WordsCandidate {
  readonly productId: string;
}

export const recordOf = (product: { readonly title: string; readonly brand: string | null; readonly mpn: string | null }): MatchRecord => ({ title: product.title, brand: product.brand, model: product.mpn });

/** The local catalogue by words, kept in memory and grown by what is new in the database; reading it is a few hundred microseconds whatever its size. */
export class TitleIndex {
  readonly vocabulary = new Vocabulary();
  readonly #index = new CatalogueIndex();
  readonly #products = new Map<string, { readonly productId: string; readonly asin: string; readonly title: string; readonly brand: string | null; readonly mpn: string | null; readonly weightG: number | null }>();
  readonly #prepared = new Map<string, PreparedRecord>();
  #lastRow = 0n;

  get size(): number {
    return this.#products.size;
  }

  /** Takes in the products that came since the last time. */
  async grow(db: Database): Promise<void> {
    while (this.#products.size < MOST_PRODUCTS) {
      const rows = await db.prisma.$queryRawUnsafe<IndexedRow[]>(
        `SELECT rowid AS row, id, asin, title, brand, coalesce(attributes->>'mpn', attributes->>'model') AS mpn, weightG, attributes->>'kind' AS kind FROM "Product" WHERE rowid > ? ORDER BY rowid LIMIT ${PAGE}`, this.#lastRow);
      for (const row of rows) this.#take(row);
      if (rows.length < PAGE) return;
    }
  }

  #take({ row, id, asin, title, brand, mpn, weightG, kind }: IndexedRow): void {
    this.#lastRow = BigInt(row);
    if (asin === null || kind === 'variation-parent') return;
    this.vocabulary.add(title);
    this.#products.set(asin, { productId: id, asin, title, brand, mpn, weightG: weightG === null ? null : Number(weightG) });
    this.#index.add(asin, this.vocabulary.prepareForIndex(recordOf({ title, brand, mpn })));
  }

  productIdOf(asin: string): string | null {
    return this.#products.get(asin)?.productId ?? null;
  }

  find(asin: string): KnownProduct | null {
    const known = this.#products.get(asin);
    if (!known) return null;
    let record = this.#prepared.get(asin);
    if (!record) {
      if (this.#prepared.size >= MOST_PREPARED) this.#prepared.clear();
      this.#prepared.set(asin, (record = this.vocabulary.prepare(recordOf(known))));
    }
    return { productId: known.productId, asin, title: known.title, record, weightG: known.weightG };
  }

  candidates(record: PreparedRecord, most: number): KnownProduct[] {
    return this.#index.candidates(record, most).map((asin) => this.find(asin)).filter((known): known is KnownProduct => known !== null);
  }
}
