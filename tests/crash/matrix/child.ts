/**
 * One scenario as a process that the crash matrix kills. Told by the environment: the scenario, the database, what it has to know of the market, and
 * where to die. Run again on the same database it goes on where it was. Prints how often it passed each point.
 */
import { z } from 'zod';
import { ManualClock } from '#kernel/time.ts';
import { openDatabase } from '#runtime/database.ts';
import type { Database } from '#runtime/ports.ts';
import { SCENARIOS } from './scenarios.ts';

const { RESALE_CRASH } = process.env;
const told = z.strictObject({ scenario: z.string(), db: z.string(), control: z.string(), now: z.int(), seed: z.string(), killAt: z.string().nullable(), facts: z.record(z.string(), z.string()) }).parse(JSON.parse(RESALE_CRASH ?? 'null'));

const seen = new Map<string, number>();
/** `effect:place-order:called#1` is the first passage of that point. */
function probe(point: string): void {
  const number = (seen.get(point) ?? 0) + 1;
  seen.set(point, number);
  if (`${point}#${number}` === told.killAt) process.kill(process.pid, 'SIGKILL');
}

/** Each commit is a place to die as well: before it, and between it and whatever follows. */
function withKillPoints(db: Database): Database {
  return {
    ...db,
    async transaction(run) {
      probe('commit:before');
      const value = await db.transaction(run);
      probe('commit:after');
      return value;
    },
  };
}

const ask = async (path: string): Promise<string> => (await fetch(`${told.control}${path}`, { method: 'POST' })).text();
const clock = new ManualClock(told.now);
const tellMarket = async (to: number): Promise<void> => void (await ask(`/advance?to=${to}`));

const db = await openDatabase(told.db, { synchronous: 'NORMAL' });
await SCENARIOS[told.scenario]!.carry({
  db: withKillPoints(db), clock, probe, seed: told.seed, facts: told.facts, tellMarket,
  async advanceTo(to) {
    await tellMarket(to);
    clock.advanceTo(to);
  },
  look: (question) => ask(`/look?question=${encodeURIComponent(question)}`),
});
await db.close();
console.log(JSON.stringify(Object.fromEntries(seen)));
