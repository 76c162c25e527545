import { canonicalJson, sha256Of } from '#runtime/canonical-json.ts';
import type { Database, EngineContext, Tx } from '#runtime/ports.ts';
import type { NewEntry } from './entry.ts';

/** Of the audit log: a booking, by its entry's id, with the hash of all that it holds. The log's chain holds it in its place. */
const POSTED = 'ledger.posted';
/** What stood in the books before bookings were part of the chain: all of it in one row. */
const SEALED = 'ledger.sealed';
const PROGRAM = { actor: 'program', channel: 'program' } as const;
/** Entries at once. */
const BATCH = 2_000;

type Line = readonly [number: number, account: string, minor: number, currency: string];
interface SealedRow { readonly id: string; readonly key: string; readonly kind: string; readonly memo: string; readonly refKind: string; readonly refId: string; readonly at: number }

const hashOf = (row: SealedRow, lines: readonly Line[]): string => sha256Of(canonicalJson([row.id, row.key, row.kind, row.memo, row.refKind, row.refId, row.at, lines]));

interface SealDeps { readonly ctx: Pick<EngineContext, 'db' | 'audit'> }

/** Puts a booking into the audit log's chain, in the transaction that writes it. */
export async function sealEntry({ ctx }: SealDeps, tx: Tx, id: string, entry: NewEntry): Promise<void> {
  const row = { id, key: entry.key, kind: entry.kind, memo: entry.memo, refKind: entry.ref.kind, refId: entry.ref.id, at: entry.at };
  const lines = entry.lines.map(({ account, amount }, number): Line => [number, account, amount.minor, amount.currency]);
  await ctx.audit.append(tx, { ...PROGRAM, action: POSTED, subject: id, data: { sha256: hashOf(row, lines) } });
}

/** The entries in the order of their ids up to `last`, each with the hash of what it holds now. */
async function* readHashes(db: Database, last: string): AsyncGenerator<{ readonly id: string; readonly sha256: string }> {
  let after = '';
  for (;;) {
    const rows = await db.read<SealedRow & { readonly lines: string }>(
      `SELECT e.id, e.key, e.kind, e.memo, e.refKind, e.refId, e.at, (SELECT json_group_array(json_array(l.number, l.account, l.minor, l.currency)) FROM (SELECT * FROM LedgerLine WHERE entryId = e.id ORDER BY number) l) AS lines
       FROM LedgerEntry e WHERE e.id > ? AND e.id <= ? ORDER BY e.id LIMIT ${BATCH}`, [after, last]);
    for (const { lines, ...row } of rows) yield { id: row.id, sha256: hashOf(row, JSON.parse(lines) as Line[]) };
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.id;
  }
}

/** The newest entry and the newest row of the log at one moment: what is booked meanwhile is left to the next look. Ids grow with time. */
const momentOf = async (db: Database) => (await db.read<{ last: string | null; seq: number | null }>('SELECT (SELECT MAX(id) FROM LedgerEntry) AS last, (SELECT MAX(seq) FROM AuditEntry) AS seq'))[0]!;

/** Books that are older than the chain of bookings: what stands in them now is sealed as it is, once. Before anything is booked. */
export async function sealEarlierBooks({ ctx }: SealDeps): Promise<void> {
  const { db } = ctx;
  const { last } = await momentOf(db);
  if (last === null) return;
  if ((await db.read('SELECT 1 FROM AuditEntry WHERE action IN (?, ?) LIMIT 1', [POSTED, SEALED])).length > 0) return;
  const hashes: string[] = [];
  for await (const { sha256 } of readHashes(db, last)) hashes.push(sha256);
  await db.transaction((tx) => ctx.audit.append(tx, { ...PROGRAM, action: SEALED, subject: null, data: { entries: hashes.length, sha256: sha256Of(hashes.join('')) } }));
}

export interface BooksReport {
  readonly entries: number;
  /** The first that is not what was booked. `unsealed`: it came past the program; `earlier`: something of what stood before the chain. */
  readonly broken: { readonly entryId: string; readonly problem: 'changed' | 'missing' | 'unsealed' | 'earlier' } | null;
}

/** Whether the books are what the audit log says that was booked. That the log itself is what it was, its own chain shows. */
export async function verifySeals({ ctx }: SealDeps): Promise<BooksReport> {
  const { db } = ctx;
  const { last, seq } = await momentOf(db);
  const sealed = new Map((await db.read<{ id: string; sha256: string }>(`SELECT subject AS id, data ->> '$.sha256' AS sha256 FROM AuditEntry WHERE action = ? AND seq <= ?`, [POSTED, seq ?? 0])).map(({ id, sha256 }) => [id, sha256]));
  const [before] = await db.read<{ entries: number; sha256: string }>(`SELECT data ->> '$.entries' AS entries, data ->> '$.sha256' AS sha256 FROM AuditEntry WHERE action = ? ORDER BY seq LIMIT 1`, [SEALED]);
  const [earlier, seen] = [[] as { readonly id: string; readonly sha256: string }[], new Set<string>()];
  let [entries, broken] = [0, null as BooksReport['broken']];
  for await (const entry of readHashes(db, last ?? '')) {
    entries += 1;
    const kept = sealed.get(entry.id);
    if (kept === undefined) earlier.push(entry);
    else seen.add(entry.id);
    if (kept !== undefined && kept !== entry.sha256) broken ??= { entryId: entry.id, problem: 'changed' };
  }
  const missing = [...sealed.keys()].find((id) => !seen.has(id));
  if (missing !== undefined) broken ??= { entryId: missing, problem: 'missing' };
  const asSealed = earlier.length === (before?.entries ?? 0) && (before === undefined || sha256Of(earlier.map(({ sha256 }) => sha256).join('')) === before.sha256);
  if (!asSealed) broken ??= { entryId: earlier.at(-1)?.id ?? '', problem: before === undefined ? 'unsealed' : 'earlier' };
  return { entries, broken };
}
