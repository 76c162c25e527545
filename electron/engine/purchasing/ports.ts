/**
 * What buying needs from others beside the opportunity (see opportunity-gate.ts): a checkout at the vendor, and the stock that the goods become.
 */
import type { Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import type { CheckoutQuote, CheckoutSession, PlacedOrder } from './checkout.ts';

export type { CheckoutQuote, CheckoutSession, PlacedOrder } from './checkout.ts';

/** Where goods go to, and who pays. */
export interface ShipTo {
  readonly firstName: string;
  readonly lastName: string;
  readonly line1: string;
  readonly line2: string;
  readonly city: string;
  readonly state: string;
  readonly postcode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly phone: string;
  readonly email: string;
}

export interface CheckoutRequest {
  readonly offerExternalId: string;
  readonly quantity: number;
  readonly shipTo: ShipTo;
  readonly signal?: AbortSignal | undefined;
}

/** What the vendor says of an order that was placed. `refunded`: given up, money back. */
export type OrderProgress = { readonly state: 'open' | 'completed' | 'refunded'; readonly status: string; readonly at: Instant };

/**
 * A vendor's checkout, bound to one source. Only `place` changes anything that costs; what it throws says what is known:
 * `OutcomeUnknown` when the order may have gone out (ask `reconcile`), anything else when it certainly did not.
 */
export interface CheckoutPort {
  readonly connector: string;
  /** Fresh price, stock, shipping, tax and total. Costs nothing and binds nothing. */
  quote(request: CheckoutRequest): Promise<CheckoutQuote>;
  /** Fills a checkout in. May leave an unplaced draft at the vendor, which is harmless. */
  begin(request: CheckoutRequest): Promise<CheckoutSession>;
  /** Places the order of the session, if its total is still the session's. Never call again unless `reconcile` says `absent`. */
  place(session: CheckoutSession, attempt: { readonly idempotencyKey: string; readonly signal?: AbortSignal | undefined }): Promise<PlacedOrder>;
  /** What became of the session: its order, `absent` (certainly not placed), or `unknown` (cannot tell yet). Does not throw for a vendor that cannot be reached. */
  reconcile(session: CheckoutSession, signal?: AbortSignal): Promise<{ readonly found: PlacedOrder } | 'absent' | 'unknown'>;
  /** How a placed order is getting on. */
  progress(session: CheckoutSession, signal?: AbortSignal): Promise<OrderProgress>;
}

export interface CheckoutDirectory {
  /** Whether sources of this kind can be bought from at all. */
  supports(connector: string): boolean;
  /** @throws DomainError INVALID when the source has no checkout. */
  open(sourceId: string): Promise<CheckoutPort>;
  /** Ends what stands open; absent where nothing does. */
  close?(): Promise<void>;
}

/** Turns bought goods into stock; joins modules that purchasing does not know. */
export interface StockIntakePort {
  receive(tx: Tx, receipt: { readonly purchaseId: string; readonly units: number; readonly damaged: number }): Promise<void>;
}
