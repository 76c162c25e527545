import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { PageSamplePort } from '#engine/sources/index.ts';

const MOST_CHARACTERS = 200_000;
const text = z.string().optional();
const sampleSchema = z.strictObject({ at: z.number(), url: z.string(), html: z.string(), values: z.strictObject({ name: text, price: text, brand: text, gtin: text }) });

/** One page of each source that was read well, as a file beside the database. */
export function createPageSamples(dir: string): PageSamplePort {
  const fileOf = (sourceId: string) => path.join(dir, `${sourceId.replace(/[^\w-]/g, '_')}.json`);
  return {
    async save(sourceId, sample) {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const file = fileOf(sourceId);
      await writeFile(`${file}.new`, JSON.stringify({ ...sample, html: sample.html.slice(0, MOST_CHARACTERS) }), { mode: 0o600 });
      await rename(`${file}.new`, file);
    },
    async read(sourceId) {
      try {
        const parsed = sampleSchema.safeParse(JSON.parse(await readFile(fileOf(sourceId), 'utf8')));
        return parsed.success ? parsed.data : null;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return null;
        throw error;
      }
    },
  };
}
