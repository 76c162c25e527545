import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ErrorPagePort } from '#engine/sources/index.ts';

/** Bytes kept of one page. */
const MOST_BYTES = 200_000;

/** The pages that sources last failed at, as files beside the database. */
export function createErrorPages(dir: string): ErrorPagePort {
  const fileOf = (sourceId: string) => path.join(dir, `${sourceId.replace(/[^\w-]/g, '_')}.txt`);
  return {
    async save(sourceId, page) {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const file = fileOf(sourceId);
      await writeFile(`${file}.new`, Buffer.from(page, 'utf8').subarray(0, MOST_BYTES), { mode: 0o600 });
      await rename(`${file}.new`, file);
    },
    async read(sourceId) {
      try {
        return await readFile(fileOf(sourceId), 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
  };
}
