import { oc } from '@orpc/contract';
import { z } from 'zod';
import { COLUMN_ROLES, LIST_CHOICES, LIST_DELIMITERS, LIST_ENCODINGS, LIST_SORTS, PRICE_ORIGINS, ROW_FILTERS } from './words.ts';
import { basisPointsSchema, commonErrors, filterInput, instantSchema, listFacets, moneySchema, pageInput, pageOf, reasonSchema, sortInput } from './shared.ts';
import { vendorCost } from './sources.ts';

export const columnRole = z.enum(COLUMN_ROLES);
export const listEncoding = z.enum(LIST_ENCODINGS);
export const listDelimiter = z.enum(LIST_DELIMITERS);

/** How a list is read. Proposed by the desk, corrected by a person, remembered for the supplier. */
export const listLayout = z.strictObject({
  format: z.enum(['text', 'xlsx']),
  encoding: listEncoding.nullable(),
  dialect: z.strictObject({ delimiter: listDelimiter, quote: z.enum(['"', "'"]).nullable() }).nullable(),
  sheet: z.string().max(200).nullable(),
  /** Line of the header; null without one. */
  headerLine: z.int().min(1).nullable(),
  columns: z.array(z.strictObject({
    index: z.int().min(0), header: z.string().max(2_000), role: columnRole.nullable(),
    /** How sure the proposal is, 0 to 1. */
    weight: z.number().min(0).max(1),
    /** How amounts of this column are written; null where its cells do not show it. */
    decimalMark: z.enum(['.', ',']).nullable(),
  })).min(1).max(1_000).readonly(),
  /** Where the list itself names none. */
  currency: z.string().regex(/^[A-Z]{3}$/).nullable(),
  /** What the cost column's figure buys. */
  costBasis: z.enum(['unit', 'pack', 'case']),
});

/** What stands in the way of reading the list: it needs a person. */
export const listMissing = z.enum(['cost', 'product', 'currency']);
export const listStage = z.enum(['columns', 'passing', 'passed', 'running', 'paused', 'done']);

export const listCounts = z.strictObject({
  rows: z.int(), rejected: z.int(), known: z.int(), ambiguous: z.int(), unknown: z.int(), noCode: z.int(), promising: z.int(), codesToAsk: z.int(),
  /** Rows with an identifier or a field that was mended, or taken another way than it is written. */
  repaired: z.int(),
  /** Rows by who said what they sell for; absent in a list that was passed before that was counted. */
  priced: z.record(z.enum(PRICE_ORIGINS), z.int()).optional(),
  /** Rows in other currencies than the fee card's, and what a hundred of one were taken for by the desk's rate; null without one: such rows have no rough profit. Absent in a list that was passed before they were counted. */
  otherCurrencies: z.array(z.strictObject({ currency: z.string(), card: z.string(), rows: z.int(), rate: z.strictObject({ hundred: moneySchema, kind: z.enum(['official', 'parallel']), source: z.string(), asOf: z.string() }).nullable() })).optional(),
});
/** Against the supplier's list before. */
export const listChanges = z.strictObject({ previousId: z.string(), previousName: z.string(), new: z.int(), gone: z.int(), dearer: z.int(), cheaper: z.int(), otherCurrency: z.int() });

export const priceListView = z.strictObject({
  id: z.string(), supplier: z.string(), name: z.string(), bytes: z.int(), stage: listStage,
  layout: listLayout, layoutFrom: z.enum(['detected', 'remembered', 'corrected']), missing: z.array(listMissing),
  /** Why it stopped; null while nothing is wrong. */
  error: z.string().nullable(),
  counts: listCounts.nullable(), changes: listChanges.nullable(),
  /** Rows that the rest is about (`most` of them, when a person said so), and how many of them are through. */
  rest: z.strictObject({ total: z.int(), done: z.int(), most: z.int().nullable(), profitable: z.int() }).nullable(),
  /** Of the job that works on it now. */
  progress: z.strictObject({ done: z.number(), total: z.number().nullable(), note: z.string().nullable() }).nullable(),
  createdAt: instantSchema, passedAt: instantSchema.nullable(), endedAt: instantSchema.nullable(),
});

const problem = z.strictObject({ line: z.int(), field: z.string(), severity: z.enum(['row', 'field']), reason: z.string(), raw: z.string() });

export const listPreview = z.strictObject({
  layout: listLayout,
  /** Of a workbook; empty for text. */
  sheets: z.array(z.string()),
  /** The first rows as they stand, junk and header included. */
  raw: z.array(z.strictObject({ line: z.int(), cells: z.array(z.string()) })),
  /** The first rows as they are read. */
  rows: z.array(z.strictObject({
    line: z.int(), identifier: z.string().nullable(), candidates: z.int(), repairs: z.array(z.string()), title: z.string().nullable(), brand: z.string().nullable(), unitCost: moneySchema, cost: moneySchema, units: z.int(), quantity: z.int().nullable(),
  })),
  problems: z.array(problem),
  missing: z.array(listMissing),
  /** From the file's size; null for a workbook. */
  estimatedRows: z.int().nullable(),
});

export const rowFilter = z.enum(ROW_FILTERS);
export const rowSort = z.enum(['profit', 'roi', 'cost', 'line']);

export const priceOrigin = z.enum(PRICE_ORIGINS);

export const priceListRow = z.strictObject({
  row: z.int(), line: z.int(), standing: z.enum(['known', 'ambiguous', 'unknown', 'no-code']),
  identifier: z.string().nullable(), code: z.string().nullable(), repairs: z.array(z.string()), productId: z.string().nullable(), mpn: z.string().nullable(),
  title: z.string().nullable(), brand: z.string().nullable(), category: z.string().nullable(), pack: z.int().nullable(), case: z.int().nullable(), quantity: z.int().nullable(), leastOrder: z.int().nullable(), taxBp: basisPointsSchema.nullable(),
  unitCost: moneySchema, cost: moneySchema, units: z.int(), map: moneySchema.nullable(),
  /** The list's own retail price. */
  retail: moneySchema.nullable(),
  /**
   * What is known without spending quota, less the channel's fees and the cost; null where nothing says a price in the fee card's currency. `by` tells who said the price: own sales (`count` of them), an earlier scan's estimate, the
   * market (`of`: which history), a public file of card prices (`of`: the card), or the list's own retail price; `at` when, null for the list's.
   */
  first: z.strictObject({
    sale: moneySchema, fees: moneySchema, profit: moneySchema, roiBp: basisPointsSchema.nullable(), by: priceOrigin, at: instantSchema.nullable(), of: z.string().nullable(), count: z.int().nullable(),
  }).nullable(),
  change: z.strictObject({ kind: z.enum(['new', 'dearer', 'cheaper', 'currency']), was: moneySchema.nullable() }).nullable(),
  /** What asking the market came to; null: not asked yet. */
  asked: z.strictObject({
    state: z.enum(['evaluated', 'screened-out', 'unidentified', 'duplicate']), reason: reasonSchema.nullable(), opportunityId: z.string().nullable(), decision: z.string().nullable(), at: instantSchema,
    figures: z.strictObject({
      unitCost: moneySchema, sale: moneySchema, fees: moneySchema, profit: moneySchema, profitLow: moneySchema, profitHigh: moneySchema, roiBp: basisPointsSchema, lossChanceBp: basisPointsSchema, daysToSell: z.int(), demandPerMonth: z.int(), quantity: z.int(),
    }).nullable(),
  }).nullable(),
});

export const goneRow = z.strictObject({ line: z.int(), identifier: z.string().nullable(), title: z.string().nullable(), unitCost: moneySchema });

/** What asking about the rest would take. Nothing is spent to know it. */
export const restCost = z.strictObject({
  /** Rows that would be asked about, best first, and codes among them that a data vendor has to be asked; the others' facts are fresh. At most: what cannot pay is left out before anything is spent. */
  rows: z.int(), codes: z.int(),
  /** Null where no data vendor is connected: then the rest cannot be asked. */
  vendor: z.strictObject({ name: z.string(), unit: z.string(), cost: z.number(), calls: z.int(), durationMs: z.int(), available: z.number(), leftAfter: z.number(), refillPerMinute: z.number(), asOf: instantSchema }).nullable(),
  /** Calls at the marketplace, about those that look worth buying once their facts are known. */
  also: z.array(vendorCost),
});

const byId = z.strictObject({ id: z.string() });
const unreadable = { UNREADABLE: { status: 422, message: 'The list cannot be read.', data: z.looseObject({ code: z.string(), name: z.string() }) } } as const;
const wrongStage = { WRONG_STAGE: { status: 409, message: 'The list is not at a stage where this can be done.', data: z.strictObject({ stage: listStage }) } } as const;
const errors = { ...commonErrors, ...unreadable, ...wrongStage } as const;
const fileName = z.string().min(1).max(200);
const supplier = z.string().trim().min(1).max(120);

export const priceListsContract = {
  list: oc.route({ method: 'GET', path: '/price-lists' }).errors(commonErrors).input(z.strictObject({ stage: listStage.optional(), search: z.string().max(200).optional(), ...filterInput(LIST_CHOICES['price-lists']), ...sortInput(LIST_SORTS['price-lists']), ...pageInput })).output(pageOf(priceListView)),
  facets: oc.route({ method: 'GET', path: '/price-lists/facets' }).output(listFacets),
  get: oc.route({ method: 'GET', path: '/price-lists/{id}' }).errors(commonErrors).input(byId).output(priceListView),
  /** Begins to take a file; its bytes follow in order by `append`. What is not opened within a day is thrown away. */
  begin: oc.route({ method: 'POST', path: '/price-lists/uploads' }).errors(errors).input(z.strictObject({ name: fileName, bytes: z.int().min(0) })).output(z.strictObject({ upload: z.string() })),
  /** `at`: how many bytes came before; a piece that came already is not taken twice. */
  append: oc.route({ method: 'POST', path: '/price-lists/uploads/{upload}' }).errors(errors)
    .input(z.strictObject({ upload: z.string().regex(/^[\w-]{1,80}$/), at: z.int().min(0), contentBase64: z.string().max(720_000) })).output(z.strictObject({ received: z.int() })),
  /** Takes the file, proposes how it is read, and puts in what is remembered of the supplier's lists. Without a supplier: the one whose lists have these headers, or the file's name. */
  open: oc.route({ method: 'POST', path: '/price-lists' }).errors(errors)
    .input(z.strictObject({ upload: z.string().regex(/^[\w-]{1,80}$/), name: fileName, supplier: supplier.optional() })).output(priceListView),
  /** By the layout that is stored, or as it would be by another; stores nothing. */
  preview: oc.route({ method: 'POST', path: '/price-lists/{id}/preview' }).errors(errors)
    .input(z.strictObject({
      id: z.string(), layout: listLayout.optional(),
      /** Looks at the columns anew, read in another way. */
      readAs: z.strictObject({ encoding: listEncoding.optional(), delimiter: listDelimiter.optional(), sheet: z.string().max(200).optional(), headerLine: z.int().min(1).nullable().optional() }).optional(),
    })).output(listPreview),
  /** Stores the layout as a person wants it, and remembers it for the supplier. Results of another layout are thrown away. */
  correct: oc.route({ method: 'POST', path: '/price-lists/{id}/layout' }).errors(errors).input(z.strictObject({ id: z.string(), layout: listLayout.optional(), supplier: supplier.optional() })).output(priceListView),
  /** Back to what the desk proposes by the file alone; what is remembered of the supplier for these headers is forgotten. */
  detect: oc.route({ method: 'POST', path: '/price-lists/{id}/detect' }).errors(errors).input(byId).output(priceListView),
  /** Reads the whole list and judges each row by what is known; spends no quota. */
  pass: oc.route({ method: 'POST', path: '/price-lists/{id}/pass' }).errors(errors).input(byId).output(priceListView),
  /** Stops the first pass, or pauses the rest: it goes on with `run` where it was. */
  stop: oc.route({ method: 'POST', path: '/price-lists/{id}/stop' }).errors(errors).input(byId).output(priceListView),
  rows: oc.route({ method: 'GET', path: '/price-lists/{id}/rows' }).errors(errors)
    .input(z.strictObject({ id: z.string(), filter: rowFilter.default('all'), sort: rowSort.default('profit'), search: z.string().max(200).optional(), ...pageInput })).output(pageOf(priceListRow)),
  /** What could not be read. */
  rejects: oc.route({ method: 'GET', path: '/price-lists/{id}/rejects' }).errors(errors).input(z.strictObject({ id: z.string(), ...pageInput })).output(pageOf(problem)),
  /** What the supplier's list before had, and this one has not. */
  gone: oc.route({ method: 'GET', path: '/price-lists/{id}/gone' }).errors(errors).input(z.strictObject({ id: z.string(), ...pageInput })).output(pageOf(goneRow)),
  cost: oc.route({ method: 'GET', path: '/price-lists/{id}/cost' }).errors(errors).input(z.strictObject({ id: z.string(), most: z.coerce.number().int().min(1).optional() })).output(restCost),
  /** Asks about the rest, best rows first; goes on where it was paused. `most`: only so many rows in all. */
  run: oc.route({ method: 'POST', path: '/price-lists/{id}/run' }).errors(errors).input(z.strictObject({ id: z.string(), most: z.int().min(1).nullable().default(null) })).output(priceListView),
  /** Writes the rows with every figure to a file, to be fetched by `exported`. */
  export: oc.route({ method: 'POST', path: '/price-lists/{id}/export' }).errors(errors)
    .input(z.strictObject({ id: z.string(), format: z.enum(['csv', 'xlsx']), filter: rowFilter.default('all') })).output(z.strictObject({ file: z.string(), name: z.string(), bytes: z.int(), rows: z.int() })),
  /** A piece of an export, from byte `at`; empty at its end. */
  exported: oc.route({ method: 'GET', path: '/price-lists/exports/{file}' }).errors(errors).input(z.strictObject({ file: z.string().regex(/^[\w.-]{1,120}$/), at: z.coerce.number().int().min(0) })).output(z.strictObject({ contentBase64: z.string() })),
  /** Takes the list and its results away; offers and opportunities that came of it stay. */
  remove: oc.route({ method: 'DELETE', path: '/price-lists/{id}' }).errors(errors).input(byId).output(z.strictObject({ removed: z.boolean() })),
};
