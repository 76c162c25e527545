// A Vitest sequencer: without a cache of times (a fresh clone has none) files run by their size, which says nothing of how long they take; one long file begun last leaves the other core idle.
import { BaseSequencer } from 'vitest/node';

/** The files that take over 15 s, longest first, as the count reporter names them. */
const LONGEST = [
  'tests/crash/matrix/kill-matrix.test.ts',
  'tests/system/practice-run.test.ts',
  'tests/system/headless-host.test.ts',
  'tests/crash/runtime.test.ts',
  'tests/system/assisted-checkout.test.ts',
  'tests/system/payments.test.ts',
  'tests/crash/matrix/fault-matrix.test.ts',
  'tests/system/cli.test.ts',
  'tests/ui/flows.test.ts',
  'tests/ui/states.test.ts',
  'tests/ui/pages.test.ts',
  'tests/ui/pages-dark.test.ts',
  'tests/ui/trade.e2e.test.ts',
];

/** The place of a file in the list; all others come after it. */
function rank({ moduleId }) {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(name));
  return place === -1 ? LONGEST.length : place;
}

export default class LongestFirst extends BaseSequencer {
  async sort(files) {
    // the sort is stable, so the others keep the usual order
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
