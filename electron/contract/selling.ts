import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, filterInput, instantSchema, listFacets, moneySchema, pageInput, pageOf, reasonSchema, sortInput } from './shared.ts';
import { LIST_CHOICES, LIST_SORTS } from './words.ts';

export const stockRow = z.strictObject({
  id: z.string(), sku: z.string(), title: z.string(), state: z.enum(['inbound', 'on-hand', 'closed']), condition: z.string(), location: z.string(),
  quantity: z.int(), onHand: z.int(), unitCost: moneySchema, value: moneySchema, ageDays: z.int(), purchaseId: z.string(), listingId: z.string().nullable(), listingState: z.string().nullable(), version: z.int(),
});

/** How the first price of a listing is chosen. */
export const listingRules = z.strictObject({
  /** Profit that a sale should leave, as a share of its price, where buyers go along. 0: none is aimed at. The least profit of the limits is the floor in any case. */
  targetMarginBp: z.int().min(0).max(8_000),
  /** Quick: a little below the going price. Patient: a little above it. */
  speed: z.enum(['quick', 'usual', 'patient']),
});
export type ListingRules = z.infer<typeof listingRules>;
const storedListingRules = z.strictObject({ value: listingRules, version: z.int(), updatedAt: instantSchema });

export const listingState = z.enum(['draft', 'publishing', 'active', 'ending', 'ended', 'sold-out', 'stopped']);
export const listingRow = z.strictObject({
  id: z.string(), sku: z.string(), title: z.string(), channel: z.string(), state: listingState, stopReason: reasonSchema.nullable(), price: moneySchema, floor: moneySchema, quantity: z.int(),
  externalId: z.string().nullable(), publishedAt: instantSchema.nullable(), updatedAt: instantSchema, version: z.int(),
});
const leaf = z.strictObject({ id: z.string(), name: z.string(), path: z.array(z.string()) });
/** Where it is listed in the channel's own tree, and what the channel asks for there. */
export const listingCategory = leaf.extend({
  chosenBy: z.enum(['suggested', 'person']), treeVersion: z.string(),
  /** Pages of the channel's own catalogue that the product's codes name. One: the offer joins it, and its category is the page's. Empty: it is listed by itself. */
  pages: z.array(z.strictObject({ id: z.string(), title: z.string() })),
  /** Other leaves that fit the words, likeliest first. */
  alternatives: z.array(leaf),
  aspects: z.array(z.strictObject({ name: z.string(), required: z.boolean(), values: z.array(z.string()), from: z.enum(['person', 'fact', 'title']).nullable(), options: z.array(z.string()), onlyOptions: z.boolean(), /** Three sides or a weight of the thing itself, with their unit. */ measured: z.enum(['size', 'weight']).nullable() })),
  /** Required and not known: it cannot be published without. */
  missing: z.array(z.string()),
  /** Key of the fee card that its fees are counted by, where it comes from, and how sure that is. */
  fees: z.strictObject({ key: z.string().nullable(), by: z.enum(['tree', 'own']), confidence: z.enum(['medium', 'low']) }),
});
const side = z.int().min(1).max(10_000);
const amountKnown = z.int().nullable();
/** Of one piece as shipped. `why`: the channel's category asks for it, or its fees for sending go by it. */
export const listingMeasures = z.strictObject({
  known: z.strictObject({ lengthMm: amountKnown, widthMm: amountKnown, heightMm: amountKnown, weightG: amountKnown }), demanded: z.strictObject({ size: z.boolean(), weight: z.boolean() }), why: z.enum(['category', 'fees']).nullable(), category: z.string().nullable(), missing: z.array(z.enum(['size', 'weight'])),
});
export const listingDetail = listingRow.extend({ description: z.string(), events: z.array(z.strictObject({ id: z.string(), kind: z.string(), data: z.record(z.string(), z.unknown()), at: instantSchema })) });

/** What one unit would leave on a channel, by the fee cards of today. Amounts in the channel's currency; null with `refusal`, the reason why it cannot be priced there. */
export const channelOption = z.strictObject({
  channel: z.string(), name: z.string(), connected: z.boolean(), main: z.boolean(), listingId: z.string().nullable(), state: listingState.nullable(),
  price: moneySchema.nullable(), floor: moneySchema.nullable(), fees: moneySchema.nullable(), profit: moneySchema.nullable(),
  /** Profit for each day until it is sold and paid out, as estimated. */
  profitPerDay: moneySchema.nullable(), days: z.int().nullable(),
  /** Profit as a share of the price. */
  marginBp: z.int().nullable(), refusal: reasonSchema.nullable(),
  /** A place of stock: the figures are for units that lie there, in the channel's own warehouse, and are sent by it. Null: sent from here, or from where they lie already. */
  ifMovedTo: z.string().nullable(),
  /** Of the fee card. */
  confidence: z.string().nullable(),
});

/** What a channel counts of a lot in its own warehouse, beside the books. Units. */
export const warehouseCount = z.strictObject({ channel: z.string(), sellable: z.int(), reserved: z.int(), inbound: z.int(), unsellable: z.int(), booked: z.int(), /** Above zero: there is more than the books say. */ difference: z.int(), at: instantSchema });

export const orderState = z.enum(['paid', 'shipped', 'cancelled', 'refunded']);
export const orderRow = z.strictObject({
  id: z.string(), channel: z.string(), externalId: z.string(), state: orderState, buyerName: z.string().nullable(), title: z.string(), units: z.int(), total: moneySchema, fees: moneySchema,
  /** Realised profit and what was estimated at approval, once the cost is known. */
  profit: moneySchema.nullable(), estimate: moneySchema.nullable(), placedAt: instantSchema, shippedAt: instantSchema.nullable(), tracking: z.string().nullable(), version: z.int(),
});
const claimAnswer = z.enum(['tracking', 'refund', 'escalate']);
/** How an order's money and goods can be called back: from here, or by a person on the channel's own page, whose doing is then read back. */
const way = z.enum(['desk', 'by-hand']).nullable();
export const orderWays = z.strictObject({
  /** What can still be given back; null where nothing is left or nobody knows a way. */
  refundable: moneySchema.nullable(),
  refundWay: way,
  /** A refund is on its way. */
  refunding: z.boolean(),
  /** Null once it was sent. */
  cancelWay: way,
  /** The channel was asked to cancel it. */
  cancelling: z.boolean(),
  /** The channel tells the buyer of a cancellation in its own words, and takes none of ours. */
  cancelsInOwnWords: z.boolean(),
  /** The order's page for the seller at the channel. */
  page: z.string().nullable(),
  /** What a person said to do there, until the channel shows it. */
  byHand: z.strictObject({ what: z.enum(['refund', 'cancel']), amount: moneySchema.nullable(), at: instantSchema }).nullable(),
  /** The channel sends it from its own warehouse: there is nothing to pack. */
  sentByChannel: z.boolean(),
  /** What the buyer wants to send back, as the channel told last. */
  return: z.strictObject({
    id: z.string(), state: z.enum(['asked', 'approved', 'sent', 'arrived', 'escalated', 'closed', 'other']), /** The channel's own for it. */ word: z.string(), reason: z.string(), units: z.int(), expected: moneySchema.nullable(), respondBy: instantSchema.nullable(),
    /** What may be done from here now. */
    ways: z.array(z.enum(['approve', 'refund'])), answering: z.enum(['approve', 'refund']).nullable(),
  }).nullable(),
  inspected: z.strictObject({ at: instantSchema, good: z.int(), spoilt: z.int() }).nullable(),
  /** Claims that the channel tells of and takes an answer to; `ways`: what may be answered from here now. */
  claims: z.array(z.strictObject({ id: z.string(), kind: z.enum(['payment', 'inquiry', 'case']), amount: moneySchema.nullable(), respondBy: instantSchema.nullable(), ways: z.array(claimAnswer), answering: claimAnswer.nullable() })),
});
export const orderDetail = orderRow.extend({
  /** Sales tax that the buyer paid through the seller and that is owed on: beside `total`, and no income. Zero where the channel remits it, and where the order was read before tax was kept. */
  tax: moneySchema,
  /** What the fee card in force at the sale expects beside what the channel charged for it, by what it is for; `charged` null: not named yet. Null: there was no card, or the order was read before this was kept. */
  feeCheck: z.strictObject({ cardId: z.string(), rows: z.array(z.strictObject({ kind: z.enum(['referral', 'fulfilment', 'closing', 'other']), expected: moneySchema, charged: moneySchema.nullable() })), charged: z.boolean(), accrued: z.boolean() }).nullable(),
  /** Claims that a person wrote down, for the channel has no call that tells of them. */
  handClaims: z.array(z.strictObject({ id: z.string(), state: z.enum(['answer', 'taken', 'won', 'lost']), reason: z.string(), taken: moneySchema, fee: moneySchema, respondBy: instantSchema.nullable() })),
  /** What did not add up, or was refused. */
  problems: z.array(reasonSchema),
  lines: z.array(z.strictObject({
    id: z.string(), sku: z.string(), title: z.string(), quantity: z.int(), listingId: z.string().nullable(), revenue: moneySchema, fees: moneySchema, postage: moneySchema, cost: moneySchema.nullable(), refund: moneySchema,
    profit: moneySchema.nullable(), estimate: moneySchema.nullable(),
  })),
  entries: z.array(z.strictObject({ id: z.string(), kind: z.string(), memo: z.string(), at: instantSchema, lines: z.array(z.strictObject({ account: z.string(), amount: moneySchema })) })),
  ...orderWays.shape,
  /** Units that were given up when their money went back, and that nobody has looked at since. */
  toInspect: z.array(z.strictObject({ lineId: z.string(), title: z.string(), units: z.int() })),
});

const transition = { ...commonErrors, WRONG_STATE: { status: 409, message: 'It is in another state by now.', data: z.strictObject({ state: z.string() }) } } as const;
const floor = { BELOW_FLOOR: { status: 422, message: 'The price is below the floor.', data: z.strictObject({ floor: moneySchema }) } } as const;

export const stockContract = {
  list: oc.route({ method: 'GET', path: '/stock' }).errors(commonErrors).input(z.strictObject({ state: z.enum(['inbound', 'on-hand', 'closed']).optional(), search: z.string().max(200).optional(), ...filterInput(LIST_CHOICES.stock), ...sortInput(LIST_SORTS.stock), ...pageInput })).output(pageOf(stockRow)),
  facets: oc.route({ method: 'GET', path: '/stock/facets' }).output(listFacets),
  get: oc.route({ method: 'GET', path: '/stock/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(stockRow),
  movements: oc.route({ method: 'GET', path: '/stock/{id}/movements' }).errors(commonErrors).input(z.strictObject({ id: z.string() }))
    .output(z.array(z.strictObject({ id: z.string(), kind: z.string(), quantity: z.int(), ref: z.string(), reason: z.string().nullable(), at: instantSchema }))),
  /** A count found another number: the reason is kept, and the difference is booked. */
  adjust: oc.route({ method: 'POST', path: '/stock/{id}/adjust' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int(), onHand: z.int().min(0), reason: z.string().min(3).max(300) })).output(stockRow),
};

const changedMeanwhile = { CONFLICT: { status: 409, message: 'Somebody changed this meanwhile: look at it again.', data: z.strictObject({ version: z.int() }) } } as const;

export const listingsContract = {
  rules: oc.route({ method: 'GET', path: '/settings/listing' }).output(storedListingRules),
  /** Holds for prices that are chosen from now on: for new listings, and on channels that a lot is not on yet. */
  setRules: oc.route({ method: 'PUT', path: '/settings/listing' }).errors({ ...commonErrors, ...changedMeanwhile }).input(z.strictObject({ value: listingRules, version: z.int() })).output(storedListingRules),
  list: oc.route({ method: 'GET', path: '/listings' }).errors(commonErrors).input(z.strictObject({ state: listingState.optional(), search: z.string().max(200).optional(), ...filterInput(LIST_CHOICES.listings), ...sortInput(LIST_SORTS.listings), ...pageInput })).output(pageOf(listingRow)),
  facets: oc.route({ method: 'GET', path: '/listings/facets' }).output(listFacets),
  get: oc.route({ method: 'GET', path: '/listings/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(listingDetail),
  setPrice: oc.route({ method: 'POST', path: '/listings/{id}/price' }).errors({ ...transition, ...floor }).input(z.strictObject({ id: z.string(), version: z.int(), price: moneySchema })).output(listingRow),
  /** The channel's category of the product and what it asks for; null: the channel suggests none. May ask the channel. */
  category: oc.route({ method: 'GET', path: '/listings/{id}/category' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(z.strictObject({ category: listingCategory.nullable() })),
  /** Another of the suggested categories, and values for what the channel asks. Holds from the next time that the listing is sent: for one that is stopped. */
  setCategory: oc.route({ method: 'POST', path: '/listings/{id}/category' }).errors(transition)
    .input(z.strictObject({ id: z.string(), version: z.int(), categoryId: z.string().min(1).max(40), aspects: z.record(z.string().max(80), z.array(z.string().trim().min(1).max(200)).max(30)).default({}) }))
    .output(z.strictObject({ category: listingCategory.nullable() })),
  /** The package's measures: what is known, what is asked for, and why. */
  measures: oc.route({ method: 'GET', path: '/listings/{id}/measures' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(listingMeasures),
  /** What a person measured; remembered for the product. All three sides, the weight, or both. */
  setMeasures: oc.route({ method: 'POST', path: '/listings/{id}/measures' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int(), lengthMm: side.optional(), widthMm: side.optional(), heightMm: side.optional(), weightG: z.int().min(1).max(1_000_000).optional() })).output(listingMeasures),
  /** The channels that the listing's lot is or could be offered on, most profit for each day of locked money first. */
  channels: oc.route({ method: 'GET', path: '/listings/{id}/channels' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(z.array(channelOption)),
  /** Null where the lot does not lie with a channel. `fresh` asks the channel now; else its last count, read every six hours. */
  warehouse: oc.route({ method: 'GET', path: '/listings/warehouse/{lotId}' }).errors(commonErrors).input(z.strictObject({ lotId: z.string(), fresh: z.stringbool().or(z.boolean()).default(false) })).output(z.strictObject({ count: warehouseCount.nullable() })),
  /** Offers the listing's lot on another connected channel too. */
  offer: oc.route({ method: 'POST', path: '/listings/{id}/offer' }).errors(transition).input(z.strictObject({ id: z.string(), channel: z.string().min(1).max(40) })).output(listingRow),
  end: oc.route({ method: 'POST', path: '/listings/{id}/end' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int() })).output(listingRow),
  retry: oc.route({ method: 'POST', path: '/listings/{id}/retry' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int() })).output(listingRow),
};

export const ordersContract = {
  list: oc.route({ method: 'GET', path: '/orders' }).errors(commonErrors).input(z.strictObject({ state: orderState.optional(), search: z.string().max(200).optional(), ...filterInput(LIST_CHOICES.orders), ...sortInput(LIST_SORTS.orders), ...pageInput })).output(pageOf(orderRow)),
  facets: oc.route({ method: 'GET', path: '/orders/facets' }).output(listFacets),
  get: oc.route({ method: 'GET', path: '/orders/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(orderDetail),
  ship: oc.route({ method: 'POST', path: '/orders/{id}/ship' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int(), carrier: z.string().min(2).max(40), tracking: z.string().min(3).max(60) })).output(orderRow),
  /** Gives up an order that has not been sent, at its channel, with a message to the buyer unless the channel tells them in its own words. */
  cancel: oc.route({ method: 'POST', path: '/orders/{id}/cancel' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int(), message: z.string().trim().min(10).max(1_000).optional() })).output(orderRow),
  /** Gives a part of the money back at the channel, or all that is left, with a message to the buyer. */
  refund: oc.route({ method: 'POST', path: '/orders/{id}/refund' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int(), amount: moneySchema, message: z.string().trim().min(3).max(200) })).output(orderRow),
  /** A person does it on the channel's own page: written down, and settled when the channel shows it. `amount` is of a refund. */
  byHand: oc.route({ method: 'POST', path: '/orders/{id}/by-hand' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int(), what: z.enum(['refund', 'cancel']), amount: moneySchema.nullable() })).output(orderRow),
  /** It was not done there after all. */
  forgetByHand: oc.route({ method: 'POST', path: '/orders/{id}/by-hand/forget' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int() })).output(orderRow),
  /** Lets the buyer send it back, or gives back what the channel expects, at the channel. */
  answerReturn: oc.route({ method: 'POST', path: '/orders/{id}/return' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int(), answer: z.enum(['approve', 'refund']) })).output(orderRow),
  /** Tells the channel by whom it was sent, gives the claim's money back, or asks the channel to decide. */
  answerClaim: oc.route({ method: 'POST', path: '/orders/{id}/claims/{claimId}/answer' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int(), claimId: z.string(), answer: claimAnswer, message: z.string().trim().min(3).max(500) })).output(orderRow),
  /** A claim (a case, a request, a chargeback) that the channel has no call for, and what became of it. `taken`: what is withheld or lost now; `claimId` null: a new one. */
  claim: oc.route({ method: 'POST', path: '/orders/{id}/claims' }).errors(transition).input(z.strictObject({
    id: z.string(), version: z.int(), claimId: z.string().nullable(), state: z.enum(['answer', 'taken', 'won', 'lost']), reason: z.string().trim().min(3).max(120), taken: moneySchema, fee: moneySchema, respondBy: instantSchema.nullable(),
  })).output(orderRow),
  /** What came back was looked at: units of each line that are as good as when they were sold. The others stay a loss. */
  inspect: oc.route({ method: 'POST', path: '/orders/{id}/inspect' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int(), good: z.array(z.strictObject({ lineId: z.string(), units: z.int().min(0) })).max(100) })).output(orderRow),
  /** Asks the channels for new orders now. */
  sync: oc.route({ method: 'POST', path: '/orders/sync' }).output(z.strictObject({ jobId: z.string() })),
};

export const accountBalance = z.strictObject({ account: z.string(), balance: moneySchema });
export const ledgerContract = {
  balances: oc.route({ method: 'GET', path: '/ledger/balances' }).output(z.strictObject({ accounts: z.array(accountBalance), balanced: z.boolean() })),
  entries: oc.route({ method: 'GET', path: '/ledger/entries' }).errors(commonErrors).input(z.strictObject({ refId: z.string().max(80).optional(), search: z.string().max(200).optional(), ...filterInput(LIST_CHOICES.ledger), ...sortInput(LIST_SORTS.ledger), ...pageInput }))
    .output(pageOf(z.strictObject({ id: z.string(), kind: z.string(), memo: z.string(), refKind: z.string(), refId: z.string(), at: instantSchema, lines: z.array(z.strictObject({ account: z.string(), amount: moneySchema })) }))),
  facets: oc.route({ method: 'GET', path: '/ledger/facets' }).output(listFacets),
  /** What was sold in the time, with estimate beside outcome. */
  profit: oc.route({ method: 'GET', path: '/ledger/profit' }).input(z.strictObject({ from: z.coerce.number().int().optional(), to: z.coerce.number().int().optional() })).output(z.strictObject({
    currency: z.string(), revenue: moneySchema, cost: moneySchema, fees: moneySchema, postage: moneySchema, refunds: moneySchema, profit: moneySchema, estimatedProfit: moneySchema, units: z.int(),
    /** Mean absolute error of the estimated profit per unit, and its mean signed error (above 0: estimated too high). */
    meanAbsoluteError: moneySchema.nullable(), meanError: moneySchema.nullable(),
  })),
};
