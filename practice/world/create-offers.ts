import { seededRandom, type Random } from '#kernel/random.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import { profileOf } from './categories.ts';
import { pick, type GeneratedCatalog } from './create-catalog.ts';
import { printId } from './damage-id.ts';
import { mix } from './hash.ts';
import { sellerName } from './observe-market.ts';
import type { OutletProfile } from './outlets.ts';
import type { MarketProcess } from './simulate-market.ts';
import type { Product, ProductId, ShopOffer } from './types.ts';
import { WILAYAS } from './vocabulary.ts';
import { writeTitle } from './write-title.ts';

/** What an offer really is: for the world and for truth alone. */
export interface OfferTruth {
  /** What is delivered, one of it for each priced unit. */
  readonly productId: ProductId;
  /** What the printed identifier says: another product in a trap; null without a readable identifier. */
  readonly claimedId: ProductId | null;
  /** Price over market price. */
  readonly margin: number;
  /** Days between repricings, and where in that rhythm the offer stands. */
  readonly rhythm: number;
  readonly phase: number;
  /** Repriced from the market of so many days ago. */
  readonly lagDays: number;
  readonly strikes: boolean;
  readonly joke: boolean;
  readonly goneAt: Instant;
  readonly salt: number;
}

export interface OutletOffers {
  readonly offers: readonly ShopOffer[];
  readonly truths: readonly OfferTruth[];
}

function chooseProduct(random: Random, outlet: OutletProfile, world: OfferWorld): Product {
  const { products, sellable } = world.generated;
  let product = products[random.int(sellable)]!;
  if (random.next() >= outlet.falling) return product;
  for (let tries = 0; tries < 12; tries++) {
    const { trend } = world.process.plan(product.id);
    if (trend.kind === 'collapsing' && trend.startDay < 430) break;
    product = products[random.int(sellable)]!;
  }
  return product;
}

function drawMargin(random: Random, outlet: OutletProfile): number {
  let draw = random.next();
  for (const [share, mean, spread] of outlet.margins) {
    draw -= share;
    if (draw < 0) return Math.max(0.15, mean + spread * random.normal());
  }
  return 1;
}

/** The product whose identifier is printed: the right one, a pack sibling's (a trap), or a stranger's. */
function claimedProduct(random: Random, product: Product, world: OfferWorld & { wrong: number }): Product {
  const { products, sellable } = world.generated;
  if (product.packSiblingId !== null && random.next() < 0.3) return products[product.packSiblingId]!;
  return random.int(1_000) < world.wrong ? products[random.int(sellable)]! : product;
}

interface OfferWorld {
  readonly seed: number;
  readonly startAt: Instant;
  readonly generated: GeneratedCatalog;
  readonly process: MarketProcess;
}

function slugOf(title: string): string {
  return title.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 70) || 'article';
}

function describeOffer(random: Random, product: Product, text: { id: string | null; idPlace: ShopOffer['idPlace']; dz: boolean }): string {
  const parts = [text.dz ? pick(random, ['Produit neuf, garantie.', 'Me contacter par téléphone.', 'متوفر حاليا، التوصيل لجميع الولايات.', 'Vente en ligne ou sur place.']) : pick(random, ['Factory sealed.', 'In original packaging.', 'Ships from our warehouse.', 'Overstock, all sales final.', 'Great gift idea!'])];
  if (random.next() < 0.4) parts.push(product.bullets.slice(1).join(', '));
  if (random.next() < 0.3) parts.push(`${(product.weightG / 453.6).toFixed(2)} lb`);
  if (text.id !== null && text.idPlace === 'description') parts.push(`${product.isbn10 ? 'ISBN' : pick(random, ['UPC', 'EAN', 'Barcode'])}: ${text.id}`);
  return parts.filter(Boolean).join(' ');
}

/** Elapsed life of an advertisement: posted up to 150 days before or 60 after the start, up for 15 to 120 days. Shops' offers stay for years. */
function life(random: Random, outlet: OutletProfile, startAt: Instant): { listedAt: Instant; goneAt: Instant } {
  if (outlet.kind === 'ouedkniss') {
    const listedAt = startAt + Math.floor((random.next() * 210 - 150) * DAY_MS);
    return { listedAt, goneAt: listedAt + (15 + random.int(105)) * DAY_MS };
  }
  const late = random.next() < 0.12;
  const listedAt = late ? startAt + Math.floor(random.next() * 60 * DAY_MS) : startAt - (5 + random.int(380)) * DAY_MS;
  return { listedAt, goneAt: random.next() < 0.08 ? Math.max(listedAt, startAt) + (5 + random.int(80)) * DAY_MS : Number.MAX_SAFE_INTEGER };
}

/** Every offer of an outlet, in order of number. @param count rows to make */
export function createOffers(outlet: OutletProfile, count: number, world: OfferWorld): OutletOffers {
  const random = seededRandom(`${world.seed}:outlet:${outlet.id}`);
  const offers: ShopOffer[] = [];
  const truths: OfferTruth[] = [];
  const list = outlet.kind === 'price-list';
  let previous: Product | null = null;
  for (let number = 1; number <= count; number++) {
    // Some things are there twice, in other words and at another price.
    const product: Product = previous && random.next() < 0.03 ? previous : chooseProduct(random, outlet, world);
    previous = product;
    const claimed = claimedProduct(random, product, { ...world, wrong: outlet.damage.wrong });
    const idText = printId(random, claimed, outlet.damage);
    const used = random.next() < outlet.used;
    const place = random.next();
    const idPlace = list || place < 0.55 ? 'sku' : place < 0.75 ? 'attribute' : 'description';
    const title = writeTitle(random, product, { language: outlet.language, mess: list ? 0.6 : 0.35 + 0.65 * random.next(), namesPack: random.next() > (claimed === product ? 0.15 : 0.45) });
    const caseSize = list && random.next() < 0.4 ? pick(random, [6, 12, 24]) : 1;
    const ownSku = `${outlet.id.slice(0, 2).toUpperCase()}-${10_000 + number}`;
    const span = life(random, outlet, world.startAt);
    offers.push({
      number, outletId: outlet.id, title, description: describeOffer(random, product, { id: idText, idPlace, dz: outlet.language === 'dz' }), brandText: random.next() < 0.7 ? (random.next() < 0.15 ? product.brand.toUpperCase() : product.brand) : null,
      sku: idText !== null && idPlace === 'sku' && !list ? idText : ownSku, idText, mpnText: product.mpn && random.next() < 0.35 ? product.mpn : null, categoryText: profileOf(product.category).name,
      slug: `${slugOf(title)}-${number}`, imageUrl: random.next() < 0.9 ? `https://images.practice.invalid/${outlet.id}/${number}.jpg` : null, weightG: random.next() < 0.5 ? product.weightG : null, listedAt: span.listedAt, sellerName: outlet.kind === 'ouedkniss' ? sellerName(random.int(400)) : null,
      place: outlet.kind === 'ouedkniss' ? pick(random, WILAYAS) : null, condition: used ? 'used' : 'new', caseSize, pricedUnits: caseSize > 1 && outlet.language === 'eu' ? caseSize : 1, idPlace,
      mapMinor: list && product.kind === 'map' ? Math.round(world.generated.hidden[product.id]!.levelMinor * 1.02) : null,
    });
    truths.push({
      productId: product.id, claimedId: idText === null ? null : claimed.id, margin: drawMargin(random, outlet) * (used ? 0.7 : 1), rhythm: random.next() < 0.02 ? 1 : 6 + random.int(35), phase: random.int(40),
      lagDays: random.next() < 0.2 ? 40 + random.int(100) : 0, strikes: random.next() < outlet.strikes, joke: outlet.kind === 'ouedkniss' && random.next() < 0.11, goneAt: span.goneAt, salt: mix(number, random.int(4_294_967_295), 3),
    });
  }
  return { offers, truths };
}
