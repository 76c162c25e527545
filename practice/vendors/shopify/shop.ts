import type { Instant } from '#kernel/time.ts';
import type { Listing, World } from '../../world/index.ts';
import { keepListing, listingFor } from '../keep-listing.ts';

export const CHANNEL = 'shopify';
const VENDOR = 'shopify';
const FIRST_ID = 8_000_000_000_000;

export interface Product {
  readonly id: string;
  readonly handle: string;
  readonly title: string;
  readonly descriptionHtml: string;
  readonly vendor: string;
  readonly status: 'ACTIVE' | 'ARCHIVED' | 'DRAFT' | 'UNLISTED';
  readonly tags: readonly string[];
  readonly sku: string;
  readonly barcode: string | null;
  readonly priceMinor: number;
  readonly tracked: boolean;
  /** At the shop's one location; null: not stocked there. */
  readonly stock: number | null;
  readonly files: number;
  /** Their ids; absent in a product from before they had one. */
  readonly media?: readonly string[];
  /** Hashes of those that were uploaded. */
  readonly pictures?: readonly string[];
  readonly published: boolean;
}

/** What was really done. */
export type ShopEffect = 'picturesUploaded' | 'productsCreated' | 'stockSet' | 'shipments' | 'refundsMade' | 'cancellations';

export const gid = (kind: string, id: string | number): string => `gid://shopify/${kind}/${id}`;
export const idIn = (value: unknown): string => String(value).slice(String(value).lastIndexOf('/') + 1);
export const decimal = (minor: number): string => (minor / 100).toFixed(2);
export const cents = (text: unknown): number => Math.round(Number(text) * 100);
export const bag = (minor: number) => ({ shopMoney: { amount: decimal(minor), currencyCode: 'USD' }, presentmentMoney: { amount: decimal(minor), currencyCode: 'USD' } });

/** The shop's own records, in the world's documents, so that they outlive a restart as a shop's would. */
export class Shop {
  readonly world: World;
  /** Access that the app has beside what selling needs. */
  moreScopes: readonly string[] = [];
  /** Where the vendor's server answers. */
  address: () => string = () => '';
  readonly done: Record<ShopEffect, number> = { picturesUploaded: 0, productsCreated: 0, stockSet: 0, shipments: 0, refundsMade: 0, cancellations: 0 };

  constructor(world: World) {
    this.world = world;
  }

  listing(id: string): Listing | undefined {
    return listingFor(this.world, CHANNEL, id);
  }
  /** As the shop shows it now: the stock of what buyers see is the world's. */
  product(id: string): Product | undefined {
    const kept = this.world.document(VENDOR, `product/${id}`) as Product | undefined;
    const listing = kept && this.listing(id);
    return kept && listing?.status === 'active' ? { ...kept, stock: listing.quantity } : kept;
  }
  byHandle(handle: string): Product | undefined {
    const id = this.world.document(VENDOR, `handle/${handle}`) as string | undefined;
    return id === undefined ? undefined : this.product(id);
  }
  bySku(sku: string): Product[] {
    return this.world.documents(VENDOR, 'product/').flatMap(({ value }) => ((value as Product).sku === sku ? [this.product((value as Product).id)!] : []));
  }

  /** Keeps the record, and what buyers see of it. They find it by its barcode. */
  put(product: Product): void {
    const { world } = this;
    world.actions.putDocument(VENDOR, `product/${product.id}`, product);
    world.actions.putDocument(VENDOR, `handle/${product.handle}`, product.id);
    const found = world.catalog.identify({ gtins: product.barcode ? [product.barcode] : [], ...(product.vendor ? { brand: product.vendor } : {}) });
    keepListing(world, {
      channel: CHANNEL, ref: product.id, sku: product.sku, productId: found?.id ?? null, condition: product.tags.includes('condition:new') ? 'new' : 'used', priceMinor: product.priceMinor,
      quantity: Math.max(0, product.stock ?? 0), live: product.status === 'ACTIVE' && product.published,
    });
  }

  /** Id of a refund by whoever asked for it here, with its words. */
  noteOfRefund(id: string): string | null {
    return (this.world.document(VENDOR, `refund/${id}`) as string | undefined) ?? null;
  }
  keepRefund(id: string, note: string): void {
    this.world.actions.putDocument(VENDOR, `refund/${id}`, note);
  }

  nextId(): string {
    const id = Number(this.world.document(VENDOR, 'last-id') ?? FIRST_ID) + 1;
    this.world.actions.putDocument(VENDOR, 'last-id', id);
    return String(id);
  }

  /** The answer of an earlier call with the same key; `mismatch` where that one asked for something else. */
  answered(key: string, asked: string): { readonly answer: unknown } | 'mismatch' | null {
    const kept = this.world.document(VENDOR, `key/${key}`) as { asked: string; answer: unknown } | undefined;
    return kept ? (kept.asked === asked ? { answer: kept.answer } : 'mismatch') : null;
  }
  keepAnswer(key: string, asked: string, answer: unknown): void {
    this.world.actions.putDocument(VENDOR, `key/${key}`, { asked, answer });
  }
}

/** Points that the shop still has: a bucket that fills by the second. */
export class Throttle {
  readonly maximum = 2_000;
  readonly restoreRate = 100;
  #level = this.maximum;
  #at: Instant | null = null;

  available(now: Instant): number {
    if (this.#at !== null && now > this.#at) this.#level = Math.min(this.maximum, this.#level + ((now - this.#at) / 1_000) * this.restoreRate);
    this.#at = now;
    return Math.floor(this.#level);
  }
  spend(points: number): void {
    this.#level -= points;
  }
}
