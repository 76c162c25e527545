import { isSealed } from '#runtime/field-seal.ts';
import type { EngineContext } from '#runtime/ports.ts';

export interface SealedTable {
  readonly table: 'Order' | 'Payment';
  readonly columns: readonly string[];
  /** Gets the marks of all the columns' words. */
  readonly words: string;
}

const AT_ONCE = 500;

/**
 * Seals what an older program left as text. Safe to repeat, and to be killed in between: a row is sealed whole or not at all. The file keeps no remains: freed pages are overwritten.
 * Without a key nothing can be sealed, and the desk says so and goes on.
 * @returns rows that were sealed.
 */
export async function sealRows({ db, seal, log }: Pick<EngineContext, 'db' | 'seal' | 'log'>, { table, columns, words }: SealedTable): Promise<number> {
  const open = columns.map((column) => `("${column}" IS NOT NULL AND "${column}" NOT LIKE 'sealed.%')`).join(' OR ');
  let done = 0;
  if (!seal.ready) {
    log.warn('customer data stays as it is: there is no key to seal it with; open the keychain, or start with RESALE_DESK_PASSPHRASE set', { table });
    return 0;
  }
  for (;;) {
    const count = await db.transaction(async (tx) => {
      await tx.$queryRawUnsafe('PRAGMA secure_delete = ON');
      const rows = await tx.$queryRawUnsafe<Record<string, string | null>[]>(`SELECT id, ${columns.map((column) => `"${column}"`).join(', ')} FROM "${table}" WHERE ${open} LIMIT ${AT_ONCE}`);
      for (const row of rows) {
        const plain = columns.flatMap((column) => (row[column] ? [isSealed(row[column]) ? seal.open(`${table}.${column}`, row[column]) : row[column]] : []));
        const values = columns.map((column) => { const value = row[column] ?? null; return value === null || isSealed(value) ? value : seal.seal(`${table}.${column}`, value); });
        await tx.$executeRawUnsafe(`UPDATE "${table}" SET ${columns.map((column) => `"${column}" = ?`).join(', ')}, "${words}" = ? WHERE id = ?`, ...values, seal.words(plain.join(' ')), row['id']);
      }
      return rows.length;
    });
    done += count;
    if (count < AT_ONCE) break;
  }
  if (done > 0) await db.prisma.$queryRawUnsafe('PRAGMA wal_checkpoint(TRUNCATE)');
  return done;
}
