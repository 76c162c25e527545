import { expect, it } from 'vitest';
import type { AppOptions, PracticeWiring } from './options.ts';
import { runPractice, type PracticeRunPlan } from './practice-run.ts';

/** Refused before anything is opened: no folder, no clock and no market are there to begin with. */
const start = (practice: PracticeWiring | null) => runPractice({ practice } as AppOptions, {} as PracticeRunPlan);

it('never approves by itself for real accounts, nor in a market that a person works in', async () => {
  await expect(start(null)).rejects.toThrow('never for real accounts');
  await expect(start({ seed: 7, speed: 360 } as PracticeWiring)).rejects.toThrow('never for real accounts');
});
