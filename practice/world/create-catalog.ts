import { hash32, seededRandom, type Random } from '#kernel/random.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import { PROFILES, type CategoryProfile } from './categories.ts';
import { asinOf, gtinCheckDigit, isbn10Of } from './identifiers.ts';
import type { Brand, CategoryId, Product, ProductId, ProductKind, Restriction } from './types.ts';
import { CLOTHES_SIZES, CODAS, COLORS, COMPANY_TAILS, FIRST_NAMES, LAST_NAMES, ONSETS, OTHER_SIZES, PUBLISHER_TAILS, QUALITIES, SUBJECTS } from './vocabulary.ts';

/** What the world knows of a product and shows to nobody but through prices and sales. */
export interface Hidden {
  /** Long-run market price before trends, USD cents. */
  readonly levelMinor: number;
  /** Amazon units a month, all sellers together, at the usual price and an average season. */
  readonly monthlyUnits: number;
  readonly ebayShare: number;
}

export interface GeneratedCatalog {
  readonly products: readonly Product[];
  readonly hidden: readonly Hidden[];
  readonly brands: readonly Brand[];
  /** Products below this index are sellable; variation parents follow. */
  readonly sellable: number;
}

type Fields = Omit<Product, 'imageUrls' | 'bullets'>;

/** A product whose derived texts are made on demand: 20,000 of them stay small. */
class CatalogProduct implements Product {
  readonly id!: ProductId;
  readonly kind!: ProductKind;
  readonly category!: CategoryId;
  readonly asin!: string;
  readonly gtin!: string | null;
  readonly isbn10!: string | null;
  readonly brand!: string;
  readonly mpn!: string;
  readonly title!: string;
  readonly noun!: string;
  readonly author!: string | null;
  readonly color!: string | null;
  readonly size!: string | null;
  readonly packSize!: number;
  readonly parentAsin!: string | null;
  packSiblingId!: ProductId | null;
  readonly lengthMm!: number;
  readonly widthMm!: number;
  readonly heightMm!: number;
  readonly weightG!: number;
  readonly listPriceMinor!: number | null;
  readonly releasedAt!: Instant;
  readonly hazmat!: boolean;
  readonly restriction!: Restriction;
  readonly ipRiskBrand!: boolean;

  constructor(fields: Fields) {
    Object.assign(this, fields);
  }
  get imageUrls(): readonly string[] {
    return [`https://images.practice.invalid/I/${this.asin}.jpg`];
  }
  get bullets(): readonly string[] {
    const bullets = [`${this.noun} by ${this.brand}`];
    if (this.color) bullets.push(`Color: ${this.color}`);
    if (this.size) bullets.push(`Size: ${this.size}`);
    if (this.packSize > 1) bullets.push(`Pack of ${this.packSize}`);
    return bullets;
  }
}

export const pick = <T>(random: Random, from: readonly T[]): T => from[random.int(from.length)]!;
export const logNormal = (random: Random, median: number, spread: number): number => median * Math.exp(spread * random.normal());

/** Ends a price as shops do: mostly .99, some .49 or .00. Never below 99 cents. */
export function shopEnding(random: Random, minor: number): number {
  const u = random.next();
  const whole = Math.max(1, Math.round(minor / 100));
  if (u < 0.6) return whole * 100 - 1;
  if (u < 0.75) return whole * 100 - 51 < 99 ? whole * 100 - 1 : whole * 100 - 51;
  return Math.max(99, Math.round(minor));
}

interface CategoryBrand extends Brand {
  readonly index: number;
  nextItem: number;
}

/** Company prefixes are a permutation of the brand's index, so that no two brands share one. A third start with 0: their GTINs lose it in spreadsheets. */
function makeBrands(seed: number): Map<CategoryId, CategoryBrand[]> {
  const random = seededRandom(`${seed}:brands`);
  const used = new Set<string>();
  const byCategory = new Map<CategoryId, CategoryBrand[]>();
  let index = 0;
  for (const profile of PROFILES) {
    const count = profile.id === 'books' || profile.id === 'media' ? 30 : 46;
    const brands: CategoryBrand[] = [];
    while (brands.length < count) {
      const stem = pick(random, ONSETS) + pick(random, CODAS);
      const name = stem + pick(random, profile.id === 'books' ? PUBLISHER_TAILS : COMPANY_TAILS);
      if (used.has(name)) continue;
      used.add(name);
      const serial = (index * 7_919 + (hash32(`${seed}:gs1`) % 10_000)) % 10_000;
      const lead = pick(random, ['00', '03', '07', '61', '71', '84', '401', '501', '330']);
      const ipRisk = profile.id !== 'books' && random.next() < 0.08;
      brands.push({ name, ipRisk, gs1Prefix: profile.id === 'books' ? '' : lead + String(serial).padStart(4, '0'), index, nextItem: random.int(90_000) });
      index += 1;
    }
    byCategory.set(profile.id, brands);
  }
  return byCategory;
}

function nextGtin(brand: CategoryBrand): string {
  brand.nextItem = (brand.nextItem + 37) % 100_000;
  const data = brand.gs1Prefix + String(brand.nextItem).padStart(5, '0');
  return data + gtinCheckDigit(data);
}

interface Draft {
  readonly noun: string;
  readonly weightG: number;
  readonly brand: CategoryBrand;
  readonly model: string;
  readonly quality: string;
  readonly author: string | null;
  readonly subject: string | null;
  readonly basePriceMinor: number;
  readonly monthlyUnits: number;
  readonly ebayShare: number;
  readonly listFactor: number | null;
  readonly releasedAt: Instant;
  readonly hazmat: boolean;
  readonly restriction: Restriction;
  readonly kind: ProductKind;
}

interface Variant {
  readonly color: string | null;
  readonly size: string | null;
  readonly packSize: number;
  readonly parentAsin: string | null;
}

function draftModel(random: Random): string {
  const letters = String.fromCharCode(65 + random.int(26), 65 + random.int(26));
  return `${letters}${random.next() < 0.5 ? '-' : ''}${100 + random.int(9_900)}${random.next() < 0.3 ? String.fromCharCode(65 + random.int(26)) : ''}`;
}

function draftFamily(random: Random, profile: CategoryProfile, context: { brands: readonly CategoryBrand[]; startAt: Instant }): Draft {
  const [noun = '', weight = '0'] = pick(random, profile.nouns).split(':');
  // A few brands carry much of a category.
  const brand = context.brands[Math.floor(random.next() * random.next() * context.brands.length)]!;
  const written = profile.id === 'books' || profile.id === 'media';
  const gate = random.next();
  const fiction = Math.exp(Math.max(0, profile.listFiction + profile.listSpread * random.normal()));
  return {
    noun, brand, weightG: Math.max(15, Math.round(logNormal(random, Number(weight), 0.25))), model: written ? '' : draftModel(random), quality: pick(random, QUALITIES),
    author: written ? `${pick(random, FIRST_NAMES)} ${pick(random, LAST_NAMES)}` : null, subject: written ? pick(random, SUBJECTS) : null,
    basePriceMinor: Math.max(450, logNormal(random, profile.priceMedianMinor, profile.priceSpread)),
    monthlyUnits: Math.min(6_000, logNormal(random, profile.monthlyMedian, 1.35)), ebayShare: Math.min(0.9, logNormal(random, profile.ebayShare, 0.5)),
    listFactor: random.next() < 0.12 ? null : fiction,
    releasedAt: context.startAt - (30 + Math.floor(random.next() * random.next() * 4_000)) * DAY_MS,
    hazmat: random.next() < profile.hazmat, kind: random.next() < 0.025 && !written ? 'map' : 'ordinary',
    restriction: gate < profile.barred ? 'not-eligible' : gate < profile.barred + profile.gated || brand.ipRisk ? 'approval-required' : 'none',
  };
}

function titleOf(profile: CategoryProfile, draft: Draft, variant: Variant): string {
  if (profile.id === 'books') return `The ${draft.quality} ${draft.noun} of ${draft.subject}${draft.weightG % 3 === 0 ? ` (${1 + (draft.weightG % 7)}th Edition)` : ''}`;
  if (profile.id === 'media') return `${draft.author}: ${draft.quality} Sessions from ${draft.subject} [${draft.noun}]`;
  const parts = [`${draft.brand.name} ${draft.quality} ${draft.noun} ${draft.model}`];
  if (variant.size) parts.push(variant.size);
  if (variant.color) parts.push(variant.color);
  if (variant.packSize > 1) parts.push(`Pack of ${variant.packSize}`);
  return parts.join(', ');
}

/** A box of the product's volume with sides in drawn proportions. */
function boxOf(random: Random, weightG: number, density: number): { lengthMm: number; widthMm: number; heightMm: number } {
  const volume = (weightG / density) * 1_000;
  const flat = 0.25 + random.next() * 0.6;
  const long = 1 + random.next() * 0.9;
  const width = Math.cbrt(volume / (flat * long));
  const sides = [width * long, width, width * flat].map((side) => Math.max(8, Math.round(side))).sort((a, b) => b - a);
  return { lengthMm: sides[0]!, widthMm: sides[1]!, heightMm: sides[2]! };
}

class CatalogBuilder {
  readonly products: CatalogProduct[] = [];
  readonly hidden: Hidden[] = [];
  readonly parents: { asin: string; profile: CategoryProfile; draft: Draft }[] = [];
  readonly #seed: number;
  readonly #salt: number;
  #isbn = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#salt = hash32(`${seed}:asin`);
  }

  /** 978-0 and 978-1 with eight digits that are a permutation of a counter. */
  #nextIsbn(): { gtin: string; isbn10: string } {
    const serial = (this.#isbn++ * 7_919_317 + (hash32(`${this.#seed}:isbn`) % 100_000_000)) % 100_000_000;
    const nine = `${this.#isbn % 3 === 0 ? 1 : 0}${String(serial).padStart(8, '0')}`;
    return { gtin: `978${nine}${gtinCheckDigit(`978${nine}`)}`, isbn10: isbn10Of(nine) };
  }

  newParentAsin(profile: CategoryProfile, draft: Draft): string {
    const asin = asinOf(1_000_000 + this.parents.length, this.#salt);
    this.parents.push({ asin, profile, draft });
    return asin;
  }

  add(random: Random, family: { profile: CategoryProfile; draft: Draft }, variant: Variant): CatalogProduct {
    const { profile, draft } = family;
    const id = this.products.length;
    const isbn = profile.id === 'books' ? this.#nextIsbn() : null;
    const weightG = Math.round(draft.weightG * variant.packSize);
    const spread = Math.exp(0.06 * random.normal());
    const level = draft.basePriceMinor * spread * Math.exp(0.86 * Math.log(variant.packSize));
    const product = new CatalogProduct({
      id, kind: draft.kind, category: profile.id, asin: isbn ? isbn.isbn10 : asinOf(id, this.#salt), gtin: isbn ? isbn.gtin : nextGtin(draft.brand), isbn10: isbn ? isbn.isbn10 : null,
      brand: draft.brand.name, mpn: draft.model + (variant.color ? `-${variant.color.slice(0, 2).toUpperCase()}` : '') + (variant.size ? variant.size.slice(0, 3).toUpperCase().trim() : ''),
      title: titleOf(profile, draft, variant), noun: draft.noun, author: draft.author, color: variant.color, size: variant.size, packSize: variant.packSize, parentAsin: variant.parentAsin,
      packSiblingId: null, ...boxOf(random, weightG, profile.density), weightG, listPriceMinor: draft.listFactor === null ? null : shopEnding(random, level * draft.listFactor),
      releasedAt: draft.releasedAt, hazmat: draft.hazmat, restriction: draft.restriction, ipRiskBrand: draft.brand.ipRisk,
    });
    this.products.push(product);
    const units = draft.monthlyUnits * (variant.packSize > 1 ? 0.4 : 1) * (variant.parentAsin ? 0.15 + random.next() * 0.7 : 1);
    this.hidden.push({ levelMinor: level, monthlyUnits: units, ebayShare: draft.ebayShare });
    return product;
  }

  addParents(): void {
    for (const { asin, profile, draft } of this.parents) {
      this.products.push(
        new CatalogProduct({
          id: this.products.length, kind: 'parent', category: profile.id, asin, gtin: null, isbn10: null, brand: draft.brand.name, mpn: draft.model,
          title: titleOf(profile, draft, { color: null, size: null, packSize: 1, parentAsin: null }), noun: draft.noun, author: null, color: null, size: null, packSize: 1, parentAsin: null, packSiblingId: null,
          lengthMm: 0, widthMm: 0, heightMm: 0, weightG: 0, listPriceMinor: null, releasedAt: draft.releasedAt, hazmat: false, restriction: draft.restriction, ipRiskBrand: draft.brand.ipRisk,
        }),
      );
      this.hidden.push({ levelMinor: 0, monthlyUnits: 0, ebayShare: 0 });
    }
  }
}

function variantsOf(random: Random, profile: CategoryProfile, room: number): Omit<Variant, 'parentAsin'>[] {
  const draw = random.next();
  if (draw < profile.variants) {
    const sizes = profile.id === 'clothing' ? CLOTHES_SIZES : random.next() < 0.35 ? OTHER_SIZES : [];
    const count = Math.min(room, 2 + random.int(sizes.length ? 5 : 3));
    const color = random.int(COLORS.length);
    const size = random.int(Math.max(1, sizes.length));
    return Array.from({ length: count }, (_, i) => ({ color: COLORS[(color + (sizes.length ? i >> 1 : i)) % COLORS.length]!, size: sizes.length ? sizes[(size + i) % sizes.length]! : null, packSize: 1 }));
  }
  if (draw < profile.variants + profile.packs && room > 1) {
    const pack = pick(random, [2, 3, 4, 6, 12]);
    return [1, pack].map((packSize) => ({ color: null, size: null, packSize }));
  }
  return [{ color: random.next() < 0.2 && profile.id !== 'books' && profile.id !== 'media' ? pick(random, COLORS) : null, size: null, packSize: 1 }];
}

function fillCategory(builder: CatalogBuilder, profile: CategoryProfile, context: { seed: number; count: number; brands: readonly CategoryBrand[]; startAt: Instant }): void {
  const random = seededRandom(`${context.seed}:catalog:${profile.id}`);
  let left = context.count;
  while (left > 0) {
    const draft = draftFamily(random, profile, context);
    const variants = variantsOf(random, profile, left);
    const packs = variants.some((v) => v.packSize > 1);
    const parentAsin = variants.length > 1 && !packs ? builder.newParentAsin(profile, draft) : null;
    const made = variants.map((variant) => builder.add(random, { profile, draft }, { ...variant, parentAsin }));
    if (packs && made.length === 2) {
      made[0]!.packSiblingId = made[1]!.id;
      made[1]!.packSiblingId = made[0]!.id;
    }
    left -= variants.length;
  }
}

/** @param count sellable products, at least 1,000. */
export function createProducts(seed: number, count: number, startAt: Instant): GeneratedCatalog {
  if (!Number.isSafeInteger(count) || count < 1_000 || count > 900_000) throw new RangeError(`between 1,000 and 900,000 products, got ${count}`);
  const brands = makeBrands(seed);
  const builder = new CatalogBuilder(seed);
  for (const profile of PROFILES) {
    fillCategory(builder, profile, { seed, count: Math.ceil((count * profile.share) / 1_000), brands: brands.get(profile.id)!, startAt });
  }
  const sellable = builder.products.length;
  builder.addParents();
  return { products: builder.products, hidden: builder.hidden, brands: [...brands.values()].flat(), sellable };
}
