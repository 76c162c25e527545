import fs from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { DomainError } from '#kernel/errors.ts';

/**
 * Takes a database for this process alone, until the answered function is called or the process ends, however it ends.
 * The lock is the operating system's own, held through an exclusive transaction on `<file>.lock`, so none is ever left behind; `<file>.owner` names the
 * holder for the message. (The lock file itself must never be opened and closed otherwise: that would drop a POSIX lock.)
 * @throws DomainError DATA_IN_USE {pid}
 */
export function lockDatabase(file: string): () => void {
  const ownerFile = `${file}.owner`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const guard = new BetterSqlite3(`${file}.lock`, { timeout: 0 });
  try {
    guard.pragma('journal_mode = MEMORY');
    guard.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    guard.close();
    if (!(error instanceof BetterSqlite3.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    const pid = readOwner(ownerFile);
    throw new DomainError('DATA_IN_USE', `data directory in use by pid ${pid ?? 'unknown'}: ${path.dirname(file)}`, { pid, file }, error);
  }
  fs.writeFileSync(ownerFile, `${process.pid}\n`);
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    fs.rmSync(ownerFile, { force: true });
    guard.exec('ROLLBACK');
    guard.close();
  };
}

function readOwner(ownerFile: string): number | null {
  try {
    const pid = Number.parseInt(fs.readFileSync(ownerFile, 'utf8'), 10);
    return Number.isSafeInteger(pid) ? pid : null;
  } catch {
    return null;
  }
}
