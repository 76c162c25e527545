import type { Database } from '#runtime/ports.ts';
import type { PageStore, Validators } from '#scrapers/core/fetch/page-store.ts';

interface Row {
  readonly url: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly listed: string | null;
  readonly readAt: bigint | null;
}

/** What another version of the program read is of no more use. */
export async function forgetOtherVersions(db: Database, program: string): Promise<void> {
  await db.transaction((tx) => tx.pageVersion.deleteMany({ where: { program: { not: program } } }));
}

/**
 * What pages said of their versions, kept in the database, so that conditional requests survive a restart. `scope` is the kind of source that read the page:
 * what one kind has read is unread to another. What an earlier version of the program read counts as unread, for this one may read more.
 */
export function createPageVersions(db: Database, scope: string, program: string): PageStore {
  let waiting = new Map<string, Validators>();
  let writing: Promise<void> | null = null;

  const write = async () => {
    // What is put in the same turn goes into one transaction.
    await Promise.resolve();
    const rows = [...waiting].map(([url, v]) => [url, v.etag ?? null, v.lastModified ?? null, v.listed ?? null, v.readAt ?? null]);
    waiting = new Map();
    writing = null;
    await db.transaction(
      (tx) => tx.$executeRaw`INSERT INTO "PageVersion" (scope, url, etag, lastModified, listed, readAt, program)
        SELECT ${scope}, value->>0, value->>1, value->>2, value->>3, value->>4, ${program} FROM json_each(${JSON.stringify(rows)}) WHERE true
        ON CONFLICT (scope, url) DO UPDATE SET etag = excluded.etag, lastModified = excluded.lastModified, listed = excluded.listed, readAt = excluded.readAt, program = excluded.program`,
    );
  };

  let asked = new Set<string>();
  let asking: Promise<Map<string, Validators>> | null = null;

  const read = async () => {
    // What is asked in the same turn is answered by one query.
    await Promise.resolve();
    const urls = JSON.stringify([...asked]);
    asked = new Set();
    asking = null;
    const rows = await db.prisma.$queryRaw<Row[]>`SELECT v.url, v.etag, v.lastModified, v.listed, v.readAt FROM json_each(${urls}) w CROSS JOIN "PageVersion" v ON v.scope = ${scope} AND v.url = w.value WHERE v.program = ${program}`;
    return new Map(rows.map((row) => [row.url, { etag: row.etag ?? undefined, lastModified: row.lastModified ?? undefined, listed: row.listed ?? undefined, readAt: row.readAt === null ? undefined : Number(row.readAt) }]));
  };

  return {
    get(url) {
      asked.add(url);
      asking ??= read();
      return asking.then((found) => found.get(url) ?? null);
    },
    put(url, validators) {
      waiting.set(url, validators);
      writing ??= write();
      return writing;
    },
  };
}
