import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { messageOf } from '#kernel/errors.ts';
import { writeFileAtomically } from './data-dir.ts';

const FILE = 'desk.json';
const stateSchema = z.strictObject({ mode: z.enum(['practice', 'live']), seed: z.int() });

/** Which market the desk was last on. The practice market of seed 1 until a person chooses. */
export type DeskState = z.infer<typeof stateSchema>;

export function readDeskState(dataDir: string): DeskState {
  const file = path.join(dataDir, FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { mode: 'practice', seed: 1 };
    throw error;
  }
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${file} cannot be read (${messageOf(cause)}): delete it, and the desk opens in the practice market`, { cause });
  }
}

export function writeDeskState(dataDir: string, state: DeskState): void {
  writeFileAtomically(path.join(dataDir, FILE), `${JSON.stringify(state)}\n`);
}

/** The folder of one market inside the data folder: practice never shares a file with real accounts. */
export function marketDir(dataDir: string, { mode, seed }: DeskState): string {
  return path.join(dataDir, mode === 'live' ? 'live' : `practice-${seed}`);
}
