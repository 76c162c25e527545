import { builtinModules } from 'node:module';
import path from 'node:path';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');
const isNative = (id: string) => /^better-sqlite3(?:\/|$)/.test(id);
const isBuiltin = (id: string) => id.startsWith('node:') || builtinModules.includes(id);

/**
 * Both crawlers as plain JavaScript, so that neither process carries the compiler that strips types: the program's as the program ships (one file, scripts/build.mjs),
 * the other's with its packages as they are installed, from where they are imported.
 */
export async function bundleCrawlers(outDir: string): Promise<{ readonly desk: string; readonly crawlee: string }> {
  const bundle = async (name: string, external: (id: string) => boolean) => {
    await build({
      root, configFile: false, publicDir: false, logLevel: 'error', ssr: { noExternal: true },
      build: { ssr: path.join(import.meta.dirname, `${name}.ts`), outDir: path.join(outDir, name), target: 'node22', minify: false, emptyOutDir: true, rolldownOptions: { external, output: { format: 'es', entryFileNames: `${name}.mjs` } } },
    });
    return path.join(outDir, name, `${name}.mjs`);
  };
  return { desk: await bundle('crawl-desk', (id) => isBuiltin(id) || isNative(id)), crawlee: await bundle('crawl-crawlee', (id) => isBuiltin(id) || !/^[.#/]/.test(id)) };
}
