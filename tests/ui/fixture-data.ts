import type { OpportunityDetail, OpportunityRow } from '#contract/opportunities.ts';
import { seededRandom, type Random } from '#kernel/random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/time.ts';

/** A fixed instant: screenshots of two runs agree. */
export const FIXTURE_NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const usd = (minor: number) => ({ minor: Math.round(minor), currency: 'USD' });
const dzd = (minor: number) => ({ minor: Math.round(minor), currency: 'DZD' });

const SOURCES = ['Oran Tools', 'Harbor Wholesale', 'Ouedkniss', 'BrightBooks', 'Toyhouse Direct', 'Supplier list Nov 2026'] as const;
const BRANDS = ['Makita', 'LEGO', 'Tefal', 'Bosch', 'Sony', 'Faber-Castell', 'Osprey', 'Logitech', 'Ravensburger', 'Oxford'] as const;
const THINGS = ['Cordless drill driver 18 V', 'City set 60316 police station', 'Non-stick frying pan 28 cm', 'Laser distance meter GLM 50', 'Noise cancelling headphones', 'Colour pencils, tin of 48', 'Trekking backpack 38 l', 'Wireless mouse MX 3S', 'Puzzle 1000 pieces, old harbour', 'Learner’s dictionary, 10th edition'] as const;
const CATEGORIES = ['Tools', 'Toys', 'Home & Kitchen', 'Electronics', 'Office', 'Outdoor', 'Books'] as const;
const DECISIONS = ['purchase', 'purchase', 'purchase', 'negotiate', 'skip'] as const;
const pick = <T>(random: Random, from: readonly T[]): T => from[random.int(from.length)]!;
const pad = (n: number) => String(n).padStart(6, '0');

export function opportunityRows(count: number): OpportunityRow[] {
  const random = seededRandom('fixture');
  return Array.from({ length: count }, (_, index): OpportunityRow => {
    const sourceIndex = random.int(SOURCES.length);
    const kind = random.int(THINGS.length);
    const unitCost = 350 + random.int(6_000);
    const profit = Math.round(unitCost * (0.1 + random.next() * 0.9)) - (random.int(8) === 0 ? unitCost : 0);
    const spread = Math.round(Math.abs(profit) * (0.3 + random.next()) + 120);
    return {
      id: `opp_${pad(index)}`, title: `${BRANDS[kind]!} ${THINGS[kind]!}${index % 7 === 0 ? ', twin pack with charger and hard case (parallel import, French box)' : ''}`, brand: BRANDS[kind]!, category: pick(random, CATEGORIES), imageUrl: null,
      sourceId: `src_${sourceIndex}`, sourceName: SOURCES[sourceIndex]!, channel: index % 3 === 0 ? 'ebay' : 'amazon', state: 'open', decision: pick(random, DECISIONS), verdict: profit > 100 ? 'profitable' : profit > -100 ? 'unsure' : 'losing',
      unitCost: usd(unitCost), salePrice: usd((unitCost + Math.abs(profit)) * 1.32), profit: usd(profit), profitLow: usd(profit - spread), profitHigh: usd(profit + spread * 1.2),
      roiBp: Math.round((profit / unitCost) * 10_000), lossChanceBp: profit < 0 ? 6_000 + random.int(3_000) : random.int(2_500), daysToSell: 2 + random.int(60), demandPerMonth: 1 + random.int(400), confidenceBp: 4_000 + random.int(5_800), quantity: 1 + random.int(24),
      profitPerCashDayMilli: Math.round((profit / (14 + random.int(40))) * 1_000), seenAt: FIXTURE_NOW - random.int(12 * DAY_MS), version: 1,
    };
  });
}

export function opportunityDetail(row: OpportunityRow): OpportunityDetail {
  const price = row.salePrice.minor;
  const referral = -Math.round(price * 0.15);
  const fulfilment = -Math.min(612, Math.round(price * 0.12));
  const returns = row.profit.minor - (price + referral + fulfilment - row.unitCost.minor);
  const card = 'Amazon fee card, US';
  const line = (code: string, amount: number, source: string, confidence: 'high' | 'medium' | 'low' = 'high', detail: Record<string, unknown> = {}) => ({ code, amount: usd(amount), detail, source, asOf: '2026-11-21', confidence });
  const goods = Math.round(row.unitCost.minor * 0.82);
  const low = row.profitLow.minor;
  const high = row.profitHigh.minor;
  const mid = row.profit.minor;
  return {
    ...row,
    offer: { url: 'https://shop.example/p/1', title: `${row.title} PROMO!!`, price: row.sourceName === 'Ouedkniss' ? dzd(row.unitCost.minor * 135) : usd(goods), listPrice: usd(goods * 1.3), stock: row.quantity * 3, sellerName: row.sourceName, packSize: 1, condition: 'new', gtin: '4006381333931', asin: 'B0C1234567', identifierNote: null, firstSeenAt: row.seenAt - 3 * DAY_MS, lastSeenAt: row.seenAt },
    product: { id: `prd_${row.id.slice(4)}`, title: row.title, brand: row.brand, gtin: '4006381333931', asin: 'B0C1234567', category: row.category, dimensionsMm: [280, 210, 95], weightG: 1_450 },
    lines: [line('sale-price', price, 'median of the next 30 days', 'medium'), line('amazon.referral', referral, card, 'high', { rateBp: 1_500 }), line('amazon.fba-fulfilment', fulfilment, card, 'high'), line('returns', returns, 'assumed for the category', 'low'), line('landed-cost', -row.unitCost.minor, 'see below')],
    costLines: [line('cost.goods', goods, row.sourceName), line('cost.shipping-in', Math.round(row.unitCost.minor * 0.13), 'shop page'), line('cost.prep', row.unitCost.minor - goods - Math.round(row.unitCost.minor * 0.13), 'your settings')],
    reasons: [{ code: 'profit.meets', data: { profit: row.profit, roiBp: row.roiBp, chanceBp: row.lossChanceBp, available: 40 } }],
    risks: [{ code: 'brand.ip-risk', data: { brand: row.brand, source: 'brand list' }, source: 'brand list', severity: 'warning' }, { code: 'market.something-new', data: { offers: 14, priceBp: 420 }, source: 'market data', severity: 'info' }],
    unknowns: [{ code: 'returns.assumed', data: { rateBp: 800 } }, { code: 'price.short-history', data: { days: 21 } }],
    evidence: [{ kind: 'market', vendor: 'keepa', fetchedAt: row.seenAt, data: { buyBox: usd(price), offers: 14, rank: 1_842 } }, { kind: 'fees', vendor: 'amazon-sp-api', fetchedAt: row.seenAt, data: { referral: usd(-referral) } }],
    priceQuantiles: [0.8, 0.85, 0.93, 1, 1.06, 1.15, 1.2].map((share) => Math.round(price * share)),
    profitQuantiles: [low - 150, low, Math.round((low + mid) / 2), mid, Math.round((mid + high) / 2), high, high + 150],
    ceiling: usd(row.unitCost.minor * 1.08), cardVersion: '2026-04', evaluatedAt: row.seenAt,
    comparables: [0.97, 1.04, 1.2].map((share, index) => ({ offerId: `off_${index}`, sourceName: SOURCES[index]!, title: row.title, unitPrice: usd(row.unitCost.minor * share), stock: index === 1 ? null : 12, url: 'https://shop.example/p/2', lastSeenAt: row.seenAt - index * HOUR_MS })),
    purchaseId: row.state === 'open' || row.state === 'skipped' ? null : 'pur_000000',
    approval: { quantity: row.quantity, total: usd(row.unitCost.minor * row.quantity), byHand: !['Oran Tools', 'Toyhouse Direct'].includes(row.sourceName), allowed: row.lossChanceBp < 5_000, blockedBy: row.lossChanceBp < 5_000 ? [] : [{ code: 'loss-chance.above', data: { chanceBp: row.lossChanceBp, maximumBp: 2_500 } }] },
  };
}

export function historySeries() {
  const random = seededRandom('history');
  const at = Array.from({ length: 420 }, (_, day) => FIXTURE_NOW - (420 - day) * DAY_MS);
  let price = 4_200;
  const prices = at.map((_, day) => { price = Math.max(2_600, price + Math.round(random.normal() * 55)); return day > 180 && day < 205 ? null : price; });
  return {
    series: [
      { key: 'price', unit: 'minor' as const, currency: 'USD', at, value: prices },
      { key: 'buyBox', unit: 'minor' as const, currency: 'USD', at, value: prices.map((p) => (p === null ? null : p + 120 + random.int(90))) },
      { key: 'offers', unit: 'count' as const, currency: null, at, value: prices.map((p) => (p === null ? 0 : 8 + random.int(9))) },
      { key: 'rank', unit: 'rank' as const, currency: null, at, value: at.map((_, day) => 1_400 + Math.round(600 * Math.sin(day / 40)) + random.int(300)) },
    ],
  };
}

const PURCHASE_STATES = ['stopped', 'confirmed', 'placing', 'received', 'received', 'cancelled', 'reconciling', 'preparing', 'failed', 'ordering-by-hand'] as const;
/** What the engine tells of an offer that a person orders at the shop. */
function byHandReason(row: OpportunityRow, total: { minor: number; currency: string }) {
  return { code: 'purchase.order-by-hand', data: { place: row.sourceName, url: 'https://shop.example/p/1', quantity: row.quantity, total, maxUnit: usd(row.unitCost.minor * 1.02), maxTotal: usd(total.minor * 1.02), expiresAt: FIXTURE_NOW + 40 * HOUR_MS } };
}

export function purchaseRows(count: number) {
  return opportunityRows(count).map((row, index) => {
    const state = PURCHASE_STATES[index % PURCHASE_STATES.length]!;
    const total = usd(row.unitCost.minor * row.quantity);
    const stopReason = state === 'stopped' ? { code: 'stop.price-rose', data: { terms: { unit: usd(row.unitCost.minor * 1.07) }, approved: { maxUnit: usd(row.unitCost.minor * 1.02) } } } : state === 'ordering-by-hand' ? byHandReason(row, total) : null;
    const unpaid = state === 'preparing' || state === 'ordering-by-hand';
    return {
      id: `pur_${pad(index)}`, title: row.title, state, stopReason, sourceId: row.sourceId, sourceName: row.sourceName, connector: 'woocommerce', sellerName: row.sourceName,
      quantity: row.quantity, units: row.quantity, total: unpaid ? null : total, approvedTotal: state === 'ordering-by-hand' ? usd(total.minor * 1.02) : total, homeTotal: total, externalId: state === 'confirmed' || state === 'received' ? String(10_420 + index) : null,
      createdAt: FIXTURE_NOW - index * 3 * HOUR_MS, confirmedAt: state === 'confirmed' || state === 'received' ? FIXTURE_NOW - index * 3 * HOUR_MS + 4 * MINUTE_MS : null, receivedAt: state === 'received' ? FIXTURE_NOW - HOUR_MS : null, version: 1,
    };
  });
}

export function stockRows(count: number) {
  return opportunityRows(count).map((row, index) => ({
    id: `lot_${pad(index)}`, sku: `RD-${pad(index)}`, title: row.title, state: (['on-hand', 'inbound', 'on-hand', 'closed'] as const)[index % 4]!, condition: 'new', location: `A-${index % 12}`, quantity: row.quantity, onHand: index % 4 === 3 ? 0 : Math.max(1, row.quantity - (index % 3)),
    unitCost: row.unitCost, value: usd(row.unitCost.minor * row.quantity), ageDays: index % 90, purchaseId: `pur_${pad(index)}`, listingId: index % 4 === 0 ? `lst_${pad(index)}` : null, listingState: index % 4 === 0 ? 'active' : null, version: 1,
  }));
}

const LISTING_STATES = ['active', 'active', 'stopped', 'publishing', 'sold-out', 'ended', 'draft'] as const;
export function listingRows(count: number) {
  return opportunityRows(count).map((row, index) => {
    const state = LISTING_STATES[index % LISTING_STATES.length]!;
    return { id: `lst_${pad(index)}`, sku: `RD-${pad(index)}`, title: row.title, channel: 'ebay', state, stopReason: state === 'stopped' ? { code: 'listing.category-unknown', data: { category: row.category } } : null, price: row.salePrice, floor: usd(row.salePrice.minor * 0.78), quantity: row.quantity, externalId: state === 'active' ? `1104${pad(index)}` : null, publishedAt: state === 'active' ? FIXTURE_NOW - index * HOUR_MS : null, updatedAt: FIXTURE_NOW - index * 40 * MINUTE_MS, version: 1 };
  });
}

const ORDER_STATES = ['paid', 'shipped', 'shipped', 'refunded', 'shipped', 'cancelled'] as const;
export function orderRows(count: number) {
  return opportunityRows(count).map((row, index) => {
    const state = ORDER_STATES[index % ORDER_STATES.length]!;
    const booked = state === 'shipped' || state === 'paid';
    return { id: `ord_${pad(index)}`, channel: 'ebay', externalId: `12-0${pad(index)}-44`, state, buyerName: 'J. Miller', title: row.title, units: 1 + (index % 2), total: row.salePrice, fees: usd(row.salePrice.minor * 0.136), profit: booked ? usd(row.profit.minor * 0.93) : null, estimate: row.profit, placedAt: FIXTURE_NOW - index * 5 * HOUR_MS, shippedAt: state === 'shipped' ? FIXTURE_NOW - index * 2 * HOUR_MS : null, tracking: state === 'shipped' ? '9400 1000 0000 0000' : null, version: 1 };
  });
}

export function runOf(index: number, state: 'running' | 'done' | 'failed' = 'done') {
  return { id: `run_${pad(index)}`, sourceId: 'src_0', state, seen: state === 'running' ? 1_840 : 4_200, added: 212, changed: 96, rejected: index === 0 ? 3 : 0, survivors: 640, opportunities: 48, requests: 310, total: state === 'running' ? 4_200 : 4_200, startedAt: FIXTURE_NOW - index * 6 * HOUR_MS, finishedAt: state === 'running' ? null : FIXTURE_NOW - index * 6 * HOUR_MS + 5 * MINUTE_MS, error: state === 'failed' ? 'the shop answered 503 four times' : null };
}

export function sourceRows() {
  return SOURCES.map((name, index) => ({
    id: `src_${index}`, kind: (['woocommerce', 'structured-shop', 'ouedkniss', 'structured-shop', 'woocommerce', 'price-list'] as const)[index]!, name, baseUrl: `https://source-${index}.example/`, readable: true, enabled: index !== 4, intervalMs: index % 2 === 0 ? 6 * HOUR_MS : null,
    health: (['healthy', 'failing', 'healthy', 'stale', 'never-run', 'healthy'] as const)[index]!, offers: 1_200 * (index + 1), openOpportunities: 40 * index, ai: index === 3 ? false : null, successBp: index === 4 ? null : 10_000 - index * 700, lastSuccessAt: index === 4 ? null : FIXTURE_NOW - index * 5 * HOUR_MS, lastError: index === 1 ? 'the shop answered 503 four times; the last page read was 41' : null,
    lastRun: index === 4 ? null : runOf(index, index === 0 ? 'running' : index === 1 ? 'failed' : 'done'),
  }));
}

export function profitByDay() {
  const random = seededRandom('days');
  return Array.from({ length: 30 }, (_, index) => ({ day: new Date(FIXTURE_NOW - (29 - index) * DAY_MS).toISOString().slice(0, 10), profit: usd(index % 9 === 4 ? -random.int(1_800) : random.int(6_400)) }));
}

/** Paid in another currency: each of the two sums to nothing by itself, through the account of exchanges. */
const abroad = (minor: number) => [
  { account: 'assets:inventory', amount: usd(minor) }, { account: 'equity:fx', amount: usd(-minor) },
  { account: 'equity:fx', amount: { minor: minor * 150, currency: 'DZD' } }, { account: 'liabilities:suppliers', amount: { minor: minor * -150, currency: 'DZD' } },
];

export function ledgerEntries(count: number) {
  return Array.from({ length: count }, (_, index) => {
    const amount = 1_200 + ((index * 377) % 9_000);
    const sale = index % 3 === 0;
    return { id: `led_${pad(index)}`, kind: sale ? 'sale' : 'purchase', memo: sale ? `Sale of RD-${pad(index)}` : `Purchase at ${SOURCES[index % SOURCES.length]!}`, refKind: sale ? 'order' : 'purchase', refId: sale ? `ord_${pad(index)}` : `pur_${pad(index)}`, at: FIXTURE_NOW - index * 2 * HOUR_MS, lines: sale ? [{ account: 'assets:receivable:ebay-us', amount: usd(amount) }, { account: 'income:sales', amount: usd(-amount) }] : index % 6 === 1 ? abroad(amount) : [{ account: 'assets:inventory', amount: usd(amount) }, { account: 'assets:cash', amount: usd(-amount) }] };
  });
}

/** What stands at an address: a shop that can be read, or for `nothing.…` one that cannot. */
export function detectedSite(address: string) {
  const bare = { baseUrl: new URL(address).origin, settings: {}, requests: 7 };
  const full = { title: 10_000, price: 10_000, currency: 10_000, stock: 9_600, identifiers: 4_200, brand: 8_800, image: 10_000 };
  if (new URL(address).hostname.startsWith('nothing.')) {
    return { ...bare, kind: null, label: new URL(address).host, sample: [], rejected: [], coverage: { title: 0, price: 0, currency: 0, stock: 0, identifiers: 0, brand: 0, image: 0 }, problems: [{ code: 'unknown-platform' as const, field: null, message: 'Neither a known shop system nor a sitemap with product pages was found.' }] };
  }
  return {
    ...bare, kind: 'shopify' as const, label: 'Harbor Supply', rejected: [{ where: 'page 1 item 4 variant 1', code: 'no-price', reason: 'the shop states no price' }], coverage: full,
    sample: [1, 2, 3].map((n) => ({ title: `Cordless drill ${n}`, url: `https://harbor.example/p/${n}`, price: usd(4_900 + n * 500), brand: 'Bosch', identifiers: n === 1 ? ['3165140821858'] : [], available: n !== 3 })),
    problems: [{ code: 'field-missing' as const, field: 'identifiers', message: 'identifiers: read for 42 % of the sample' }],
  };
}

const aspect = (name: string, required: boolean, values: string[], from: 'fact' | 'title' | null, options: string[] = []) => ({ name, required, values, from, options, onlyOptions: options.length > 0, measured: name === 'Item Weight' ? ('weight' as const) : null });

export function listingCategory() {
  const leaf = { id: '122838', name: 'Cordless Drills', path: ['Home & Garden', 'Tools & Workshop Equipment', 'Power Tools'] };
  return {
    ...leaf, chosenBy: 'suggested' as const, treeVersion: '135', pages: [], alternatives: [{ ...leaf, id: '177000', name: 'Drill Drivers' }, { ...leaf, id: '177001', name: 'Impact Drivers' }],
    aspects: [aspect('Brand', true, ['Bosch'], 'fact'), aspect('Type', true, [], null, ['Cordless Drill', 'Impact Driver']), aspect('MPN', false, ['06019H5100'], 'fact')], missing: ['Type'],
    fees: { key: 'everything', by: 'own' as const, confidence: 'low' as const },
  };
}

export function scanCost() {
  const one = { connector: 'keepa', operation: 'product', unit: 'token' as const, cost: { expected: 240, most: 1_840 }, durationMs: { expected: 0, most: 27 * 60_000 }, available: 1_312, refillPerMinute: 20, capacity: 1_200, basis: 'vendor' as const, asOf: FIXTURE_NOW, error: null };
  const calls = { ...one, connector: 'amazon-sp-api', unit: 'call' as const, basis: 'file' as const };
  return {
    basis: 'last-runs' as const, offers: { expected: 260, most: 1_840 }, requests: 96, lookups: { expected: 240, most: 1_840 }, durationMs: { expected: 2 * 60_000, most: 36 * 60_000 }, notConnected: [],
    vendors: [one, { ...calls, operation: 'getCompetitivePricing', cost: { expected: 3, most: 92 }, durationMs: { expected: 4_000, most: 180_000 }, available: 1, refillPerMinute: 29.5, capacity: 1 }, { ...calls, operation: 'getListingsRestrictions', cost: { expected: 48, most: 1_840 }, durationMs: { expected: 8_000, most: 370_000 }, available: 9, refillPerMinute: 295, capacity: 9 }],
  };
}

export function sourceRepair() {
  return {
    url: 'https://corner.example/item/12', good: { at: FIXTURE_NOW - 30 * HOUR_MS, text: '<h1>Falcon mug</h1>\n<span itemprop="gtin13">3165140821858</span>' }, now: { at: FIXTURE_NOW, text: '<h1>Falcon mug</h1>\n<dl class="specs"><dt>EAN</dt><dd class="ean">3165140821858</dd></dl>' },
    fields: [
      { field: 'name' as const, known: 'Falcon mug', found: 'Falcon mug', proposals: [] },
      { field: 'gtin' as const, known: '3165140821858', found: null, proposals: [{ rule: { css: 'dl.specs > dd.ean' }, sample: '3165140821858', place: 'EAN' }] },
    ],
    accepted: [],
  };
}

export function sourceHealth() {
  return {
    ageMs: 5 * HOUR_MS, staleAfterMs: 24 * HOUR_MS, coverage: { runId: 'run_1', products: 1_840, fields: { title: 10_000, price: 9_900, currency: 10_000, stock: 9_600, identifiers: 900, brand: 8_800, image: 10_000 } },
    drift: [{ field: 'identifiers' as const, beforeBp: 9_200, nowBp: 900 }], passedOver: [{ reason: { code: 'screen.no-profit', data: {} }, count: 1_210 }, { reason: { code: 'screen.no-rate', data: { currency: 'EUR', home: 'USD' } }, count: 64 }, { reason: { code: 'identity.unknown-code', data: { codes: ['3165140821858'] } }, count: 18 }], requests: { day: 412, lastRun: 96 },
    crawl: { done: 1_840, queued: 212, failed: 3 }, session: 'none' as const, repairable: true,
    permits: { scan: 'allowed', buy: 'human', source: 'robots.txt of the site, read before every pass', asOf: '2026-11-21', note: null }, error: { at: FIXTURE_NOW - HOUR_MS, message: 'the site answered 503', kind: 'Retryable', hasPage: true },
  };
}
