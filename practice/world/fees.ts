import { hash32 } from '#kernel/random.ts';
import { scaleMinor } from '#kernel/money.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { Catalog, CategoryId, FeeLine, Fees, Product } from './types.ts';

/** `cliff`: the whole price at the rate of its band. `marginal`: each part at its own. Bounds in cents, rates in basis points; the last bound is open. */
interface Rate {
  readonly kind: 'cliff' | 'marginal';
  readonly bands: readonly (readonly [upToMinor: number, basisPoints: number])[];
}
const OPEN = Number.MAX_SAFE_INTEGER;
const flat = (basisPoints: number): Rate => ({ kind: 'cliff', bands: [[OPEN, basisPoints]] });

/** Amazon US referral in 2026. */
const REFERRAL: Readonly<Record<CategoryId, Rate>> = {
  books: flat(1_500), media: flat(1_500), home: flat(1_500), instruments: flat(1_500), toys: flat(1_500), tools: flat(1_500), electronics: flat(800), computers: flat(800),
  clothing: { kind: 'cliff', bands: [[1_500, 500], [2_000, 1_000], [OPEN, 1_700]] },
  beauty: { kind: 'cliff', bands: [[1_000, 800], [OPEN, 1_500]] },
  grocery: { kind: 'cliff', bands: [[1_500, 800], [OPEN, 1_500]] },
  accessories: { kind: 'marginal', bands: [[10_000, 1_500], [OPEN, 800]] },
  jewelry: { kind: 'marginal', bands: [[25_000, 2_000], [OPEN, 500]] },
  watches: { kind: 'marginal', bands: [[150_000, 1_600], [OPEN, 300]] },
};
const MOST: Rate = { kind: 'marginal', bands: [[750_000, 1_360], [OPEN, 235]] };
/** eBay US without a store, 2026. */
const FINAL_VALUE: Readonly<Record<CategoryId, Rate>> = {
  books: flat(1_530), media: flat(1_530), clothing: MOST, beauty: MOST, grocery: MOST, electronics: MOST, accessories: MOST, computers: MOST, toys: MOST, home: MOST, tools: MOST, instruments: MOST,
  jewelry: { kind: 'cliff', bands: [[500_000, 1_500], [OPEN, 900]] },
  watches: { kind: 'marginal', bands: [[100_000, 1_500], [750_000, 650], [OPEN, 300]] },
};
/** Categories whose eBay rate rises in the course of a run, by this much. */
const RAISED: readonly CategoryId[] = ['books', 'media', 'toys'];
const RAISE_BASIS_POINTS = 45;

/** FBA 2026: upper weight in ounces, and the fee for prices under 10, 10 to 50 and over 50 dollars. */
const FBA_SMALL: readonly (readonly [number, readonly [number, number, number]])[] = [[2, [243, 332, 358]], [16, [295, 396, 422]]];
const FBA_LARGE: readonly (readonly [number, readonly [number, number, number]])[] = [[4, [291, 373, 399]], [16, [378, 460, 486]], [48, [585, 667, 693]]];
const FBA_OVER_3_LB: readonly [number, number, number] = [615, 697, 723];
const FUEL_BASIS_POINTS = 350;

/** Retail postage by weight, g and cents: a single middle zone, ground. */
const LABELS: readonly (readonly [number, number])[] = [[113, 440], [227, 515], [340, 575], [454, 640], [907, 795], [1_361, 930], [2_268, 1_150], [4_536, 1_590], [9_072, 2_390]];
const LABEL_PER_EXTRA_454_G = 125;
/** Parcels above a cubic foot are charged by size: cubic inches over this, in pounds. */
const POSTAL_DIVISOR = 166;

function charge(rate: Rate, minor: number, extraBasisPoints: number): number {
  if (rate.kind === 'cliff') {
    const band = rate.bands.find(([upTo]) => minor <= upTo)!;
    return scaleMinor(minor, band[1] + extraBasisPoints, 10_000, 'half-up');
  }
  let total = 0;
  let from = 0;
  for (const [upTo, basisPoints] of rate.bands) {
    if (minor <= from) break;
    total += scaleMinor(Math.min(minor, upTo) - from, basisPoints + extraBasisPoints, 10_000, 'half-up');
    from = upTo;
  }
  return total;
}

const inches = (mm: number) => mm / 25.4;

function fbaFulfilment(product: Product, priceMinor: number): number {
  const [l, w, h] = [inches(product.lengthMm), inches(product.widthMm), inches(product.heightMm)];
  const ounces = product.weightG / 28.3495;
  const band = priceMinor < 1_000 ? 0 : priceMinor <= 5_000 ? 1 : 2;
  if (l <= 15 && w <= 12 && h <= 0.75 && ounces <= 16) return FBA_SMALL.find(([upTo]) => ounces <= upTo)![1][band]!;
  const shipping = Math.max(ounces, ((l * w * h) / 139) * 16);
  const step = FBA_LARGE.find(([upTo]) => shipping <= upTo);
  if (l <= 18 && w <= 14 && h <= 8 && shipping <= 320) return step ? step[1][band]! : FBA_OVER_3_LB[band]! + 8 * Math.ceil((shipping - 48) / 4);
  const pounds = Math.ceil(shipping / 16);
  return shipping <= 800 ? 961 + 38 * Math.max(0, pounds - 1) : 2_685 + 38 * Math.max(0, pounds - 50);
}

function label(product: Product, quantity: number): number {
  const cubic = inches(product.lengthMm) * inches(product.widthMm) * inches(product.heightMm) * quantity;
  const grams = Math.max(product.weightG * quantity + 40, cubic > 1_728 ? (cubic / POSTAL_DIVISOR) * 453.6 : 0);
  const row = LABELS.find(([upTo]) => grams <= upTo);
  const base = row ? row[1] : 2_390 + LABEL_PER_EXTRA_454_G * Math.ceil((grams - 9_072) / 454);
  return base + (product.hazmat ? 90 : 0);
}

/** The vendors' charges. eBay raises three categories' rate, and Amazon its fuel surcharge, some weeks after the start. */
export function createFees(seed: number, startAt: Instant, catalog: Catalog): Fees {
  const changeAt = startAt + (16 + (hash32(`${seed}:fee-change`) % 24)) * DAY_MS;
  return {
    amazon(id, { priceMinor, shippingMinor, fba, at }) {
      const product = catalog.byId(id);
      const lines: FeeLine[] = [{ kind: 'referral', minor: Math.max(30, charge(REFERRAL[product.category], priceMinor + shippingMinor, 0)) }];
      if (product.category === 'books' || product.category === 'media') lines.push({ kind: 'closing', minor: 180 });
      if (!fba) return lines;
      const fulfilment = fbaFulfilment(product, priceMinor);
      lines.push({ kind: 'fba-fulfilment', minor: fulfilment });
      lines.push({ kind: 'fuel-surcharge', minor: scaleMinor(fulfilment, FUEL_BASIS_POINTS + (at >= changeAt ? 40 : 0), 10_000, 'half-up') });
      return lines;
    },
    ebay(category, { totalMinor, at }) {
      const extra = at >= changeAt && RAISED.includes(category) ? RAISE_BASIS_POINTS : 0;
      return [
        { kind: 'final-value', minor: charge(FINAL_VALUE[category], totalMinor, extra) },
        { kind: 'order-fee', minor: totalMinor <= 1_000 ? 30 : 40 },
      ];
    },
    labelMinor: (id, quantity) => label(catalog.byId(id), quantity),
  };
}
