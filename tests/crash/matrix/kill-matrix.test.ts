import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScenario, type CrashRun } from './run-scenario.ts';
import { allScenarios } from './all-scenarios.ts';

/** With `RESALE_FULL=1` every point of every scenario, the trade's in two worlds, and each n-th commit between them. */
const FULL = process.env['RESALE_FULL'] === '1';
/** One scenario alone, or all that begin so; of its points those that hold a text, as `effect:send`. */
const { RESALE_SCENARIO: only, RESALE_POINT: where = '' } = process.env;
const SCENARIOS = await allScenarios({ whole: FULL, only });
const carry = (scenario: string, seed: number, killAt: string | null) => runScenario({ ...SCENARIOS[scenario]!, id: scenario }, seed, killAt);
const SEED = 7;
const seedsOf = (scenario: string): readonly number[] => (FULL && scenario === 'trade' ? [SEED, 11] : [SEED]);
/** Those that mostly wait have many commits. */
const COMMITS_EVERY: Readonly<Record<string, number>> = { trade: 10, assisted: 2, 'reply-ebay': 20, 'reply-email': 20, 'reply-sms': 20 };
const COMMITS_EVERY_ELSE = 100;
/** What lies on the disk after these is what lies there before the step that follows at once, which is tried. */
const SAME_AS_NEXT = new Set(['transact:prepare:committed', 'transact:place:committed', 'transact:draft:committed', 'transact:publishing:committed']);
/** Where not everything is tried, each of so many commits of a trade, as far as every run gets. */
const SAMPLE_COMMITS = ['commit:after#30', 'commit:before#60', 'commit:after#90', 'commit:before#120'];
/** What is tried of the others where not everything is: each kind of effect at the moment when the vendor has acted and nothing of it is written. */
const SAMPLE: readonly (readonly [scenario: string, point: string])[] = [
  ['stripe', 'effect:refund:called#1'], ['paypal', 'effect:capture:called#1'], ['chargily', 'effect:create:called#1'], ['ecocash', 'effect:refund:called#2'], ['sms', 'effect:send:called#2'],
];

interface Kill {
  readonly scenario: string;
  readonly seed: number;
  readonly point: string;
}

/** Every point of the runtime at its first and its last passage, and commits in between. */
function killsOf(scenario: string, seed: number, clean: CrashRun): Kill[] {
  const steps = Object.entries(clean.points).filter(([point]) => !point.startsWith('commit:')).flatMap(([point, times]) => (times === 1 ? [`${point}#1`] : [`${point}#1`, `${point}#${times}`]));
  const every = COMMITS_EVERY[scenario] ?? COMMITS_EVERY_ELSE;
  const commits = Array.from({ length: Math.floor((clean.points['commit:after'] ?? 0) / every) }, (_, index) => `commit:${index % 2 === 0 ? 'after' : 'before'}#${(index + 1) * every}`);
  return [...steps, ...commits].filter((point) => point.includes(where)).map((point) => ({ scenario, seed, point }));
}

/** Every step boundary of a trade, and between each effect and its record, always; of the others a sample unless all is asked for. */
function sampleOf(trade: CrashRun): Kill[] {
  const steps = Object.keys(trade.points).filter((point) => !point.startsWith('commit:') && !SAME_AS_NEXT.has(point)).map((point) => `${point}#1`);
  return [...[...steps, ...SAMPLE_COMMITS].map((point) => ['trade', point] as const), ...SAMPLE].map(([scenario, point]) => ({ scenario, seed: SEED, point }));
}

async function inTwos<Item>(items: readonly Item[], run: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker));
}

const clean = new Map<string, CrashRun>();
const runs: (Kill & { readonly run: CrashRun })[] = [];
const kept = FULL ? Object.keys(SCENARIOS) : ['trade'];

beforeAll(async () => {
  await inTwos(kept.flatMap((scenario) => seedsOf(scenario).map((seed) => ({ scenario, seed }))), async ({ scenario, seed }) => void clean.set(`${scenario} ${seed}`, await carry(scenario, seed, null)));
  const kills = FULL ? kept.flatMap((scenario) => seedsOf(scenario).flatMap((seed) => killsOf(scenario, seed, clean.get(`${scenario} ${seed}`)!))) : sampleOf(clean.get(`trade ${SEED}`)!);
  await inTwos(kills, async (kill) => {
    runs.push({ ...kill, run: await carry(kill.scenario, kill.seed, kill.point) });
    if (FULL && runs.length % 25 === 0) console.log(`${runs.length} of ${kills.length} kill points`);
  });
}, 7_200_000);

const total = (of: readonly { readonly run: CrashRun }[], pick: (run: CrashRun) => number) => of.reduce((sum, { run }) => sum + pick(run), 0);
const figures = (of: typeof runs) => [of.length, total(of, (run) => run.tally.effects), total(of, (run) => run.tally.duplicates.length), total(of, (run) => run.tally.losses.length + (run.error ? 1 : 0)), total(of, (run) => run.tally.unbalanced.length)];
const row = (cells: readonly (string | number)[]) => cells.map((cell, index) => String(cell).padEnd(index === 0 ? 30 : 13)).join('');

afterAll(() => {
  const [points, , duplicates, losses, unbalanced] = figures(runs);
  console.log([
    row(['scenario', 'kill points', 'effects', 'duplicates', 'losses', 'unbalanced']),
    ...Object.entries(SCENARIOS).map(([id, { name }]) => [name, runs.filter((run) => run.scenario === id)] as const).filter(([, of]) => of.length > 0).map(([name, of]) => row([name, ...figures(of)])),
    `${points} kill points, ${duplicates} duplicates, ${losses} losses, ${unbalanced} unbalanced`,
  ].join('\n'));
});

describe('a process that is killed while it buys, sells, asks for money, gives it back or writes to a seller', () => {
  it.each(kept)('passes every named step of %s when it is left alone', (scenario) => {
    for (const seed of seedsOf(scenario)) {
      const run = clean.get(`${scenario} ${seed}`)!;
      expect(run).toMatchObject({ error: '', tally: { duplicates: [], losses: [], unbalanced: [] } });
      const passed = new Set(Object.keys(run.points).filter((point) => !point.startsWith('commit:')).map((point) => point.split(':').slice(0, 2).join(':').replace(/-(?:\d+|[0-9a-f]{20}|sh[0-9a-f-]{36})$/, '-0')));
      expect([...passed].toSorted()).toEqual([...SCENARIOS[scenario]!.steps].toSorted());
    }
  });

  it('does everything once, loses nothing, and balances, wherever that was', () => {
    const wrong = runs.filter(({ run }) => run.error || !run.killed || run.tally.duplicates.length + run.tally.losses.length + run.tally.unbalanced.length > 0);
    expect(wrong.map(({ scenario, seed, point, run }) => ({ scenario, seed, point, killed: run.killed, error: run.error, ...run.tally }))).toEqual([]);
    expect(runs.length).toBeGreaterThanOrEqual(FULL ? (only ? 1 : 200) : 29);
  });
});
