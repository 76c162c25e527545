import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { scaledClock } from '#kernel/time.ts';
import { steadyMs } from './practice-clock.ts';
import { startWiredMarket } from './wire-practice.ts';

/** The practice market's own thread: a world to simulate and servers to answer, beside the engine that calls them over loopback. */
const init = z.strictObject({ seed: z.int(), folder: z.string(), anchor: z.strictObject({ anchor: z.int(), realAnchor: z.int(), speed: z.number() }) }).parse(workerData);
const host = parentPort;
if (!host) throw new Error('the practice market runs in a thread of its own');

const { market, wiring } = await startWiredMarket({ seed: init.seed, speed: init.anchor.speed, clock: scaledClock(init.anchor, steadyMs), folder: init.folder });
host.on('message', (message: unknown) => {
  if (message === 'stop') void market.close().then(() => host.close());
});
host.postMessage(wiring);
