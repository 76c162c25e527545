// A Vitest reporter that writes each test's result as JSON to the file named by RESALE_TEST_RESULTS, for scripts/test.mjs to count, and names the files that took longest.
import fs from 'node:fs';

const NAMED = 12;

export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const results = [];
    for (const module of modules) {
      for (const error of module.errors()) results.push({ state: 'failed', name: module.moduleId, note: error.message });
      for (const test of module.children.allTests()) {
        const result = test.result();
        results.push({ state: result.state, name: `${module.relativeModuleId} › ${test.fullName}`, note: result.note ?? test.options.mode });
      }
    }
    for (const error of unhandledErrors) results.push({ state: 'failed', name: 'unhandled error', note: error.message });
    const slowest = modules.map((module) => ({ name: module.relativeModuleId, ms: module.diagnostic().duration })).toSorted((a, b) => b.ms - a.ms).slice(0, NAMED);
    console.log(`slowest: ${slowest.map(({ name, ms }) => `${name} ${(ms / 1_000).toFixed(1)} s`).join(', ')}`);
    fs.writeFileSync(process.env.RESALE_TEST_RESULTS, JSON.stringify(results));
  }
}
