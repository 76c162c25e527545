import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { build } from 'vite';

const ROOT = path.resolve(import.meta.dirname, '../..');
const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
export const BUILD = path.join(ROOT, 'out/renderer-test');

export const chromiumFound = existsSync(CHROMIUM);
if (!chromiumFound) console.log(`skipped: the desk in Chromium (no ${CHROMIUM})`);

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
}

const SOURCES = ['renderer', 'electron/contract', 'electron/kernel', 'vite.config.ts', 'package-lock.json'].map((name) => path.join(ROOT, name));

function newest(file: string): number {
  const stat = statSync(file);
  return stat.isDirectory() ? Math.max(0, ...readdirSync(file).map((name) => newest(path.join(file, name)))) : stat.mtimeMs;
}

/** The desk as it is served, with the gallery in it; built only when a source is newer than the last build. */
export async function buildDesk(): Promise<void> {
  const entry = path.join(BUILD, 'index.html');
  if (existsSync(entry) && statSync(entry).mtimeMs > Math.max(...SOURCES.map(newest))) return;
  // Vitest sets NODE_ENV to `test`, which would give React's development build.
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  await build({ configFile: path.join(ROOT, 'vite.config.ts'), mode: 'test', logLevel: 'error', build: { outDir: BUILD, emptyOutDir: true, sourcemap: false, minify: false } });
  process.env['NODE_ENV'] = before;
}
