// npm test: does all its own set-up, then every check. Prints what was skipped and why; the last line is `N passed, N failed, N skipped`.
//   npm test -- [typecheck] [lint] [rules] [migrations] [unit] [system] [ui]     all when none is named (the rules once: the system's tests check them too)
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { prepare, root, run } from './setup.mjs';

await prepare(import.meta.url);
const { buildRenderer } = await import('./build.mjs');
const bin = (name) => path.join(root, 'node_modules', name);

const counts = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const skips = new Map();

/** A check that is one program: it passes when the program ends well. */
const program = (name, args) => async () => {
  const code = await run(process.execPath, args);
  if (code === 0) counts.passed++;
  else {
    counts.failed++;
    failures.push(`${name}: exit code ${code}`);
  }
};

/** A project of Vitest: every test counts. */
const vitest = (project) => async () => {
  const file = path.join(os.tmpdir(), `resale-desk-tests-${process.pid}-${project}.json`);
  // colours in a log that no terminal shows are noise
  const env = { ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }), ...process.env, RESALE_TEST_RESULTS: file };
  const code = await run(process.execPath, [bin('vitest/vitest.mjs'), 'run', '--project', project, '--passWithNoTests', '--reporter=dot', `--reporter=${path.join(root, 'scripts/count-reporter.mjs')}`], { env });
  const results = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : [];
  fs.rmSync(file, { force: true });
  for (const { state, name, note } of results) {
    if (state === 'passed') counts.passed++;
    else if (state === 'failed') {
      counts.failed++;
      failures.push(name);
    } else {
      counts.skipped++;
      skips.set(note ?? 'no reason given', [...(skips.get(note ?? 'no reason given') ?? []), name]);
    }
  }
  if (code !== 0 && !results.some(({ state }) => state === 'failed')) {
    counts.failed++;
    failures.push(`vitest ${project}: exit code ${code}`);
  }
};

const checks = {
  typecheck: program('typecheck', [path.join(root, 'scripts/typecheck.mjs')]),
  lint: program('lint', [bin('oxlint/bin/oxlint'), '--deny-warnings']),
  rules: program('rules', [path.join(root, 'scripts/check-rules.mjs')]),
  migrations: program('migrations', [path.join(root, 'scripts/migrate.mjs'), 'check']),
  unit: vitest('unit'),
  system: vitest('system'),
  ui: vitest('ui'),
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in checks));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}; known: ${Object.keys(checks).join(', ')}`);
  process.exit(64);
}
const chosen = named.length > 0 ? named : Object.keys(checks).filter((name) => name !== 'rules');
if (chosen.includes('ui') || chosen.includes('system')) {
  try {
    await buildRenderer();
  } catch (error) {
    counts.failed++;
    failures.push(`building the window: ${error.message}`);
  }
}
for (const name of chosen) {
  const started = Date.now();
  console.log(`── ${name}`);
  await checks[name]();
  console.log(`── ${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

if (skips.size > 0) console.log('\nSkipped:');
for (const [reason, names] of skips) console.log(`  ${reason}: ${names.length === 1 ? names[0] : `${names.length} tests, such as ${names[0]}`}`);
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((name) => `  ${name}`).join('\n')}`);
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 ? 1 : 0);
