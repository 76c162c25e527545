import type { FirstPassPorts, KnownPrice } from './types.ts';

const HIGHEST_GTIN = 99_999_999_999_999;
/** Codes in one question. Their texts are made for it alone, and garbage after it. */
const AT_ONCE = 5_000;

/** A GTIN-14 or an ASIN as a whole number under 2⁵³: what it reads, an ASIN in base 36, which lies above every GTIN. Within a kind numbers rise as their texts do. */
export function keyOfCode(code: string): number {
  if (code.length !== 14) return Number.parseInt(code, 36);
  let key = 0;
  for (let i = 0; i < 14; i++) key = key * 10 + code.charCodeAt(i) - 48;
  return key;
}

/** The code again. */
function codeOfKey(key: number): string {
  return key > HIGHEST_GTIN ? key.toString(36).toUpperCase() : String(key).padStart(14, '0');
}

/** Rising, each once; NaN is left out. */
function distinct(keys: Float64Array): Float64Array {
  const sorted = keys.toSorted();
  let count = 0;
  for (const key of sorted) if (!Number.isNaN(key) && (count === 0 || sorted[count - 1] !== key)) sorted[count++] = key;
  return sorted.subarray(0, count);
}

/**
 * Codes that are looked up together, and the products that they name. By number and place: a table by text takes longer to hash tens of thousands of texts than SQLite to find them.
 */
export class CodeTable {
  readonly #keys: Float64Array;
  /** By place: nothing for an unknown code, null for one that names several. */
  readonly #products: (string | null | undefined)[];
  readonly #toAsk: Uint8Array;
  /** By place; null while nothing is known of any. */
  #prices: (KnownPrice | null)[] | null = null;

  /** @param keys of all codes, repeats and all; NaN for none */
  constructor(keys: Float64Array) {
    this.#keys = distinct(keys);
    this.#products = Array.from({ length: this.#keys.length });
    this.#toAsk = new Uint8Array(this.#keys.length);
  }

  /** Asks for all of them, in the order of their texts. */
  lookUp(productsOf: FirstPassPorts['productsOf']): void {
    const keys = this.#keys;
    for (let from = 0; from < keys.length;) {
      const kind = keys[from]! > HIGHEST_GTIN ? 'asin' : 'gtin';
      let to = from;
      while (to < keys.length && to - from < AT_ONCE && keys[to]! > HIGHEST_GTIN === (kind === 'asin')) to++;
      productsOf(kind, Array.from(keys.subarray(from, to), codeOfKey), (n, productId) => this.#found(from + n, productId));
      from = to;
    }
  }

  #found(place: number, productId: string): void {
    const known = this.#products[place];
    this.#products[place] = known === undefined || known === productId ? productId : null;
  }

  /** Asks what the products go for. Codes of one product ask twice: hardly any do. */
  price(pricesOf: NonNullable<FirstPassPorts['pricesOf']>): void {
    const places: number[] = [];
    const products = this.#products;
    for (let place = 0; place < products.length; place++) if (typeof products[place] === 'string') places.push(place);
    for (let from = 0; from < places.length; from += AT_ONCE) {
      const some = places.slice(from, from + AT_ONCE);
      const prices = pricesOf(some.map((place) => products[place]!));
      for (const [n, price] of prices.entries()) if (price !== null) (this.#prices ??= [])[some[n]!] = price;
    }
  }

  /** What the product of a code goes for; null where nothing is known of it. */
  priceAt(place: number): KnownPrice | null {
    return this.#prices?.[place] ?? null;
  }

  /** Where a code stands, found by halves. @param key one of those that the table was made of */
  placeOf(key: number): number {
    const keys = this.#keys;
    let low = 0;
    let high = keys.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What the code at a place names: undefined for nothing known, null for several products. */
  productAt(place: number): string | null | undefined {
    return this.#products[place];
  }

  /** Only a data vendor can tell about the code at this place. */
  markToAsk(place: number): void {
    this.#toAsk[place] = 1;
  }

  countToAsk(): number {
    return this.#toAsk.reduce((sum, marked) => sum + marked, 0);
  }
}
