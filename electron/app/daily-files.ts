import type { DailyFileStore } from '#connectors/data/tcgplayer/index.ts';
import type { Database } from '#runtime/ports.ts';

/** Public daily files in the database: the site lets each be fetched once a day, also across a restart. */
export function createDailyFileStore(db: Database, vendor: string): DailyFileStore {
  return {
    async get(path) {
      const row = await db.prisma.dailyFile.findUnique({ where: { vendor_path: { vendor, path } } });
      return row ? { fetchedAt: Number(row.fetchedAt), text: row.text } : null;
    },
    paths: async () => (await db.prisma.dailyFile.findMany({ where: { vendor }, select: { path: true }, orderBy: { path: 'asc' } })).map(({ path }) => path),
    async put(path, { fetchedAt, text }) {
      const data = { text, fetchedAt: BigInt(fetchedAt) };
      await db.transaction(async (tx) => void (await tx.dailyFile.upsert({ where: { vendor_path: { vendor, path } }, create: { vendor, path, ...data }, update: data })));
    },
  };
}
