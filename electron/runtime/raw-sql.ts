import type BetterSqlite3 from 'better-sqlite3';
import type { PrismaClient } from './prisma/client.ts';

/**
 * SQL of our own, straight to the connection. Prisma writes each value into JSON and reads it back, twice over for the lists that statements take as one
 * JSON text, and passes a dozen promises: most of what a small statement cost. What comes back is the same to the type: BIGINT as bigint, INTEGER as
 * number, BOOLEAN as boolean, an expression by its value. What this does not know (dates, bytes, JSON columns, nested `sql`) goes Prisma's way.
 */
export type RawSql = Pick<PrismaClient, '$queryRawUnsafe' | '$executeRawUnsafe' | '$queryRaw' | '$executeRaw'>;

/** A kept statement of the connection: binds anew for each run, integers as bigint. */
export interface PreparedSql {
  readonly reader: boolean;
  bind(values: unknown[]): this;
  run(): BetterSqlite3.RunResult;
  columns(): readonly Pick<BetterSqlite3.ColumnDefinition, 'name' | 'type'>[];
  raw(): this;
  all(): unknown[];
}

export interface RawConnection {
  prepare(sql: string): PreparedSql;
  /** When the statement may run: at once inside a transaction, else between two of them. */
  readonly turn: <T>(run: () => T) => Promise<T>;
  readonly prisma: RawSql;
}

type Read = (value: unknown) => unknown;

/** Beyond 2^53 the digits stay, as text. */
const exact: Read = (value) => (typeof value === 'bigint' ? (Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()) : value);
const int32: Read = (value) => Math.trunc(Number(value));
const int64: Read = (value) => (typeof value === 'bigint' ? value : BigInt(typeof value === 'number' ? Math.trunc(value) : (value as string)));
const boolean: Read = (value) => (typeof value === 'string' ? value === 'true' || value === '1' : Number(value) === 1);

const DECLARED: ReadonlyMap<string, Read> = new Map([
  ...['TEXT', 'VARCHAR', 'FLOAT', 'DOUBLE', 'DOUBLE PRECISION', 'REAL'].map((type) => [type, exact] as const),
  ...['INTEGER', 'INT', 'SMALLINT'].map((type) => [type, int32] as const),
  ['BIGINT', int64] as const,
  ['BOOLEAN', boolean] as const,
]);

interface Shape {
  readonly names: readonly string[];
  /** Null: an expression, read by the first value that it has in an answer. */
  readonly reads: readonly (Read | null)[];
}

const shapes = new WeakMap<PreparedSql, Shape | 'strange'>();

function shapeOf(statement: PreparedSql): Shape | 'strange' {
  const known = shapes.get(statement);
  if (known) return known;
  const columns = statement.columns();
  const isKnown = columns.every(({ type }) => type === null || type === '' || DECLARED.has(type.toUpperCase()));
  const shape = isKnown ? { names: columns.map(({ name }) => name), reads: columns.map(({ type }) => DECLARED.get(type?.toUpperCase() ?? '') ?? null) } : ('strange' as const);
  shapes.set(statement, shape);
  return shape;
}

function inferred(rows: readonly unknown[][], column: number): Read {
  const value = rows.find((row) => row[column] !== null)?.[column];
  if (typeof value === 'object' && value !== null) throw new TypeError('an expression that answers with bytes has to be cast');
  return typeof value === 'bigint' ? int64 : exact;
}

function readRows({ names, reads }: Shape, rows: readonly unknown[][]): Record<string, unknown>[] {
  const use = reads.map((read, column) => read ?? inferred(rows, column));
  return rows.map((row) => {
    const object: Record<string, unknown> = {};
    for (let i = 0; i < row.length; i++) {
      const value = row[i];
      object[names[i]!] = value === null ? null : use[i]!(value);
    }
    return object;
  });
}

/** Values as the driver takes them; null where Prisma has to see to one. */
function valuesOf(values: readonly unknown[]): unknown[] | null {
  const bound: unknown[] = [];
  for (const value of values) {
    if (value === null || typeof value === 'string' || typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))) bound.push(value);
    else if (typeof value === 'boolean') bound.push(value ? 1 : 0);
    else return null;
  }
  return bound;
}

/** A tagged template without nested `sql`. */
function isPlain(query: TemplateStringsArray | object): query is TemplateStringsArray {
  return Array.isArray(query) && 'raw' in query;
}

export function rawSql({ prepare, turn, prisma }: RawConnection): RawSql {
  const query = async (sql: string, values: readonly unknown[], otherwise: () => PromiseLike<unknown>): Promise<unknown> => {
    const bound = valuesOf(values);
    if (!bound) return otherwise();
    const rows = await turn(() => {
      const statement = prepare(sql).bind(bound);
      if (!statement.reader) {
        statement.run();
        return [];
      }
      const shape = shapeOf(statement);
      return shape === 'strange' ? null : readRows(shape, statement.raw().all() as unknown[][]);
    });
    return rows ?? otherwise();
  };
  const execute = async (sql: string, values: readonly unknown[], otherwise: () => PromiseLike<number>): Promise<number> => {
    const bound = valuesOf(values);
    return bound ? turn(() => prepare(sql).bind(bound).run().changes) : otherwise();
  };
  const own = {
    $queryRawUnsafe: (sql: string, ...values: unknown[]) => query(sql, values, () => prisma.$queryRawUnsafe(sql, ...values)),
    $executeRawUnsafe: (sql: string, ...values: unknown[]) => execute(sql, values, () => prisma.$executeRawUnsafe(sql, ...values)),
    $queryRaw: (sql: TemplateStringsArray, ...values: unknown[]) => (isPlain(sql) ? query(sql.join('?'), values, () => prisma.$queryRaw(sql, ...values)) : prisma.$queryRaw(sql, ...values)),
    $executeRaw: (sql: TemplateStringsArray, ...values: unknown[]) => (isPlain(sql) ? execute(sql.join('?'), values, () => prisma.$executeRaw(sql, ...values)) : prisma.$executeRaw(sql, ...values)),
  };
  // Prisma's own promises differ only in starting when they are awaited, and in going into its `$transaction([…])`, which nothing here uses.
  return own as unknown as RawSql;
}
