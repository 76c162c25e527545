import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { DomainError } from '#kernel/errors.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { Tx } from '#runtime/ports.ts';

/** Types that are kept, by ending. The type is that of the bytes, never what a file is called. */
const ENDINGS: Readonly<Record<string, string>> = { 'text/html': 'html', 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp', 'message/rfc822': 'eml' };

export interface ReceiptFile {
  readonly id: string;
  /** `desk`: our rendering of the frozen facts; `attached`: a person's own file. */
  readonly origin: 'desk' | 'attached';
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** Of the file's bytes, hex. */
  readonly sha256: string;
  /** What a person read on it. */
  readonly says: string | null;
  /** The words that the desk read on it, line by line; null where it did not. */
  readonly readText: string | null;
  readonly by: string;
  readonly at: Instant;
}

const fileOf = (dir: string, { id, mediaType }: Pick<ReceiptFile, 'id' | 'mediaType'>): string => path.join(dir, `${id}.${ENDINGS[mediaType] ?? 'bin'}`);

/** Whole or not at all: written beside, made durable, then named. */
export function writeReceipt(dir: string, receipt: Pick<ReceiptFile, 'id' | 'mediaType'>, content: Uint8Array): { readonly bytes: number; readonly sha256: string } {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = fileOf(dir, receipt);
  const handle = openSync(`${file}.part`, 'w', 0o600);
  try {
    writeSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(`${file}.part`, file);
  return { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

/** What was written, whole or in part, of a receipt whose row was never made. */
export function removeFiles(dir: string, id: string): void {
  for (const mediaType of Object.keys(ENDINGS)) for (const part of ['', '.part']) rmSync(fileOf(dir, { id, mediaType }) + part, { force: true });
}

export async function insertReceipt(tx: Tx, purchaseId: string, receipt: ReceiptFile): Promise<void> {
  await tx.purchaseReceipt.create({ data: { ...receipt, purchaseId } });
}

type Row = Awaited<ReturnType<Tx['purchaseReceipt']['findMany']>>[number];
const toReceipt = ({ id, origin, name, mediaType, bytes, sha256, says, readText, by, at }: Row): ReceiptFile => ({ id, origin: origin === 'desk' ? 'desk' : 'attached', name, mediaType, bytes, sha256, says, readText, by, at: toNumber(at) });

/** Oldest first. */
export async function listReceipts(tx: Tx, purchaseId: string): Promise<ReceiptFile[]> {
  return (await tx.purchaseReceipt.findMany({ where: { purchaseId }, orderBy: [{ at: 'asc' }, { id: 'asc' }] })).map(toReceipt);
}

export interface KeptElsewhere {
  readonly purchaseId: string;
  readonly title: string;
}

/** Purchases that keep a document of these very bytes. */
export async function findSameFile(tx: Tx, sha256: string): Promise<KeptElsewhere[]> {
  const rows = await tx.purchaseReceipt.findMany({ where: { sha256 }, select: { purchaseId: true, purchase: { select: { title: true } } }, take: 5 });
  return rows.map(({ purchaseId, purchase }) => ({ purchaseId, title: purchase.title }));
}

/** Purchases that were confirmed under this number for this total. */
export async function findSameOrder(tx: Tx, { externalId, total }: { readonly externalId: string; readonly total: Money }): Promise<KeptElsewhere[]> {
  const rows = await tx.purchase.findMany({ where: { externalId, currency: total.currency, totalMinor: total.minor }, select: { id: true, title: true }, take: 5 });
  return rows.map(({ id, title }) => ({ purchaseId: id, title }));
}

/** Bytes in an answer, as text 4/3 of that. */
const PIECE_BYTES = 512 * 1024;

/**
 * A piece of a receipt from byte `at`; empty at its end.
 * @throws DomainError NOT_FOUND, also for a file that somebody took away; INVALID for one that is not what was archived.
 */
export async function readReceiptPiece(tx: Tx, dir: string, { id, at }: { readonly id: string; readonly at: number }): Promise<{ readonly contentBase64: string }> {
  const row = await tx.purchaseReceipt.findUnique({ where: { id } });
  if (!row) throw new DomainError('NOT_FOUND', 'There is no such receipt.', { kind: 'receipt', id });
  const content = readSealed(dir, row);
  return { contentBase64: content.subarray(at, at + PIECE_BYTES).toString('base64') };
}

/** A file as it was archived. @throws DomainError NOT_FOUND when it is not there, INVALID when it is not what was sealed. */
export function readSealed(dir: string, row: { readonly id: string; readonly mediaType: string; readonly bytes: number; readonly sha256: string }): Buffer {
  const file = fileOf(dir, row);
  if (!existsSync(file) || statSync(file).size !== row.bytes) throw new DomainError('NOT_FOUND', 'The file is not where it was archived: put it back from a backup of the data folder.', { kind: 'receipt', id: row.id });
  const content = readFileSync(file);
  if (createHash('sha256').update(content).digest('hex') !== row.sha256) throw new DomainError('INVALID', 'The file was changed since it was archived: its seal does not fit.', { field: 'sha256', reason: 'changed since it was archived' });
  return content;
}
