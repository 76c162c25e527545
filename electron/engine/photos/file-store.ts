import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '#kernel/errors.ts';
import { DAY_MS } from '#kernel/time.ts';
import type { PhotosDeps } from './deps.ts';
import { PICTURE_LIMITS } from './limits.ts';

const SHA = /^[0-9a-f]{64}$/;

export const shaOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function fileOf(deps: PhotosDeps, sha: string): string {
  if (!SHA.test(sha)) throw new Error('not a name of a picture');
  return path.join(deps.dir, sha.slice(0, 2), sha);
}

/** By its hash: written once, whole or not at all. */
export async function keepFile(deps: PhotosDeps, bytes: Uint8Array): Promise<string> {
  const sha = shaOf(bytes);
  const file = fileOf(deps, sha);
  if (existsSync(file)) return sha;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const making = `${file}.${deps.ctx.ids.next('event')}`;
  await writeFile(making, bytes, { mode: 0o600 });
  await rename(making, file);
  return sha;
}

/** @throws DomainError PICTURE_REFUSED where the file is gone or is no longer what it was. */
export async function readKept(deps: PhotosDeps, sha: string, name: string): Promise<Uint8Array> {
  const bytes = await readFile(fileOf(deps, sha)).catch(() => null);
  if (!bytes || shaOf(bytes) !== sha) throw new DomainError('PICTURE_REFUSED', `The file of ${name} is missing in the data folder, or was changed: take the picture again.`, { code: 'FILE_GONE', name });
  return bytes;
}

const inbox = (deps: PhotosDeps) => path.join(deps.dir, 'inbox');
const tooLarge = (name: string, bytes: number) => new DomainError('PICTURE_REFUSED', `${name} has ${Math.round(bytes / 1e6)} MB; at most ${PICTURE_LIMITS.uploadBytes / 1e6} MB are taken: make it smaller.`, { code: 'FILE_TOO_LARGE', name });

export async function beginUpload(deps: PhotosDeps, { name, bytes }: { readonly name: string; readonly bytes: number }): Promise<{ upload: string }> {
  if (bytes === 0) throw new DomainError('PICTURE_REFUSED', `${name} is empty.`, { code: 'FILE_EMPTY', name });
  if (bytes > PICTURE_LIMITS.uploadBytes) throw tooLarge(name, bytes);
  const folder = inbox(deps);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // what was begun and never finished; by the disk's own clock, which is what wrote the times
  for (const left of readdirSync(folder)) if (statSync(path.join(folder, left)).mtimeMs < deps.ctx.clock.now() - DAY_MS) rmSync(path.join(folder, left), { force: true });
  const upload = deps.ctx.ids.next('event');
  await writeFile(path.join(folder, upload), '', { flag: 'wx', mode: 0o600 });
  return { upload };
}

/** Pieces come in order; one that was sent twice is written twice to the same place. */
export async function appendUpload(deps: PhotosDeps, { upload, at, contentBase64 }: { readonly upload: string; readonly at: number; readonly contentBase64: string }): Promise<{ received: number }> {
  const file = path.join(inbox(deps), path.basename(upload));
  if (!existsSync(file)) throw new DomainError('NOT_FOUND', 'There is no such upload.', { kind: 'upload', id: upload });
  if (at > statSync(file).size) throw new DomainError('INVALID', 'A piece of the file is missing before this one.', { field: 'at', reason: 'gap' });
  const piece = Buffer.from(contentBase64, 'base64');
  if (at + piece.length > PICTURE_LIMITS.uploadBytes) throw tooLarge(upload, at + piece.length);
  const handle = await open(file, 'r+');
  try {
    await handle.write(piece, 0, piece.length, at);
  } finally {
    await handle.close();
  }
  return { received: at + piece.length };
}

export async function takeUpload(deps: PhotosDeps, upload: string): Promise<Uint8Array> {
  const file = path.join(inbox(deps), path.basename(upload));
  const bytes = await readFile(file).catch(() => null);
  if (!bytes) throw new DomainError('NOT_FOUND', 'There is no such upload.', { kind: 'upload', id: upload });
  return bytes;
}

export function dropUpload(deps: PhotosDeps, upload: string): void {
  rmSync(path.join(inbox(deps), path.basename(upload)), { force: true });
}
