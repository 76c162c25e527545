import { createHash, type Hash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DomainError } from '#kernel/errors.ts';
import { addSource, findSources, startScan, type RunView } from '#engine/sources/index.ts';
import type { ScanDeps } from './scan.ts';

/** Names a person gave, made safe as a file name. */
const safeName = (name: string) => path.basename(name).replace(/[^\p{L}\p{N}._ -]+/gu, '_').slice(-120) || 'list';

/** Keeps the file in the data folder under its content, makes it a source (once), and scans it. */
export async function importFile(deps: ScanDeps, dir: string, input: { readonly name: string; readonly content: Uint8Array }): Promise<RunView> {
  const digest = shortDigest(createHash('sha256').update(input.content));
  const file = placeFor(dir, digest, input.name);
  writeFileSync(file, input.content, { mode: 0o600 });
  return scanFile(deps, file, digest);
}

const shortDigest = (hash: Hash) => hash.digest('hex').slice(0, 16);

function placeFor(dir: string, digest: string, name: string): string {
  const folder = path.join(dir, digest);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return path.join(folder, safeName(name));
}

/** As `importFile`, of a file that lies in `inbox` of the folder: too large to be sent, it is moved to its place. */
export async function importStaged(deps: ScanDeps, dir: string, input: { readonly name: string; readonly staged: string }): Promise<RunView> {
  const { file, digest } = await placeStaged(dir, input);
  return scanFile(deps, file, digest);
}

/** Moves a file from `inbox` to where files lie under their content. @throws DomainError NOT_FOUND */
export async function placeStaged(dir: string, input: { readonly name: string; readonly staged: string }): Promise<{ file: string; digest: string }> {
  const staged = path.join(dir, 'inbox', path.basename(input.staged));
  if (!existsSync(staged)) throw new DomainError('NOT_FOUND', 'There is no such staged file.', { kind: 'file', id: input.staged });
  const hash = createHash('sha256');
  for await (const piece of createReadStream(staged)) hash.update(piece as Buffer);
  const digest = shortDigest(hash);
  const file = placeFor(dir, digest, input.name);
  renameSync(staged, file);
  return { file, digest };
}

/** Scans a price list where it lies. A second scan of the same file is a second run of the same source. */
export async function scanFile(deps: ScanDeps, file: string, key = path.resolve(file)): Promise<RunView> {
  const baseUrl = `file:${key}`;
  const known = (await findSources(deps.ctx.db)).find((s) => s.kind === 'price-list' && s.baseUrl === baseUrl);
  const source = known ?? (await addSource(deps.sources, { kind: 'price-list', name: path.basename(file), baseUrl, intervalMs: null, config: { site: { file: path.resolve(file) } } }));
  return startScan(deps.sources, source.id);
}
