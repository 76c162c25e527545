import { builtinModules } from 'node:module';
import path from 'node:path';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '..');
const isNative = (id: string) => /^better-sqlite3(?:\/|$)/.test(id);
const isBuiltin = (id: string) => id.startsWith('node:') || builtinModules.includes(id);

/**
 * A program as one file of plain JavaScript, in `.data/bench/programs`, so that neither side of a bench spends time and memory on stripping types: as the program ships
 * (scripts/build.mjs). @param entry from the project's root @param packages `as installed` leaves them where they are
 */
export async function bundle(entry: string, packages: 'inside' | 'as installed' = 'inside'): Promise<string> {
  const name = path.parse(entry).name;
  const outDir = path.join(root, '.data/bench/programs', name);
  const external = (id: string) => isBuiltin(id) || isNative(id) || (packages === 'as installed' && !/^[.#/]/.test(id));
  await build({
    root, configFile: false, publicDir: false, logLevel: 'error', ssr: { noExternal: true },
    build: { ssr: path.join(root, entry), outDir, target: 'node22', minify: false, emptyOutDir: true, rolldownOptions: { external, output: { format: 'es', entryFileNames: `${name}.mjs` } } },
  });
  return path.join(outDir, `${name}.mjs`);
}
