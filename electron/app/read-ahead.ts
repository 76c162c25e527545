import type { Logger } from '#kernel/log.ts';

/** After the start's own work, before a person has looked around. */
const AFTER_MS = 3_000;

export interface ReadAhead {
  start(): void;
  /** Waits for what has begun. */
  stop(): Promise<void>;
}

/** Works out once, a little after the start, what the first visitor of a page would wait for; what is answered is kept by whoever works it out. */
export function createReadAhead(log: Logger, run: () => Promise<unknown>): ReadAhead {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let begun: Promise<void> | null = null;
  const begin = async () => {
    try {
      await run();
    } catch (error) {
      log.warn('what a page needs could not be worked out ahead; its visitor waits for it', { error });
    }
  };
  return {
    start() {
      timer = setTimeout(() => { begun = begin(); }, AFTER_MS).unref();
    },
    async stop() {
      if (timer) clearTimeout(timer);
      await begun;
    },
  };
}
