import { parentPort, workerData } from 'node:worker_threads';
import { composeApp } from '#app/compose.ts';
import { runEngine } from '#app/hosting/run-engine.ts';
import { threadChannel } from '#app/hosting/thread-channel.ts';

/** The engine's own thread in headless mode: the thread that serves the window never runs a query. */
await runEngine(workerData, threadChannel(parentPort), composeApp);
