import type { Clock, Instant } from '#kernel/time.ts';
import { canonicalJson, sha256Of } from './canonical-json.ts';
import { toNumber } from './database.ts';
import type { AuditLog, Database, Tx } from './ports.ts';

/** What the first row has in the place of the hash of the one before. */
export const GENESIS = '0'.repeat(64);

export interface AuditRow {
  /** 1 for the first; no number is left out. */
  readonly seq: number;
  readonly at: Instant;
  readonly actor: string;
  readonly channel: string;
  readonly action: string;
  readonly subject: string | null;
  /** Canonical JSON. */
  readonly data: string;
  readonly prevHash: string;
  readonly hash: string;
}

/** The newest row as it was remembered outside of the table. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

export interface AuditReport {
  readonly sound: boolean;
  readonly rows: number;
  readonly head: AuditHead | null;
  /** The first row that is not what it was; `seq` is the number that is missing where a row is. */
  readonly broken: { readonly seq: number; readonly problem: 'changed' | 'missing' | 'out-of-order' | 'cut-off' | 'other-history' } | null;
}

/** SHA-256 of the row's content and of the hash before it. Every field counts. */
export function hashOfRow(row: Omit<AuditRow, 'hash'>): string {
  return sha256Of(canonicalJson([row.seq, row.at, row.actor, row.channel, row.action, row.subject, row.data, row.prevHash]));
}

/** The log of one database: the caller's transaction writes what happened and its row together, or neither. */
export function createAuditLog(clock: Clock): AuditLog {
  return {
    async append(tx, { actor, channel, action, subject = null, data = {} }) {
      const last = await readHead(tx);
      const row = { seq: (last?.seq ?? 0) + 1, at: clock.now(), actor, channel, action, subject, data: canonicalJson(data), prevHash: last?.hash ?? GENESIS };
      await tx.$executeRawUnsafe(
        'INSERT INTO "AuditEntry" (seq, at, actor, channel, action, subject, data, prevHash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        row.seq, row.at, actor, channel, action, subject, row.data, row.prevHash, hashOfRow(row),
      );
    },
  };
}

export async function readHead(tx: Tx): Promise<AuditHead | null> {
  const [row] = await tx.$queryRawUnsafe<{ seq: number | bigint; hash: string }[]>('SELECT seq, hash FROM "AuditEntry" ORDER BY seq DESC LIMIT 1');
  return row ? { seq: toNumber(row.seq), hash: row.hash } : null;
}

export interface ChainWitness {
  /** The highest number that was ever given, where the database keeps it (`sqlite_sequence`). */
  readonly highest?: number | null;
  /** Heads that were remembered elsewhere: the keychain, an export. */
  readonly anchors?: readonly AuditHead[];
}

/**
 * Checks rows that arrive one by one, in the order of their numbers: each holds what its hash says, and the hash of the one before. A log whose end is cut
 * off is sound in itself: only a witness from outside shows that.
 */
export class ChainCheck {
  readonly #anchors: Map<number, string>;
  readonly #highest: number;
  #head: AuditHead | null = null;
  #rows = 0;
  #broken: AuditReport['broken'] = null;

  constructor({ highest, anchors = [] }: ChainWitness = {}) {
    this.#anchors = new Map(anchors.map((anchor) => [anchor.seq, anchor.hash]));
    this.#highest = Math.max(highest ?? 0, ...anchors.map((anchor) => anchor.seq));
  }

  /** False once something is broken: no later row can be trusted. */
  take(row: AuditRow): boolean {
    if (this.#broken) return false;
    const expected = (this.#head?.seq ?? 0) + 1;
    const anchor = this.#anchors.get(row.seq);
    if (row.seq !== expected) this.#broken = { seq: expected, problem: row.seq > expected ? 'missing' : 'out-of-order' };
    else if (row.prevHash !== (this.#head?.hash ?? GENESIS)) this.#broken = { seq: row.seq, problem: 'out-of-order' };
    else if (hashOfRow(row) !== row.hash) this.#broken = { seq: row.seq, problem: 'changed' };
    else if (anchor !== undefined && anchor !== row.hash) this.#broken = { seq: row.seq, problem: 'other-history' };
    if (this.#broken) return false;
    this.#head = { seq: row.seq, hash: row.hash };
    this.#rows++;
    return true;
  }

  report(): AuditReport {
    const end = this.#head?.seq ?? 0;
    const broken = this.#broken ?? (this.#highest > end ? { seq: end + 1, problem: 'cut-off' as const } : null);
    return { sound: broken === null, rows: this.#rows, head: this.#head, broken };
  }
}

/** Rows at once: a stream that keeps no more than this in memory. */
const BATCH = 5_000;

/** Reads the whole log on the reader thread. */
export async function verifyAuditLog(db: Database, anchors: readonly AuditHead[] = []): Promise<AuditReport> {
  const [sequence] = await db.read<{ seq: number }>(`SELECT seq FROM sqlite_sequence WHERE name = 'AuditEntry'`);
  const check = new ChainCheck({ highest: sequence?.seq ?? null, anchors });
  for (let after = 0; ;) {
    const rows = await db.read<AuditRow>('SELECT seq, at, actor, channel, action, subject, data, prevHash, hash FROM "AuditEntry" WHERE seq > ? ORDER BY seq LIMIT ?', [after, BATCH]);
    for (const row of rows) if (!check.take(row)) return check.report();
    if (rows.length < BATCH) return check.report();
    after = rows.at(-1)!.seq;
  }
}
