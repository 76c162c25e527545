// Checks every environment's tsconfig with the native TypeScript compiler; prints each that fails and exits 1 if any did.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const tsc = path.join(root, 'node_modules/typescript-native/bin/tsc');
const environments = process.argv.length > 2 ? process.argv.slice(2) : ['kernel', '', 'shell', 'renderer'];
let failed = false;
for (const name of environments) {
  const file = name === '' ? 'tsconfig.json' : `tsconfig.${name}.json`;
  const run = spawnSync(process.execPath, [tsc, '-p', path.join(root, file), '--pretty', 'false'], { cwd: root, encoding: 'utf8' });
  if (run.status !== 0) {
    failed = true;
    console.log(`${file}:\n${run.stdout}${run.stderr}`);
  }
}
process.exit(failed ? 1 : 0);
