import type { z } from 'zod';
import type { todayItem, todayView } from '#contract/system.ts';
import { reasonSchema, type Reason } from '#contract/shared.ts';
import { money, type Money } from '#kernel/money.ts';
import { DAY_MS, HOUR_MS, startOfUtcDay, utcDay, type Instant } from '#kernel/time.ts';
import { numbered } from '#runtime/numbered-sql.ts';
import type { EngineContext } from '#runtime/ports.ts';
import { CASH, INVENTORY } from '#engine/ledger/index.ts';
import { WAREHOUSE_PLACES } from '#engine/listings/index.ts';
import { BUSINESS, homeSum, LIMITS, readSetting } from '#engine/settings/index.ts';
import { readDrifting, type DriftingSource } from '#engine/sources/index.ts';

export interface ReportingDeps {
  readonly ctx: EngineContext;
}

type TodayItem = z.infer<typeof todayItem>;
type TodayView = z.infer<typeof todayView>;

/** How many of one kind Today lists; the counts say how many there are. */
const LISTED = 8;
/** And how many a person can be told of. */
const MOST_WAITING = 200;
const PROFIT_DAYS = 30;

interface ItemRow {
  id: string;
  title: string;
  reason: string | null;
  minor: number | null;
  currency: string | null;
  at: number;
}

function reasonOf(text: string | null): Reason | null {
  if (text === null) return null;
  try {
    return reasonSchema.parse(JSON.parse(text));
  } catch {
    return { code: 'message', data: { text } };
  }
}

/** As the list of talks marks them: asked for a person, agreed and not bought, or with a text that waits to be let go. */
const NEEDS_PERSON = `(n.state = 'needs-person' OR (n.state = 'agreed' AND n.purchaseId IS NULL)
  OR (n.state IN ('drafted', 'awaiting-reply', 'deciding', 'taken-over') AND EXISTS (SELECT 1 FROM "NegotiationMessage" m WHERE m.negotiationId = n.id AND m.state IN ('draft', 'by-hand'))))`;
const OPEN_TALKS = `n.state IN ('needs-person', 'agreed', 'drafted', 'awaiting-reply', 'deciding', 'taken-over')`;
/** Orders that wait and that more was sold of than there was. */
const OVERSOLD = `EXISTS (SELECT 1 FROM json_each(o.raw, '$.problems') p WHERE p.value->>'$.code' = 'order.oversold')`;
/** Not sent by the channel itself, and not being given up. */
const OURS_TO_SEND = `coalesce(o.raw->>'$.sentByChannel', 0) = 0 AND coalesce(o.raw->>'$.cancelling', 0) = 0 AND coalesce(o.raw->>'$.byHand.what', '') <> 'cancel'`;
/** A return that waits for the seller, and one whose goods nobody has looked at since the money went back. The text is looked at first: most orders have none. */
const RETURNS = `o.raw LIKE '%"return":{%' AND ((o.raw->>'$.return.state' NOT IN ('closed', 'escalated') AND json_array_length(o.raw, '$.return.ways') > 0 AND o.raw->>'$.return.answering' IS NULL AND o.raw->>'$.return.respondBy' IS NOT NULL)
  OR (o.state = 'refunded' AND o.shippedAt IS NOT NULL AND o.raw->>'$.inspected.at' IS NULL AND coalesce(o.raw->>'$.sentByChannel', 0) = 0
    AND EXISTS (SELECT 1 FROM "OrderLine" l WHERE l.orderId = o.id AND l.lotId IS NOT NULL AND l.costMinor IS NOT NULL)))`;
/** Claims that the seller has to answer, or may object to, by the order's problems; what may be objected to only until it no longer may. ?2 is now. */
const CLAIM = `FROM json_each(o.raw, '$.problems') p WHERE (p.value->>'$.code' IN ('order.claim', 'order.claim-open', 'order.claim-at', 'order.claim-at-open', 'order.claim-inquiry', 'order.claim-inquiry-open', 'order.claim-case', 'order.claim-case-open') OR (p.value->>'$.code' IN ('order.claim-taken', 'order.claim-taken-assumed') AND p.value->>'$.data.endsAt' > ?2))`;
/** What a person said to have done on a channel's page, and the channel has not shown in time. */
const UNSEEN = `o.raw LIKE '%"byHand":{%' AND EXISTS (SELECT 1 FROM json_each(o.raw, '$.problems') p WHERE p.value->>'$.code' = 'order.' || (o.raw->>'$.byHand.what') || '-unseen')`;
/** A lot in a channel's warehouse of which the channel counts another number than the books; not where something moved shortly before the count, which either may not have heard of. */
const COUNTED = `(s.value->>'$.sellable') + (s.value->>'$.reserved') + (s.value->>'$.inbound') + (s.value->>'$.unsellable')`;
const MISCOUNTED = `s.key >= 'warehouse-count.' AND s.key < 'warehouse-count/' AND l.state = 'on-hand' AND l.location IN (${WAREHOUSE_PLACES.map((place) => `'${place}'`).join(', ')}) AND ${COUNTED} <> l.onHand
  AND NOT EXISTS (SELECT 1 FROM "StockMovement" m WHERE m.lotId = l.id AND m.at > (s.value->>'$.at') - ${6 * HOUR_MS})
  AND NOT EXISTS (SELECT 1 FROM "InboundShipmentLine" i JOIN "InboundShipment" h ON h.id = i.shipmentId WHERE i.lotId = l.id AND h.state IN ('sent', 'receiving', 'differs'))`;
/** A source that runs by itself counts as stale as it does under Sources: two turns, at least a day. ?2 is now. */
const STALE = `s.enabled = 1 AND s.intervalMs IS NOT NULL AND s.lastError IS NULL AND s.lastSuccessAt < ?2 - max(2 * s.intervalMs, ${DAY_MS})`;
/** A last run that failed, of a source that a person wants read; why is told by the class of its error. */
const FAILING = `s.enabled = 1 AND s.lastError IS NOT NULL`;
/** A last run that could not read every tenth thing that it met. */
const REJECTING = `s.removedAt IS NULL AND s.lastError IS NULL AND r.rejected * 10 > r.seen + r.rejected`;

/** The newest run of a source that ended well, as `r`. */
const LAST_RUN = `JOIN "ScanRun" r ON r.id = (SELECT id FROM "ScanRun" l WHERE l.sourceId = s.id AND l.state = 'done' ORDER BY l.startedAt DESC LIMIT 1)`;
/** Sources that need a person, beside those whose fields vanished. */
const TROUBLED = `SELECT s.id FROM "Source" s WHERE (${FAILING}) OR (${STALE}) UNION SELECT s.id FROM "Source" s ${LAST_RUN} WHERE ${REJECTING}`;

/** What waits for a person, in the order of what waiting costs: money that stopped, goods promised to a buyer, orders to place before their approval runs out, goods that arrived, chances, sources. ?1 is a week ago, ?3 how many of a kind. */
const QUERIES: readonly { readonly kind: TodayItem['kind']; readonly sql: string }[] = [
  { kind: 'purchase-stopped', sql: `SELECT id, title, stopReason AS reason, totalMinor AS minor, currency, updatedAt AS at FROM "Purchase" WHERE state = 'stopped' ORDER BY updatedAt LIMIT ?3` },
  { kind: 'oversold', sql: `SELECT o.id, coalesce((SELECT title FROM "OrderLine" l WHERE l.orderId = o.id LIMIT 1), o.externalId) AS title,
      (SELECT p.value FROM json_each(o.raw, '$.problems') p WHERE p.value->>'$.code' = 'order.oversold' LIMIT 1) AS reason, o.totalMinor AS minor, o.currency, o.placedAt AS at FROM "Order" o WHERE o.state = 'paid' AND ${OVERSOLD} ORDER BY o.placedAt LIMIT ?3` },
  { kind: 'order-unreadable', sql: `SELECT substr(s.key, 15) || ':' || u.key AS id, coalesce(u.value->>'$.orderId', substr(s.key, 15)) AS title, json_object('code', 'order.unreadable', 'data', json_object('channel', substr(s.key, 15), 'reason', u.value->>'$.reason')) AS reason,
      NULL AS minor, NULL AS currency, u.value->>'$.at' AS at FROM "Setting" s, json_each(s.value, '$.unreadable') u WHERE s.key LIKE 'orders-cursor.%' ORDER BY at LIMIT ?3` },
  { kind: 'ship', sql: `SELECT o.id, coalesce((SELECT title FROM "OrderLine" l WHERE l.orderId = o.id LIMIT 1), o.externalId) AS title, NULL AS reason, o.totalMinor AS minor, o.currency, o.placedAt AS at FROM "Order" o WHERE o.state = 'paid' AND NOT ${OVERSOLD} AND ${OURS_TO_SEND} ORDER BY o.placedAt LIMIT ?3` },
  { kind: 'claim', sql: `SELECT o.id, coalesce((SELECT title FROM "OrderLine" l WHERE l.orderId = o.id LIMIT 1), o.externalId) AS title, (SELECT p.value ${CLAIM} LIMIT 1) AS reason, o.totalMinor AS minor, o.currency,
      coalesce((SELECT p.value->>'$.data.endsAt' ${CLAIM} LIMIT 1), o.modifiedAt) AS at FROM "Order" o WHERE o.raw LIKE '%"order.claim%' AND EXISTS (SELECT 1 ${CLAIM}) ORDER BY at LIMIT ?3` },
  { kind: 'customer-return', sql: `SELECT o.id, coalesce((SELECT title FROM "OrderLine" l WHERE l.orderId = o.id LIMIT 1), o.externalId) AS title,
      CASE WHEN o.state = 'refunded' THEN json_object('code', 'order.return-inspect', 'data', json_object()) ELSE json_object('code', 'order.return-waits', 'data', json_object('endsAt', o.raw->>'$.return.respondBy')) END AS reason,
      o.totalMinor AS minor, o.currency, coalesce(o.raw->>'$.return.respondBy', o.modifiedAt) AS at FROM "Order" o WHERE ${RETURNS} ORDER BY o.state = 'refunded', at LIMIT ?3` },
  { kind: 'not-shown', sql: `SELECT o.id, coalesce((SELECT title FROM "OrderLine" l WHERE l.orderId = o.id LIMIT 1), o.externalId) AS title,
      json_object('code', 'order.' || (o.raw->>'$.byHand.what') || '-unseen', 'data', json_object('channel', o.channel)) AS reason, coalesce(o.raw->>'$.byHand.amount.minor', o.totalMinor) AS minor, o.currency, o.raw->>'$.byHand.at' AS at FROM "Order" o WHERE ${UNSEEN} ORDER BY at LIMIT ?3` },
  { kind: 'warehouse-differs', sql: `SELECT l.id, l.title, json_object('code', 'stock.warehouse-differs', 'data', json_object('counted', ${COUNTED}, 'booked', l.onHand)) AS reason, abs(${COUNTED} - l.onHand) * l.unitCostMinor AS minor, l.currency, s.value->>'$.at' AS at
      FROM "Setting" s JOIN "StockLot" l ON l.id = substr(s.key, 17) WHERE ${MISCOUNTED} ORDER BY minor DESC LIMIT ?3` },
  // what goes to a channel's warehouse and waits for a person: boxes, costs, the carrier, a stop, a difference
  { kind: 'inbound', sql: `SELECT id, number AS title, coalesce(stopReason, json_object('code', 'stock' || '.inbound-' || state, 'data', json_object())) AS reason, NULL AS minor, NULL AS currency, updatedAt AS at FROM "InboundShipment"
      WHERE state IN ('stopped', 'differs', 'choosing', 'packing', 'ready') ORDER BY state = 'stopped' DESC, updatedAt LIMIT ?3` },
  { kind: 'approve-second', sql: `SELECT p.id, p.title, NULL AS reason, a.maxTotalMinor AS minor, a.currency, p.updatedAt AS at FROM "Purchase" p JOIN "Approval" a ON a.id = p.approvalId WHERE p.state = 'awaiting-second' ORDER BY a.expiresAt LIMIT ?3` },
  // names are sealed: a ticket is called after what was bought
  { kind: 'ticket', sql: `SELECT k.id, coalesce((SELECT title FROM "OrderLine" l WHERE l.orderId = k.orderId LIMIT 1), k.channel) AS title, k.handOff AS reason, NULL AS minor, NULL AS currency, coalesce(k.dueAt, k.lastInAt) AS at FROM "Ticket" k WHERE k.state IN ('waiting-for-us', 'escalated') ORDER BY k.state, k.dueAt LIMIT ?3` },
  // what was written to a buyer and nobody knows to have arrived, until a person says so; what was not taken, for a week
  { kind: 'buyer-message', sql: `SELECT o.id, coalesce((SELECT title FROM "OrderLine" l WHERE l.orderId = o.id LIMIT 1), o.externalId) AS title, json_object('code', 'order.message-' || w.state, 'data', json_object('message', coalesce(w.error, ''))) AS reason,
      NULL AS minor, NULL AS currency, w.createdAt AS at FROM "OrderMessage" w JOIN "Order" o ON o.id = w.orderId WHERE w.state = 'unknown' OR (w.state = 'failed' AND w.error IS NOT NULL AND w.createdAt > ?1) ORDER BY w.state DESC, w.createdAt LIMIT ?3` },
  { kind: 'talk', sql: `SELECT n.id, n.title, n.endReason AS reason, n.agreedMinor AS minor, n.currency, n.updatedAt AS at FROM "Negotiation" n WHERE ${OPEN_TALKS} AND ${NEEDS_PERSON} ORDER BY n.updatedAt LIMIT ?3` },
  { kind: 'order-by-hand', sql: `SELECT p.id, p.title, p.stopReason AS reason, a.maxTotalMinor AS minor, a.currency, p.updatedAt AS at FROM "Purchase" p JOIN "Approval" a ON a.id = p.approvalId WHERE p.state = 'ordering-by-hand' ORDER BY a.expiresAt LIMIT ?3` },
  { kind: 'listing-stopped', sql: `SELECT id, title, stopReason AS reason, priceMinor * quantity AS minor, currency, updatedAt AS at FROM "Listing" WHERE state = 'stopped' ORDER BY updatedAt LIMIT ?3` },
  { kind: 'job-failed', sql: `SELECT id, kind AS title, json_object('code', 'message', 'data', json_object('text', coalesce(lastError, ''))) AS reason, NULL AS minor, NULL AS currency, coalesce(finishedAt, createdAt) AS at FROM "Job" WHERE state = 'failed' AND createdAt > ?1 ORDER BY createdAt DESC LIMIT ?3` },
  { kind: 'receive', sql: `SELECT id, title, NULL AS reason, homeTotalMinor AS minor, homeCurrency AS currency, confirmedAt AS at FROM "Purchase" WHERE state = 'confirmed' ORDER BY confirmedAt LIMIT ?3` },
  // what came damaged or wrong, or is still unsold, while it can be sent back for three days more
  { kind: 'return-ends', sql: `SELECT p.id, p.title, json_object('code', 'purchase.return-ends', 'data', json_object('endsAt', p.returnUntil)) AS reason, p.homeTotalMinor AS minor, p.homeCurrency AS currency, p.receivedAt AS at FROM "Purchase" p
      WHERE p.returnUntil > ?2 AND p.returnUntil <= ?2 + ${3 * DAY_MS} AND NOT EXISTS (SELECT 1 FROM "PurchaseEvent" e WHERE e.purchaseId = p.id AND e.kind = 'sent-back') AND (EXISTS (SELECT 1 FROM "StockLot" l WHERE l.purchaseId = p.id AND l.onHand > 0) OR EXISTS (SELECT 1 FROM "PurchaseArrival" a WHERE a.purchaseId = p.id AND a.damaged + a.wrong > 0)) ORDER BY p.returnUntil LIMIT ?3` },
  { kind: 'alert', sql: `SELECT m.viewId AS id, v.name AS title, json_object('code', 'alert.matches', 'data', json_object('count', count(*))) AS reason, NULL AS minor, NULL AS currency, max(m.matchedAt) AS at
      FROM "AlertMatch" m JOIN "SavedView" v ON v.id = m.viewId WHERE m.seenAt IS NULL GROUP BY m.viewId ORDER BY at DESC LIMIT ?3` },
  { kind: 'watch', sql: `SELECT w.id, w.title, a.reason, w.priceMinor AS minor, w.currency, max(a.at) AS at FROM "WatchAlert" a JOIN "Watch" w ON w.id = a.watchId WHERE a.seenAt IS NULL GROUP BY w.id ORDER BY at DESC LIMIT ?3` },
  { kind: 'approve', sql: `SELECT id, title, NULL AS reason, profitMinor * quantity AS minor, currency, seenAt AS at FROM "Opportunity" WHERE state = 'open' AND decision = 'purchase' ORDER BY cashDayMinor DESC LIMIT ?3` },
  { kind: 'source-failing', sql: `SELECT s.id, s.name AS title, json_object('code', CASE s.errorKind WHEN 'SessionLost' THEN 'source.failed-session' WHEN 'Rejected' THEN 'source.failed-refused' WHEN 'Throttled' THEN 'source.failed-throttled' ELSE 'source.failed' END,
      'data', json_object('message', s.lastError)) AS reason, NULL AS minor, NULL AS currency, coalesce(s.failedAt, s.createdAt) AS at FROM "Source" s WHERE ${FAILING} ORDER BY at, s.id LIMIT ?3` },
  { kind: 'identify', sql: `SELECT i.id, o.title, json_object('code', 'identify.same', 'data', json_object('product', p.title, 'probabilityBp', i.probabilityBp)) AS reason, NULL AS minor, NULL AS currency, i.askedAt AS at
      FROM "IdentityPair" i JOIN "Offer" o ON o.id = i.offerId JOIN "Product" p ON p.id = i.productId WHERE i.state = 'open' ORDER BY i.probabilityBp DESC, i.id LIMIT 3` },
  { kind: 'source-stale', sql: `SELECT s.id, s.name AS title, NULL AS reason, NULL AS minor, NULL AS currency, s.lastSuccessAt AS at FROM "Source" s WHERE ${STALE} ORDER BY at, s.id LIMIT ?3` },
  { kind: 'source-rejects', sql: `SELECT s.id, s.name AS title, json_object('code', 'source.rejects', 'data', json_object('rejected', r.rejected, 'of', r.seen + r.rejected)) AS reason, NULL AS minor, NULL AS currency, r.startedAt AS at
      FROM "Source" s ${LAST_RUN} WHERE ${REJECTING} ORDER BY r.rejected DESC, s.id LIMIT ?3` },
];

function driftItem({ id, name, at, drift }: DriftingSource): TodayItem {
  const { field, beforeBp, nowBp } = drift[0]!;
  return { kind: 'source-drifting', id, title: name, reason: { code: 'source.drifting', data: { field, beforeBp, nowBp, count: drift.length } }, amount: null, at };
}

/** Fields that vanished are why much of a source cannot be read: said once. */
async function itemsOf(ctx: EngineContext, { now, most, drifting }: { readonly now: Instant; readonly most: number; readonly drifting: readonly DriftingSource[] }): Promise<TodayItem[]> {
  const drifted = new Set(drifting.map(({ id }) => id));
  const lists = await Promise.all(QUERIES.map(async ({ kind, sql }) => {
    const [text, ...values] = numbered(sql, now - 7 * DAY_MS, now, most);
    const rows = await ctx.db.read<ItemRow>(text, values as number[]);
    return rows.map((r): TodayItem => ({ kind, id: r.id, title: r.title, reason: reasonOf(r.reason && ctx.seal.open('Ticket.handOff', r.reason)), amount: r.minor === null || r.currency === null ? null : money(r.minor, r.currency), at: r.at }));
  }));
  return QUERIES.flatMap(({ kind }, n) => {
    const items = lists[n]!;
    if (kind === 'source-failing') return [...items, ...drifting.slice(0, most).map(driftItem)];
    return kind === 'source-rejects' ? items.filter(({ id }) => !drifted.has(id)) : items;
  });
}

/** How many sources need a person. */
async function countTroubled(ctx: EngineContext, now: Instant, drifting: readonly DriftingSource[]): Promise<number> {
  const [text, ...values] = numbered(TROUBLED, now - 7 * DAY_MS, now);
  const rows = await ctx.db.read<{ id: string }>(text, values as number[]);
  return new Set([...rows, ...drifting].map(({ id }) => id)).size;
}

interface Counts {
  openOpportunities: number;
  stoppedPurchases: number;
  toOrder: number;
  toReceive: number;
  toShip: number;
  alertMatches: number;
  toIdentify: number;
  toApprove: number;
  talks: number;
  tickets: number;
}

const COUNTS = `SELECT
  (SELECT count(*) FROM (SELECT 1 FROM "Opportunity" WHERE state = 'open' AND decision = 'purchase' LIMIT 10000)) AS openOpportunities,
  (SELECT count(*) FROM "Purchase" WHERE state = 'stopped') AS stoppedPurchases,
  (SELECT count(*) FROM "Purchase" WHERE state = 'ordering-by-hand') AS toOrder,
  (SELECT count(*) FROM "Purchase" WHERE state = 'confirmed') AS toReceive,
  (SELECT count(*) FROM "Order" o WHERE o.state = 'paid' AND ${OURS_TO_SEND}) AS toShip,
  (SELECT count(*) FROM "AlertMatch" WHERE seenAt IS NULL) AS alertMatches,
  (SELECT count(*) FROM "IdentityPair" WHERE state = 'open') AS toIdentify,
  (SELECT count(*) FROM "Purchase" WHERE state IN ('awaiting-second', 'stopped')) AS toApprove,
  (SELECT count(*) FROM "Negotiation" n WHERE ${OPEN_TALKS} AND ${NEEDS_PERSON}) AS talks,
  (SELECT count(*) FROM "Ticket" WHERE state IN ('waiting-for-us', 'escalated')) AS tickets`;

async function moneyOf(ctx: EngineContext, now: Instant): Promise<TodayView['money']> {
  const business = (await readSetting(ctx.db, BUSINESS)).value;
  const home = business.homeCurrency;
  const limits = (await readSetting(ctx.db, LIMITS)).value;
  const amount = (minor: number | null | undefined): Money => money(minor ?? 0, home);
  const today = startOfUtcDay(now);
  const from = today - (PROFIT_DAYS - 1) * DAY_MS;
  const without = new Set<string>();
  // at today's rates: channels owe and pay in their own currencies
  const valued = (rows: readonly { currency: string; minor: number }[]): Money => {
    const { sum, without: missing } = homeSum(business, rows.map((row) => money(row.minor, row.currency)));
    for (const currency of missing) without.add(currency);
    return sum;
  };
  const balances = await ctx.db.read<{ account: string; currency: string; minor: number }>(
    `SELECT account, currency, sum(minor) AS minor FROM "LedgerLine" WHERE account IN (?, ?) OR account LIKE 'assets:receivable:%' GROUP BY account, currency`, [CASH, INVENTORY],
  );
  const balance = (match: (account: string) => boolean) => valued(balances.filter((b) => match(b.account)));
  const [spent] = await ctx.db.read<{ minor: number | null }>(`SELECT sum(coalesce(homeTotalMinor, 0)) AS minor FROM "Purchase" WHERE confirmedAt >= ?`, [today]);
  // income is booked as credit (below zero): profit is what income and expenses leave
  const rows = await ctx.db.read<{ day: number; currency: string; revenue: number; profit: number }>(
    `SELECT (e.at / 86400000) * 86400000 AS day, l.currency, -sum(CASE WHEN l.account = 'income:sales' THEN l.minor ELSE 0 END) AS revenue, -sum(l.minor) AS profit
       FROM "LedgerEntry" e JOIN "LedgerLine" l ON l.entryId = e.id
      WHERE e.at >= ? AND (l.account LIKE 'income:%' OR l.account LIKE 'expenses:%') GROUP BY day, l.currency`, [from],
  );
  const days = [...Map.groupBy(rows, (row) => row.day)].map(([day, of]) => ({
    day, revenue: valued(of.map((row) => ({ currency: row.currency, minor: row.revenue }))).minor, profit: valued(of.map((row) => ({ currency: row.currency, minor: row.profit }))).minor,
  }));
  const byDay = new Map(days.map((d) => [utcDay(d.day), d]));
  return {
    currency: home, cash: balance((a) => a === CASH), stockAtCost: balance((a) => a === INVENTORY), owedByChannels: balance((a) => a.startsWith('assets:receivable:')), spentToday: amount(spent?.minor),
    dayLimit: limits.perDay, revenue30: amount(days.reduce((t, d) => t + d.revenue, 0)), profit30: amount(days.reduce((t, d) => t + d.profit, 0)),
    profitByDay: Array.from({ length: PROFIT_DAYS }, (_, i) => utcDay(from + i * DAY_MS)).map((day) => ({ day, profit: amount(byDay.get(day)?.profit) })),
    ...(without.size > 0 ? { without: [...without].toSorted() } : {}),
  };
}

/** Everything that the first page shows, from the reader thread. */
export async function readToday(deps: ReportingDeps): Promise<TodayView> {
  const now = deps.ctx.clock.now();
  const drifting = await readDrifting(deps.ctx.db);
  const [items, counts, troubledSources, finances] = await Promise.all([itemsOf(deps.ctx, { now, most: LISTED, drifting }), deps.ctx.db.read<Counts>(COUNTS), countTroubled(deps.ctx, now, drifting), moneyOf(deps.ctx, now)]);
  return { items, counts: { ...counts[0]!, troubledSources }, money: finances };
}

/** All that waits for a person, beyond what Today has room for. */
export const readWaiting = async ({ ctx }: ReportingDeps): Promise<TodayItem[]> => itemsOf(ctx, { now: ctx.clock.now(), most: MOST_WAITING, drifting: await readDrifting(ctx.db) });
