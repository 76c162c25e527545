import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { messageOf } from '#kernel/errors.ts';
import { scaledClock } from '#kernel/time.ts';
import type { Clock, Instant } from '#kernel/time.ts';
import { writeFileAtomically } from './data-dir.ts';

/** One virtual hour in ten real seconds: a day passes in four minutes, slow enough to watch and fast enough to see results. */
export const PRACTICE_SPEED = 360;
/** How often the virtual time is kept, in real time. */
const KEEP_EVERY_MS = 5_000;
const FILE = 'practice.json';

/** Virtual instant `anchor` at real instant `realAnchor`, `speed` virtual ms per real ms: two threads that hold it agree on the time. */
export interface ClockAnchor {
  readonly anchor: Instant;
  readonly realAnchor: Instant;
  readonly speed: number;
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
 * goes on from the last instant that it can have reached.
 * @param seed of the market; a folder holds one market, so another seed than its own is refused
 * @param wall real time, in ms
 */
export function openPracticeClock(dataDir: string, seed: number, wall: () => Instant = () => Date.now()): PracticeClock {
  const file = path.join(dataDir, FILE);
  const kept = readState(file);
  if (kept && kept.seed !== seed) throw new Error(`${dataDir} holds the practice market of seed ${kept.seed}, not ${seed}`);
  const now = wall();
  const state: State = kept ?? { seed, speed: PRACTICE_SPEED, startedAt: now, virtualNow: now };
  const anchor: ClockAnchor = { anchor: state.virtualNow, realAnchor: now, speed: state.speed };
  const clock = scaledClock(anchor.anchor, anchor.realAnchor, anchor.speed);
  const reached = () => Math.floor(anchor.anchor + (wall() - anchor.realAnchor) * anchor.speed);
  const keep = (virtualNow: Instant) => writeFileAtomically(file, `${JSON.stringify({ ...state, virtualNow })}\n`);
  // Kept ahead by one interval: a process that is killed right before the next write has not been beyond it.
  const ahead = () => keep(Math.ceil(reached() + KEEP_EVERY_MS * 2 * state.speed));
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
      keep(reached());
    },
  };
}
