/** The thread that writes a bulk file: rows come as JSON, so that neither thread walks them value by value. */
import fs from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import type { BulkFileSetup, BulkReply, BulkRequest } from './bulk-file.ts';

const { file, table } = workerData as BulkFileSetup;
const port = parentPort!;
const partial = `${file}.partial`;
fs.rmSync(partial, { force: true });
const db = new BetterSqlite3(partial);
// A killed pass begins anew: a journal would only cost time. 16 MB of pages in memory.
for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'locking_mode = EXCLUSIVE', 'temp_store = MEMORY', 'cache_size = -16384']) db.pragma(pragma);
db.exec(`CREATE TABLE "${table.name}" (${table.columns.join(', ')})`);
const insert = db.prepare<[string]>(`INSERT INTO "${table.name}" SELECT ${table.columns.map((_, i) => `value->>${i}`).join(', ')} FROM jsonb_each(?)`);
db.exec('BEGIN');

function answer(request: BulkRequest): void {
  if (request.kind === 'append') {
    insert.run(request.rows);
    return;
  }
  if (db.inTransaction) db.exec('COMMIT');
  if (request.kind === 'finish') for (const index of table.indexes) db.exec(`CREATE INDEX "${index.name}" ON "${table.name}" (${index.columns.map((column) => `"${column}"`).join(', ')})`);
  db.close();
  if (request.kind === 'finish') fs.renameSync(partial, file);
  else fs.rmSync(partial, { force: true });
  port.close();
}

port.on('message', (request: BulkRequest) => {
  let reply: BulkReply = { error: null };
  try {
    answer(request);
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(reply);
});
