import { DAY_MS, MINUTE_MS, type Instant } from '#kernel/time.ts';
import type { HistoryPoint, Product, SeriesName, World } from '../../world/types.ts';

const KEEPA_EPOCH_MINUTES = 21_564_000;
export const keepaMinutes = (at: Instant): number => Math.floor(at / MINUTE_MS) - KEEPA_EPOCH_MINUTES;

/** Place of a history in `csv`, and whether an entry there is (time, price, shipping). */
const PLACES: readonly (readonly [SeriesName, place: number, triple: boolean])[] = [
  ['amazon', 0, false], ['new', 1, false], ['used', 2, false], ['salesRank', 3, false], ['listPrice', 4, false], ['fbm', 7, true], ['fba', 10, false],
  ['countNew', 11, false], ['countUsed', 12, false], ['ebayNew', 28, true], ['ebayUsed', 29, true], ['countFba', 34, false], ['countFbm', 35, false],
];
const CSV_LENGTH = 36;
const filled = <T>(value: T): T[] => Array.from({ length: CSV_LENGTH }, () => value);
/** What Amazon withholds of a product with a minimum advertised price. */
const HIDDEN_ON_MAP = new Set<SeriesName>(['amazon', 'new', 'fba', 'fbm', 'buyBox']);
const KEPT_DAYS = 400;
const STATS_DAYS = 90;
/** Those of the statistics that look at more than the present. */
const AVERAGED = new Set<SeriesName>(['amazon', 'new', 'salesRank']);

export interface ProductRequest {
  readonly at: Instant;
  readonly history: boolean;
  readonly buyBox: boolean;
  readonly rating: boolean;
  /** Days that `stats` cover; 0 for none. */
  readonly statsDays: number;
  /** Histories reach back this far; 0 for all. */
  readonly days: number;
}

function encode(points: readonly HistoryPoint[], triple: boolean): number[] | null {
  if (points.length === 0) return null;
  const list: number[] = [];
  for (const { at, value } of points) {
    list.push(keepaMinutes(at), value ?? -1);
    if (triple) list.push(value === null ? -1 : 0);
  }
  return list;
}

/** Share of the days before `to` without a value, in whole percent; -1 without history. */
function outOfStockPercent(points: readonly HistoryPoint[], from: Instant, to: Instant): number {
  if (points.length === 0) return -1;
  let without = 0;
  for (const [i, point] of points.entries()) {
    if (point.value !== null) continue;
    without += Math.max(0, (points[i + 1]?.at ?? to) - Math.max(from, point.at));
  }
  return Math.round((100 * without) / (to - from));
}

/** Mean over time, -1 without a value. */
function average(points: readonly HistoryPoint[], from: Instant, to: Instant): number {
  let sum = 0;
  let time = 0;
  for (const [i, point] of points.entries()) {
    const span = (points[i + 1]?.at ?? to) - Math.max(from, point.at);
    if (point.value === null || span <= 0) continue;
    sum += point.value * span;
    time += span;
  }
  return time === 0 ? -1 : Math.round(sum / time);
}

/** Histories of one product, each computed once however often it is needed. */
class Histories {
  readonly #world: World;
  readonly #product: Product;
  readonly #to: Instant;
  readonly #from: Instant;
  readonly #held = new Map<SeriesName, readonly HistoryPoint[]>();

  constructor(world: World, product: Product, request: ProductRequest) {
    this.#world = world;
    this.#product = product;
    this.#to = request.at;
    // Without histories in the answer only the statistics need them, and those look back 90 days.
    const days = request.history ? (request.days > 0 ? Math.max(request.days, STATS_DAYS) : KEPT_DAYS) : STATS_DAYS;
    this.#from = request.at - days * DAY_MS;
  }

  of(series: SeriesName): readonly HistoryPoint[] {
    let points = this.#held.get(series);
    if (!points) {
      points = this.#product.kind === 'map' && HIDDEN_ON_MAP.has(series) ? [] : this.#world.market.history(this.#product.id, series, { from: this.#from, to: this.#to });
      this.#held.set(series, points);
    }
    return points;
  }
}

function statsOf(world: World, product: Product, given: { readonly request: ProductRequest; readonly histories: Histories }) {
  const { at } = given.request;
  const from = at - STATS_DAYS * DAY_MS;
  const snapshot = world.market.snapshot(product.id, at);
  const current = filled(-1);
  const avg90 = filled(-1);
  const outOfStockPercentage90 = filled(-1);
  for (const [series, place] of PLACES) {
    if (product.kind === 'map' && HIDDEN_ON_MAP.has(series)) continue;
    current[place] = snapshot.values[series] ?? -1;
    if (!AVERAGED.has(series)) continue;
    const points = given.histories.of(series);
    avg90[place] = average(points, from, at);
    outOfStockPercentage90[place] = outOfStockPercent(points, from, at);
  }
  return {
    current, avg90, outOfStockPercentage90, salesRankDrops30: snapshot.salesRankDrops30, salesRankDrops90: snapshot.salesRankDrops90, salesRankDrops180: snapshot.salesRankDrops180,
    totalOfferCount: (snapshot.values.countNew ?? 0) + (snapshot.values.countUsed ?? 0),
  };
}

function csvOf(request: ProductRequest, histories: Histories) {
  const csv = filled<number[] | null>(null);
  for (const [series, place, triple] of PLACES) csv[place] = encode(histories.of(series), triple);
  if (request.buyBox) csv[18] = encode(histories.of('buyBox'), true);
  if (request.rating) {
    csv[16] = encode(histories.of('rating'), false);
    csv[17] = encode(histories.of('reviewCount'), false);
  }
  return { csv, monthlySoldHistory: encode(histories.of('monthlySold').filter((point) => point.value !== null), false) };
}

function feesOf(world: World, product: Product, at: Instant) {
  const priceMinor = world.market.value(product.id, 'new', at);
  if (priceMinor === null) return { fbaFees: null, referralFeePercentage: null, variableClosingFee: null };
  const lines = world.fees.amazon(product.id, { priceMinor, shippingMinor: 0, fba: true, at });
  const of = (...kinds: string[]) => lines.filter((line) => kinds.includes(line.kind)).reduce((sum, line) => sum + line.minor, 0);
  return {
    fbaFees: { pickAndPackFee: of('fba-fulfilment', 'fuel-surcharge') },
    referralFeePercentage: Math.round((10_000 * of('referral')) / priceMinor) / 100, variableClosingFee: of('closing') || null,
  };
}

/** What Keepa answers for an ASIN that Amazon does not have. */
export function invalidProduct(asin: string, at: Instant) {
  return { productType: 4, asin, domainId: 1, title: null, csv: null, lastUpdate: keepaMinutes(at) };
}

/** One entry of `products`. */
export function productBody(world: World, product: Product, request: ProductRequest) {
  const { at } = request;
  const category = world.catalog.category(product.category);
  const common = {
    asin: product.asin, domainId: 1, title: product.title, brand: product.brand, manufacturer: product.brand, lastUpdate: keepaMinutes(at),
    rootCategory: category.amazon.rootId, categories: [category.amazon.rootId], categoryTree: [{ catId: category.amazon.rootId, name: category.amazon.rootName }],
    productGroup: category.amazon.rootName, type: category.amazon.productType,
  };
  if (product.kind === 'parent') {
    const variations = world.catalog.childrenOf(product.asin).map((child) => ({ asin: child.asin, attributes: child.size ? [{ dimension: 'Size', value: child.size }] : [] }));
    return { productType: 5, ...common, variations, csv: null, monthlySold: null };
  }
  const gtin = product.gtin ?? '';
  const histories = new Histories(world, product, request);
  const { monthlySoldHistory, csv } = request.history ? csvOf(request, histories) : { csv: null, monthlySoldHistory: null };
  return {
    productType: product.kind === 'map' ? 3 : 0, ...common,
    model: product.mpn || null, partNumber: product.mpn || null, author: product.author, color: product.color, size: product.size, parentAsin: product.parentAsin,
    eanList: [gtin.padStart(13, '0')], upcList: gtin.length === 12 ? [gtin] : null,
    features: product.bullets, packageLength: product.lengthMm, packageWidth: product.widthMm, packageHeight: product.heightMm, packageWeight: product.weightG,
    packageQuantity: product.packSize, numberOfItems: product.packSize, itemLength: -1, itemWidth: -1, itemHeight: -1, itemWeight: -1,
    hazardousMaterials: product.hazmat ? [{ aspect: 'hazmat', value: 'Contains hazardous material' }] : null, newPriceIsMAP: product.kind === 'map',
    monthlySold: world.market.value(product.id, 'monthlySold', at), monthlySoldHistory, ...feesOf(world, product, at),
    listedSince: keepaMinutes(product.releasedAt), trackingSince: keepaMinutes(product.releasedAt), isAdultProduct: false,
    stats: request.statsDays > 0 ? statsOf(world, product, { request, histories }) : null, csv,
  };
}
