import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULT_KINDS, type FaultKind } from '#practice/vendors/faults.ts';
import { ManualClock } from '#kernel/time.ts';
import { createTestDatabase } from '#runtime/template.ts';
import type { Tally } from './scenario.ts';
import { allScenarios } from './all-scenarios.ts';

/** With `RESALE_FULL=1` every kind of fault at every route that a scenario calls, once, and where nothing has happened also twice in a row. */
const FULL = process.env['RESALE_FULL'] === '1';
const SEED = 7;
/** One scenario alone, or all that begin so; of its routes those that hold a text, as `cancelInbound`. */
const { RESALE_SCENARIO: only, RESALE_POINT: where = '' } = process.env;
const SCENARIOS = await allScenarios({ whole: FULL, only });
/** Where nothing happened the call is made again, and so can fail again; where it did happen, a second call would be the fault. */
const REPEATED: readonly FaultKind[] = ['cut-before', 'too-many-requests', 'server-error'];

interface Fault {
  readonly scenario: string;
  readonly vendor: string;
  readonly route: string;
  readonly kind: FaultKind;
  readonly times: number;
}

const at = (scenario: string, vendor: string, routes: readonly string[], kinds: readonly FaultKind[]): Fault[] => routes.flatMap((route) => kinds.map((kind) => ({ scenario, vendor, route, kind, times: 1 })));
/** The calls of a trade that change something at a vendor, and what may go wrong with each. */
const TRADE_CALLS = [
  { vendor: 'shop', route: 'checkout' }, { vendor: 'ebay', route: 'createOrReplaceInventoryItem' }, { vendor: 'ebay', route: 'createOffer' }, { vendor: 'ebay', route: 'publishOffer' }, { vendor: 'ebay', route: 'createShippingFulfillment' },
] as const;
const TRADE_KINDS: readonly FaultKind[] = ['cut-before', 'cut-after', 'too-many-requests', 'server-error', 'timeout', 'malformed-body', 'slow-body'];
/** Where a fault is met twice in a row also when not everything is tried: at the calls that spend money and that put something on sale. */
const TWICE: readonly string[] = ['checkout', 'publishOffer'];
/** What is tried where not everything is: a trade's calls whole, of the others those that change something, where the outcome is in doubt. */
const SAMPLE: readonly Fault[] = [
  ...TRADE_CALLS.flatMap((call) => TRADE_KINDS.flatMap((kind) => (REPEATED.includes(kind) && TWICE.includes(call.route) ? [1, 2] : [1]).map((times) => ({ scenario: 'trade', ...call, kind, times })))), ...at('trade', 'shop', ['checkout'], ['schema-drift']),
  ...at('stripe', 'stripe', ['create-session', 'refund'], ['cut-after']), ...at('paypal', 'paypal', ['create', 'capture', 'refund'], ['cut-after']), ...at('chargily', 'chargily', ['create'], ['cut-after', 'timeout']), ...at('ecocash', 'ecocash', ['pay', 'refund'], ['cut-after']),
  ...at('paynow', 'paynow', ['initiate'], ['cut-before']), ...at('sms', 'twilio', ['createMessage'], ['cut-after', 'timeout']), ...at('email', 'sendgrid', ['sendMail'], ['cut-after']), ...at('ebay', 'ebay-message', ['sendMessage'], ['cut-after']),
];

interface FaultRun {
  readonly tally: Tally;
  readonly hits: number;
  /** Calls by vendor and route. */
  readonly routes: Readonly<Record<string, readonly string[]>>;
}

/** A whole scenario in this process, with its vendors failing as told. */
async function runWith(scenario: string, fault: Fault | null): Promise<FaultRun> {
  const { open, carry } = SCENARIOS[scenario]!;
  const market = await open(SEED);
  const db = await createTestDatabase();
  try {
    const facts = { ...market.facts, ...(await market.prepare(db)) };
    const clock = new ManualClock(market.clock.now());
    const tellMarket = (to: number): Promise<void> => {
      market.clock.advanceTo(to);
      market.catchUp();
      return Promise.resolve();
    };
    const [route, mark] = [fault?.route.split(' ')[0] ?? '', fault?.route.split(' ').slice(1).join(' ') ?? ''];
    if (fault) market.vendors[fault.vendor]!.setFaults({ rate: 1, kinds: [fault.kind], routes: [route], ...(mark ? { holding: mark } : {}), limit: fault.times, hangMs: 50, slowBodyMs: 30 });
    await carry({
      db, clock, facts, tellMarket, seed: `${scenario} ${SEED} faults`, probe: () => {}, look: (question) => Promise.resolve(market.look(question)),
      async advanceTo(to) {
        await tellMarket(to);
        clock.advanceTo(to);
      },
    });
    const hits = fault ? (market.vendors[fault.vendor]!.counts().byFault[fault.kind] ?? 0) : 0;
    if (fault) market.vendors[fault.vendor]!.setFaults({ rate: 0 });
    return { hits, tally: await market.tally(db), routes: Object.fromEntries(Object.entries(market.vendors).map(([name, vendor]) => [name, Object.keys(vendor.counts().byRoute)])) };
  } finally {
    await market.close();
    await db.close();
  }
}

const runs: (Fault & { readonly run: FaultRun | null; readonly error: string })[] = [];

async function faultsOf(scenario: string): Promise<Fault[]> {
  const { faultsAt } = SCENARIOS[scenario]!;
  const called = (await runWith(scenario, null)).routes;
  const routes = faultsAt ? { [Object.keys(called)[0]!]: faultsAt } : called;
  return Object.entries(routes).flatMap(([vendor, names]) => names.filter((route) => route.includes(where)).flatMap((route) => FAULT_KINDS.flatMap((kind) => (REPEATED.includes(kind) ? [1, 2] : [1]).map((times) => ({ scenario, vendor, route, kind, times })))));
}

beforeAll(async () => {
  const faults = FULL ? (await Promise.all(Object.keys(SCENARIOS).map(faultsOf))).flat() : SAMPLE;
  for (const fault of faults) {
    if (FULL && runs.length % 25 === 0) console.log(`${runs.length} of ${faults.length} faults`);
    try {
      runs.push({ ...fault, run: await runWith(fault.scenario, fault), error: '' });
    } catch (error) {
      runs.push({ ...fault, run: null, error: String(error) });
    }
  }
}, 7_200_000);

const wrongs = ({ run }: { readonly run: FaultRun | null }, of: 'duplicates' | 'losses' | 'unbalanced') => (run ? run.tally[of].length : of === 'losses' ? 1 : 0);
const figures = (of: typeof runs) => [of.length, ...(['duplicates', 'losses', 'unbalanced'] as const).map((what) => of.reduce((sum, run) => sum + wrongs(run, what), 0))];
const row = (cells: readonly (string | number)[]) => cells.map((cell, index) => String(cell).padEnd(index === 0 ? 30 : 13)).join('');

afterAll(() => {
  const [faults, duplicates, losses, unbalanced] = figures(runs);
  console.log([
    row(['scenario', 'faults', 'duplicates', 'losses', 'unbalanced']),
    ...Object.entries(SCENARIOS).map(([id, { name }]) => [name, runs.filter((run) => run.scenario === id)] as const).filter(([, of]) => of.length > 0).map(([name, of]) => row([name, ...figures(of)])),
    `${faults} faults, ${duplicates} duplicates, ${losses} losses, ${unbalanced} unbalanced`,
  ].join('\n'));
});

describe('vendors that fail while a trade, a payment or a talk is carried out', () => {
  it('leave one effect of each, nothing lost, and books that balance', () => {
    const wrong = runs.filter(({ run, times }) => !run || run.hits !== times || run.tally.duplicates.length + run.tally.losses.length + run.tally.unbalanced.length > 0);
    expect(wrong.map(({ run, ...fault }) => ({ ...fault, hits: run?.hits, ...run?.tally }))).toEqual([]);
    expect(runs.length).toBeGreaterThanOrEqual(only ? 1 : SAMPLE.length);
  });
});
