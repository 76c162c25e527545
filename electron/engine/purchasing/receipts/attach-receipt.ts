import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { DomainError } from '#kernel/errors.ts';
import { DAY_MS } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { loadPurchase, record } from '../advance-purchase.ts';
import type { PurchasingDeps } from '../deps.ts';
import { badField } from '../errors.ts';
import { insertReceipt, removeFiles, writeReceipt, type ReceiptFile } from './keep-receipt.ts';

/** A photograph of a till receipt has 2 to 6 MB. */
const LARGEST_RECEIPT_BYTES = 15 * 1024 * 1024;
/** Of one purchase. */
const MOST_RECEIPTS = 30;

const starts = (bytes: Uint8Array, ...signature: number[]): boolean => signature.every((byte, at) => bytes[at] === byte);
const ascii = (bytes: Uint8Array, from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString('latin1');

/** Two header lines of a mail and more, one of them who wrote it. */
const MAIL = /^(?:[A-Za-z][A-Za-z0-9-]{1,40}:[ \t][^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2}/;

/** Signatures and stops on the way come first: who wrote it stands some 8,000 characters in. */
const LONGEST_HEADERS = 64_000;

/** What the bytes are, whatever the file is called; null for what is no receipt. */
export function mediaTypeOf(bytes: Uint8Array): string | null {
  if (ascii(bytes, 0, 5) === '%PDF-') return 'application/pdf';
  if (starts(bytes, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'image/webp';
  const head = `${ascii(bytes, 0, LONGEST_HEADERS).split(/\r?\n\r?\n/, 1)[0]!}\n`;
  if (MAIL.test(head) && /^from:/im.test(head) && /^(?:subject|date|mime-version|message-id):/im.test(head)) return 'message/rfc822';
  return /^\s*(?:\ufeff|ï»¿)?\s*<(?:!doctype\s+html|html|head|body|table|div)\b/i.test(ascii(bytes, 0, 1_000)) ? 'text/html' : null;
}

function inbox(deps: PurchasingDeps): string {
  if (!deps.receipts) throw new Error('this desk has no folder for receipts');
  return path.join(deps.receipts.dir, 'inbox');
}

/** Uploads that nobody ended, and what was written of a receipt whose row a kill kept from being made. An id carries the time of its making in its first 48 bits. */
async function clearOld(deps: PurchasingDeps, folder: string): Promise<void> {
  const { clock, db } = deps.ctx;
  const before = clock.now() - DAY_MS;
  for (const id of readdirSync(folder).filter((name) => Number.parseInt(name.slice(name.indexOf('_') + 1).replaceAll('-', '').slice(0, 12), 16) < before)) {
    if (!(await db.prisma.purchaseReceipt.findUnique({ where: { id }, select: { id: true } }))) removeFiles(deps.receipts!.dir, id);
    rmSync(path.join(folder, id), { force: true });
  }
}

/** Before a receipt's file is written, its id lies in the inbox until its row is made: of a file that nothing knows of, that is left. */
function noteWriting(deps: PurchasingDeps, receiptId: string): string {
  const note = path.join(inbox(deps), receiptId);
  closeSync(openSync(note, 'wx', 0o600));
  return note;
}

export async function beginReceipt(deps: PurchasingDeps, { bytes }: { readonly bytes: number }): Promise<{ upload: string }> {
  if (bytes === 0) throw badField('file', 'it is empty');
  if (bytes > LARGEST_RECEIPT_BYTES) throw badField('file', `it has ${Math.ceil(bytes / 1024 ** 2)} MB, and at most ${LARGEST_RECEIPT_BYTES / 1024 ** 2} MB are kept: take a smaller photograph`);
  const folder = inbox(deps);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await clearOld(deps, folder);
  const upload = deps.ctx.ids.next('receipt');
  closeSync(openSync(path.join(folder, upload), 'wx', 0o600));
  return { upload };
}

function uploadOf(deps: PurchasingDeps, upload: string): string {
  const file = path.join(inbox(deps), path.basename(upload));
  if (!existsSync(file)) throw new DomainError('NOT_FOUND', 'There is no such upload: choose the file again.', { kind: 'upload', id: upload });
  return file;
}

/** Pieces come in order; one that was sent twice is written twice to the same place. */
export function appendReceipt(deps: PurchasingDeps, { upload, at, contentBase64 }: { readonly upload: string; readonly at: number; readonly contentBase64: string }): { received: number } {
  const file = uploadOf(deps, upload);
  const piece = Buffer.from(contentBase64, 'base64');
  if (at > statSync(file).size) throw badField('at', 'a piece of the file is missing before this one');
  if (at + piece.length > LARGEST_RECEIPT_BYTES) throw badField('file', `at most ${LARGEST_RECEIPT_BYTES / 1024 ** 2} MB are kept`);
  const handle = openSync(file, 'r+');
  try {
    writeSync(handle, piece, 0, piece.length, at);
  } finally {
    closeSync(handle);
  }
  return { received: at + piece.length };
}

/** What was uploaded so far. @throws DomainError NOT_FOUND */
export const readUpload = (deps: PurchasingDeps, upload: string): Buffer => readFileSync(uploadOf(deps, upload));

export interface AttachInput {
  readonly id: string;
  readonly upload: string;
  readonly name: string;
  /** What a person reads on it. */
  readonly says?: string | undefined;
  /** What the desk read on it. */
  readonly readText?: string | null | undefined;
  readonly by: string;
}

/** A file that is written and sealed, and waits for its row. */
export interface PreparedReceipt {
  readonly receipt: ReceiptFile;
  /** Within the transaction that makes it the purchase's. */
  insert(tx: Tx): Promise<void>;
  /** After it: the upload is taken away. */
  kept(): void;
  /** Instead of it: the file is taken away, the upload stays. */
  dropped(): void;
}

/** @throws DomainError NOT_FOUND, INVALID with the field. */
export async function prepareReceipt(deps: PurchasingDeps, { id, upload, name, says, readText, by }: AttachInput): Promise<PreparedReceipt> {
  const { db, ids, clock, audit } = deps.ctx;
  const file = uploadOf(deps, upload);
  const content = readFileSync(file);
  const mediaType = mediaTypeOf(content);
  if (!mediaType) throw badField('file', 'it is neither a PDF, a photograph (JPEG, PNG, WebP), a saved page (HTML) nor a saved mail (EML)');
  await loadPurchase(db.prisma, id);
  if ((await db.prisma.purchaseReceipt.count({ where: { purchaseId: id } })) >= MOST_RECEIPTS) throw badField('file', `a purchase keeps at most ${MOST_RECEIPTS} receipts`);
  const receiptId = ids.next('receipt');
  const note = noteWriting(deps, receiptId);
  const written = writeReceipt(deps.receipts!.dir, { id: receiptId, mediaType }, content);
  const receipt: ReceiptFile = { id: receiptId, origin: 'attached', name: path.basename(name).slice(0, 200), mediaType, ...written, says: says?.trim() || null, readText: readText ?? null, by, at: clock.now() };
  return {
    receipt,
    insert: async (tx) => {
      await insertReceipt(tx, id, receipt);
      await record(deps, tx, id, { kind: 'receipt-attached', data: { name: receipt.name, sha256: receipt.sha256, by } });
      await audit.append(tx, { actor: by, channel: 'desktop', action: 'purchase.receipt-attached', subject: id, data: { receipt: receiptId, sha256: receipt.sha256 } });
    },
    kept: () => [file, note].forEach((done) => rmSync(done, { force: true })),
    dropped: () => {
      removeFiles(deps.receipts!.dir, receiptId);
      rmSync(note, { force: true });
    },
  };
}

/** The uploaded file becomes a receipt of the purchase, sealed with its SHA-256. @throws DomainError NOT_FOUND, INVALID with the field. */
export async function attachReceipt(deps: PurchasingDeps, input: AttachInput): Promise<ReceiptFile> {
  const prepared = await prepareReceipt(deps, input);
  try {
    await deps.ctx.db.transaction((tx) => prepared.insert(tx));
  } catch (error) {
    prepared.dropped();
    throw error;
  }
  prepared.kept();
  return prepared.receipt;
}
