import { ManualClock, type Clock, type Instant } from '#kernel/time.ts';

/** A clock that one thread moves and another reads: virtual time in shared memory. */
export class SharedManualClock extends ManualClock {
  readonly memory: SharedArrayBuffer;
  readonly #cell: BigInt64Array;

  constructor(start: Instant) {
    super(start);
    this.memory = new SharedArrayBuffer(8);
    this.#cell = new BigInt64Array(this.memory);
    Atomics.store(this.#cell, 0, BigInt(start));
  }

  override advanceTo(instant: Instant): void {
    super.advanceTo(instant);
    Atomics.store(this.#cell, 0, BigInt(this.now()));
  }
}

/** Reads the other thread's clock. Work that waits does so in real time: only the clock's owner moves it. */
export function readSharedClock(memory: SharedArrayBuffer): Clock {
  const cell = new BigInt64Array(memory);
  return {
    now: () => Number(Atomics.load(cell, 0)),
    sleep: () => Promise.reject(new Error('the clock of a practice run is moved by the run alone')),
  };
}
