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
function distinct(keys: Float64Array): Float64Array<ArrayBuffer> {
  const sorted = Float64Array.from(keys).sort();
  let count = 0;
  for (const key of sorted) if (!Number.isNaN(key) && (count === 0 || sorted[count - 1] !== key)) sorted[count++] = key;
  return sorted.slice(0, count);
}

const UNKNOWN = 0;
const ONE = 1;
const SEVERAL = 2;

/** Of prices that were told alike there are few: what is said of them is kept once. */
type Teller = Omit<KnownPrice, 'minor' | 'at'>;

/** Figures by place; `tellers` is a place in `told`, plus one: 0 where nothing is known. */
interface PackedPrices {
  readonly minors: Float64Array<ArrayBuffer>;
  readonly ats: Float64Array<ArrayBuffer>;
  readonly tellers: Uint32Array<ArrayBuffer>;
  readonly told: readonly Teller[];
}

/** What is known of some codes, by their places among them. Packed, so that one thread can look it up for another. */
export interface CodeAnswers {
  /** Rising, each once. */
  readonly keys: Float64Array<ArrayBuffer>;
  /** How many products a code names: none, one or several. */
  readonly named: Uint8Array<ArrayBuffer>;
  /** The ids of codes' only products, one after the other, each up to its place in `ends`. */
  readonly ids: string;
  readonly ends: Uint32Array<ArrayBuffer>;
  /** Null where nothing is known of any. */
  readonly prices: PackedPrices | null;
}

export type LookUpPorts = Pick<FirstPassPorts, 'productsOf' | 'pricesOf'>;

/** What of the answers can be handed to another thread rather than copied. */
export const buffersOfAnswers = ({ keys, named, ends, prices }: CodeAnswers): ArrayBuffer[] => [keys, named, ends, ...(prices === null ? [] : [prices.minors, prices.ats, prices.tellers])].map(({ buffer }) => buffer);

/** By place: nothing for an unknown code, null for one that names several. */
function productsOf(ask: FirstPassPorts['productsOf'], keys: Float64Array): (string | null | undefined)[] {
  const products: (string | null | undefined)[] = Array.from({ length: keys.length });
  for (let from = 0; from < keys.length;) {
    const first = from;
    const kind = keys[first]! > HIGHEST_GTIN ? 'asin' : 'gtin';
    let to = first;
    while (to < keys.length && to - first < AT_ONCE && keys[to]! > HIGHEST_GTIN === (kind === 'asin')) to++;
    ask(kind, Array.from(keys.subarray(first, to), codeOfKey), (n, productId) => {
      const known = products[first + n];
      products[first + n] = known === undefined || known === productId ? productId : null;
    });
    from = to;
  }
  return products;
}

/** Codes of one product ask twice: hardly any do. */
function pricesOf(ask: NonNullable<FirstPassPorts['pricesOf']>, products: readonly (string | null | undefined)[]): PackedPrices | null {
  const places: number[] = [];
  for (let place = 0; place < products.length; place++) if (typeof products[place] === 'string') places.push(place);
  const packed = { minors: new Float64Array(products.length), ats: new Float64Array(products.length), tellers: new Uint32Array(products.length), told: [] as Teller[] };
  const known = new Map<string, number>();
  for (let from = 0; from < places.length; from += AT_ONCE) {
    const some = places.slice(from, from + AT_ONCE);
    for (const [n, price] of ask(some.map((place) => products[place]!)).entries()) {
      if (price === null) continue;
      const { minor, at, ...teller } = price;
      const name = `${teller.by} ${teller.currency} ${teller.count} ${teller.of}`;
      let number = known.get(name);
      if (number === undefined) known.set(name, (number = packed.told.push(teller)));
      [packed.minors[some[n]!], packed.ats[some[n]!], packed.tellers[some[n]!]] = [minor, at, number];
    }
  }
  return packed.told.length === 0 ? null : packed;
}

/** @param codes as keys, repeats and all; NaN for none */
export function lookUpCodes(ports: LookUpPorts, codes: Float64Array): CodeAnswers {
  const keys = distinct(codes);
  const products = productsOf(ports.productsOf, keys);
  const ids: string[] = [];
  const named = new Uint8Array(keys.length);
  const ends = new Uint32Array(keys.length);
  let end = 0;
  for (const [place, product] of products.entries()) {
    named[place] = product === undefined ? UNKNOWN : product === null ? SEVERAL : ONE;
    if (typeof product === 'string') end += ids[ids.push(product) - 1]!.length;
    ends[place] = end;
  }
  return { keys, named, ids: ids.join(''), ends, prices: ports.pricesOf ? pricesOf(ports.pricesOf, products) : null };
}

/** Codes that were looked up together. By number and place: a table by text takes longer to hash tens of thousands of texts than SQLite to find them. */
export class CodeTable {
  readonly #answers: CodeAnswers;
  readonly #toAsk: Uint8Array;

  constructor(answers: CodeAnswers) {
    this.#answers = answers;
    this.#toAsk = new Uint8Array(answers.keys.length);
  }

  /** What the product of a code goes for; null where nothing is known of it. */
  priceAt(place: number): KnownPrice | null {
    const { prices } = this.#answers;
    const teller = prices === null ? 0 : prices.tellers[place]!;
    return teller === 0 ? null : { minor: prices!.minors[place]!, at: prices!.ats[place]!, ...prices!.told[teller - 1]! };
  }

  /** Where a code stands, found by halves. @param key one of those that were looked up */
  placeOf(key: number): number {
    const { keys } = this.#answers;
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
    const { named, ids, ends } = this.#answers;
    if (named[place] !== ONE) return named[place] === SEVERAL ? null : undefined;
    return ids.slice(place === 0 ? 0 : ends[place - 1], ends[place]);
  }

  /** Only a data vendor can tell about the code at this place. */
  markToAsk(place: number): void {
    this.#toAsk[place] = 1;
  }

  countToAsk(): number {
    return this.#toAsk.reduce((sum, marked) => sum + marked, 0);
  }
}
