import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { scaledClock } from '#kernel/time.ts';
import { startMarket } from '#practice/market.ts';

/** The practice market's own thread: a world to simulate and servers to answer, beside the engine that calls them over loopback. */
const init = z.strictObject({ seed: z.int(), journalFile: z.string(), anchor: z.strictObject({ anchor: z.int(), realAnchor: z.int(), speed: z.number() }) }).parse(workerData);
const port = parentPort;
if (!port) throw new Error('the practice market runs in a thread of its own');

const clock = scaledClock(init.anchor.anchor, init.anchor.realAnchor, init.anchor.speed);
const market = await startMarket({ seed: init.seed, clock, journalFile: init.journalFile });
port.on('message', (message: unknown) => {
  if (message === 'stop') void market.close().then(() => port.close());
});
port.postMessage({ baseUrls: Object.fromEntries(Object.entries(market.vendors).map(([name, vendor]) => [name, vendor.baseUrl])) });
