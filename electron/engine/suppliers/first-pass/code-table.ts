import type { FirstPassPorts, KnownPrice, PriceTeller } from './types.ts';

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

/** Figures by place; `tellers` is a place in `told`, plus one: 0 where nothing is known. */
interface PackedPrices {
  readonly minors: Float64Array<ArrayBuffer>;
  readonly ats: Float64Array<ArrayBuffer>;
  readonly tellers: Uint32Array<ArrayBuffer>;
  readonly told: readonly PriceTeller[];
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
  /** What the codes' only products go for. */
  readonly prices: PackedPrices;
}

export type LookUpPorts = Pick<FirstPassPorts, 'productsOf' | 'markets' | 'pricesOf'>;

/** What of the answers can be handed to another thread rather than copied. */
export const buffersOfAnswers = ({ keys, named, ends, prices }: CodeAnswers): ArrayBuffer[] => [keys, named, ends, prices.minors, prices.ats, prices.tellers].map(({ buffer }) => buffer);

class Prices implements PackedPrices {
  readonly minors: Float64Array<ArrayBuffer>;
  readonly ats: Float64Array<ArrayBuffer>;
  readonly tellers: Uint32Array<ArrayBuffer>;
  readonly told: PriceTeller[];

  constructor(codes: number, markets: readonly PriceTeller[]) {
    this.minors = new Float64Array(codes);
    this.ats = new Float64Array(codes);
    this.tellers = new Uint32Array(codes);
    this.told = [...markets];
  }

  put(place: number, minor: number, at: number, teller: number): void {
    this.minors[place] = minor;
    this.ats[place] = at;
    this.tellers[place] = teller + 1;
  }

  /** What the desk itself sold a product for stands before everything else, and then what is newer. */
  putSurer(place: number, { minor, at, ...teller }: KnownPrice): void {
    if (teller.by !== 'own-sales' && this.tellers[place] !== 0 && this.ats[place]! >= at) return;
    const known = this.told.findLastIndex((one) => one.by === teller.by && one.currency === teller.currency && one.of === teller.of && one.count === teller.count);
    this.put(place, minor, at, known < 0 ? this.told.push(teller) - 1 : known);
  }
}

/** By place: nothing for an unknown code, null for one that names several. */
function askForProducts(ports: LookUpPorts, keys: Float64Array, prices: Prices): (string | null | undefined)[] {
  const products: (string | null | undefined)[] = Array.from({ length: keys.length });
  for (let from = 0; from < keys.length;) {
    const first = from;
    const kind = keys[first]! > HIGHEST_GTIN ? 'asin' : 'gtin';
    let to = first;
    while (to < keys.length && to - first < AT_ONCE && keys[to]! > HIGHEST_GTIN === (kind === 'asin')) to++;
    ports.productsOf(kind, Array.from(keys.subarray(first, to), codeOfKey), (n, productId, minor, at, market) => {
      const known = products[first + n];
      products[first + n] = known === undefined || known === productId ? productId : null;
      if (minor !== null) prices.put(first + n, minor, at, market);
    });
    from = to;
  }
  return products;
}

/** Codes of one product ask twice: hardly any do. */
function askForPrices(pricesOf: NonNullable<FirstPassPorts['pricesOf']>, products: readonly (string | null | undefined)[], prices: Prices): void {
  const places: number[] = [];
  for (let place = 0; place < products.length; place++) if (typeof products[place] === 'string') places.push(place);
  for (let from = 0; from < places.length; from += AT_ONCE) {
    const some = places.slice(from, from + AT_ONCE);
    const known = pricesOf(some.map((place) => products[place]!));
    for (let n = 0; n < known.length; n++) if (known[n] !== null) prices.putSurer(some[n]!, known[n]!);
  }
}

/** @param codes as keys, repeats and all; NaN for none */
export function lookUpCodes(ports: LookUpPorts, codes: Float64Array): CodeAnswers {
  const keys = distinct(codes);
  const prices = new Prices(keys.length, ports.markets);
  const products = askForProducts(ports, keys, prices);
  if (ports.pricesOf) askForPrices(ports.pricesOf, products, prices);
  const named = new Uint8Array(keys.length);
  const ends = new Uint32Array(keys.length);
  let ids = '';
  for (let place = 0; place < products.length; place++) {
    const product = products[place];
    named[place] = product === undefined ? UNKNOWN : product === null ? SEVERAL : ONE;
    if (typeof product === 'string') ids += product;
    ends[place] = ids.length;
  }
  return { keys, named, ids, ends, prices: { minors: prices.minors, ats: prices.ats, tellers: prices.tellers, told: prices.told } };
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
    const { minors, ats, tellers, told } = this.#answers.prices;
    if (tellers[place] === 0) return null;
    const { currency, by, of, count } = told[tellers[place]! - 1]!;
    return { minor: minors[place]!, currency, by, at: ats[place]!, ...(of === undefined ? {} : { of }), ...(count === undefined ? {} : { count }) };
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
