import { ORPCError } from '@orpc/server';
import type { AlertView } from '#contract/alerts.ts';
import type { ApprovalSummary, OpportunityRow } from '#contract/opportunities.ts';
import type { OfferDifference, ScanRun } from '#contract/scans.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { FIXTURE_NOW, runOf } from './fixture-data.ts';

const usd = (minor: number) => ({ minor: Math.round(minor), currency: 'USD' });
const KINDS = ['cheaper', 'new', 'restocked', 'dearer', 'gone', 'other'] as const;

export function scanRuns(): ScanRun[] {
  return Array.from({ length: 40 }, (_, n) => ({
    ...runOf(n, n === 2 ? 'failed' : 'done'), changes: n === 39 ? null : n % 5 === 4 ? { new: 0, back: 0, gone: 0, cheaper: 0, dearer: 0, restocked: 0, 'sold-out': 0, other: 0 } : { new: 212, back: 4, gone: 61, cheaper: 38, dearer: 22, restocked: 9, 'sold-out': 14, other: 23 },
  }));
}

export function offerDifferences(rows: readonly OpportunityRow[]): OfferDifference[] {
  return rows.slice(0, 400).map((row, n) => {
    const kind = KINDS[n % KINDS.length]!;
    const before = row.unitCost;
    const share = kind === 'cheaper' ? 0.84 : kind === 'dearer' ? 1.12 : 1;
    return {
      offerId: `off_${n}`, title: row.title, url: 'https://shop.example/p/1', kind, before: kind === 'new' ? null : before, after: kind === 'gone' ? null : usd(before.minor * share),
      stockBefore: kind === 'restocked' ? 0 : 6, stockAfter: kind === 'gone' ? null : 12, opportunityId: n % 2 ? row.id : null, at: FIXTURE_NOW - 40 * 60_000,
    };
  });
}

/** A quarter of a year that wanders; every ninth product has no history. */
export function sparkline(id: string): { id: string; value: (number | null)[] } | null {
  if (id.endsWith('9')) return null;
  const random = seededRandom(id);
  let price = 4_000;
  return { id, value: Array.from({ length: 30 }, (_, n) => { price += Math.round(random.normal() * 90); return n === 12 ? null : price; }) };
}

export function ownTrades() {
  return [
    { kind: 'bought' as const, at: FIXTURE_NOW - 160 * DAY_MS, units: 6, price: usd(2_410), refId: 'pur_000003' }, { kind: 'sold' as const, at: FIXTURE_NOW - 120 * DAY_MS, units: 1, price: usd(4_350), refId: 'ord_000001' },
    { kind: 'sold' as const, at: FIXTURE_NOW - 40 * DAY_MS, units: 2, price: usd(4_190), refId: 'ord_000002' }, { kind: 'bought' as const, at: FIXTURE_NOW - 20 * DAY_MS, units: 4, price: usd(2_380), refId: 'pur_000004' },
  ];
}

export function summaryOf(rows: readonly OpportunityRow[]): ApprovalSummary {
  const items = rows.map((row, n): ApprovalSummary['items'][number] => {
    const total = usd(row.unitCost.minor * row.quantity);
    return {
      id: row.id, version: row.version, title: row.title, quantity: row.quantity, total, home: total, profit: usd(row.profit.minor * row.quantity), byHand: n % 3 === 1,
      blockedBy: row.lossChanceBp >= 5_000 ? [{ code: 'limit.loss-chance', data: { limitBp: 2_500, lossChanceBp: row.lossChanceBp } }] : [], beyond: n === 3 ? [{ code: 'limit.per-day', data: { limit: usd(250_000), spent: usd(194_600), total } }] : [],
    };
  });
  const fine = items.filter((item) => item.blockedBy.length + item.beyond.length === 0);
  const sum = (of: (item: ApprovalSummary['items'][number]) => number) => usd(fine.reduce((total, item) => total + of(item), 0));
  return { items, sum: sum((i) => i.total.minor), profit: sum((i) => i.profit.minor), approvable: fine.length, spentToday: usd(12_400), dayLimit: usd(250_000), cash: usd(514_350), cashReserve: usd(20_000) };
}

/** What is asked on two markets that answered and one that did not. */
export function asksOf(row: OpportunityRow) {
  const ask = (n: number, share: number) => ({ listingId: `ask_${n}`, url: 'https://www.ebay.com/itm/1', title: `${row.title} ${n % 2 ? 'sealed' : ''}`.trim(), price: usd(row.salePrice.minor * share), shipping: n % 3 === 0 ? usd(0) : n % 3 === 1 ? usd(599) : null, condition: n % 4 ? 'new' : 'used', sale: 'fixed' as const, sellerName: `seller-${n}`, sellerFeedback: n % 3 === 2 ? null : { positiveBp: n === 1 ? 8_730 : 9_910, score: 1_204 + n, isPoor: n === 1 } });
  return { markets: [
    { market: 'ebay-us', query: '4006381333931', byCode: true, total: 64, unread: 1, error: null, at: FIXTURE_NOW, asks: [0.88, 0.94, 0.97, 1.02, 1.05, 1.11, 1.2].map((share, n) => ask(n, share)) },
    { market: 'reverb', query: row.title, byCode: false, total: 0, unread: 0, error: null, at: FIXTURE_NOW, asks: [] },
    { market: 'bookscouter', query: '4006381333931', byCode: true, total: null, unread: 0, error: 'the market answered 503', at: FIXTURE_NOW, asks: [] },
  ] };
}

const change = (n: number, title: string, floor: number, after: number, price: number) => ({ id: `lst_00000${n}`, version: 1, title, sku: `RD-00000${n}`, floorBefore: usd(floor), floorAfter: usd(after), priceBefore: usd(price), priceAfter: usd(Math.max(after, price)) });

export function feesPreview(empty: boolean) {
  return {
    cards: [{ channel: 'amazon-us', version: 'amazon-us-2026@3', effectiveFrom: '2026-01-15', source: 'public repository, checked by its authors against the vendor’s page on 2026-08-21', retrievedAt: '2026-11-21', confidence: 'medium' as const }, { channel: 'ebay-us', version: 'ebay-us-2026@2', effectiveFrom: '2026-02-14', source: 'third-party transcription, 2026-08-21', retrievedAt: '2026-11-21', confidence: 'low' as const }], opportunities: empty ? [] : [{ card: 'ebay-us-2026@2', count: 5_980, current: true }, { card: 'ebay-us-2025@1', count: 70, current: false }],
    checked: empty ? 0 : 212, listings: empty ? [] : [change(0, 'Makita Cordless drill driver 18 V', 6_410, 6_585, 7_990), change(1, 'Faber-Castell Colour pencils, tin of 48', 2_905, 2_990, 2_950)], unpriced: [], last: empty ? null : { id: 'evt_0', at: FIXTURE_NOW - 26 * DAY_MS, listings: 18 },
  };
}

const at = (hours: number) => FIXTURE_NOW - hours * HOUR_MS;

/** What else waits: orders that cannot be kept or read, sources that need care, questions, and new matches of saved views. */
export function careItems(alerts: readonly AlertView[]) {
  return [
    { kind: 'oversold' as const, id: 'ord_000004', title: 'Tefal Non-stick frying pan 28 cm', reason: { code: 'order.oversold', data: { sku: 'RD-000004', sold: 2, had: 1 } }, amount: usd(5_980), at: at(3) },
    { kind: 'order-unreadable' as const, id: 'ebay-us:0', title: '12-00451-88', reason: { code: 'order.unreadable', data: { channel: 'ebay-us', reason: 'total: expected an amount' } }, amount: null, at: at(4) },
    { kind: 'identify' as const, id: 'idp_1', title: 'Makita DHP482 perceuse + 2 batteries', reason: { code: 'identify.same', data: { product: 'Makita Cordless drill driver 18 V', probabilityBp: 7_200 } }, amount: null, at: at(6) },
    { kind: 'source-stale' as const, id: 'src_3', title: 'BrightBooks', reason: null, amount: null, at: at(60) },
    { kind: 'source-rejects' as const, id: 'src_0', title: 'Oran Tools', reason: { code: 'source.rejects', data: { rejected: 41, of: 310 } }, amount: null, at: at(2) },
    ...alerts.filter((a) => a.unseen > 0).map((a) => ({ kind: 'alert' as const, id: a.viewId, title: a.name, reason: { code: 'alert.matches', data: { count: a.unseen } }, amount: null, at: FIXTURE_NOW })),
  ];
}

/** Alerts of saved views, kept in memory. */
export class FixtureAlerts {
  readonly #alerts = new Map<string, AlertView>();
  readonly #view: (id: string) => { readonly name: string; readonly query: Record<string, unknown> } | undefined;

  constructor(view: (id: string) => { readonly name: string; readonly query: Record<string, unknown> } | undefined) {
    this.#view = view;
  }

  reset(): void { this.#alerts.clear(); }
  list(): AlertView[] { return [...this.#alerts.values()]; }

  set(viewId: string): AlertView {
    const view = this.#view(viewId);
    if (!view) throw new ORPCError('NOT_FOUND', { data: { kind: 'view', id: viewId }, defined: true, status: 404 });
    const alert = { viewId, name: view.name, query: view.query, unseen: 0, untold: 0, latestAt: null, checkedAt: FIXTURE_NOW - HOUR_MS };
    this.#alerts.set(viewId, alert);
    return alert;
  }

  remove(viewId: string): { viewId: string } { this.#alerts.delete(viewId); return { viewId }; }

  /** As if a scan had found `count` new matches for every alert. */
  match(count: number): void {
    for (const [id, alert] of this.#alerts) this.#alerts.set(id, { ...alert, unseen: alert.unseen + count, untold: alert.untold + count, latestAt: FIXTURE_NOW });
  }

  look(viewId: string): { seen: number } {
    const alert = this.#alerts.get(viewId);
    if (alert) this.#alerts.set(viewId, { ...alert, unseen: 0, untold: 0 });
    return { seen: alert?.unseen ?? 0 };
  }

  claim(titles: readonly string[]) {
    const told = this.list().filter((a) => a.untold > 0).map((a) => ({ viewId: a.viewId, name: a.name, query: a.query, count: a.untold, titles: titles.slice(0, 3) }));
    for (const { viewId } of told) this.#alerts.set(viewId, { ...this.#alerts.get(viewId)!, untold: 0 });
    return told;
  }
}
