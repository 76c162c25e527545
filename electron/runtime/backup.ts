import fs from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { DomainError } from '#kernel/errors.ts';
import { lockDatabase } from './process-lock.ts';

/**
 * Copies a database page by page while it is in use, checks the copy, and only then gives it its name.
 * @throws DomainError BACKUP_INVALID when the copy is damaged.
 */
export async function backUp(file: string, target: string): Promise<void> {
  const partial = `${target}.partial`;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.rmSync(partial, { force: true });
  const source = new BetterSqlite3(file, { readonly: true, fileMustExist: true });
  try {
    await source.backup(partial);
  } finally {
    source.close();
  }
  verifyBackup(partial);
  syncFile(partial);
  fs.renameSync(partial, target);
}

/** @throws DomainError BACKUP_INVALID unless the file is a whole SQLite database. */
export function verifyBackup(file: string): void {
  const problems = findDamage(file);
  if (problems.length > 0) throw new DomainError('BACKUP_INVALID', `${file} is damaged: ${problems.slice(0, 3).join('; ')}`, { file, problems: problems.slice(0, 20) });
}

function findDamage(file: string): string[] {
  let db: BetterSqlite3.Database | null = null;
  try {
    db = new BetterSqlite3(file, { fileMustExist: true });
    // A copy in WAL mode would leave -wal and -shm files beside it.
    db.pragma('journal_mode = DELETE');
    const rows = db.pragma('integrity_check') as { integrity_check: string }[];
    return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok');
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    db?.close();
  }
}

function syncFile(file: string): void {
  const handle = fs.openSync(file, 'r+');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/**
 * Puts a backup in the place of a database that nobody has open. What was there is kept beside it under `<file>.before-restore`.
 * @throws DomainError BACKUP_INVALID, DATA_IN_USE
 */
export function restoreBackup(backup: string, file: string): void {
  const unlock = lockDatabase(file);
  try {
    const incoming = `${file}.incoming`;
    fs.copyFileSync(backup, incoming);
    verifyBackup(incoming);
    syncFile(incoming);
    if (fs.existsSync(file)) keepPresent(file, `${file}.before-restore`);
    fs.renameSync(incoming, file);
  } finally {
    fs.rmSync(`${file}.incoming`, { force: true });
    unlock();
  }
}

/** Moves the write-ahead log's content into the file first, so that the file alone is the whole database; a damaged one is kept with its log. */
function keepPresent(file: string, kept: string): void {
  try {
    const db = new BetterSqlite3(file);
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
  } catch {
    // Damaged: that may be the very reason for restoring.
  }
  for (const suffix of ['', '-wal', '-shm']) {
    fs.rmSync(`${kept}${suffix}`, { force: true });
    if (fs.existsSync(`${file}${suffix}`)) fs.renameSync(`${file}${suffix}`, `${kept}${suffix}`);
  }
}
