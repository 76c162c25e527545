/**
 * One scenario as a process that the crash matrix kills. Told by the environment: the scenario, the database, what it has to know of the market, and
 * where to die. Run again on the same database it goes on where it was. Prints how often it passed each point.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { ManualClock } from '#kernel/time.ts';
import { openDatabase } from '#runtime/database.ts';
import type { Database } from '#runtime/ports.ts';
import type { Scenario } from './scenario.ts';

const toldSchema = z.strictObject({ scenario: z.string(), db: z.string(), control: z.string(), now: z.int(), seed: z.string(), killAt: z.string().nullable(), facts: z.record(z.string(), z.string()) });

/** Each commit is a place to die as well: before it, and between it and whatever follows. */
function withKillPoints(db: Database, probe: (point: string) => void): Database {
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

/** This is run as one file, from the project's root. */
const READER = pathToFileURL(path.resolve('electron/runtime/reader-worker.ts'));

export async function runChild(scenarios: Readonly<Record<string, Scenario>>): Promise<void> {
  const { RESALE_CRASH } = process.env;
  const told = toldSchema.parse(JSON.parse(RESALE_CRASH ?? 'null'));
  const seen = new Map<string, number>();
  /** `effect:place-order:called#1` is the first passage of that point. */
  function probe(point: string): void {
    const number = (seen.get(point) ?? 0) + 1;
    seen.set(point, number);
    if (`${point}#${number}` === told.killAt) process.kill(process.pid, 'SIGKILL');
  }
  const ask = async (asked: string): Promise<string> => (await fetch(`${told.control}${asked}`, { method: 'POST' })).text();
  const clock = new ManualClock(told.now);
  const tellMarket = async (to: number): Promise<void> => void (await ask(`/advance?to=${to}`));

  const db = await openDatabase(told.db, { synchronous: 'NORMAL', readerWorker: READER });
  await scenarios[told.scenario]!.carry({
    db: withKillPoints(db, probe), clock, probe, seed: told.seed, facts: told.facts, tellMarket,
    async advanceTo(to) {
      await tellMarket(to);
      clock.advanceTo(to);
    },
    look: (question) => ask(`/look?question=${encodeURIComponent(question)}`),
  });
  await db.close();
  console.log(JSON.stringify(Object.fromEntries(seen)));
}
