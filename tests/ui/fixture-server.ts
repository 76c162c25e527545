import { identityQuestions } from './fixture-identity.ts';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { ORPCError, implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/node';
import type { z } from 'zod';
import { contract } from '#contract/index.ts';
import type { assistedCheckout } from '#contract/purchases.ts';
import type { OpportunityRow } from '#contract/opportunities.ts';
import type { LiveEvent } from '#contract/system.ts';
import * as ai from './fixture-assistant.ts';
import { RECEIPT_READING } from './fixture-receipt.ts';
import { approvalProcedures } from './fixture-approvals.ts';
import { orderMessageProcedures } from './fixture-order-messages.ts';
import { FACETS, hasAsked } from './fixture-facets.ts';
import { orderWaysOf } from './fixture-orders.ts';
import { negotiationProcedures } from './fixture-negotiations.ts';
import { paymentProcedures } from './fixture-payments.ts';
import { supportProcedures } from './fixture-support.ts';
import * as data from './fixture-data.ts';
import * as extra from './fixture-desk.ts';
import { FixturePriceLists } from './fixture-price-lists.ts';
import { homeCurrencyProcedures } from './fixture-home-currency.ts';
import { goodsProcedures } from './fixture-goods.ts';
import { repricingProcedures } from './fixture-repricing.ts';
import { purchaseOrderProcedures } from './fixture-purchase-orders.ts';
import { reorderProcedures } from './fixture-reorder.ts';
import { watchProcedures } from './fixture-watches.ts';
import { costProcedures } from './fixture-costs.ts';
import { chargeProcedures, noticeProcedures, taxProcedures } from './fixture-charges.ts';
import { inboundProcedures } from './fixture-inbound.ts';
import { reportProcedures } from './fixture-reports.ts';
import { stockCountProcedures } from './fixture-stock-counts.ts';

/** `full`: thousands of rows; `empty`: nothing yet; `failing`: lists answer with a server error; `slow`: lists answer after `SLOW_MS`; `hang`: they do not answer at all. */
export type FixtureMode = 'full' | 'empty' | 'failing' | 'slow' | 'hang';
const SLOW_MS = 900;
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.json': 'application/json' };

export interface FixtureOptions {
  readonly root: string;
  readonly rows?: number;
}

function limitsOf() {
  return {
    perPurchase: { minor: 25_000, currency: 'USD' }, perDay: { minor: 80_000, currency: 'USD' }, perSellerPerDay: null, minProfit: { minor: 300, currency: 'USD' }, minRoiBp: 2_500, maxLossChanceBp: 2_500, maxDaysToSell: 60,
    cashReserve: { minor: 20_000, currency: 'USD' }, blockedBrands: ['Nike'], blockedCategories: [], priceDriftBp: 200, approvalHours: 48,
  };
}

function businessOf() {
  return {
    homeCurrency: 'USD', address: { firstName: 'Amina', lastName: 'Haddad', line1: '12 Harbor Street', line2: '', city: 'Portland', state: 'OR', postcode: '97201', country: 'US', phone: '', email: 'amina@example.com' },
    ebayStore: 'basic' as const, prepPerUnit: { minor: 60, currency: 'USD' }, outboundShipping: { base: { minor: 420, currency: 'USD' }, perKg: { minor: 180, currency: 'USD' } }, purchaseTaxBp: 0, payoutDelayDays: 3,
    rates: [{ from: 'DZD', to: 'USD', kind: 'official' as const, rate: '0.0074', source: 'bank', asOf: '2026-11-20' }], rateKind: 'official' as const, openingCash: { minor: 300_000, currency: 'USD' },
  };
}

const find = <T extends { id: string }>(rows: readonly T[], id: string, kind: string): T => {
  const row = rows.find((r) => r.id === id);
  if (!row) throw new ORPCError('NOT_FOUND', { data: { kind, id }, defined: true, status: 404 });
  return row;
};

const event = (id: string, kind: string, minutes: number, more: Record<string, unknown> = {}) => ({ id, kind, data: more, at: data.FIXTURE_NOW - minutes * 60_000 });
const hoursAgo = (hours: number) => data.FIXTURE_NOW - hours * 3_600_000;

/** The contract over generated rows, kept in memory: what the desk's tests need to show every state at will. */
const FREE: z.infer<typeof assistedCheckout> = { state: 'free', total: null, missing: [], stopped: null, externalId: null, failed: null, at: null };

export class FixtureServer {
  mode: FixtureMode = 'full';
  firstRun = false;
  killSwitch = false;
  appearance: { scheme: 'light' | 'dark' | 'auto'; density: 'normal' | 'compact'; locale: 'en' | 'fr' | 'ar' } = { scheme: 'light', density: 'normal', locale: 'en' };
  aiSettings = ai.aiSettings();
  /** Refuses the next approval with this code. */
  refuseApproval: 'LIMIT' | 'STALE' | null = null;
  /** Refuses the total of a recorded order with this reason. */
  refuseRecord: string | null = null;
  /** A purchase has come to wait for another person. */
  waitsForSecond = false;
  /** How far an assisted checkout got. */
  assisted: typeof FREE = FREE;
  /** Holds the answer to every approval and skip back until it is resolved, to see what shows before it. */
  decisionsHeld: Promise<void> | null = null;
  readonly calls: string[] = [];
  readonly priceLists = new FixturePriceLists(this.calls, () => this.#gate());
  readonly #options: FixtureOptions;
  readonly #server: http.Server;
  readonly #states = new Map<string, 'open' | 'approved' | 'skipped'>();
  #views: { id: string; page: string; name: string; query: Record<string, unknown> }[] = [];
  readonly alerts = new extra.FixtureAlerts((id) => this.#views.find((view) => view.id === id));
  #version = 1;
  #seq = 0;
  #listeners = new Set<(event: LiveEvent) => void>();
  #rows: OpportunityRow[];

  constructor(options: FixtureOptions) {
    this.#options = options;
    this.#rows = data.opportunityRows(options.rows ?? 10_000);
    const handler = new RPCHandler(this.#router());
    this.#server = http.createServer((request, response) => {
      void (async () => {
        const { matched } = await handler.handle(request, response, { prefix: '/rpc', context: {} });
        if (!matched) await this.#file(request, response);
      })().catch(() => { if (!response.headersSent) response.writeHead(500); response.end(); });
    });
  }

  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Back to how it began, between tests. */
  reset(): void {
    Object.assign(this, { waitsForSecond: false, mode: 'full', firstRun: false, killSwitch: false, refuseApproval: null, refuseRecord: null, assisted: FREE, decisionsHeld: null, appearance: { scheme: 'light', density: 'normal', locale: 'en' } });
    this.#states.clear();
    this.#views = [];
    this.alerts.reset();
    this.calls.length = 0;
  }

  announce(topic: string, id: string | null = null): void {
    const change = { seq: ++this.#seq, topic, id, at: data.FIXTURE_NOW, data: {} };
    for (const listener of this.#listeners) listener(change);
  }

  async #file(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = path.join(this.#options.root, name === '/' ? 'index.html' : path.normalize(name));
    try {
      const body = await readFile(file);
      response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream', 'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'" });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  }

  /** What every list and detail goes through. */
  async #gate(): Promise<void> {
    if (this.mode === 'failing') throw new ORPCError('INTERNAL_SERVER_ERROR', { message: 'database disk image is malformed' });
    if (this.mode === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    if (this.mode === 'hang') await new Promise(() => {});
  }

  async #page<T extends object>(make: () => readonly T[], input: { cursor?: string | undefined; limit: number; search?: string | undefined; state?: string | undefined; channel?: string | undefined; least?: number | undefined; most?: number | undefined; currency?: string | undefined }) {
    await this.#gate();
    const words = input.search?.toLowerCase();
    const all = this.mode === 'empty' ? [] : make().filter((row) => (!words || ('title' in row && String(row.title).toLowerCase().includes(words))) && (!input.state || !('state' in row) || row.state === input.state) && hasAsked(row, input));
    const from = Number(input.cursor ?? 0);
    const to = from + input.limit;
    return { items: all.slice(from, to), nextCursor: to < all.length ? String(to) : null, total: { count: Math.min(10_000, all.length), capped: all.length > 10_000 } };
  }

  async #decide(id: string, state: 'open' | 'approved' | 'skipped') {
    await this.decisionsHeld;
    this.#states.set(id, state);
    return this.#row(id);
  }

  #row(id: string) {
    const row = this.#rows.find((r) => r.id === id);
    if (!row) throw new ORPCError('NOT_FOUND', { data: { kind: 'opportunity', id }, defined: true, status: 404 });
    return { ...row, state: this.#states.get(id) ?? row.state };
  }

  #sorted(sort: string) {
    const key = { score: 'profitPerCashDayMilli', roi: 'roiBp', days: 'daysToSell', newest: 'seenAt', profit: 'profit' }[sort] as keyof OpportunityRow;
    const value = (row: OpportunityRow) => (sort === 'profit' ? row.profit.minor : Number(row[key]));
    return this.#rows.toSorted((a, b) => (sort === 'days' ? value(a) - value(b) : value(b) - value(a)));
  }

  #info() {
    return { version: '0.1.0', mode: 'practice' as const, firstRun: this.firstRun, dataDir: '/home/amina/.local/share/resale-desk', now: data.FIXTURE_NOW, practice: { seed: 7, speed: 1 }, killSwitch: this.killSwitch };
  }

  #router() {
    const os = implement(contract);
    const versioned = <T>(value: T) => ({ value, version: this.#version, updatedAt: data.FIXTURE_NOW });
    const purchases = data.purchaseRows(400);
    const lots = data.stockRows(400);
    const listings = data.listingRows(400);
    const orders = data.orderRows(400);
    const entries = data.ledgerEntries(2_000);
    const job = { id: 'job_1', kind: 'scan', state: 'running' as const, attempts: 1, lastError: null, progress: { done: 1_840, total: 4_200, perSecond: 212, leftSeconds: 11, note: null }, createdAt: data.FIXTURE_NOW, finishedAt: null };
    const connections = [
      { id: 'keepa' as const, name: 'Keepa', baseUrl: 'http://127.0.0.1:4101', fields: [{ name: 'key', label: 'API key', secret: true, present: true }], state: 'practice' as const, lastCheckedAt: data.FIXTURE_NOW, lastError: null },
      { id: 'amazon-sp-api' as const, name: 'Amazon SP-API', baseUrl: 'http://127.0.0.1:4102', fields: [{ name: 'clientId', label: 'Client id', secret: false, present: false }, { name: 'clientSecret', label: 'Client secret', secret: true, present: false }, { name: 'refreshToken', label: 'Refresh token', secret: true, present: false }], state: 'not-connected' as const, lastCheckedAt: null, lastError: null },
      { id: 'ebay' as const, name: 'eBay', baseUrl: 'http://127.0.0.1:4103', fields: [{ name: 'token', label: 'Refresh token', secret: true, present: true }], state: 'failing' as const, lastCheckedAt: data.FIXTURE_NOW, lastError: 'The refresh token has expired. Sign in again at eBay and paste the new one.' },
    ];
    return os.router({
      repricing: repricingProcedures(os, { empty: () => this.mode === 'empty', gate: () => this.#gate() }),
      purchaseOrders: purchaseOrderProcedures(os, { empty: () => this.mode === 'empty', gate: () => this.#gate(), calls: this.calls }),
      reports: reportProcedures(os, { empty: () => this.mode === 'empty', gate: () => this.#gate() }),
      channelCharges: chargeProcedures(os, { empty: () => this.mode === 'empty', gate: () => this.#gate() }),
      inboundShipments: inboundProcedures(os, { empty: () => this.mode === 'empty', gate: () => this.#gate() }),
      costLayers: costProcedures(os, { empty: () => this.mode === 'empty', gate: () => this.#gate() }),
      stockCounts: stockCountProcedures(os, { empty: () => this.mode === 'empty', gate: () => this.#gate(), calls: this.calls }),
      reorder: reorderProcedures(os, { empty: () => this.mode === 'empty', gate: () => this.#gate() }),
      watches: watchProcedures(os, { empty: () => this.mode === 'empty', gate: () => this.#gate() }),
      ...goodsProcedures(os),
      webhooks: { receive: os.webhooks.receive.handler(() => ({ outcome: 'unknown' as const })) },
      identity: {
        list: os.identity.list.handler(({ input }) => this.#page(() => identityQuestions(this.#rows, input.state), { limit: input.limit, cursor: input.cursor })),
        decide: os.identity.decide.handler(({ input }) => ({ ...identityQuestions(this.#rows, 'open').find((q) => q.id === input.id)!, state: input.same ? 'same' as const : 'different' as const, version: input.version + 1 })),
        undo: os.identity.undo.handler(({ input }) => ({ ...identityQuestions(this.#rows, 'open').find((q) => q.id === input.id)!, version: input.version + 1 })),
      },
      system: {
        info: os.system.info.handler(() => this.#info()),
        chooseMode: os.system.chooseMode.handler(() => { this.firstRun = false; return this.#info(); }),
        setKillSwitch: os.system.setKillSwitch.handler(({ input }) => { this.killSwitch = input.on; return this.#info(); }),
        today: os.system.today.handler(async () => {
          await this.#gate();
          const empty = this.mode === 'empty';
          const money = (minor: number) => ({ minor: empty ? 0 : minor, currency: 'USD' });
          const title = (index: number) => this.#rows[index]!.title;
          return {
            items: empty ? [] : [
              { kind: 'purchase-stopped' as const, id: 'pur_000000', title: title(0), reason: { code: 'stop.price-rose', data: { terms: { unit: { minor: 1_327, currency: 'USD' } }, approved: { maxUnit: { minor: 1_265, currency: 'USD' } } } }, amount: money(7_962), at: hoursAgo(2) },
              ...(this.waitsForSecond ? [{ kind: 'approve-second' as const, id: 'pur_000007', title: title(5), reason: null, amount: money(52_000), at: hoursAgo(0) }] : []),
              ...extra.careItems(this.alerts.list()),
              { kind: 'ship' as const, id: 'ord_000000', title: title(7), reason: null, amount: money(6_420), at: hoursAgo(5) },
              { kind: 'order-by-hand' as const, id: 'pur_000009', title: title(9), reason: purchases[9]!.stopReason, amount: purchases[9]!.approvedTotal, at: hoursAgo(8) },
              { kind: 'listing-stopped' as const, id: 'lst_000002', title: title(2), reason: { code: 'listing.category-unknown', data: { category: 'Outdoor' } }, amount: money(4_100), at: hoursAgo(9) },
              { kind: 'approve' as const, id: this.#rows[3]!.id, title: title(3), reason: null, amount: money(4_860), at: hoursAgo(1) },
              { kind: 'approve' as const, id: this.#rows[4]!.id, title: title(4), reason: null, amount: money(2_310), at: hoursAgo(3) },
              { kind: 'receive' as const, id: 'pur_000001', title: title(1), reason: null, amount: money(11_870), at: hoursAgo(30) },
              { kind: 'source-failing' as const, id: 'src_1', title: 'Harbor Wholesale', reason: { code: 'source.failed', data: { message: 'structured-shop: read sitemap: the server answered with an error (HTTP 503)' } }, amount: null, at: hoursAgo(26) },
              { kind: 'source-drifting' as const, id: 'src_2', title: 'Atlas Wholesale', reason: { code: 'source.drifting', data: { field: 'price', beforeBp: 9_800, nowBp: 400, count: 2 } }, amount: null, at: hoursAgo(3) },
              { kind: 'job-failed' as const, id: 'job_9', title: 'Fetching orders from eBay', reason: { code: 'message', data: { text: 'the channel answered 503' } }, amount: null, at: hoursAgo(12) },
            ],
            counts: empty ? { openOpportunities: 0, stoppedPurchases: 0, toOrder: 0, toReceive: 0, toShip: 0, troubledSources: 0, alertMatches: 0, toIdentify: 0, toApprove: 0, talks: 0, tickets: 0 } : { openOpportunities: this.#rows.length, stoppedPurchases: 1, toOrder: 1, toReceive: 2, toShip: 1, troubledSources: 4, alertMatches: this.alerts.list().reduce((sum, a) => sum + a.unseen, 0), toIdentify: 1, toApprove: 2, talks: 1, tickets: 2 },
            money: { currency: 'USD', cash: money(214_350), stockAtCost: money(86_120), owedByChannels: money(43_780), spentToday: money(12_400), dayLimit: { minor: 80_000, currency: 'USD' }, revenue30: money(412_900), profit30: money(78_460), profitByDay: data.profitByDay().map((d) => (empty ? { ...d, profit: money(0) } : d)) },
          };
        }),
        jobs: os.system.jobs.handler(() => (this.mode === 'empty' ? [] : [job])),
        cancelJob: os.system.cancelJob.handler(() => ({ ...job, state: 'cancelled' as const })),
        retryJob: os.system.retryJob.handler(() => job),
        views: os.system.views.handler(({ input }) => this.#views.filter((view) => view.page === input.page)),
        saveView: os.system.saveView.handler(({ input }) => { const view = { ...input, id: `viw_${this.#views.length}` }; this.#views.push(view); return view; }),
        deleteView: os.system.deleteView.handler(({ input }) => { this.#views = this.#views.filter((view) => view.id !== input.id); return input; }),
        events: os.system.events.handler(({ signal }) => this.#events(signal)),
      },
      homeCurrency: homeCurrencyProcedures(os),
      settings: {
        limits: os.settings.limits.handler(() => versioned(limitsOf())),
        setLimits: os.settings.setLimits.handler(({ input }) => { this.calls.push('setLimits'); this.#version += 1; return { value: input.value, version: this.#version, updatedAt: data.FIXTURE_NOW }; }),
        business: os.settings.business.handler(() => versioned(businessOf())),
        setBusiness: os.settings.setBusiness.handler(({ input }) => ({ value: input.value, version: this.#version, updatedAt: data.FIXTURE_NOW })),
        appearance: os.settings.appearance.handler(() => versioned(this.appearance)),
        setAppearance: os.settings.setAppearance.handler(({ input }) => { this.appearance = input.value; return versioned(this.appearance); }),
        connections: os.settings.connections.handler(() => connections),
        setConnection: os.settings.setConnection.handler(({ input }) => { this.calls.push(`setConnection:${Object.keys(input.values).join()}`); return { ...find(connections, input.id, 'connection'), state: 'connected' as const, lastError: null }; }),
        checkConnection: os.settings.checkConnection.handler(({ input }) => find(connections, input.id, 'connection')),
      },
      sources: {
        list: os.sources.list.handler(async () => { await this.#gate(); return this.mode === 'empty' ? [] : data.sourceRows(); }),
        get: os.sources.get.handler(({ input }) => ({ source: find(data.sourceRows(), input.id, 'source'), runs: [0, 1, 2, 3].map((n) => data.runOf(n, n === 2 ? 'failed' : 'done')) })),
        add: os.sources.add.handler(({ input }) => ({ ...data.sourceRows()[4]!, name: input.name, baseUrl: input.baseUrl, kind: input.kind })),
        detect: os.sources.detect.handler(({ input }) => { this.calls.push(`detect:${input.address}`); return data.detectedSite(input.address); }),
        health: os.sources.health.handler(() => data.sourceHealth()),
        errorPage: os.sources.errorPage.handler(() => ({ text: '<html><body>Service unavailable</body></html>' })),
        signIn: os.sources.signIn.handler(() => { this.calls.push('signIn'); return { ...data.sourceHealth(), session: 'signed-in' as const }; }),
        signOut: os.sources.signOut.handler(() => { this.calls.push('signOut'); return data.sourceHealth(); }),
        inspect: os.sources.inspect.handler(() => data.sourceRepair()),
        acceptRepair: os.sources.acceptRepair.handler(({ input }) => { this.calls.push(`acceptRepair:${input.field}`); return { ...data.sourceRepair(), accepted: [{ field: input.field, rule: input.rule }] }; }),
        undoRepair: os.sources.undoRepair.handler(({ input }) => ({ field: input.field })),
        update: os.sources.update.handler(({ input }) => find(data.sourceRows(), input.id, 'source')),
        remove: os.sources.remove.handler(({ input }) => { this.calls.push(`removeSource:${input.id}`); return { id: input.id, offers: 3 }; }),
        cost: os.sources.cost.handler(() => data.scanCost()),
        run: os.sources.run.handler(() => { this.calls.push('run'); return data.runOf(0, 'running'); }),
        cancel: os.sources.cancel.handler(() => data.runOf(0)),
        rejects: os.sources.rejects.handler(({ input }) => this.#page(() => [1, 2, 3].map((n) => ({ id: `qtn_${n}`, place: `row ${n * 17}`, field: 'price', reason: 'not a price: "call us"', raw: `4006381333931;Drill;call us;${n}`, at: data.FIXTURE_NOW })), input)),
        importFile: os.sources.importFile.handler(({ input }) => { this.calls.push(`import:${input.name}`); return data.runOf(0, 'running'); }),
        importStaged: os.sources.importStaged.handler(({ input }) => { this.calls.push(`import:${input.name}`); return data.runOf(0, 'running'); }),
      },
      scans: {
        runs: os.scans.runs.handler(({ input }) => this.#page(extra.scanRuns, { limit: input.limit, cursor: input.cursor })),
        differences: os.scans.differences.handler(async ({ input }) => ({ ...(await this.#page(() => extra.offerDifferences(this.#rows).filter((d) => !input.kind || d.kind === input.kind), { limit: input.limit, cursor: input.cursor })), counts: { new: 67, back: 0, gone: 66, cheaper: 67, dearer: 67, restocked: 67, 'sold-out': 0, other: 66 } })),
      },
      fees: { preview: os.fees.preview.handler(async () => { await this.#gate(); return extra.feesPreview(this.mode === 'empty'); }), apply: os.fees.apply.handler(({ input }) => ({ id: 'evt_1', changed: input.items.length, refused: [], opportunities: 10 })), undo: os.fees.undo.handler(() => ({ id: 'evt_1', changed: 2, refused: [], opportunities: 0 })) },
      alerts: {
        list: os.alerts.list.handler(() => this.alerts.list()), set: os.alerts.set.handler(({ input }) => this.alerts.set(input.viewId)), remove: os.alerts.remove.handler(({ input }) => this.alerts.remove(input.viewId)),
        matches: os.alerts.matches.handler(() => this.#rows.slice(0, 3)), look: os.alerts.look.handler(({ input }) => { this.calls.push(`look:${input.viewId}`); return this.alerts.look(input.viewId); }), claim: os.alerts.claim.handler(() => this.alerts.claim(this.#rows.map((r) => r.title))),
      },
      assistant: {
        settings: os.assistant.settings.handler(() => versioned(this.aiSettings)),
        setSettings: os.assistant.setSettings.handler(({ input }) => { this.calls.push(`aiSettings:${input.value.provider}`); this.aiSettings = input.value; this.#version += 1; return versioned(this.aiSettings); }),
        status: os.assistant.status.handler(async () => { await this.#gate(); return ai.aiStatusOf(this.mode === 'empty', this.aiSettings); }),
        calls: os.assistant.calls.handler(({ input }) => this.#page(() => ai.aiCalls(false).filter((call) => (!input.purpose || call.purpose === input.purpose) && (!input.outcome || call.outcome === input.outcome)), { limit: input.limit, cursor: input.cursor })),
        call: os.assistant.call.handler(({ input }) => ai.aiCall(find(ai.aiCalls(false), input.id, 'ai-call'))),
        replay: os.assistant.replay.handler(({ input }) => { this.calls.push(`replay:${input.mode}`); return { whole: true, model: 'gpt-4.1-mini', answer: { verdict: 'nothing-against' }, differences: input.mode === 'live' ? [{ path: 'verdict', before: 'look-closer', after: 'nothing-against' }] : [], costMicro: input.mode === 'live' ? 48_000 : 0, currency: 'USD' }; }),
      },
      opinions: {
        get: os.opinions.get.handler(() => ({ opinion: this.aiSettings.provider === 'off' ? null : ai.opinionOf(), offline: this.aiSettings.provider === 'off' ? { code: 'ai.off', data: {} } : null })),
        ask: os.opinions.ask.handler(() => { this.calls.push('askOpinion'); return { opinion: ai.opinionOf(), offline: null }; }),
      },
      capital: {
        plan: os.capital.plan.handler(async ({ input }) => { await this.#gate(); return ai.capitalPlanOf(this.#rows, this.mode === 'empty', input.cashMinor); }),
      },
      priceLists: this.priceLists.router(),
      opportunities: {
        list: os.opportunities.list.handler(({ input }) => this.#page(() => this.#sorted(input.sort).map((row) => ({ ...row, state: this.#states.get(row.id) ?? row.state }))
          .filter((row) => (!input.decision || row.decision === input.decision) && (!input.sourceId || row.sourceId === input.sourceId) && (!input.category || row.category === input.category) && row.profit.minor >= (input.minProfitMinor ?? -Infinity) && row.roiBp >= (input.minRoiBp ?? -Infinity) && row.daysToSell <= (input.maxDaysToSell ?? Infinity)), input)),
        get: os.opportunities.get.handler(async ({ input }) => { await this.#gate(); return data.opportunityDetail(this.#row(input.id)); }),
        history: os.opportunities.history.handler(() => data.historySeries()),
        asks: os.opportunities.asks.handler(({ input }) => extra.asksOf(this.#row(input.id))),
        sparklines: os.opportunities.sparklines.handler(({ input }) => input.ids.flatMap((id) => extra.sparkline(id) ?? [])),
        trades: os.opportunities.trades.handler(() => extra.ownTrades()),
        summary: os.opportunities.summary.handler(({ input }) => extra.summaryOf(input.items.map((item) => this.#row(item.id)))),
        skipMany: os.opportunities.skipMany.handler(async ({ input }) => { this.calls.push(`skipMany:${input.items.length}`); for (const { id } of input.items) await this.#decide(id, 'skipped'); return { done: input.items.map((i) => i.id), refused: [] }; }),
        reopenMany: os.opportunities.reopenMany.handler(async ({ input }) => { this.calls.push(`reopenMany:${input.ids.length}`); for (const id of input.ids) await this.#decide(id, 'open'); return { done: input.ids, refused: [] }; }),
        facets: os.opportunities.facets.handler(() => ({ sources: data.sourceRows().map(({ id, name }) => ({ id, name, count: 1_600 })), categories: ['Tools', 'Toys', 'Books'].map((key) => ({ key, count: 1_400 })), decisions: this.mode === 'empty' ? [] : (['purchase', 'negotiate', 'skip'] as const).map((key) => ({ key, count: 3_000 })) })),
        approve: os.opportunities.approve.handler(async ({ input, errors }) => {
          this.calls.push(`approve:${input.id}:${input.quantity ?? ''}`);
          if (this.refuseApproval) await this.decisionsHeld;
          if (this.refuseApproval === 'LIMIT') throw errors.LIMIT({ data: { reasons: [{ code: 'limit.per-day', data: { limit: { minor: 80_000, currency: 'USD' } } }] } });
          if (this.refuseApproval === 'STALE') throw errors.STALE({ data: { version: 2 } });
          await this.#decide(input.id, 'approved');
          return { purchaseId: 'pur_000007', approvalId: 'apr_1' };
        }),
        skip: os.opportunities.skip.handler(({ input }) => { this.calls.push(`skip:${input.id}`); return this.#decide(input.id, 'skipped'); }),
        reopen: os.opportunities.reopen.handler(({ input }) => { this.calls.push(`reopen:${input.id}`); return this.#decide(input.id, 'open'); }),
      },
      negotiations: negotiationProcedures({ empty: () => this.mode === 'empty', gate: () => this.#gate(), calls: this.calls }),
      support: supportProcedures({ empty: () => this.mode === 'empty', gate: () => this.#gate(), calls: this.calls }),
      payments: paymentProcedures({ empty: () => this.mode === 'empty', gate: () => this.#gate(), calls: this.calls }),
      approvals: approvalProcedures({ empty: () => this.mode === 'empty', gate: () => this.#gate(), calls: this.calls, killSwitch: () => this.killSwitch }),
      purchases: {
        list: os.purchases.list.handler(({ input }) => this.#page(() => purchases, input)),
        facets: os.purchases.facets.handler(() => FACETS.purchases),
        get: os.purchases.get.handler(async ({ input }) => {
          await this.#gate();
          const row = find(purchases, input.id, 'purchase');
          return {
            ...row, opportunityId: 'opp_000003', assisted: row.state === 'ordering-by-hand' ? this.assisted : null, returned: row.state === 'received' ? { inStock: 3, setAside: 1, sentBack: 1, refunded: { minor: 0, currency: row.approvedTotal.currency } } : null, events: [event('e1', 'approved', 40, { by: 'you' }), event('e2', 'preparing', 39, { price: row.approvedTotal }), event('e3', row.state, 35, row.externalId ? { order: row.externalId } : {})], receipt: row.externalId ? { order: row.externalId, total: row.total, paidWith: 'invoice' } : null,
            approval: { approvedBy: 'you', approvedAt: row.createdAt, expiresAt: row.createdAt + 48 * 3_600_000, maxUnit: row.approvedTotal, maxTotal: row.approvedTotal, evidenceSha256: 'a3f5c1d2e4b60718293a4b5c6d7e8f90a3f5c1d2e4b60718293a4b5c6d7e8f90', evidence: { price: row.approvedTotal, lossChanceBp: 700 } },
          };
        }),
        approveAgain: os.purchases.approveAgain.handler(({ input }) => ({ ...find(purchases, input.id, 'purchase'), state: 'preparing' as const })),
        assist: os.purchases.assist.handler(({ input }) => { this.calls.push(`assist:${input.id}`); this.assisted = { ...this.assisted, state: 'ready', total: { minor: 4_850, currency: 'USD' }, missing: ['Card number'], stopped: 'pay' }; return find(purchases, input.id, 'purchase'); }),
        assistGoOn: os.purchases.assistGoOn.handler(({ input }) => { this.calls.push(`assist-go-on:${input.id}`); return find(purchases, input.id, 'purchase'); }),
        assistNotPlaced: os.purchases.assistNotPlaced.handler(({ input }) => { this.calls.push(`assist-not-placed:${input.id}`); this.assisted = FREE; return find(purchases, input.id, 'purchase'); }),
        recordReturn: os.purchases.recordReturn.handler(({ input }) => { this.calls.push(`return:${input.id}:${input.units}:${input.setAside}`); return find(purchases, input.id, 'purchase'); }),
        recordReturnRefund: os.purchases.recordReturnRefund.handler(({ input }) => { this.calls.push(`return-refund:${input.id}:${input.refund.minor}`); return find(purchases, input.id, 'purchase'); }),
        recordOrder: os.purchases.recordOrder.handler(({ input, errors }) => {
          this.calls.push(`record:${input.id}:${input.externalId}:${input.total.minor}:${input.quantity ?? ''}`);
          if (this.refuseRecord) throw errors.INVALID({ data: { field: 'total', reason: this.refuseRecord } });
          const at = purchases.findIndex((row) => row.id === input.id);
          const row = { ...find(purchases, input.id, 'purchase'), state: 'confirmed' as const, stopReason: null, externalId: input.externalId, total: input.total, confirmedAt: data.FIXTURE_NOW };
          purchases[at] = row;
          return row;
        }),
        cancel: os.purchases.cancel.handler(({ input }) => { this.calls.push(`cancel:${input.id}`); return { ...find(purchases, input.id, 'purchase'), state: 'cancelled' as const }; }),
        receive: os.purchases.receive.handler(({ input }) => { this.calls.push(`receive:${input.id}:${input.units}:${input.damaged}`); return { ...find(purchases, input.id, 'purchase'), state: 'received' as const }; }),
        setReturnWindow: os.purchases.setReturnWindow.handler(({ input }) => { this.calls.push(`window:${input.id}:${input.until}`); return find(purchases, input.id, 'purchase'); }),
        beginReceipt: os.purchases.beginReceipt.handler(() => ({ upload: 'rct_1' })),
        appendReceipt: os.purchases.appendReceipt.handler(({ input }) => ({ received: input.at })),
        startReading: os.purchases.startReading.handler(({ input }) => { this.calls.push(`reading:${input.id}:${input.upload}`); return RECEIPT_READING; }),
        reading: os.purchases.reading.handler(() => RECEIPT_READING), cancelReading: os.purchases.cancelReading.handler(() => ({ ...RECEIPT_READING, state: 'cancelled' as const, reading: null })),
        attachReceipt: os.purchases.attachReceipt.handler(({ input }) => { this.calls.push(`receipt:${input.id}:${input.name}`); return { id: 'rct_1', origin: 'attached' as const, name: input.name, mediaType: 'application/pdf', bytes: 9, sha256: '0'.repeat(64), says: input.says ?? null, by: 'you', at: data.FIXTURE_NOW }; }),
        readReceipt: os.purchases.readReceipt.handler(() => ({ contentBase64: '' })),
      },
      stock: {
        list: os.stock.list.handler(({ input }) => this.#page(() => lots, input)),
        facets: os.stock.facets.handler(() => FACETS.stock),
        get: os.stock.get.handler(({ input }) => find(lots, input.id, 'lot')),
        movements: os.stock.movements.handler(() => [{ id: 'm1', kind: 'received', quantity: 6, ref: 'pur_000001', reason: null, at: data.FIXTURE_NOW - 9e7 }, { id: 'm2', kind: 'sold', quantity: -1, ref: 'ord_000001', reason: null, at: data.FIXTURE_NOW - 4e7 }]),
        adjust: os.stock.adjust.handler(({ input }) => { this.calls.push(`adjust:${input.onHand}`); return { ...find(lots, input.id, 'lot'), onHand: input.onHand }; }),
      },
      listings: {
        rules: os.listings.rules.handler(() => ({ value: { targetMarginBp: 2_000, speed: 'usual' as const }, version: 1, updatedAt: data.FIXTURE_NOW })),
        setRules: os.listings.setRules.handler(({ input }) => { this.calls.push(`listing-rules:${input.value.speed}:${input.value.targetMarginBp}`); return { value: input.value, version: input.version + 1, updatedAt: data.FIXTURE_NOW }; }),
        list: os.listings.list.handler(({ input }) => this.#page(() => listings, input)),
        facets: os.listings.facets.handler(() => FACETS.listings),
        get: os.listings.get.handler(({ input }) => ({ ...find(listings, input.id, 'listing'), description: 'New, in its box.\nShipped the next working day.', events: [event('e1', 'draft', 90), event('e2', 'published', 80, { listing: '1104' })] })),
        setPrice: os.listings.setPrice.handler(({ input }) => ({ ...find(listings, input.id, 'listing'), price: input.price })),
        category: os.listings.category.handler(() => ({ category: data.listingCategory() })),
        setCategory: os.listings.setCategory.handler(({ input }) => { this.calls.push(`setCategory:${input.categoryId}`); return { category: data.listingCategory() }; }),
        channels: os.listings.channels.handler(({ input }) => { const row = find(listings, input.id, 'listing'); return [
          { channel: 'ebay-us', name: 'eBay', connected: true, main: true, listingId: row.id, state: row.state, price: row.price, floor: row.floor, fees: { minor: 480, currency: 'USD' }, profit: { minor: 610, currency: 'USD' }, profitPerDay: { minor: 34, currency: 'USD' }, days: 18, marginBp: 2_440, refusal: null, ifMovedTo: null, confidence: 'high' },
          { channel: 'amazon-us', name: 'Amazon', connected: true, main: false, listingId: null, state: null, price: row.price, floor: row.floor, fees: { minor: 720, currency: 'USD' }, profit: { minor: 590, currency: 'USD' }, profitPerDay: { minor: 33, currency: 'USD' }, days: 18, marginBp: 2_360, refusal: null, ifMovedTo: 'Amazon FBA', confidence: 'low' },
          { channel: 'woocommerce', name: 'WooCommerce', connected: true, main: false, listingId: null, state: null, price: row.price, floor: row.floor, fees: { minor: 130, currency: 'USD' }, profit: { minor: 960, currency: 'USD' }, profitPerDay: { minor: 30, currency: 'USD' }, days: 32, marginBp: 3_840, refusal: null, ifMovedTo: null, confidence: 'low' },
        ]; }),
        measures: os.listings.measures.handler(({ input }) => ({ known: { lengthMm: null, widthMm: null, heightMm: null, weightG: input.id.endsWith('1') ? 420 : null }, demanded: { size: true, weight: true }, why: input.id.endsWith('0') || input.id.endsWith('1') ? ('category' as const) : null, category: 'Kitchen knives', missing: ['size' as const, 'weight' as const] })),
        setMeasures: os.listings.setMeasures.handler(({ input }) => ({ known: { lengthMm: input.lengthMm ?? null, widthMm: input.widthMm ?? null, heightMm: input.heightMm ?? null, weightG: input.weightG ?? null }, demanded: { size: true, weight: true }, why: 'category' as const, category: 'Kitchen knives', missing: [] })),
        warehouse: os.listings.warehouse.handler(({ input }) => ({ count: input.lotId === 'lot_000002' ? { channel: 'amazon-us', sellable: 11, reserved: 2, inbound: 4, unsellable: 1, booked: 20, difference: -2, at: data.FIXTURE_NOW - 7_200_000 } : null })),
        offer: os.listings.offer.handler(({ input }) => { this.calls.push(`offer:${input.channel}`); return { ...find(listings, input.id, 'listing'), channel: input.channel, state: 'draft' as const }; }),
        end: os.listings.end.handler(({ input }) => ({ ...find(listings, input.id, 'listing'), state: 'ending' as const })),
        retry: os.listings.retry.handler(({ input }) => ({ ...find(listings, input.id, 'listing'), state: 'publishing' as const })),
      },
      unitLocks: {
        ofOrder: os.unitLocks.ofOrder.handler(() => ({ locks: [], oversell: null })),
        summary: os.unitLocks.summary.handler(() => []),
        retry: os.unitLocks.retry.handler(() => { throw new Error('no lock in the fixture'); }),
      },
      orders: {
        list: os.orders.list.handler(({ input }) => this.#page(() => orders, input)),
        facets: os.orders.facets.handler(() => FACETS.orders),
        get: os.orders.get.handler(({ input }) => {
          const row = find(orders, input.id, 'order');
          const zero = { minor: 0, currency: 'USD' };
          return { ...row, lines: [{ id: 'l1', sku: 'RD-1', title: row.title, quantity: row.units, listingId: 'lst_000000', revenue: row.total, fees: row.fees, postage: zero, cost: { minor: 1_900, currency: 'USD' }, refund: zero, profit: row.profit, estimate: row.estimate }], entries: [{ id: 'n1', kind: 'sale', memo: 'Sale', at: row.placedAt, lines: [{ account: 'assets:receivable:ebay-us', amount: row.total }, { account: 'income:sales', amount: { minor: -row.total.minor, currency: 'USD' } }] }], ...orderWaysOf(row) };
        }),
        ship: os.orders.ship.handler(({ input }) => { this.calls.push(`ship:${input.carrier}`); return { ...find(orders, input.id, 'order'), state: 'shipped' as const }; }),
        cancel: os.orders.cancel.handler(({ input }) => { this.calls.push(`cancel:${input.id}`); return find(orders, input.id, 'order'); }),
        refund: os.orders.refund.handler(({ input }) => { this.calls.push(`refund:${input.amount.minor}`); return find(orders, input.id, 'order'); }),
        byHand: os.orders.byHand.handler(({ input }) => { this.calls.push(`by-hand:${input.what}`); return find(orders, input.id, 'order'); }),
        forgetByHand: os.orders.forgetByHand.handler(({ input }) => { this.calls.push('forget-by-hand'); return find(orders, input.id, 'order'); }),
        answerReturn: os.orders.answerReturn.handler(({ input }) => { this.calls.push(`return:${input.answer}`); return find(orders, input.id, 'order'); }),
        answerClaim: os.orders.answerClaim.handler(({ input }) => { this.calls.push(`claim:${input.answer}`); return find(orders, input.id, 'order'); }),
        claim: os.orders.claim.handler(({ input }) => find(orders, input.id, 'order')),
        inspect: os.orders.inspect.handler(({ input }) => { this.calls.push(`inspect:${input.good.length}`); return find(orders, input.id, 'order'); }),
        sync: os.orders.sync.handler(() => ({ jobId: 'job_2' })),
      },
      orderMessages: orderMessageProcedures(this.calls, data.FIXTURE_NOW),
      notices: noticeProcedures(os, { gate: () => this.#gate() }),
      salesTax: taxProcedures(os, { empty: () => this.mode === 'empty', gate: () => this.#gate() }),
      ledger: {
        balances: os.ledger.balances.handler(async () => { await this.#gate(); return { accounts: this.mode === 'empty' ? [] : [['assets:cash', 214_350], ['assets:inventory', 86_120], ['assets:receivable:ebay-us', 43_780], ['equity:opening', -300_000], ['income:sales', -412_900], ['expenses:cogs', 268_300], ['expenses:fees:ebay-us', 81_250], ['expenses:postage', 19_100]].map(([account, minor]) => ({ account: String(account), balance: { minor: Number(minor), currency: 'USD' } })), balanced: true }; }),
        entries: os.ledger.entries.handler(({ input }) => this.#page(() => entries.filter((entry) => !input.account || entry.lines.some((line) => line.account === input.account)), { limit: input.limit, cursor: input.cursor })),
        facets: os.ledger.facets.handler(() => FACETS.ledger),
        profit: os.ledger.profit.handler(async () => { await this.#gate(); const usd = (minor: number) => ({ minor: this.mode === 'empty' ? 0 : minor, currency: 'USD' }); return { currency: 'USD', revenue: usd(412_900), cost: usd(268_300), fees: usd(56_140), postage: usd(9_800), refunds: usd(200), profit: usd(78_460), estimatedProfit: usd(81_020), units: 164, meanAbsoluteError: usd(112), meanError: usd(16) }; }),
      },
    });
  }

  async *#events(signal: AbortSignal | undefined): AsyncGenerator<LiveEvent> {
    const waiting: LiveEvent[] = [];
    let wake: (() => void) | null = null;
    const listen = (change: LiveEvent) => { waiting.push(change); wake?.(); };
    this.#listeners.add(listen);
    signal?.addEventListener('abort', () => wake?.(), { once: true });
    try {
      for (;;) {
        if (signal?.aborted) return;
        while (waiting.length > 0) yield waiting.shift()!;
        await new Promise<void>((resolve) => { wake = resolve; });
      }
    } finally {
      this.#listeners.delete(listen);
    }
  }
}
