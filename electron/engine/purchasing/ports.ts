/**
 * What buying needs from others beside the opportunity (see opportunity-gate.ts): a checkout at the vendor, and the stock that the goods become.
 */
import type { Money } from '#kernel/money.ts';
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

export interface AssistRequest {
  readonly purchaseId: string;
  /** The offer's page. */
  readonly url: string;
  readonly quantity: number;
  readonly shipTo: ShipTo;
  /** In which totals are read. */
  readonly currency: string;
}

/**
 * Why the desk went no further: `pay` it stands before the pay button; `fields` the shop wants what only the person knows; `captcha`, `login` a wall; `unsure` nothing there surely is no pay button; `self-sending` the page tried to send
 * itself, which was held up.
 */
export type CheckoutStop = 'pay' | 'fields' | 'captcha' | 'login' | 'unsure' | 'self-sending';

/** A shop's checkout as it stands before the pay button, or at the step that is the person's. */
export interface FilledCheckout {
  readonly stop: CheckoutStop;
  /** In all, as asked before the pay button; null at an earlier step and where the page shows none that can be read. */
  readonly total: Money | null;
  /** What the person still has to do, by the shop's own labels; `cart` and `checkout` for steps that were not found. */
  readonly missing: readonly string[];
  /** The person went there by themselves, and the desk only looked: the page is in their hands. */
  readonly byPerson?: boolean | undefined;
}

/** What the desk is told and asked while the person has the window. */
export interface AssistCompany {
  /** Asked before it goes on from a wall that the person passed. */
  mayGoOn(): Promise<boolean>;
  /** It has gone on, and stands somewhere else. */
  wentOn(filled: FilledCheckout): Promise<void>;
}

/** What the shop's page says after the person paid. */
export interface ReadConfirmation {
  readonly externalId: string;
  readonly total: Money | null;
  readonly url: string;
  /** The page's words, cut. */
  readonly says: string;
}

/** A shop's checkout in the person's own browser: filled in by the program, paid by the person. It presses no button that places an order. */
export interface AssistedCheckoutPort {
  /** Whether sources of this kind have pages to buy on. */
  supports(connector: string): boolean;
  /** Its window stands open here and now, or is on its way. */
  isOpen(purchaseId: string): boolean;
  /** Brings it to the front. */
  show(purchaseId: string): Promise<void>;
  /** Opens, puts into the cart and fills in. Null: it was dismissed before it stood, and is gone. What it throws left no window open and nothing filled in. */
  open(request: AssistRequest): Promise<FilledCheckout | null>;
  /** Has the desk go on from where it left the window to the person, whatever it left it for; it still presses nothing that is not surely no pay button. */
  goOn(purchaseId: string): Promise<void>;
  /** Waits for the person, and goes on by itself once a captcha or a login is passed. Null: the window was closed before a confirmation was seen; `gave-up`: the program ends, or the window was dismissed. */
  confirmation(purchaseId: string, company: AssistCompany): Promise<ReadConfirmation | 'gave-up' | null>;
  dismiss(purchaseId: string): Promise<void>;
  close(): Promise<void>;
}

/** Turns bought goods into stock; joins modules that purchasing does not know. */
export interface StockIntakePort {
  receive(tx: Tx, receipt: { readonly purchaseId: string; readonly units: number; readonly damaged: number }): Promise<void>;
}
