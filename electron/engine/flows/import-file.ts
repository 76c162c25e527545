import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { addSource, findSources, startScan, type RunView } from '#engine/sources/index.ts';
import type { ScanDeps } from './scan.ts';

/** Names a person gave, made safe as a file name. */
const safeName = (name: string) => path.basename(name).replace(/[^\p{L}\p{N}._ -]+/gu, '_').slice(-120) || 'list';

/** Keeps the file in the data folder under its content, makes it a source (once), and scans it. */
export async function importFile(deps: ScanDeps, dir: string, input: { readonly name: string; readonly content: Uint8Array }): Promise<RunView> {
  const digest = createHash('sha256').update(input.content).digest('hex').slice(0, 16);
  const folder = path.join(dir, digest);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, safeName(input.name));
  writeFileSync(file, input.content, { mode: 0o600 });
  return scanFile(deps, file, digest);
}

/** Scans a price list where it lies. A second scan of the same file is a second run of the same source. */
export async function scanFile(deps: ScanDeps, file: string, key = path.resolve(file)): Promise<RunView> {
  const baseUrl = `file:${key}`;
  const known = (await findSources(deps.ctx.db)).find((s) => s.kind === 'price-list' && s.baseUrl === baseUrl);
  const source = known ?? (await addSource(deps.sources, { kind: 'price-list', name: path.basename(file), baseUrl, intervalMs: null, config: { site: { file: path.resolve(file) } } }));
  return startScan(deps.sources, source.id);
}
