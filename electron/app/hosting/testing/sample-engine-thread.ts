import { parentPort, workerData } from 'node:worker_threads';
import { createSampleRouter } from '../../transports/sample-router.ts';
import { threadChannel } from '../thread-channel.ts';
import { runEngine } from '../run-engine.ts';

/** An engine thread over the sample router, for tests of the hosts. A note `crash` ends the thread as a bug would. */
await runEngine(workerData, threadChannel(parentPort), ({ dataDir }) => {
  if (dataDir.includes('too-new')) throw new Error('the database is newer than this program');
  return Promise.resolve({ ...createSampleRouter(), start: () => Promise.resolve(), stop: () => Promise.resolve() });
});
parentPort?.on('message', (message: unknown) => {
  if (message === 'crash') setTimeout(() => { throw new Error('planted crash'); });
});
