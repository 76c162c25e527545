import type { FirstPassPorts } from './types.ts';

const HIGHEST_GTIN = 99_999_999_999_999;

/** A GTIN-14 or an ASIN as a whole number under 2⁵³: what it reads, an ASIN in base 36, which lies above every GTIN. Within a kind numbers rise as their texts do. */
export function keyOfCode(code: string): number {
  if (code.length !== 14) return Number.parseInt(code, 36);
  let key = 0;
  for (let i = 0; i < 14; i++) key = key * 10 + code.charCodeAt(i) - 48;
  return key;
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
  readonly #codes: string[];
  /** Nothing for an unknown code, null for one that names several. */
  readonly #products: (string | null | undefined)[];
  readonly #toAsk: Uint8Array;

  /** @param keys of all codes, repeats and all; NaN for none */
  constructor(keys: Float64Array) {
    this.#keys = distinct(keys);
    const { length } = this.#keys;
    this.#codes = Array.from({ length }, () => '');
    this.#products = Array.from({ length }, () => undefined);
    this.#toAsk = new Uint8Array(length);
  }

  /** Where a code's key stands, found by halves; −1 where it is not among them. */
  placeOf(key: number): number {
    const keys = this.#keys;
    let low = 0;
    let high = keys.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const there = keys[middle]!;
      if (there === key) return middle;
      if (there < key) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** The text that the code at a place is looked up by. */
  enter(place: number, code: string): void {
    this.#codes[place] = code;
  }

  /** Asks for every code; all were entered. */
  lookUp(productsOf: FirstPassPorts['productsOf']): void {
    const firstAsin = this.#keys.findIndex((key) => key > HIGHEST_GTIN);
    const split = firstAsin < 0 ? this.#keys.length : firstAsin;
    const ask = (kind: 'gtin' | 'asin', from: number, to: number) => {
      if (to > from) productsOf(kind, this.#codes.slice(from, to), (place, productId) => this.#found(from + place, productId));
    };
    ask('gtin', 0, split);
    ask('asin', split, this.#keys.length);
  }

  #found(place: number, productId: string): void {
    const known = this.#products[place];
    this.#products[place] = known === undefined || known === productId ? productId : null;
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
