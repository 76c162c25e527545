import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { countEffects, simulateNaiveBuyer } from '#practice/world/truth.ts';
import { readSharedClock } from './shared-clock.ts';
import { withChannels } from './practise-channels.ts';
import { startWiredMarket } from './wire-practice.ts';

/**
 * The market of a practice run, in a thread beside the engine's: two cores work on it, and the clock that the run moves is shared memory. It answers
 * questions about what was really done to its vendors; the engine itself has only their protocols.
 */
const init = z.strictObject({ seed: z.int(), faultRate: z.number().min(0).max(1), channels: z.array(z.string()), clock: z.instanceof(SharedArrayBuffer) }).parse(workerData);
const question = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('report'), days: z.int(), budgetMinor: z.int(), perDayMinor: z.int().nullable(), perPurchaseMinor: z.int().nullable() }),
  z.strictObject({ kind: z.literal('stop') }),
]);
const port = parentPort;
if (!port) throw new Error('the market of a practice run has a thread of its own');

const { market, wiring } = await startWiredMarket({ seed: init.seed, speed: 0, clock: readSharedClock(init.clock), folder: null });
// A connection that hangs and is then cut leaves the same behind however long it hung: virtual time stands still meanwhile, and real time is a person's.
if (init.faultRate > 0) market.setFaults({ rate: init.faultRate, hangMs: 10, slowBodyMs: 10 });

port.on('message', (message: unknown) => {
  const asked = question.parse(message);
  if (asked.kind === 'stop') {
    void market.close().then(() => port.close());
    return;
  }
  const { listings, shopOrders } = market.effects();
  const effects = countEffects(market.world);
  const naive = simulateNaiveBuyer(market.world, {
    days: asked.days, budgetMinor: asked.budgetMinor, ...(asked.perDayMinor === null ? {} : { perDayMinor: asked.perDayMinor }), ...(asked.perPurchaseMinor === null ? {} : { perPurchaseMinor: asked.perPurchaseMinor }),
  });
  port.postMessage({
    orders: shopOrders.length, listings: listings.length, duplicateListings: Object.values(effects.activeListingsBySku).filter((n) => n > 1).length, sales: effects.sales, naiveProfitMinor: naive.realisedMinor,
  });
});
port.postMessage(withChannels(wiring, init.channels));
