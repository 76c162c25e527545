import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readPriceText, type PriceReading } from '#kernel/price-text.ts';
import { percent, readOptions, report } from './read-options.ts';

const caseSchema = z.object({
  group: z.string(),
  currency_hint: z.string().nullish(),
  price_raw: z.string().nullish(),
  currency: z.string().nullish(),
  amount: z.number().nullish(),
  decimal_separator: z.enum(['.', ',', '€']).nullish(),
});
const fileSchema = z.object({ cases: z.array(caseSchema) });
type Case = z.infer<typeof caseSchema>;

function read(one: Case): PriceReading {
  const decimalSeparator = one.decimal_separator ?? undefined;
  return readPriceText(one.price_raw ?? '', { currencyHint: one.currency_hint, decimalSeparator });
}

const amountOf = (reading: PriceReading) => (reading.amount === null ? null : Number(reading.amount));

interface Outcome {
  readonly one: Case;
  readonly got: PriceReading;
  readonly amount: 'right' | 'wrong' | 'none';
  readonly currency: boolean;
}

function judge(one: Case): Outcome {
  const got = read(one);
  const amount = amountOf(got);
  const expected = one.amount ?? null;
  const right = amount === expected || (amount !== null && expected !== null && Math.abs(amount - expected) < 1e-9);
  return { one, got, amount: right ? 'right' : amount === null ? 'none' : 'wrong', currency: (got.currencyText ?? null) === (one.currency ?? null) };
}

const ROUND = 150_000;

/** Strings a second: the best of six rounds, the first of which warms up, so that other work on the machine counts little. */
function speedOf(cases: readonly Case[]): { readonly wall: number; readonly cpu: number } {
  const repeats = Math.max(1, Math.ceil(ROUND / cases.length));
  let wall = 0;
  let cpu = 0;
  for (let round = 0; round < 6; round++) {
    const started = performance.now();
    const used = process.cpuUsage();
    for (let r = 0; r < repeats; r++) for (const one of cases) read(one);
    const { user, system } = process.cpuUsage(used);
    wall = Math.max(wall, (repeats * cases.length) / (performance.now() - started));
    cpu = Math.max(cpu, (repeats * cases.length) / ((user + system) / 1_000));
  }
  return { wall: Math.round(wall * 1_000), cpu: Math.round(cpu * 1_000) };
}

const count = (list: readonly Outcome[], test: (o: Outcome) => boolean) => list.filter(test).length;

export async function run(args: string[]): Promise<number> {
  const options = readOptions(args, ['cases']);
  if (!options) return 2;
  const { cases } = fileSchema.parse(JSON.parse(await readFile(options.values['cases'] ?? '', 'utf8')));
  const outcomes = cases.map(judge);
  const scored = outcomes.filter((o) => !o.one.group.includes('XFAIL'));
  const xfail = outcomes.filter((o) => o.one.group.includes('XFAIL'));
  if (options.verbose) for (const o of outcomes) if (o.amount !== 'right' || !o.currency) console.log(JSON.stringify({ group: o.one.group, text: o.one.price_raw, hint: o.one.currency_hint, expected: [o.one.amount, o.one.currency], got: [o.got.amount, o.got.currencyText, o.got.why] }));
  const right = count(scored, (o) => o.amount === 'right');
  const rightCurrency = count(scored, (o) => o.currency);
  const speed = speedOf(cases);
  report('prices', {
    cases: scored.length,
    'amount right': options.json ? right / scored.length : `${right} (${percent(right, scored.length)})`,
    'amount wrong': count(scored, (o) => o.amount === 'wrong'),
    'no amount given': count(scored, (o) => o.amount === 'none'),
    'currency right': options.json ? rightCurrency / scored.length : `${rightCurrency} (${percent(rightCurrency, scored.length)})`,
    'xfail cases': xfail.length,
    'xfail amount right': count(xfail, (o) => o.amount === 'right'),
    'xfail currency right': count(xfail, (o) => o.currency),
    'strings per second': speed.wall,
    'strings per CPU second': speed.cpu,
  }, options.json);
  return 0;
}
