import { messageOf } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import { systemRandom } from '#kernel/random.ts';
import { systemClock } from '#kernel/time.ts';
import type { AppOptions } from '../options.ts';
import { createPortServer } from '../transports/message-port.ts';
import type { Port } from '../transports/message-port.ts';
import type { ServedRouter } from '../transports/served-router.ts';
import { ensureDataDir, openDataDir } from './data-dir.ts';
import { marketDir, readDeskState, writeDeskState } from './desk-state.ts';
import type { DeskState } from './desk-state.ts';
import { explainStart } from './explain-start.ts';
import { engineInitSchema, hostMessageSchema } from './host-protocol.ts';
import type { EngineInit, EngineMessage } from './host-protocol.ts';
import { openLog } from './open-log.ts';
import { openSecrets } from './open-secrets.ts';
import { startPractice } from './start-practice.ts';

/** The way to the host: a thread's `parentPort`, or a utility process's. */
export interface EngineChannel {
  send(message: EngineMessage): void;
  /** `port` comes with `serve`. */
  onMessage(listener: (message: unknown, port: Port | null) => void): void;
}

/** What the wiring makes; `compose.ts` has it. */
export interface HostedApp extends ServedRouter {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export type Compose = (options: AppOptions) => Promise<HostedApp>;

/**
 * The engine's life in its thread or process: opens the data folder, starts the practice market, composes and starts the app, serves every port that
 * the host hands over, and ends in the opposite order when told to. What cannot start says why and exits with 1.
 */
export async function runEngine(init: unknown, channel: EngineChannel, compose: Compose): Promise<void> {
  const waiting: Port[] = [];
  let serve = (port: Port): void => void waiting.push(port);
  let stop: (() => Promise<void>) | null = null;
  let stopping = false;
  channel.onMessage((message, port) => {
    const { kind } = hostMessageSchema.parse(message);
    if (kind === 'serve' && port) serve(port);
    if (kind === 'stop' && !stopping) {
      stopping = true;
      void (stop?.() ?? Promise.resolve()).then(() => process.exit(0), () => process.exit(1));
    }
  });
  try {
    const running = await startEngine(engineInitSchema.parse(init), channel, compose);
    ({ stop } = running);
    const server = createPortServer(running.app, running.logger);
    serve = (port) => server.serve(port);
    for (const port of waiting.splice(0)) serve(port);
    channel.send({ kind: 'ready' });
  } catch (error) {
    channel.send({ kind: 'failed', message: messageOf(error) });
    // A moment for the message to leave the process.
    setTimeout(() => process.exit(1), 50);
  }
}

/** Work that has not ended at its signal by then is cut off: it is durable, and goes on at the next start as after any kill. */
const STOP_WITHIN_MS = 10_000;

interface RunningEngine {
  readonly app: HostedApp;
  readonly logger: Logger;
  stop(): Promise<void>;
}

async function startEngine(init: EngineInit, channel: EngineChannel, compose: Compose): Promise<RunningEngine> {
  const undo: (() => unknown)[] = [];
  let folder = init.dataDir;
  const unwind = async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const root = openDataDir(init.dataDir);
    undo.push(() => root.release());
    const log = await openLog(root.path, 'engine');
    undo.push(() => log.close());
    const { logger } = log;
    const kept = readDeskState(root.path);
    const state: DeskState = init.seed === null ? kept : { mode: 'practice', seed: init.seed };
    const dataDir = ensureDataDir(marketDir(root.path, state));
    folder = dataDir;
    logger.info('engine starts', { version: init.version, ...state });
    const practice = state.mode === 'practice' ? await startPractice({ dataDir, seed: state.seed, speed: init.speed, thread: init.threads.practice, onDeath: (error) => dieWith(logger, error) }) : null;
    if (practice) undo.push(() => practice.close());
    const app = await compose({
      version: init.version, dataDir, rootDir: init.rootDir, clock: practice?.time.clock ?? systemClock, random: systemRandom, log: logger,
      secrets: openSecrets(root.path, logger),
      practice: practice?.wiring ?? null,
      switchMode: (mode) => {
        writeDeskState(root.path, { ...state, mode });
        logger.info('the other market was chosen', { mode });
        channel.send({ kind: 'restart' });
        // After the answer to whoever chose has left.
        setTimeout(() => {
          setTimeout(() => process.exit(0), STOP_WITHIN_MS);
          void unwind().finally(() => process.exit(0));
        }, 200);
      },
      ...(init.publicUrl === undefined ? {} : { publicUrl: init.publicUrl }),
      ...(init.threads.reader === null ? {} : { readerScript: new URL(init.threads.reader) }),
      ...(init.threads.priceList === null ? {} : { priceListScript: new URL(init.threads.priceList) }),
      ...(init.threads.documents === null ? {} : { documentScript: new URL(init.threads.documents) }),
    });
    undo.push(() => app.stop());
    await app.start();
    return { app, logger, stop: unwind };
  } catch (error) {
    await unwind();
    throw new Error(explainStart(error, folder), { cause: error });
  }
}

/** The vendors are gone: the engine's work would fail one call after another, so it ends, and its host starts both afresh. */
function dieWith(logger: Logger, error: Error): void {
  logger.error('the practice market died', { error });
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 50);
}
