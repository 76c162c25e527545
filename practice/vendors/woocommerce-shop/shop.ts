import { toIso, type Instant } from '#kernel/time.ts';
import type { Listing, World } from '../../world/types.ts';
import type { VendorResponse } from '../host.ts';
import { listingFor } from '../keep-listing.ts';

export const CHANNEL = 'woocommerce';
const VENDOR = 'woocommerce-shop';

/** A product as the shop keeps it; the stock of one that buyers see is the world's. */
export interface Product {
  readonly id: number;
  readonly sku: string;
  readonly status: string;
  readonly regular_price: string;
  readonly stock_quantity: number;
  readonly global_unique_id?: string;
  readonly attributes?: readonly { readonly name: string; readonly options: readonly string[] }[];
  readonly [field: string]: unknown;
}

/** A picture of the shop's media library. */
export interface Media {
  readonly id: number;
  readonly slug: string;
  readonly sha256: string;
}

/** What the shop knows of an order beside the sale itself. */
export interface OrderNotes {
  readonly meta: readonly { readonly key: string; readonly value: unknown }[];
  readonly notes: readonly { readonly id: number; readonly note: string; readonly customer_note: boolean }[];
  readonly refunds: readonly { readonly id: number; readonly reason: string }[];
  readonly cancelled: boolean;
  readonly modifiedAt: Instant;
}
const NOTHING: OrderNotes = { meta: [], notes: [], refunds: [], cancelled: false, modifiedAt: 0 };

/** What was really done. */
export type ShopEffect = 'productsCreated' | 'productsChanged' | 'notesWritten' | 'refundsMade' | 'shipments' | 'mediaUploaded';

export const refuse = (status: number, code: string, message: string, extra: object = {}): VendorResponse => ({ status, body: { code, message, data: { status, ...extra } } });
export const gmt = (at: Instant) => toIso(at).slice(0, 19);
export const cents = (text: string) => Math.round(Number(text) * 100);
export const decimal = (minor: number) => (minor / 100).toFixed(2);

/** The shop's own records, in the world's documents, so that they outlive a restart as a shop's would. */
export class Shop {
  readonly world: World;
  readonly done: Record<ShopEffect, number> = { productsCreated: 0, productsChanged: 0, notesWritten: 0, refundsMade: 0, shipments: 0, mediaUploaded: 0 };

  media(): Media[] {
    return this.world.documents(VENDOR, 'media/').map(({ value }) => value as Media);
  }
  putMedia(media: Media): void {
    this.world.actions.putDocument(VENDOR, `media/${media.id}`, media);
  }

  /** As the documents have it: every order is looked at whenever changed ones are asked for. */
  readonly #about = new Map<string, OrderNotes>();

  constructor(world: World) {
    this.world = world;
    for (const { key, value } of world.documents(VENDOR, 'order/')) this.#about.set(key.slice('order/'.length), value as OrderNotes);
  }

  listing(id: number | string): Listing | undefined {
    return listingFor(this.world, CHANNEL, String(id));
  }

  /** As the shop shows it now. */
  #now(product: Product): Product {
    const listing = this.listing(product.id);
    return { ...product, total_sales: this.world.listings(CHANNEL).reduce((sold, one) => sold + (one.vendorRef === String(product.id) ? one.soldQuantity : 0), 0), ...(listing?.status === 'active' ? { stock_quantity: listing.quantity } : {}) };
  }

  product(id: string): Product | undefined {
    const kept = this.world.document(VENDOR, `product/${id}`) as Product | undefined;
    return kept && this.#now(kept);
  }
  bySku(sku: string): Product | undefined {
    const id = this.world.document(VENDOR, `sku/${sku}`) as number | undefined;
    return id === undefined ? undefined : this.product(String(id));
  }
  putProduct(product: Product): void {
    this.world.actions.putDocument(VENDOR, `product/${product.id}`, product);
    if (product.sku !== '') this.world.actions.putDocument(VENDOR, `sku/${product.sku}`, product.id);
  }

  about(orderId: string): OrderNotes {
    return this.#about.get(orderId) ?? NOTHING;
  }
  note(orderId: string, change: Partial<OrderNotes>, at: Instant): void {
    const about = { ...this.about(orderId), ...change, modifiedAt: at };
    this.#about.set(orderId, about);
    this.world.actions.putDocument(VENDOR, `order/${orderId}`, about);
  }

  nextId(): number {
    const id = Number(this.world.document(VENDOR, 'last-id') ?? 100) + 1;
    this.world.actions.putDocument(VENDOR, 'last-id', id);
    return id;
  }
}
