// Builds what the program serves and packs, by plain Vite: `renderer` (the window) and `shell` (Electron's main process, preload and engine).
//   node scripts/build.mjs [renderer] [shell] [--force]     both when none is named; what is up to date is skipped
import { builtinModules } from 'node:module';
import path from 'node:path';
import { digestOf, root, say, whenStale } from './setup.mjs';

const COMMON = ['package-lock.json', 'scripts/build.mjs', 'vite.config.ts', 'electron/kernel', 'electron/contract'];
/** Loaded from node_modules as they are: native code, what reads its own files, and electron itself. */
const NATIVE = /^(better-sqlite3|@napi-rs\/keyring|sharp|zxing-wasm|playwright-core|tesseract\.js|unpdf)(\/|$)/;
const external = (id) => id === 'electron' || id.startsWith('node:') || builtinModules.includes(id) || NATIVE.test(id);

/** The programs of the shell. The preload is CommonJS, because a sandboxed preload cannot be a module. */
const SHELL = [
  { name: 'main', entry: 'electron/shell/main.ts', format: 'es', file: 'main.js' },
  { name: 'engine', entry: 'electron/shell/engine-process.ts', format: 'es', file: 'engine.js' },
  { name: 'reader', entry: 'electron/runtime/reader-worker.ts', format: 'es', file: 'reader.js' },
  { name: 'price-list', entry: 'electron/engine/flows/pass-price-list-worker.ts', format: 'es', file: 'price-list.js' },
  { name: 'documents', entry: 'electron/connectors/documents/read-document-worker.ts', format: 'es', file: 'documents.js' },
  { name: 'practice', entry: 'electron/app/hosting/practice-thread.ts', format: 'es', file: 'practice.js' },
  { name: 'preload', entry: 'electron/shell/preload.ts', format: 'cjs', file: 'preload.cjs' },
];

const nodeBuild = ({ entry, format, file }) => ({
  root,
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  ssr: { noExternal: true },
  build: {
    ssr: path.join(root, entry),
    outDir: path.join(root, 'out/shell', path.parse(file).name),
    target: 'node22',
    minify: false,
    sourcemap: true,
    emptyOutDir: true,
    rolldownOptions: { external, output: { format, entryFileNames: file } },
  },
});

/** @returns true when it was built, false when it was up to date */
export function buildRenderer({ force = false } = {}) {
  const digest = force ? `${Date.now()}` : digestOf(['renderer', ...COMMON]);
  return whenStale({ name: 'renderer', digest, output: 'out/renderer/index.html' }, async () => {
    say('building the window');
    const { build } = await import('vite');
    await build({ root: path.join(root, 'renderer'), configFile: path.join(root, 'vite.config.ts'), logLevel: 'warn' });
  });
}

/** @returns true when it was built, false when it was up to date */
export function buildShell({ force = false } = {}) {
  const digest = force ? `${Date.now()}` : digestOf(['electron', 'scrapers', 'practice', 'resources', 'prisma', ...COMMON]);
  return whenStale({ name: 'shell', digest, output: 'out/shell/main/main.js' }, async () => {
    say('building the Electron shell');
    const { build } = await import('vite');
    for (const program of SHELL) await build(nodeBuild(program));
  });
}

if (process.argv[1] && path.resolve(process.argv[1]) === path.join(root, 'scripts/build.mjs')) {
  const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const force = process.argv.includes('--force');
  if (names.length === 0 || names.includes('renderer')) say((await buildRenderer({ force })) ? 'window built: out/renderer' : 'window is up to date');
  if (names.length === 0 || names.includes('shell')) say((await buildShell({ force })) ? 'shell built: out/shell' : 'shell is up to date');
}
