/**
 * The trade from approval to payout, as a process that a test kills. Told by the environment: the database, the vendors, the market's control, the
 * opportunity, and where to die. Run again on the same database it goes on where it was.
 */
import { readListings } from '#engine/listings/index.ts';
import { ManualClock } from '#kernel/time.ts';
import { openDatabase } from '#runtime/database.ts';
import type { Database } from '#runtime/ports.ts';
import { carryOut } from '#tests/support/carry-out.ts';
import { openTradeDesk, scheduleDesk } from '#tests/support/trade-desk.ts';

const need = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

const seen = new Map<string, number>();
/** `effect:place-order:called#1` is the first passage of that point. */
const killAt = process.env['RESALE_KILL_AT'] ?? '';

function pass(point: string): void {
  const number = (seen.get(point) ?? 0) + 1;
  seen.set(point, number);
  if (`${point}#${number}` === killAt) process.kill(process.pid, 'SIGKILL');
}

/** Each commit is a place to die as well: before it, and between it and whatever follows. */
function withKillPoints(db: Database): Database {
  return {
    ...db,
    async transaction(run) {
      pass('commit:before');
      const value = await db.transaction(run);
      pass('commit:after');
      return value;
    },
  };
}

const clock = new ManualClock(Number(need('RESALE_NOW')));
const onAdvance = async (to: number): Promise<void> => {
  await fetch(`${need('RESALE_CONTROL')}/advance?to=${to}`, { method: 'POST' });
};

async function advance(ms: number): Promise<void> {
  await onAdvance(clock.now() + ms);
  clock.advanceTo(clock.now() + ms);
}

const db = await openDatabase(need('RESALE_DB'), { synchronous: 'NORMAL' });
const desk = await openTradeDesk({ db: withKillPoints(db), clock, shopUrl: need('RESALE_SHOP'), ebayUrl: need('RESALE_EBAY'), crashProbe: pass, seed: `child-${process.pid}`, onAdvance });
await scheduleDesk(desk);
await carryOut(desk, need('RESALE_OPPORTUNITY'), advance);
const listings = (await readListings(db.prisma, { limit: 10 })).items.map((listing) => listing.state);
await desk.close();
await db.close();
console.log(JSON.stringify({ points: Object.fromEntries(seen), listings }));
