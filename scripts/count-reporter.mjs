// A Vitest reporter that writes one line of JSON for each test to the file named by RESALE_TEST_RESULTS, for scripts/test.mjs to count.
import fs from 'node:fs';

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
    fs.writeFileSync(process.env.RESALE_TEST_RESULTS, JSON.stringify(results));
  }
}
