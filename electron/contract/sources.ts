import { oc } from '@orpc/contract';
import { z } from 'zod';
import { basisPointsSchema, commonErrors, instantSchema, moneySchema, pageInput, pageOf, reasonSchema } from './shared.ts';

export const sourceKind = z.enum(['woocommerce', 'shopify', 'prestashop', 'ouedkniss', 'jumia', 'structured-shop', 'price-list']);

export const runView = z.strictObject({
  id: z.string(), sourceId: z.string(), state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  seen: z.int(), added: z.int(), changed: z.int(), rejected: z.int(), survivors: z.int(), opportunities: z.int(), requests: z.int(), total: z.int().nullable(),
  startedAt: instantSchema, finishedAt: instantSchema.nullable(), error: z.string().nullable(),
});

export const sourceView = z.strictObject({
  id: z.string(), kind: sourceKind, name: z.string(), baseUrl: z.string(), enabled: z.boolean(),
  /** Scans by itself this often; null: only when asked. */
  intervalMs: z.int().nullable(),
  /** `drifting`: its runs end well, and a field that most of its products had is gone. */
  health: z.enum(['never-run', 'healthy', 'failing', 'stale', 'drifting']),
  /** False: its stored configuration cannot be read. It is shown, named, switched off and removed, and not scanned. */
  readable: z.boolean(),
  offers: z.int(), openOpportunities: z.int(),
  /** Share of the last 20 runs that ended well, in basis points; null before the first. */
  successBp: z.int().nullable(),
  /** Whether a language model is asked about pages that nothing else can read; null for a kind that never asks one. */
  ai: z.boolean().nullable(),
  lastSuccessAt: instantSchema.nullable(), lastError: z.string().nullable(),
  lastRun: runView.nullable(),
});

export const quarantinedView = z.strictObject({ id: z.string(), place: z.string(), field: z.string(), reason: z.string(), raw: z.string(), at: instantSchema });

/** What a source is told beside its address; which of it a kind takes, and how, is that kind's. */
export const sourceSettings = z.strictObject({
  /** Of prices that the site states without one. */
  currency: z.string().regex(/^[A-Z]{3}$/).optional(),
  /** Only pages under `/fr/`. */
  language: z.string().max(5).optional(),
  /** What the path of product pages holds. */
  productPath: z.string().min(1).max(200).optional(),
  collection: z.string().max(200).optional(), barcodes: z.boolean().optional(), categories: z.array(z.string().max(300)).max(100).optional(),
  categorySlug: z.string().max(200).optional(), query: z.string().max(200).optional(), depth: z.enum(['fast', 'full']).optional(),
  /** Its pages are read with the user's browser. */
  render: z.boolean().optional(),
  /** By links, so many deep, where no sitemap lists its products. */
  followLinks: z.int().min(0).max(5).optional(),
});

export const coveredField = z.enum(['title', 'price', 'currency', 'stock', 'identifiers', 'brand', 'image']);
/** Share of products of which each field was read. */
export const coverageView = z.strictObject({ title: basisPointsSchema, price: basisPointsSchema, currency: basisPointsSchema, stock: basisPointsSchema, identifiers: basisPointsSchema, brand: basisPointsSchema, image: basisPointsSchema });

/** What stands at an address, and whether it can be a source. */
export const detectedSite = z.strictObject({
  /** Null: nothing that can be read; `problems` say why. */
  kind: sourceKind.nullable(), label: z.string(), baseUrl: z.string(),
  /** Ready to be added with. */
  settings: sourceSettings,
  sample: z.array(z.strictObject({ title: z.string(), url: z.string(), price: moneySchema, brand: z.string().nullable(), identifiers: z.array(z.string()), available: z.boolean().nullable() })),
  rejected: z.array(z.strictObject({ where: z.string(), code: z.string(), reason: z.string() })),
  coverage: coverageView,
  /** Spent on looking. */
  requests: z.int(),
  problems: z.array(z.strictObject({ code: z.enum(['unreachable', 'forbidden-by-robots', 'sign-in', 'bot-wall', 'no-shop', 'no-page', 'unknown-platform', 'no-sample', 'field-missing', 'already-added', 'needs-browser']), field: z.string().nullable(), message: z.string() })),
});

export const sourceHealth = z.strictObject({
  /** Since the last success; null before the first. */
  ageMs: z.int().nullable(), staleAfterMs: z.int(),
  /** Of the last run that read enough products to tell; null before it. */
  coverage: z.strictObject({ runId: z.string(), products: z.int(), fields: coverageView }).nullable(),
  /** Fields that most products had and suddenly few have: the site was rebuilt. */
  drift: z.array(z.strictObject({ field: coveredField, beforeBp: basisPointsSchema, nowBp: basisPointsSchema })),
  /** Offers that were looked at and not evaluated, by reason, the most first; `reason` is one of its kind, with its figures. */
  passedOver: z.array(z.strictObject({ reason: reasonSchema, count: z.int() })),
  /** Asked of the site in the last 24 hours, and in the last run. */
  requests: z.strictObject({ day: z.int(), lastRun: z.int() }),
  /** What the site permits, by whose words, and as of when. */
  permits: z.strictObject({ scan: z.string(), buy: z.string(), source: z.string(), asOf: z.string(), note: z.string().nullable() }).nullable(),
  /** Where the newest run's crawl stands, in pages; null for a source that is not crawled. */
  crawl: z.strictObject({ done: z.int(), queued: z.int(), failed: z.int() }).nullable(),
  /** `lost`: the site asks to sign in again. */
  session: z.enum(['none', 'signed-in', 'lost']),
  /** A page that was read well is kept, so that a field that vanishes can be found again. */
  repairable: z.boolean(),
  error: z.strictObject({ at: instantSchema, message: z.string(), kind: z.string().nullable(), hasPage: z.boolean() }).nullable(),
});

const spent = z.strictObject({ expected: z.int().min(0), most: z.int().min(0) });

/** What one operation of one vendor would be asked for, and how long its quota makes that take from now, if nothing else uses it. */
export const vendorCost = z.strictObject({
  /** `keepa`, `amazon-sp-api`. */
  connector: z.string(), operation: z.string(), unit: z.enum(['token', 'call']),
  /** In `unit`. */
  cost: spent,
  /** Null where `available` is. */
  durationMs: spent.nullable(),
  /** Left now; null: the vendor could not be asked, and `error` says why. */
  available: z.number().nullable(), refillPerMinute: z.number().nullable(), capacity: z.number().nullable(),
  /** `vendor`: told by it for this account. `file`: the dated figure in resources/quotas. */
  basis: z.enum(['vendor', 'file']), asOf: instantSchema, error: z.string().nullable(),
});
export type VendorCost = z.infer<typeof vendorCost>;

/** What looking up so many products would take. */
export const lookupCost = z.strictObject({
  /** Products whose facts would be asked for. */
  lookups: spent,
  vendors: z.array(vendorCost),
  /** All of it, one vendor after another; null where a vendor could not tell what is left. */
  durationMs: spent.nullable(),
  /** Vendors that would be asked, and are not connected. */
  notConnected: z.array(z.string()),
});
export type LookupCost = z.infer<typeof lookupCost>;

export const scanCost = lookupCost.extend({
  /** `last-runs`: from what this source's runs brought. `per-thousand`: it never ran; the figures are those of 1,000 new offers. */
  basis: z.enum(['last-runs', 'per-thousand']),
  /** Offers that would be judged. */
  offers: spent,
  /** Requests to the source itself, as in its last run. */
  requests: z.int().nullable(),
});

/** A place on a page where a value stands: an element by CSS (its text, or an attribute), or a value after a key in a script. */
export const fieldRule = z.union([z.strictObject({ css: z.string().min(1).max(300), attribute: z.string().max(60).optional() }), z.strictObject({ key: z.string().min(2).max(100) })]);
/** Fields whose place can be shown to the program. */
export const repairableField = z.enum(['name', 'price', 'brand', 'gtin']);

/** A page that used to give fields which it gives no more, as it was and as it is. */
export const sourceRepair = z.strictObject({
  url: z.string(),
  good: z.strictObject({ at: instantSchema, text: z.string() }),
  now: z.strictObject({ at: instantSchema, text: z.string() }),
  fields: z.array(z.strictObject({
    field: repairableField,
    /** What was read when it was well. */
    known: z.string(),
    /** Read today without any repair; null where it is not. */
    found: z.string().nullable(),
    /** Places of the new page that hold the known value, surest first. `sample` is the text that stands there. */
    proposals: z.array(z.strictObject({ rule: fieldRule, sample: z.string(), place: z.string() })),
  })),
  /** Places that a person has accepted before. */
  accepted: z.array(z.strictObject({ field: repairableField, rule: fieldRule })),
});

const busy = { ALREADY_RUNNING: { status: 409, message: 'A scan of this source is running.', data: z.strictObject({ runId: z.string() }) } } as const;

export const sourcesContract = {
  list: oc.route({ method: 'GET', path: '/sources' }).output(z.array(sourceView)),
  get: oc.route({ method: 'GET', path: '/sources/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(z.strictObject({ source: sourceView, runs: z.array(runView) })),
  add: oc.route({ method: 'POST', path: '/sources' }).errors(commonErrors)
    .input(z.strictObject({ kind: sourceKind, name: z.string().min(1).max(120), baseUrl: z.url({ protocol: /^https?$/ }).max(2_000), intervalMs: z.int().min(60_000).nullable().default(null), settings: sourceSettings.optional() })).output(sourceView),
  /** Looks at an address and takes a small sample (at most 12 requests); adds nothing. */
  detect: oc.route({ method: 'POST', path: '/sources/detect' }).errors(commonErrors).input(z.strictObject({ address: z.string().trim().min(4).max(2_000) })).output(detectedSite),
  health: oc.route({ method: 'GET', path: '/sources/{id}/health' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(sourceHealth),
  /** The answer that the last failed run stopped at, with what could be a secret masked; null where none was kept. */
  errorPage: oc.route({ method: 'GET', path: '/sources/{id}/error-page' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(z.strictObject({ text: z.string().nullable() })),
  /** Keeps the sign-in of a site: the `Cookie` header that the browser sends there once a person has signed in. It goes to the secret store and is never given out again. */
  signIn: oc.route({ method: 'POST', path: '/sources/{id}/sign-in' }).errors(commonErrors).input(z.strictObject({ id: z.string(), cookies: z.string().trim().min(3).max(16_000) })).output(sourceHealth),
  signOut: oc.route({ method: 'POST', path: '/sources/{id}/sign-out' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(sourceHealth),
  /** Reads the page that was last read well once more, and looks for the values that it had. */
  inspect: oc.route({ method: 'POST', path: '/sources/{id}/repair' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(sourceRepair),
  /** Takes a proposal: from the next run on, the field is read there too, where nothing surer says it. */
  acceptRepair: oc.route({ method: 'POST', path: '/sources/{id}/repair/accept' }).errors(commonErrors).input(z.strictObject({ id: z.string(), field: repairableField, rule: fieldRule })).output(sourceRepair),
  /** Forgets a place that was accepted. */
  undoRepair: oc.route({ method: 'POST', path: '/sources/{id}/repair/undo' }).errors(commonErrors).input(z.strictObject({ id: z.string(), field: repairableField })).output(z.strictObject({ field: repairableField })),
  update: oc.route({ method: 'PATCH', path: '/sources/{id}' }).errors(commonErrors)
    .input(z.strictObject({ id: z.string(), name: z.string().min(1).max(120).optional(), enabled: z.boolean().optional(), intervalMs: z.int().min(60_000).nullable().optional(), ai: z.boolean().optional() })).output(sourceView),
  /** Takes it off the desk: its run is stopped, its offers are withdrawn with their open opportunities, its sign-in is forgotten. Purchases, stock and past runs still name it; adding its address again brings it back. */
  remove: oc.route({ method: 'DELETE', path: '/sources/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(z.strictObject({ id: z.string(), offers: z.int().min(0) })),
  /** What a run would spend at the data vendors, how long their quotas make it take, and what is left now. Spends nothing. */
  cost: oc.route({ method: 'GET', path: '/sources/{id}/cost' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(scanCost),
  run: oc.route({ method: 'POST', path: '/sources/{id}/run' }).errors({ ...commonErrors, ...busy }).input(z.strictObject({ id: z.string() })).output(runView),
  cancel: oc.route({ method: 'POST', path: '/runs/{id}/cancel' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(runView),
  /** What a run could not parse. */
  rejects: oc.route({ method: 'GET', path: '/runs/{id}/rejects' }).errors(commonErrors).input(z.strictObject({ id: z.string(), ...pageInput })).output(pageOf(quarantinedView)),
  /** Scans one supplier price list: a file that the desk was given. `contentBase64` is at most 700 KB of the body limit; larger files are staged. */
  importFile: oc.route({ method: 'POST', path: '/sources/files' }).errors(commonErrors)
    .input(z.strictObject({ name: z.string().min(1).max(200), contentBase64: z.string().max(1_000_000) })).output(runView),
  /** As `importFile`, of a file that a program on the same machine has laid into `imports/inbox` of `system.info`'s data folder, under the name `staged`. It is moved away from there. */
  importStaged: oc.route({ method: 'POST', path: '/sources/files/staged' }).errors(commonErrors)
    .input(z.strictObject({ name: z.string().min(1).max(200), staged: z.string().regex(/^[\w-]{1,80}$/) })).output(runView),
};
