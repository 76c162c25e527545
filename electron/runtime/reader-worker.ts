/** The reader thread: its own read-only connection, statements kept. */
import { parentPort, workerData } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import { openReadConnection } from './read-connection.ts';
import type { ReadReply, ReadRequest } from './reader.ts';

const MOST_STATEMENTS = 200;
const { file } = workerData as { file: string };
const port = parentPort!;
const db = openReadConnection(file);
const statements = new Map<string, BetterSqlite3.Statement<unknown[], Record<string, unknown>>>();

function prepare(sql: string): BetterSqlite3.Statement<unknown[], Record<string, unknown>> {
  const kept = statements.get(sql);
  if (kept) return kept;
  const made = db.prepare<unknown[], Record<string, unknown>>(sql);
  if (!made.reader) throw new Error('a read has to be a statement that answers with rows');
  if (statements.size >= MOST_STATEMENTS) statements.delete(statements.keys().next().value!);
  statements.set(sql, made);
  return made;
}

/** SQLite's 64-bit integers arrive as doubles: one that lost digits is refused rather than shown. */
function refuseInexact(rows: Record<string, unknown>[]): void {
  for (const row of rows) {
    for (const name in row) {
      const value = row[name];
      if (typeof value === 'number' && (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER)) throw new RangeError(`column ${name} holds ${value}, beyond 2^53`);
    }
  }
}

port.on('message', ({ id, sql, parameters }: ReadRequest) => {
  let reply: ReadReply;
  try {
    const rows = prepare(sql).all(...parameters);
    refuseInexact(rows);
    reply = { id, rows };
  } catch (error) {
    const code = error instanceof BetterSqlite3.SqliteError ? error.code : null;
    reply = { id, error: { message: error instanceof Error ? error.message : String(error), code } };
  }
  port.postMessage(reply);
});
