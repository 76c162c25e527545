import { randomBytes } from 'node:crypto';
import { accessSync, chmodSync, closeSync, constants, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { DomainError, messageOf } from '#kernel/errors.ts';
import { lockDatabase } from '#runtime/process-lock.ts';

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where the platform keeps a program's data for one user. */
export function defaultDataDir({ platform, home, env }: Surroundings): string {
  if (platform === 'win32') return path.win32.join(env['LOCALAPPDATA'] || path.win32.join(home, 'AppData', 'Local'), 'Resale Desk');
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Application Support', 'Resale Desk');
  const data = env['XDG_DATA_HOME'];
  return path.posix.join(data && path.posix.isAbsolute(data) ? data : path.posix.join(home, '.local', 'share'), 'resale-desk');
}

export interface DataDir {
  /** Absolute. */
  readonly path: string;
  /** Lets another program open it. */
  release(): void;
}

/**
 * Creates the folder where it is missing, and keeps other users of the machine out of it (0700). A folder that was there and holds something keeps its mode: it
 * may be a person's home.
 * @returns its absolute path
 * @throws DomainError DATA_UNUSABLE
 */
export function ensureDataDir(dir: string): string {
  if (dir.trim() === '') throw new DomainError('DATA_UNUSABLE', 'the data folder has no name: say which with --data DIR, or leave --data out');
  const full = path.resolve(dir);
  try {
    const made = mkdirSync(full, { recursive: true, mode: 0o700 }) !== undefined;
    if (process.platform !== 'win32' && (made || readdirSync(full).length === 0)) chmodSync(full, 0o700);
    accessSync(full, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new DomainError('DATA_UNUSABLE', `the data folder ${full} cannot be used: ${reasonOf(error)}`, { dir: full }, error);
  }
  return full;
}

/** What is in the way, and what to do, in words. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'a file is in its place. Choose another with --data DIR';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'this user may not write there. Choose another with --data DIR';
  if (code === 'ENOSPC') return 'no space is left on its disk. Make room, or choose another with --data DIR';
  return messageOf(error);
}

/**
 * Holds the folder for this program alone: its markets, their clocks and journals.
 * @throws DomainError DATA_IN_USE
 */
export function openDataDir(dir: string): DataDir {
  const full = ensureDataDir(dir);
  return { path: full, release: lockDatabase(path.join(full, 'desk')) };
}

/** Replaces a file in one step, readable by its owner alone: after a crash it holds the old text or the new, never a part. */
export function writeFileAtomically(file: string, text: string): void {
  const draft = `${file}.new`;
  const handle = openSync(draft, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, file);
}

/** The token that REST clients send, from the file `api-token`; made on the first start. To replace it, delete the file. */
export function readApiToken(dataDir: string): string {
  const file = path.join(dataDir, 'api-token');
  try {
    const token = readFileSync(file, 'utf8').trim();
    if (process.platform !== 'win32') chmodSync(file, 0o600);
    if (token.length >= 32) return token;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const token = randomBytes(32).toString('base64url');
  writeFileAtomically(file, `${token}\n`);
  return token;
}
