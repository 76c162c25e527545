import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { PRACTICE_BUSINESS } from '#engine/settings/index.ts';
import { DAY_MS, HOUR_MS, systemClock } from '#kernel/time.ts';
import { migrateDatabase, readMigrations } from '#runtime/migrations.ts';

export const ORDERS = 50_000;
export const TICKETS = 5_000;
const LOTS = 10_000;
const UNITS = 6;
/** Orders to suppliers, of three lines each. */
const REQUESTS = 2_000;

const hex = (n: number) => n.toString(16).padStart(12, '0');
const idOf = (prefix: string, n: number) => `${prefix}_0192f3c4-${hex(n).slice(0, 4)}-7000-8000-${hex(n)}`;
const TITLES = ['Building blocks of the castle series', 'Cordless drill driver 18 V with two batteries', 'Wireless mouse for two computers', 'Trekking backpack 38 l, green', 'Dictionary for learners, tenth edition'];

/** A live desk's folder as it is after years: what was bought in 10,000 lots and sold in 50,000 orders, all of it in the books, 5,000 customers who wrote, and 2,000 purchase orders. */
export async function fillYears(dataDir: string): Promise<void> {
  const live = path.join(dataDir, 'live');
  mkdirSync(live, { recursive: true });
  writeFileSync(path.join(dataDir, 'desk.json'), `${JSON.stringify({ mode: 'live', seed: 1 })}\n`);
  const file = path.join(live, 'desk.sqlite');
  await migrateDatabase({ file, migrations: readMigrations(), clock: systemClock });
  const db = new BetterSqlite3(file);
  const now = systemClock.now();
  db.transaction(() => {
    const setting = db.prepare('INSERT INTO "Setting" (key, value, version, updatedAt) VALUES (?, ?, 1, ?)');
    setting.run('mode', JSON.stringify({ mode: 'live' }), now);
    setting.run('business', JSON.stringify({ ...PRACTICE_BUSINESS, openingCash: { minor: 100_000_000, currency: 'USD' } }), now);
    db.prepare(`INSERT INTO "Source" (id, kind, name, baseUrl, config, enabled, createdAt) VALUES ('src_1', 'price-list', 'Supplier', 'https://supplier.example', '{"site":{},"terms":{}}', 0, ?)`).run(now);
    buy(db, now);
    sell(db, now);
    ask(db, now);
    request(db, now);
  })();
  db.close();
}

function entryWriter(db: BetterSqlite3.Database): (key: string, given: { kind: string; ref: [string, string]; at: number; lines: [account: string, minor: number][] }) => void {
  const entry = db.prepare('INSERT INTO "LedgerEntry" (id, key, kind, memo, refKind, refId, at) VALUES (?, ?, ?, ?, ?, ?, ?)');
  const line = db.prepare(`INSERT INTO "LedgerLine" (entryId, number, account, minor, currency) VALUES (?, ?, ?, ?, 'USD')`);
  return (key, { kind, ref, at, lines }) => {
    const id = `led_${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
    entry.run(id, key, kind, kind, ...ref, at);
    lines.forEach(([account, minor], i) => line.run(id, i + 1, account, minor));
  };
}

const usd = (minor: number) => ({ minor, currency: 'USD' });
const EVIDENCE = JSON.stringify({
  opportunityVersion: 1, sourceName: 'Supplier', offerExternalId: '1', offerUrl: 'https://supplier.example/1', orderedBy: 'checkout', terms: { total: usd(6_000) }, condition: 'new', brand: null, category: 'toys',
  expected: { profit: usd(800), salePrice: usd(2_500), unitCost: usd(1_000) }, roiBp: 8_000, lossChanceBp: 500, confidenceBp: 8_000, fees: null, daysToSell: 14,
});

function buy(db: BetterSqlite3.Database, now: number): void {
  const product = db.prepare(`INSERT INTO "Product" (id, title, category, weightG, attributes, createdAt, updatedAt) VALUES (?, ?, 'toys', 400, '{}', ?, ?)`);
  const approval = db.prepare(`INSERT INTO "Approval" (id, opportunityId, quantity, maxUnitMinor, maxTotalMinor, currency, evidence, evidenceSha256, approvedBy, approvedAt, expiresAt) VALUES (?, ?, ?, 1200, 7200, 'USD', ?, 'x', 'owner', ?, ?)`);
  const purchase = db.prepare(`INSERT INTO "Purchase" (id, approvalId, opportunityId, offerId, productId, sourceId, category, connector, title, state, quantity, unitsPerOffer, unitMinor, shippingMinor, taxMinor, totalMinor, currency, homeTotalMinor, homeCurrency, idempotencyKey, externalId, createdAt, updatedAt, confirmedAt, receivedAt)
    VALUES (?, ?, ?, ?, ?, 'src_1', 'toys', 'woocommerce', ?, 'received', ?, 1, 1000, 0, 0, ?, 'USD', ?, 'USD', ?, ?, ?, ?, ?, ?)`);
  const lot = db.prepare(`INSERT INTO "StockLot" (id, sku, productId, purchaseId, title, condition, location, state, unitCostMinor, totalCostMinor, currency, quantity, onHand, estimate, createdAt, receivedAt) VALUES (?, ?, ?, ?, ?, 'new', ?, 'on-hand', 1000, ?, 'USD', ?, ?, ?, ?, ?)`);
  const movement = db.prepare('INSERT INTO "StockMovement" (id, lotId, kind, quantity, ref, at) VALUES (?, ?, ?, ?, ?, ?)');
  const listing = db.prepare(`INSERT INTO "Listing" (id, sku, lotId, productId, channel, title, description, condition, priceMinor, floorMinor, currency, quantity, state, externalOfferId, externalId, idempotencyKey, createdAt, publishedAt, updatedAt) VALUES (?, ?, ?, ?, 'ebay-us', ?, '', 'new', 2500, 1500, 'USD', ?, 'active', ?, ?, ?, ?, ?, ?)`);
  const post = entryWriter(db);
  const estimate = JSON.stringify({ profit: { minor: 800, currency: 'USD' }, salePrice: { minor: 2_500, currency: 'USD' }, daysToSell: 14 });
  for (let n = 0; n < LOTS; n++) {
    const at = now - (LOTS - n) * 2 * HOUR_MS;
    const [title, total] = [`${TITLES[n % TITLES.length]!} ${n}`, UNITS * 1_000];
    product.run(idOf('prd', n), title, at, at);
    approval.run(idOf('apr', n), idOf('opp', n), UNITS, EVIDENCE, at, at + 2 * DAY_MS);
    purchase.run(idOf('pur', n), idOf('apr', n), idOf('opp', n), idOf('off', n), idOf('prd', n), title, UNITS, total, total, `buy-${n}`, `W-${n}`, at, at, at, at + 2 * DAY_MS);
    lot.run(idOf('lot', n), `RD-${n}`, idOf('prd', n), idOf('pur', n), title, `A-${n % 40}`, total, UNITS, UNITS - ORDERS / LOTS, estimate, at, at + 2 * DAY_MS);
    movement.run(idOf('mov', n), idOf('lot', n), 'received', UNITS, idOf('pur', n), at + 2 * DAY_MS);
    listing.run(idOf('lst', n), `RD-${n}`, idOf('lot', n), idOf('prd', n), title, UNITS - ORDERS / LOTS, `O-${n}`, `L-${n}`, `list-${n}`, at, at, at);
    post(`buy-${n}`, { kind: 'purchase', ref: ['purchase', idOf('pur', n)], at, lines: [['assets:inventory', total], ['assets:cash', -total]] });
  }
}

function sell(db: BetterSqlite3.Database, now: number): void {
  const order = db.prepare(`INSERT INTO "Order" (id, channel, externalId, state, buyerName, buyerWords, currency, totalMinor, feesMinor, placedAt, modifiedAt, shippedAt, tracking, raw) VALUES (?, 'ebay-us', ?, ?, ?, '', 'USD', ?, 300, ?, ?, ?, ?, ?)`);
  const line = db.prepare('INSERT INTO "OrderLine" (id, orderId, externalId, listingId, lotId, sku, title, quantity, revenueMinor, feesMinor, costMinor, postageMinor, refundMinor, profitMinor, estimateMinor) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, 300, 1000, 400, 0, ?, 800)');
  const movement = db.prepare(`INSERT INTO "StockMovement" (id, lotId, kind, quantity, ref, at) VALUES (?, ?, 'sold', -1, ?, ?)`);
  const raw = JSON.stringify({ problems: [], feeKnown: true, fulfilment: 'fulfilled', payment: 'paid' });
  const post = entryWriter(db);
  for (let n = 0; n < ORDERS; n++) {
    const at = now - (ORDERS - n) * 20 * 60_000;
    const [lot, revenue] = [n % LOTS, 2_400 + (n % 200)];
    const shipped = n < ORDERS - 30;
    order.run(idOf('ord', n), `12-${String(n).padStart(8, '0')}`, shipped ? 'shipped' : 'paid', `Buyer ${n % 5_000}`, revenue, at, at, shipped ? at + HOUR_MS : null, shipped ? `94001${n}` : null, raw);
    line.run(idOf('oln', n), idOf('ord', n), `${n}:1`, idOf('lst', lot), idOf('lot', lot), `RD-${lot}`, `${TITLES[lot % TITLES.length]!} ${lot}`, revenue, revenue - 1_700);
    movement.run(idOf('mov', LOTS + n), idOf('lot', lot), `${n}:1`, at);
    post(`sale-${n}`, { kind: 'sale', ref: ['order', idOf('ord', n)], at, lines: [['assets:receivable:ebay-us', revenue - 300], ['expenses:fees:ebay-us', 300], ['income:sales', -revenue], ['expenses:cogs', 1_000], ['assets:inventory', -1_000], ['expenses:postage', 400], ['assets:cash', -400]] });
  }
}

function ask(db: BetterSqlite3.Database, now: number): void {
  const customer = db.prepare(`INSERT INTO "Customer" (id, name, words, createdAt, updatedAt) VALUES (?, ?, '', ?, ?)`);
  const ticket = db.prepare(`INSERT INTO "Ticket" (id, state, channel, recipient, handleMark, customerId, orderId, subject, words, intent, language, confidenceBp, urgency, dueAt, openedAt, lastInAt, updatedAt, lastOutAt) VALUES (?, ?, 'ebay', ?, ?, ?, ?, 'Where is it?', '', 'shipping', 'en', 8000, 2, ?, ?, ?, ?, ?)`);
  const message = db.prepare(`INSERT INTO "TicketMessage" (id, ticketId, channel, direction, state, author, text, createdAt, sentAt) VALUES (?, ?, 'ebay', ?, ?, ?, ?, ?, ?)`);
  for (let n = 0; n < TICKETS; n++) {
    const at = now - (TICKETS - n) * HOUR_MS;
    const owed = n % 2 === 0;
    customer.run(idOf('cus', n), `Buyer ${n}`, at, at);
    ticket.run(idOf('tkt', n), owed ? 'waiting-for-us' : 'waiting-for-customer', `buyer_${n}`, `mark-${n}`, idOf('cus', n), idOf('ord', ORDERS - TICKETS + n), owed ? at + DAY_MS : null, at, at, at, owed ? null : at + HOUR_MS);
    message.run(idOf('tms', 2 * n), idOf('tkt', n), 'in', 'received', 'customer', 'Hello, where is my order? The tracking has not moved for three days.', at, at);
    message.run(idOf('tms', 2 * n + 1), idOf('tkt', n), 'out', owed ? 'draft' : 'sent', owed ? 'desk' : 'person', 'It was handed to the carrier on Monday and should reach you by Friday.', at + HOUR_MS, owed ? null : at + HOUR_MS);
  }
}

/** The newest 40 are on their way. */
function request(db: BetterSqlite3.Database, now: number): void {
  const order = db.prepare(`INSERT INTO "PurchaseOrder" (id, number, state, supplierKey, supplier, contact, currency, note, by, createdAt, updatedAt, sentAt, expectedAt, endedAt) VALUES (?, ?, ?, ?, ?, '', 'USD', '', 'owner', ?, ?, ?, ?, ?)`);
  const line = db.prepare(`INSERT INTO "PurchaseOrderLine" (id, orderId, number, productId, title, condition, units, unitMinor, good) VALUES (?, ?, ?, ?, ?, 'new', 12, 900, ?)`);
  for (let n = 0; n < REQUESTS; n++) {
    const at = now - (REQUESTS - n) * 10 * HOUR_MS;
    const arrived = n < REQUESTS - 40;
    order.run(idOf('po', n), `PO-${new Date(at).getUTCFullYear()}-${String(n + 1).padStart(4, '0')}`, arrived ? 'received' : 'sent', `supplier ${n % 12}`, `Supplier ${n % 12}`, at, at, at, at + 7 * DAY_MS, arrived ? at + 8 * DAY_MS : null);
    for (let k = 0; k < 3; k++) {
      const lot = (n * 3 + k) % LOTS;
      line.run(idOf('pol', n * 3 + k), idOf('po', n), k + 1, idOf('prd', lot), `${TITLES[lot % TITLES.length]!} ${lot}`, arrived ? 12 : 0);
    }
  }
}
