import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const stateSchema = z.strictObject({ x: z.int(), y: z.int(), width: z.int().min(1).max(20_000), height: z.int().min(1).max(20_000), maximized: z.boolean() });

/** Where the window was, in device-independent pixels. */
export type WindowState = z.infer<typeof stateSchema>;
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const SMALLEST = { width: 720, height: 480 };
const USUAL = { width: 1_360, height: 860 };
/** So much of the title bar must be on a screen for a hand to reach it. */
const GRIP = { width: 120, height: 32 };

/** The state that was kept, or null where there is none that can be read. */
export function readWindowState(file: string): WindowState | null {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Losing the place of a window must not keep it from closing. */
export function keepWindowState(file: string, state: WindowState): void {
  try {
    writeFileSync(file, `${JSON.stringify(stateSchema.parse(state))}\n`);
  } catch {
    // the next start opens in the usual place
  }
}

const fit = (wanted: number, smallest: number, most: number) => Math.min(Math.max(wanted, smallest), Math.max(most, smallest));
const overlap = (low: number, high: number, otherLow: number, otherHigh: number) => Math.min(high, otherHigh) - Math.max(low, otherLow);

/**
 * Where to open: where it was, if a hand can still reach it on the screens of today; otherwise in the middle of the first screen. Never larger than
 * its screen, never smaller than the desk can be used.
 * @param screens work areas, the primary one first
 */
export function placeWindow(kept: WindowState | null, screens: readonly Area[]): WindowState {
  const primary = screens[0] ?? { x: 0, y: 0, ...USUAL };
  const home = kept && screens.find((screen) => overlap(kept.x, kept.x + kept.width, screen.x, screen.x + screen.width) >= GRIP.width && overlap(kept.y, kept.y + GRIP.height, screen.y, screen.y + screen.height) >= GRIP.height);
  const screen = home || primary;
  const width = fit(kept?.width ?? USUAL.width, SMALLEST.width, screen.width);
  const height = fit(kept?.height ?? USUAL.height, SMALLEST.height, screen.height);
  if (kept && home) return { x: kept.x, y: kept.y, width, height, maximized: kept.maximized };
  return { x: Math.round(screen.x + (screen.width - width) / 2), y: Math.round(screen.y + (screen.height - height) / 2), width, height, maximized: kept?.maximized ?? false };
}
