/**
 * The port through which stock is put up for sale on a channel.
 *
 * Terms. A *SKU* is ours: we choose it, and it names one listing on a channel for good, which makes every create reconcilable. An *offer*
 * is the channel's record of that SKU with price and terms; it becomes a *listing* (what buyers see) when published. Channels that have
 * no such middle record (one call lists) answer the same id for both.
 *
 * Exactly once. Each method says how it may be repeated. *Idempotent*: a repeat has no further effect, so repeat it freely after an
 * unknown outcome. *Reconciled*: the method itself asks the channel whether its effect already stands before it acts, and after a
 * channel's "already exists"; so it too may be called again, and returns what stands. `existed` tells which happened.
 */
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { ItemCondition, Measures } from '../catalog/ports.ts';

export type ChannelCondition = ItemCondition;

/** What is for sale: the facts about the thing, without price or terms. */
export interface ListingContent {
  readonly title: string;
  /** Plain text or the channel's permitted HTML; the caller has made it safe. */
  readonly description: string;
  /** Plain sentences for a channel that shows some beside the description. */
  readonly bullets?: readonly string[] | undefined;
  readonly condition: ChannelCondition;
  /** Buyers' words about flaws; only for conditions other than new. */
  readonly conditionNote?: string | undefined;
  /** Name to one or more values: `{ Brand: ['Acme'], Colour: ['Red', 'Blue'] }`. */
  readonly aspects: Readonly<Record<string, readonly string[]>>;
  /** Absolute https addresses, main picture first; on a channel that takes them, `own-picture:` and a hash for one of ours. */
  readonly imageUrls: readonly string[];
  readonly brand?: string | undefined;
  readonly mpn?: string | undefined;
  /** GTINs, digits only, with right check digits. */
  readonly gtins: readonly string[];
  /** As shipped. */
  readonly packageMeasures?: Measures | undefined;
  /** The page of the channel's own catalogue that the offer joins (`CategoryPort.pagesOf`); absent where listings stand by themselves. */
  readonly cataloguePage?: string | undefined;
}

/** Price and terms of one SKU. */
export interface OfferTerms {
  readonly price: Money;
  /** Below it a sale would not pay; a channel that can hold a lowest price is told. */
  readonly floor?: Money | undefined;
  /** Units for sale now, at least 0. */
  readonly quantity: number;
  /** The channel's own category id; empty where it asks for none. */
  readonly categoryId: string;
  readonly policies: PolicyChoice;
  readonly locationKey: string;
  /** The units lie in the channel's own warehouse, which counts and sends them: a quantity of ours is not told. */
  readonly sentByChannel?: boolean | undefined;
  /** The same content as in `putContent`, for channels where one call makes the thing and its offer. */
  readonly content?: ListingContent | undefined;
}

/** Ids of the seller's own standing terms at the channel; empty where it knows none. */
export interface PolicyChoice {
  readonly fulfilment: string;
  readonly payment: string;
  readonly returns: string;
}

export interface ChannelPolicy {
  readonly id: string;
  readonly name: string;
  readonly isDefault: boolean;
}

/** Standing terms that the seller has set up at the channel; a list is empty where there are none, and then nothing can be published. */
export interface ChannelPolicies {
  readonly fulfilment: readonly ChannelPolicy[];
  readonly payment: readonly ChannelPolicy[];
  readonly returns: readonly ChannelPolicy[];
}

/** Where goods ship from. `key` is ours and names the place at the channel for good. */
export interface StockLocation {
  readonly key: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly postalCode: string;
  readonly city?: string | undefined;
  readonly stateOrProvince?: string | undefined;
  readonly addressLine?: string | undefined;
}

/**
 * - `unpublished`: the offer exists, buyers do not see it;
 * - `live`: buyers can buy it;
 * - `out-of-stock`: published with nothing left;
 * - `ended`: was published and has ended.
 */
export type OfferState = 'unpublished' | 'live' | 'out-of-stock' | 'ended';

/** What stands at the channel under a SKU. */
export interface ChannelOffer {
  readonly sku: string;
  readonly offerId: string;
  readonly state: OfferState;
  /** Set once it has been published. */
  readonly listingId?: string | undefined;
  readonly price?: Money | undefined;
  readonly quantity?: number | undefined;
  /** Units the channel counts as sold through this listing, where it says. */
  readonly sold?: number | undefined;
}

export interface ChannelLimits {
  readonly titleCharacters: number;
  readonly descriptionCharacters: number;
  readonly images: number;
  /** Changes that one listing may see in a day; null where there is no such limit. */
  readonly revisionsPerDay: number | null;
}

/** What lies in a channel's own warehouse under a SKU, by its own count. */
export interface WarehouseUnits {
  readonly sku: string;
  /** Can be sold now. */
  readonly sellable: number;
  /** Held back there, or moved between its warehouses; without what buyers have ordered. */
  readonly reserved: number;
  /** On its way in, or arrived and not put away. */
  readonly inbound: number;
  /** Damaged, expired, or being looked into. */
  readonly unsellable: number;
}

/** A JPEG of our own making, upright and without notes, named by its hash. */
export interface OwnPicture {
  /** Hex. */
  readonly sha256: string;
  readonly jpeg: Uint8Array;
}

/** Where a picture of ours stands at the channel, as a listing there may name it. */
export interface PlacedPicture {
  readonly address: string;
  /** It is gone from there then, unless a listing shows it. Absent: it stays. */
  readonly until?: Instant | undefined;
}

export interface ChannelCallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Why an account may not list something, in the channel's words. */
export interface ListingRestriction {
  readonly message: string;
  /** Where a person can ask for approval, if there is a way. */
  readonly link?: string | undefined;
}

export interface ListingChannelPort {
  readonly connector: string;
  /** `ebay-us`. */
  readonly market: string;
  readonly limits: ChannelLimits;
  /** Asks for the bytes behind an `own-picture:` address itself, while it makes the listing. */
  readonly takesOwnPictures?: boolean | undefined;
  /** Whether the account as it stands may place pictures; absent: whenever `placePicture` is there. */
  mayPlacePictures?(): Promise<boolean>;
  /**
   * `putContent` gives a listing that stands the content's pictures, in the place of those that it has: always, or only where it is told that they changed, because each costs an upload. Absent: a listing keeps
   * those that it was made with.
   */
  readonly replacesPictures?: 'always' | 'when-changed' | undefined;
  /** Gives a picture of ours an address there. Absent where the channel takes pictures by addresses of others alone. */
  placePicture?(picture: OwnPicture, options?: ChannelCallOptions): Promise<PlacedPicture>;
  /** The picture of that hash, after an unknown outcome. Absent where it cannot be asked for; such a channel drops by itself what no listing shows, so that placing it again leaves one. */
  findPicture?(sha256: string, options?: ChannelCallOptions): Promise<PlacedPicture | null>;
  /** Absent where the channel knows no standing terms: nothing has to be chosen. */
  policies?(options?: ChannelCallOptions): Promise<ChannelPolicies>;
  /** Reconciled: creates the place if the channel has none under its key. Absent where the channel knows no places. */
  ensureLocation?(location: StockLocation, options?: ChannelCallOptions): Promise<{ readonly existed: boolean }>;
  /** Idempotent: replaces whatever stands under the SKU. `quantity` is the stock that the channel may sell from; `picturesChanged`: see `replacesPictures`. */
  putContent(sku: string, content: ListingContent & { readonly quantity: number; readonly picturesChanged?: boolean | undefined }, options?: ChannelCallOptions): Promise<void>;
  /** Reconciled: the offer that stands under the SKU, or a new one with these terms. An existing offer keeps its own terms: see `replaceOffer`. */
  ensureOffer(sku: string, terms: OfferTerms, options?: ChannelCallOptions): Promise<ChannelOffer & { readonly existed: boolean }>;
  /** Reconciled: a live offer is answered as it stands. */
  publishOffer(offerId: string, options?: ChannelCallOptions): Promise<{ readonly listingId: string; readonly existed: boolean }>;
  /** Idempotent: sets price and quantity, of the offer and of the stock behind it. Counts against `limits.revisionsPerDay` while live. */
  reviseOffer(sku: string, offerId: string, change: { readonly price: Money; readonly quantity: number; readonly floor?: Money | undefined }, options?: ChannelCallOptions): Promise<void>;
  /** Idempotent: replaces price and all terms. Counts as a revision too; the rarer and dearer call of the two. */
  replaceOffer(offerId: string, terms: OfferTerms, options?: ChannelCallOptions): Promise<void>;
  /** Reconciled: ends the listing; nothing happens when it has ended already. The offer stays and can be published again. */
  endOffer(offerId: string, options?: ChannelCallOptions): Promise<{ readonly listingId?: string | undefined; readonly existed: boolean }>;
  /** What stands under the SKU; null when nothing does. Ask this after an unknown outcome. */
  findOffer(sku: string, options?: ChannelCallOptions): Promise<ChannelOffer | null>;
  /** What lies with the channel under each of these SKUs; one that it knows nothing of is left out. Absent where the channel has no warehouse. */
  warehouseUnits?(skus: readonly string[], options?: ChannelCallOptions): Promise<readonly WarehouseUnits[]>;
  /** What keeps this account from listing the product of that page; empty: nothing. Absent where the channel says so only when it refuses a listing. */
  restrictions?(cataloguePage: string, condition: ChannelCondition, options?: ChannelCallOptions): Promise<readonly ListingRestriction[]>;
  /** Page that a buyer would open. */
  listingUrl(listingId: string): string;
}

/** A category that things can be listed in (a leaf of the channel's tree). */
export interface SuggestedCategory {
  readonly id: string;
  readonly name: string;
  /** Names of its ancestors, from the top down, without the root. */
  readonly path: readonly string[];
}

export interface CategorySuggestions {
  /** Null: the channel did not say. */
  readonly treeVersion: string | null;
  /** Likeliest first. */
  readonly suggestions: readonly SuggestedCategory[];
}

/** A fact that the channel asks for in a category: `Brand`, `Type`. */
export interface CategoryAspect {
  readonly name: string;
  /** Without it nothing is published in the category. */
  readonly required: boolean;
  readonly recommended: boolean;
  /** Only one of `values` is taken; else they are examples. */
  readonly chosenFromValues: boolean;
  readonly many: boolean;
  readonly longest: number | null;
  readonly values: readonly string[];
  /** Three sides or a weight of the thing itself, with their unit: `30 × 20 × 10 cm`, `500 g`. */
  readonly measured?: 'size' | 'weight' | null | undefined;
}

/** A page of the channel's own catalogue: offers of all sellers stand on it. */
export interface CataloguePage {
  readonly id: string;
  readonly title: string;
  /** Of the page; an offer that joins it is asked for nothing else. */
  readonly category: SuggestedCategory;
}

/** The channel's own tree of categories. All of it can be repeated freely. */
export interface CategoryPort {
  readonly connector: string;
  readonly market: string;
  /**
   * Pages that the product's codes name, or the one that is known to be its own. One: the offer joins it. None: it needs a category and gets a page of its own. Several: nobody can tell.
   * Absent where the channel has no catalogue.
   */
  pagesOf?(product: { readonly gtins: readonly string[]; readonly knownPage: string | null }, options?: ChannelCallOptions): Promise<readonly CataloguePage[]>;
  tree(options?: ChannelCallOptions): Promise<{ readonly id: string; readonly version: string }>;
  /** Leaves that fit the words, as a buyer would type them. */
  suggest(treeId: string, words: string, options?: ChannelCallOptions): Promise<CategorySuggestions>;
  /** Null: there is no such leaf (any more). */
  aspects(treeId: string, categoryId: string, options?: ChannelCallOptions): Promise<readonly CategoryAspect[] | null>;
  /** Which measures of the package a page in this category cannot be made without. Absent: none are ever demanded. */
  measures?(categoryId: string, options?: ChannelCallOptions): Promise<DemandedMeasures>;
}

export interface DemandedMeasures {
  readonly size: boolean;
  readonly weight: boolean;
}
