// Runs a TypeScript file of the project after the set-up checks:  node scripts/run.mjs FILE [arguments…]
import path from 'node:path';
import { fail, prepare, root, run } from './setup.mjs';

const [file, ...args] = process.argv.slice(2);
if (!file) fail('usage: node scripts/run.mjs FILE [arguments…]');
await prepare(import.meta.url);
process.exit(await run(process.execPath, [path.resolve(root, file), ...args], { cwd: process.cwd() }));
