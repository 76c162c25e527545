import os from 'node:os';
import { defineConfig } from 'vitest/config';
import LongestFirst from './scripts/longest-first.mjs';

/** How long a state may take to come: the default second is short on a loaded machine. */
const patient = { poll: { timeout: 20_000 } };

/** Three projects: `unit` (beside the code) and `system` (whole program: contract, crash, end to end), whose files share what they import, which a quarter to a third of their time went to, and `ui` (the desk in Chromium). */
export default defineConfig({
  test: {
    // the default leaves one core to the main process, which hardly needs it
    maxWorkers: os.availableParallelism(),
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { name: 'unit', include: ['electron/**/*.test.ts', 'scrapers/**/*.test.ts', 'practice/**/*.test.ts', 'renderer/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'], environment: 'node', expect: patient, isolate: false, testTimeout: 30_000, hookTimeout: 60_000 } },
      { test: { name: 'system', include: ['tests/{contract,crash,system,rules,shell}/**/*.test.ts'], environment: 'node', expect: patient, isolate: false, testTimeout: 120_000, hookTimeout: 120_000 } },
      { test: { name: 'ui', include: ['tests/ui/**/*.test.ts'], environment: 'node', expect: patient, globalSetup: './tests/ui/build-desk.ts', testTimeout: 120_000, hookTimeout: 120_000 } },
    ],
  },
});
