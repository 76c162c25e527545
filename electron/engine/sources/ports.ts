/**
 * The port that every source of offers implements: a shop, a classifieds site, a marketplace search, a supplier's file.
 *
 * Terms. An *adapter* knows one kind of site. `open` binds it to one configured site (a *source*), and `scan` streams that
 * source's offers page by page. An *offer* is what a seller shows, as the source told it: text and claims, not yet judged.
 * A *reject* is something the source showed that is no usable offer; it is kept with its reason, never dropped.
 */
import type { ConnectorError } from '#kernel/errors.ts';
import type { Currency, Money } from '#kernel/money.ts';
import type { Result } from '#kernel/result.ts';
import type { Instant } from '#kernel/time.ts';

/** What the program may do on a site. `human` means: prepared by the program, done or confirmed by a person. */
export type Permission = 'allowed' | 'human' | 'forbidden';

/** What the site's own rules permit, dated, with the page they were read from. The engine obeys it. */
export interface SitePolicy {
  readonly scan: Permission;
  /** Every purchase needs a person's approval; `human` here means that the order itself is also placed by hand. */
  readonly buy: Permission;
  readonly contactSeller: Permission;
  /** Whether whole answers may be stored, or only the facts derived from them. */
  readonly storePayload: Permission;
  /** Where the rule was read, and the day (`2026-11-21`). */
  readonly source: string;
  readonly asOf: string;
  readonly note?: string | undefined;
}

/** Where a field's value came from, in falling order of trust. */
export const EXTRACTORS = ['api', 'json-ld', 'microdata', 'rdfa', 'opengraph', 'site-rule', 'text', 'ai'] as const;
export type Extractor = (typeof EXTRACTORS)[number];

/** What the source called an identifier; `unknown` where it did not say. The text is as found: unrepaired and unchecked. */
export type IdentifierHint = 'gtin' | 'isbn' | 'asin' | 'mpn' | 'sku' | 'unknown';
export interface RawIdentifier {
  readonly hint: IdentifierHint;
  readonly text: string;
}

export type RawCondition = 'new' | 'refurbished' | 'used' | 'damaged' | 'unknown';

/** `quantity` is null where the source says only whether there is any. */
export interface RawStock {
  readonly available: boolean;
  readonly quantity: number | null;
  /** The source's own words: `InStock`, `Only 3 left`. */
  readonly text?: string | undefined;
}

/** A value that two ways of reading disagree on. The one in the offer is the more trusted; this is the other. */
export interface FieldConflict {
  readonly field: keyof RawOffer;
  readonly value: string;
  readonly extractedBy: Extractor;
}

/** A seller's ratings by buyers, as the source counts them. */
export interface SellerFeedback {
  /** `stars`: a mark on a scale; `positive`: the share of buyers who were content. */
  readonly scale: 'stars' | 'positive';
  /** Of the best that there is, in basis points: one star of five is 0, 95 % positive is 9,500. */
  readonly scoreBp: number;
  readonly ratings: number;
  /** As the source says it: `3.6/5`, `95 %`. */
  readonly text: string;
}

/** One thing for sale, as the source showed it. */
export interface RawOffer {
  /** The source's own id, unique within the source and stable between scans. */
  readonly externalId: string;
  /** Page a person can open; absolute. */
  readonly url: string;
  readonly title: string;
  readonly brand?: string | undefined;
  readonly model?: string | undefined;
  readonly description?: string | undefined;
  readonly identifiers: readonly RawIdentifier[];
  /** What one buys for, per pack as offered, tax as the source shows it. Never guessed: an offer without a sure price is a reject. */
  readonly price: Money;
  /** The price as the source wrote it, where it was text: `12 500 DA`. */
  readonly priceText?: string | undefined;
  /** Struck-through or recommended price. */
  readonly listPrice?: Money | undefined;
  /** To the buyer's default address, where the source says; absent means unknown, zero means free. */
  readonly shipping?: Money | undefined;
  readonly stock?: RawStock | undefined;
  /** Words about pack size, as found: `Pack of 6`, `6 x 330 ml`. */
  readonly packText?: string | undefined;
  /** Colour and size, as the page says them beside the title, with commas between: `Rose Gold, 16 oz`. */
  readonly variantText?: string | undefined;
  /** How it is sold to a dealer: in cases of so many, at least so many at once; of what the price is for. */
  readonly supply?: { readonly caseUnits: number | null; readonly leastUnits: number | null } | undefined;
  readonly condition: RawCondition;
  readonly sellerId?: string | undefined;
  readonly sellerName?: string | undefined;
  /** What others say of the seller there. */
  readonly sellerFeedback?: SellerFeedback | undefined;
  readonly location?: string | undefined;
  readonly imageUrls: readonly string[];
  /** From the root down: `['Electronics', 'Phones']`. */
  readonly categoryPath: readonly string[];
  /** Weight and sides, where the source gives them. */
  readonly weightGrams?: number | undefined;
  readonly sidesMillimetres?: readonly [number, number, number] | undefined;
  /** When the answer arrived that this was read from. */
  readonly seenAt: Instant;
  /** When the seller last touched it, where the source says. */
  readonly updatedAt?: Instant | undefined;
  /** The way each field was read. Fields that are not named were read by `defaultExtractor`. */
  readonly extractedBy: Readonly<Partial<Record<keyof RawOffer, Extractor>>>;
  readonly defaultExtractor: Extractor;
  readonly conflicts?: readonly FieldConflict[] | undefined;
}

/** Codes that the desk groups rejects by. */
export type RejectCode =
  | 'unparseable' | 'schema-drift' | 'no-price' | 'doubtful-price' | 'joke-price' | 'no-title' | 'stale' | 'not-for-sale'
  | 'out-of-stock' | 'wanted-ad' | 'duplicate' | 'forbidden-by-robots' | 'fetch-failed' | 'not-a-product';

/** Something the source showed that is no usable offer. */
export interface RawReject {
  readonly code: RejectCode;
  /** Where: a page's address, `page 3 item 17`, `row 1204`. */
  readonly where: string;
  readonly externalId?: string | undefined;
  /** The field at fault, where one is: `price`. */
  readonly field?: string | undefined;
  /** For a person: `price 1111 DA is a placeholder`. */
  readonly reason: string;
  /** Start of what was read, at most 1,000 characters. */
  readonly excerpt: string;
  readonly seenAt: Instant;
}

/** One step of a scan. Store its offers and rejects and its cursor in one transaction: then a killed scan resumes without gap or repeat. */
export interface ScanPage {
  readonly offers: readonly RawOffer[];
  readonly rejects: readonly RawReject[];
  /** Pass to `scan` to go on after this page. Opaque, at most 64 KiB; survives a restart of the program. */
  readonly cursor: string;
  /** True on the last page of a complete pass, which may be empty; its cursor starts the next pass. A scan that ends by `limits` ends without it. */
  readonly complete: boolean;
  /** Offers in the whole source as far as the source says. */
  readonly total?: number | undefined;
  /** Of `total`, what is dealt with after this page, where that is not the offers given. */
  readonly read?: number | undefined;
  /** External ids of offers whose pages have not changed since they were last given: they still stand as they were. */
  readonly unchanged?: readonly string[] | undefined;
  /** Requests that this page cost, retries included. */
  readonly requests: number;
  /** One page that was read well, for the day when it is no more. */
  readonly sample?: PageSample | undefined;
  /** Of a crawl: what to write to the frontier in the transaction that stores the page. */
  readonly crawl?: CrawlStep | undefined;
}

export type FrontierKind = 'sitemap' | 'page';

/** An address that a crawl has found. */
export interface FrontierEntry {
  /** Canonical: two spellings of one page have one key, and are read once. */
  readonly key: string;
  /** As it was found; what is fetched. */
  readonly url: string;
  readonly kind: FrontierKind;
  /** Links from where the crawl began. */
  readonly depth: number;
  /** Lower goes first; equal ones in the order they were found. */
  readonly priority: number;
  /** What the sitemap says of its last change, as it stands there. */
  readonly changed?: string | undefined;
}

export interface FrontierClaim extends FrontierEntry {
  /** 1 for the first. */
  readonly attempts: number;
}

/** What became of a claimed address. `again` is due at `dueAt`, as often as the crawl allows. */
export interface FrontierOutcome {
  readonly key: string;
  readonly kind: FrontierKind;
  readonly state: 'done' | 'failed' | 'again';
  readonly dueAt?: Instant | undefined;
  readonly error?: string | undefined;
}

/** What a step of a crawl did: written together with what it read, so that no kill comes between. */
export interface CrawlStep {
  readonly settled: readonly FrontierOutcome[];
  readonly found: readonly FrontierEntry[];
}

/** Pages alone; sitemaps are the way to them. */
export interface FrontierCounts {
  readonly queued: number;
  readonly done: number;
  readonly failed: number;
}

/**
 * What one run has still to read, kept where a kill does not reach. Addresses are claimed for a time (a lease); what a killed program had claimed is free
 * at the next start, what it had settled is never given out again.
 */
export interface CrawlFrontier {
  /** Nothing was added in this run yet: the crawl begins. */
  isEmpty(): Promise<boolean>;
  /** Adds what is not known yet; settles what it was found in, in the same transaction. */
  add(step: CrawlStep): Promise<void>;
  /** The next ones that are due, at most `limit`, of a priority at most `upTo` where that is given. */
  claim(kind: FrontierKind, limit: number, upTo?: number): Promise<readonly FrontierClaim[]>;
  /** Gives back what was claimed and not settled; what was settled meanwhile stays so. */
  release(keys: readonly string[]): Promise<void>;
  /** When the next address that waits is due; null when nothing waits. */
  nextDueAt(): Promise<Instant | null>;
  counts(): Promise<FrontierCounts>;
}

export interface ScanLimits {
  /** Stops after the page that reaches it. */
  readonly maxOffers?: number | undefined;
  readonly maxRequests?: number | undefined;
  /** Of the injected clock. */
  readonly maxDurationMs?: number | undefined;
}

export interface ScanOptions {
  /** From the last page stored; absent starts a new pass. A cursor that cannot be read starts a new pass too. */
  readonly cursor?: string | undefined;
  readonly signal: AbortSignal;
  readonly limits?: ScanLimits | undefined;
  /** For sites that are crawled; one without it goes by its cursor alone. The consumer writes each page's `crawl` to it. */
  readonly frontier?: CrawlFrontier | undefined;
}

/** A source, bound to one site. Holds connections: `close` it. */
export interface OpenSource {
  readonly kind: string;
  /** The site's own name for people, and its address. */
  readonly label: string;
  readonly origin: string;
  readonly policy: SitePolicy;
  /** The currency the source is expected to answer in, where its configuration or protocol fixes one. */
  readonly currency?: Currency | undefined;
  /**
   * Streams the source. One unusable item is a reject; a failure of the whole (site down, blocked, protocol broken) is thrown as a
   * `ConnectorError`, after the pages before it were given. An aborted scan throws the signal's reason.
   */
  scan(options: ScanOptions): AsyncIterable<ScanPage>;
  close(): Promise<void>;
}

/** What is wrong with a configuration, field by field. */
export interface ConfigProblem {
  readonly field: string;
  readonly reason: string;
}

/** Knows one kind of site. Has no state of its own: clock, fetcher and log are given to its factory. */
export interface SourceAdapter {
  /** Stable name, stored with every source: `woocommerce`. */
  readonly kind: string;
  /** The kind's default; a configuration may narrow it, never widen it. */
  readonly policy: SitePolicy;
  /** Parses the configuration strictly. No request is made. */
  open(config: unknown): Result<OpenSource, readonly ConfigProblem[]>;
}

/** Fields whose coverage tells how much a source is worth. */
export const COVERED_FIELDS = ['title', 'price', 'currency', 'stock', 'identifiers', 'brand', 'image'] as const;
export type CoveredField = (typeof COVERED_FIELDS)[number];

const HAS: Readonly<Record<CoveredField, (offer: RawOffer) => boolean>> = {
  title: () => true, price: () => true, currency: () => true,
  stock: (o) => o.stock !== undefined,
  // a shop's own stock code names its product to nobody else
  identifiers: (o) => o.identifiers.some((i) => i.hint !== 'sku' && i.hint !== 'unknown'),
  brand: (o) => o.brand !== undefined, image: (o) => o.imageUrls.length > 0,
};
/** Rejects that show a product which could not be read; the others are no products, or not for sale. */
const UNREAD: ReadonlySet<RejectCode> = new Set(['unparseable', 'schema-drift', 'no-price', 'doubtful-price', 'no-title']);

export interface FieldCounts extends Readonly<Record<CoveredField, number>> {
  /** Those that were read, and those that should have been. */
  readonly products: number;
}

/** How many products have each field. An unread product has a title or a currency where its reject finds fault with something else. */
export function countFields(offers: readonly RawOffer[], rejects: readonly RawReject[]): FieldCounts {
  const unread = rejects.filter((r) => UNREAD.has(r.code));
  const counts = Object.fromEntries(COVERED_FIELDS.map((field) => [field, offers.filter(HAS[field]).length])) as Record<CoveredField, number>;
  counts.title += unread.filter((r) => r.code === 'no-price' || r.code === 'doubtful-price').length;
  counts.currency += unread.filter((r) => r.code === 'doubtful-price' && r.field !== 'currency').length;
  return { ...counts, products: offers.length + unread.length };
}

/** Share of products of which a field was read, in basis points. */
export type FieldCoverage = Readonly<Record<CoveredField, number>>;

/**
 * Why a site cannot be read, or not wholly: `unreachable` and `forbidden-by-robots` as they say; `sign-in` where the site wants one; `bot-wall` where it asks for proof that a person looks; `no-shop` where the address is parked, bare or not open yet; `no-page` where it gives a file; `unknown-platform` where nothing was
 * found that can be read; `needs-browser` where scripts fill its pages; `no-sample` where the platform is known and no product could be read; `field-missing` where a field was found on none or few of the products.
 */
export type DetectionProblem = 'unreachable' | 'forbidden-by-robots' | 'sign-in' | 'bot-wall' | 'no-shop' | 'no-page' | 'unknown-platform' | 'no-sample' | 'field-missing' | 'already-added' | 'needs-browser';

/** What stands at an address, and whether and how it can be a source. */
export interface DetectedSite {
  /** Null: nothing that can be read; `problems` say why. */
  readonly kind: string | null;
  readonly label: string;
  /** Of the source; may differ from the address that was given. */
  readonly baseUrl: string;
  /** What the adapter of this kind takes beside the address. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly sample: readonly RawOffer[];
  readonly rejects: readonly RawReject[];
  readonly coverage: FieldCoverage;
  /** Pages that were asked for. */
  readonly requests: number;
  readonly problems: readonly { readonly code: DetectionProblem; readonly field?: string | undefined; readonly message: string }[];
}

export const REPAIRABLE_FIELDS = ['name', 'price', 'brand', 'gtin'] as const;
export type RepairableField = (typeof REPAIRABLE_FIELDS)[number];
/** An element by CSS (its text, or an attribute), or a value after a key in a script's JSON. */
export type FieldRule = { readonly css: string; readonly attribute?: string | undefined } | { readonly key: string };
export interface PlacedRule {
  readonly field: RepairableField;
  readonly rule: FieldRule;
}
/** What a page said of its product, as text. */
export type PageValues = Readonly<Partial<Record<RepairableField, string | undefined>>>;

/** A page of a source that was read well, as it was. */
export interface PageSample {
  readonly url: string;
  readonly html: string;
  readonly values: PageValues;
}
/** One a source; a new one takes the place of the old. */
export interface PageSamplePort {
  /** @param sample its page masked, at most 200,000 characters. */
  save(sourceId: string, sample: PageSample & { readonly at: Instant }): Promise<void>;
  read(sourceId: string): Promise<(PageSample & { readonly at: Instant }) | null>;
}

export interface InspectedPage {
  readonly html: string;
  readonly values: PageValues;
  readonly proposals: readonly (PlacedRule & { readonly sample: string; readonly place: string })[];
}
/** Reads a page of a source again, and looks for values that it used to show. */
export interface PageInspectorPort {
  /** @param rules in use beside the kind's own. @throws ConnectorError */
  inspect(source: { readonly kind: string; readonly site: Readonly<Record<string, unknown>> }, page: { readonly url: string; readonly known: PageValues; readonly rules: readonly PlacedRule[] }, signal: AbortSignal): Promise<InspectedPage>;
}

/** Keeps the answer that a source's last run failed at, for a person to look at. One a source; a new one takes the place of the old. */
export interface ErrorPagePort {
  /** @param page masked, at most 200,000 characters. */
  save(sourceId: string, page: string): Promise<void>;
  read(sourceId: string): Promise<string | null>;
}

/** Sign-ins of sources. What is kept never leaves it towards the window. */
export interface SourceSessionPort {
  /** Keeps what the browser sends to that address once a person has signed in there. False when it holds no cookie. */
  signIn(jar: string, session: { readonly cookies: string; readonly url: string }): Promise<boolean>;
  signOut(jar: string): Promise<void>;
  has(jar: string): Promise<boolean>;
}

/** Looks at a site that is no source yet. Takes a small, polite sample and remembers nothing of it. */
export interface SiteDetectorPort {
  /** @throws the signal's reason when aborted; what the site does wrong is an answer. */
  detect(address: string, options: { readonly signal: AbortSignal }): Promise<DetectedSite>;
}

/** What a fetch that fails as a whole looks like to the caller of `scan`. */
export type ScanFailure = ConnectorError;
