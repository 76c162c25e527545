import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { messageOf } from '#kernel/errors.ts';
import { scaledClock } from '#kernel/time.ts';
import type { Clock, ClockAnchor, Instant } from '#kernel/time.ts';
import { writeFileAtomically } from './data-dir.ts';

/** One virtual hour in ten real seconds: a day passes in four minutes, slow enough to watch and fast enough to see results. */
export const PRACTICE_SPEED = 360;
/** As it is at most: a day in 24 seconds, which a desk still keeps up with. At 1 it passes as in life. */
export const MOST_PRACTICE_SPEED = 3_600;
/** How often the virtual time is kept, in real time. */
const KEEP_EVERY_MS = 5_000;
const FILE = 'practice.json';

/** Ms since the machine was started, the same in every thread: whoever sets the machine's clock does not move it, and on Linux and macOS it stands while the machine sleeps. */
export const steadyMs = (): number => Number(process.hrtime.bigint() / 1_000_000n);

/** Where real time comes from; tests stand in for it. */
export interface RealTime {
  wall(): Instant;
  /** Never goes back; of any origin. */
  steady(): number;
}

const stateSchema = z.strictObject({
  seed: z.int(),
  /** Virtual ms per real ms. */
  speed: z.number().positive().max(1_000_000),
  /** Virtual instant at which this practice market began. */
  startedAt: z.int(),
  /** Virtual instant when last kept. */
  virtualNow: z.int(),
});
type State = z.infer<typeof stateSchema>;

export interface PracticeClock {
  readonly seed: number;
  readonly startedAt: Instant;
  readonly anchor: ClockAnchor;
  readonly clock: Clock;
  /** Keeps the virtual time a last time and stops. */
  close(): void;
}

function readState(file: string): State | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${file} cannot be read (${messageOf(cause)}): restore it from a backup, or delete the folder to start this practice market afresh`, { cause });
  }
}

/**
 * The clock of the practice market in a data folder. Virtual time stands still while the program is closed, and never goes back: after a crash it
 * goes on from the last instant that it can have reached, and the machine's clock may be set meanwhile: at this speed an hour of it would be two weeks.
 * @param asked.seed of the market; a folder holds one market, so another seed than its own is refused @param asked.speed from now on; absent: as before
 */
export function openPracticeClock(dataDir: string, asked: { readonly seed: number; readonly speed?: number | undefined }, { wall, steady }: RealTime = { wall: Date.now, steady: steadyMs }): PracticeClock {
  const { seed } = asked;
  const file = path.join(dataDir, FILE);
  const kept = readState(file);
  if (kept && kept.seed !== seed) throw new Error(`${dataDir} holds the practice market of seed ${kept.seed}, not ${seed}`);
  const began = wall();
  const state: State = { ...(kept ?? { seed, startedAt: began, virtualNow: began }), speed: asked.speed ?? kept?.speed ?? PRACTICE_SPEED };
  const anchor: ClockAnchor = { anchor: state.virtualNow, realAnchor: steady(), speed: state.speed };
  const clock = scaledClock(anchor, steady);
  const keep = (virtualNow: Instant) => writeFileAtomically(file, `${JSON.stringify({ ...state, virtualNow })}\n`);
  // Kept ahead by one interval: a process that is killed right before the next write has not been beyond it.
  const ahead = () => keep(Math.ceil(clock.now() + KEEP_EVERY_MS * 2 * state.speed));
  ahead();
  const timer = setInterval(ahead, KEEP_EVERY_MS);
  timer.unref();
  return {
    seed: state.seed,
    startedAt: state.startedAt,
    anchor,
    clock,
    close() {
      clearInterval(timer);
      keep(clock.now());
    },
  };
}
