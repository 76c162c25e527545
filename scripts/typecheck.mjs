// Checks every environment's tsconfig with the native TypeScript compiler; prints each that fails and exits 1 if any did. What was found of unchanged files is kept beside the packages.
import { spawn } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const tsc = path.join(root, 'node_modules/typescript-native/bin/tsc');
const environments = process.argv.length > 2 ? process.argv.slice(2) : ['kernel', '', 'shell', 'renderer'];

/** The compiler starts a program of its own, which outlives it: a group of their own lets both be ended together. */
function check(name, file) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [tsc, '-p', path.join(root, file), '--pretty', 'false', '--incremental', '--tsBuildInfoFile', path.join(root, `node_modules/.cache/typecheck/${name || 'node'}.json`)], { cwd: root, detached: process.platform !== 'win32' });
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    const end = () => {
      try {
        process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL'); // the compiler hears no softer word while it works
      } catch {
        // it has ended by itself
      }
      process.exit(130);
    };
    process.once('SIGTERM', end);
    process.once('SIGINT', end);
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code) => {
      process.off('SIGTERM', end);
      process.off('SIGINT', end);
      resolve({ ok: code === 0, output });
    });
  });
}

let failed = false;
for (const name of environments) {
  const file = name === '' ? 'tsconfig.json' : `tsconfig.${name}.json`;
  const { ok, output } = await check(name, file);
  if (ok) continue;
  failed = true;
  console.log(`${file}:\n${output}`);
}
process.exit(failed ? 1 : 0);
