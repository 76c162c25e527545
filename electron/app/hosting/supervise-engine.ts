import type { Logger } from '#kernel/log.ts';
import { engineMessageSchema } from './host-protocol.ts';
import type { HostMessage } from './host-protocol.ts';

/** One run of the engine: a worker thread, or Electron's utility process. `P` is the kind of port that it can be sent. */
export interface EngineRun<P> {
  send(message: HostMessage, port?: P): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once; `reason` is for the log and the person. */
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

export interface SupervisorOptions<P> {
  /** `asked`: the engine ended because it asked to be started afresh, on the other market. */
  spawn(cause: 'start' | 'crash' | 'asked'): EngineRun<P>;
  readonly logger: Logger;
  /** The engine runs, for the first time or again: hand it ports. */
  onUp(engine: { serve(port: P): void }): void;
  /** It ended; it is started again. `asked`: the person chose the other market. */
  onDown(reason: string, cause: 'crash' | 'asked'): void;
  /** It ended too often to go on. */
  onGivenUp(reason: string): void;
  /** For tests: waits before a restart, in ms. */
  readonly backoffMs?: readonly number[];
}

/** So many ends within a minute, and the next is the last. */
const BACKOFF_MS = [500, 1_000, 2_000] as const;
const WINDOW_MS = 60_000;
const STOP_WITHIN_MS = 10_000;

/** The engine refused to start, with a reason for the person; another try would end the same. */
export class EngineRefusedError extends Error {
  override readonly name = 'EngineRefusedError';
}

export interface Supervisor {
  /** Resolves when the engine runs. @throws EngineRefusedError */
  start(): Promise<void>;
  /** Asks the engine to finish, and ends it after 10 s. */
  stop(): Promise<void>;
}

/** Keeps one engine running: starts it again when it dies, gives up when it dies at once again and again. */
export function superviseEngine<P>(options: SupervisorOptions<P>): Supervisor {
  const backoff = options.backoffMs ?? BACKOFF_MS;
  let current: { run: EngineRun<P>; exited: Promise<void> } | null = null;
  let stopping = false;
  let deaths: number[] = [];
  let restart: ReturnType<typeof setTimeout> | null = null;

  const spawn = (cause: 'start' | 'crash' | 'asked'): Promise<void> =>
    new Promise((resolve, reject) => {
      const run = options.spawn(cause);
      let phase: 'starting' | 'up' | 'refused' | 'restarting' = 'starting';
      const { promise: exited, resolve: markExited } = Promise.withResolvers<void>();
      current = { run, exited };
      run.onMessage((raw) => {
        const message = engineMessageSchema.parse(raw);
        if (message.kind === 'ready') {
          phase = 'up';
          options.onUp({ serve: (port) => run.send({ kind: 'serve' }, port) });
          resolve();
        } else if (message.kind === 'restart') phase = 'restarting';
        else {
          phase = 'refused';
          reject(new EngineRefusedError(message.message));
        }
      });
      run.onExit((reason) => {
        if (current?.run === run) current = null;
        markExited();
        if (phase === 'starting') reject(new Error(`the engine ended while it was starting: ${reason}`));
        if (phase === 'up' && !stopping) died(reason);
        if (phase === 'restarting' && !stopping) {
          options.onDown('it changes to the other market', 'asked');
          again('asked');
        }
      });
    });

  const again = (cause: 'crash' | 'asked') => {
    spawn(cause).catch((error: unknown) => {
      options.logger.error('engine did not start again', { error });
      if (!stopping) options.onGivenUp(error instanceof Error ? error.message : String(error));
    });
  };

  const died = (reason: string) => {
    const now = performance.now();
    deaths = [...deaths.filter((at) => now - at < WINDOW_MS), now];
    options.logger.error('engine ended', { reason, times: deaths.length });
    if (deaths.length > backoff.length) {
      options.onGivenUp(reason);
      return;
    }
    options.onDown(reason, 'crash');
    restart = setTimeout(() => {
      restart = null;
      again('crash');
    }, backoff[deaths.length - 1]);
  };

  return {
    start: () => spawn('start'),
    async stop() {
      stopping = true;
      if (restart) clearTimeout(restart);
      const last = current;
      if (!last) return;
      last.run.send({ kind: 'stop' });
      const late = setTimeout(() => last.run.kill(), STOP_WITHIN_MS);
      await last.exited;
      clearTimeout(late);
    },
  };
}
