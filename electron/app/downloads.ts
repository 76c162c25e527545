import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DownloadPort } from '#engine/suppliers/index.ts';
import type { Fetcher } from '#scrapers/core/fetch/fetcher.ts';

const LARGEST_BYTES = 256 * 1024 ** 2;

export interface DownloadsGiven {
  readonly fetcher: Fetcher;
  readonly dir: string;
  /** Practice suppliers live on this machine. */
  readonly allowLoopback: boolean;
}

/** Suppliers' lists, kept as files: asked for only when they changed. The name's ending is kept, for it tells a person what it is. */
export function createDownloads({ fetcher, dir, allowLoopback }: DownloadsGiven): DownloadPort {
  return {
    async download(url, signal) {
      const { pathname } = new URL(url);
      const file = path.join(dir, `${createHash('sha256').update(pathname).digest('hex').slice(0, 16)}${path.extname(pathname).slice(0, 8)}`);
      const answer = await fetcher.fetch(
        { url, connector: 'price-list', operation: 'download the list', conditional: existsSync(file) }, { minIntervalMs: allowLoopback ? 0 : 1_000, concurrency: 1, allowLoopback, maxBytes: LARGEST_BYTES }, signal,
      );
      if (!answer.notModified) {
        mkdirSync(dir, { recursive: true, mode: 0o700 });
        writeFileSync(`${file}.new`, answer.bytes, { mode: 0o600 });
        renameSync(`${file}.new`, file);
        if (answer.validators) await fetcher.remember(url, answer.validators);
      }
      return { file, requests: answer.requests };
    },
  };
}
