import { photoFinding } from '#contract/lot-photos.ts';
import { z } from 'zod';
import type { Instant } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { Tx } from '#runtime/ports.ts';

export type PhotoFinding = z.infer<typeof photoFinding>;

export interface Photo {
  readonly id: string;
  readonly lotId: string;
  readonly position: number;
  readonly name: string;
  readonly originalSha: string;
  readonly preparedSha: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly look: string;
  readonly useOriginal: boolean;
  readonly findings: readonly PhotoFinding[];
  readonly removedAt: Instant | null;
  readonly createdAt: Instant;
}

type Row = NonNullable<Awaited<ReturnType<Tx['lotPhoto']['findUnique']>>>;
const toPhoto = (row: Row): Photo => ({ ...row, findings: z.array(photoFinding).parse(JSON.parse(row.findings)), removedAt: row.removedAt === null ? null : toNumber(row.removedAt), createdAt: toNumber(row.createdAt) });

export async function insertPhoto(tx: Tx, photo: Photo): Promise<void> {
  await tx.lotPhoto.create({ data: { ...photo, findings: JSON.stringify(photo.findings) } });
}

export async function findPhoto(tx: Tx, id: string): Promise<Photo | null> {
  const row = await tx.lotPhoto.findUnique({ where: { id } });
  return row && toPhoto(row);
}

export async function findBySource(tx: Tx, lotId: string, originalSha: string): Promise<Photo | null> {
  const row = await tx.lotPhoto.findUnique({ where: { lotId_originalSha: { lotId, originalSha } } });
  return row && toPhoto(row);
}

/** In their order, without those that were taken out. */
export async function photosOf(tx: Tx, lotId: string): Promise<Photo[]> {
  return (await tx.lotPhoto.findMany({ where: { lotId, removedAt: null }, orderBy: [{ position: 'asc' }, { id: 'asc' }] })).map(toPhoto);
}

export async function changePhoto(tx: Tx, id: string, change: Partial<Pick<Photo, 'position' | 'useOriginal' | 'removedAt'>>): Promise<void> {
  await tx.lotPhoto.update({ where: { id }, data: change });
}
