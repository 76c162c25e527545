// npm start: does all its own set-up, then opens the desk: in an Electron window where there is a runtime, else in the browser.
import fs from 'node:fs';
import path from 'node:path';
import { findElectron, prepare, root, run, say, whenStale } from './setup.mjs';

const USAGE = `npm start -- [options]
  --headless          serve the desk for a browser even where Electron is installed
  --port PORT         port to serve on (default: 4680, or a free one where that is taken)
  --host ADDRESS      address to serve on (default: 127.0.0.1, this machine alone)
  --allow-host NAME   with --host: a name that the desk is reached by; may be repeated
  --public-url URL    vendors may send their notices to URL/hooks/…
  --data DIR          data folder (default: the platform's own place)
  --practice SEED     the practice market of this seed (a whole number; default 1)
  --practice-speed N  how many times as fast as life it goes, remembered (1 to 3600; default 360)
  --no-open           do not open a browser`;

const options = process.argv.slice(2);
if (options.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}

await prepare(import.meta.url);
const { buildRenderer, buildShell } = await import('./build.mjs');
await buildRenderer();

/** Electron's runtime comes from its release page, not from the registry: tried once a day, given up quietly where the page cannot be reached. */
async function fetchElectron() {
  if (process.env.CI || process.env.ELECTRON_SKIP_BINARY_DOWNLOAD) return;
  const digest = `${new Date().toISOString().slice(0, 10)}`;
  await whenStale({ name: 'electron-tried', digest, output: 'node_modules/electron/package.json' }, async () => {
    say('fetching the Electron runtime (about 110 MB, once)');
    const log = fs.openSync(path.join(root, 'out/electron-download.log'), 'w');
    await run(process.execPath, [path.join(root, 'node_modules/electron/install.js')], { stdio: ['ignore', log, log] });
    fs.closeSync(log);
  });
}

const headless = options.includes('--headless');
if (!headless && !findElectron()) await fetchElectron();
const electron = headless ? null : findElectron();
if (electron) {
  await buildShell();
  const passed = options.filter((option) => option !== '--no-open');
  process.exit(await run(electron, [path.join(root, 'out/shell/main/main.js'), ...passed]));
}
if (!headless) say('no Electron runtime here (it could not be fetched): the same desk is served for the browser');
process.exit(await run(process.execPath, [path.join(root, 'electron/headless/main.ts'), ...options.filter((option) => option !== '--headless')]));
