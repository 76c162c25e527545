import type { LotPhoto } from '#contract/lot-photos.ts';
import { DomainError } from '#kernel/errors.ts';
import type { Tx } from '#runtime/ports.ts';
import { getLot } from '../inventory/index.ts';
import type { PhotosDeps } from './deps.ts';
import { dropUpload, keepFile, readKept, shaOf, takeUpload } from './file-store.ts';
import { PICTURE_LIMITS } from './limits.ts';
import { lookDistance, SAME_LOOK } from './look-alike.ts';
import { PictureError } from './ports.ts';
import { changePhoto, findBySource, findPhoto, insertPhoto, photosOf, type Photo } from './repo.ts';

const SMALL_SIDE = 240;

export const photoView = (photo: Photo): LotPhoto => ({
  id: photo.id, lotId: photo.lotId, name: photo.name, position: photo.position, width: photo.width, height: photo.height, bytes: photo.bytes, useOriginal: photo.useOriginal, findings: [...photo.findings], removed: photo.removedAt !== null, createdAt: photo.createdAt,
});

async function readable<T>(name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof PictureError) throw new DomainError('PICTURE_REFUSED', `${name}: ${error.message}`, { code: error.code, name }, error);
    throw error;
  }
}

const told = (deps: PhotosDeps, tx: Tx, lotId: string) => deps.ctx.outbox.add(tx, 'stock.photos', lotId);

/** The uploaded picture becomes one of the lot's: the original is kept, the prepared one made. The same file again answers with the photo that stands. @throws DomainError PICTURE_REFUSED, NOT_FOUND, INVALID. */
export async function addPhoto(deps: PhotosDeps, input: { readonly lotId: string; readonly upload: string; readonly name: string }): Promise<Photo> {
  const { ctx, pictures } = deps;
  await getLot(ctx.db.prisma, input.lotId);
  const bytes = await takeUpload(deps, input.upload);
  const standing = await findBySource(ctx.db.prisma, input.lotId, shaOf(bytes));
  if (standing) {
    if (standing.removedAt !== null) await restorePhoto(deps, standing.id);
    dropUpload(deps, input.upload);
    return { ...standing, removedAt: null };
  }
  const prepared = await readable(input.name, () => pictures.prepare(bytes, PICTURE_LIMITS));
  const [originalSha, preparedSha] = [await keepFile(deps, bytes), await keepFile(deps, prepared.jpeg)];
  const photo = await ctx.db.transaction(async (tx) => {
    const others = await photosOf(tx, input.lotId);
    if (others.length >= PICTURE_LIMITS.picturesPerLot) throw new DomainError('INVALID', `A lot has at most ${PICTURE_LIMITS.picturesPerLot} pictures: take one out first.`, { field: 'lotId', reason: 'too-many' });
    const nearest = Math.min(64, ...others.map((other) => lookDistance(other.look, prepared.look)));
    const made: Photo = {
      id: ctx.ids.next('event'), lotId: input.lotId, position: (others.at(-1)?.position ?? 0) + 1, name: input.name, originalSha, preparedSha, width: prepared.width, height: prepared.height, bytes: prepared.jpeg.length, look: prepared.look,
      useOriginal: false, findings: [...prepared.findings, ...(nearest <= SAME_LOOK ? [{ code: 'duplicate' as const, figure: nearest, limit: SAME_LOOK }] : [])], removedAt: null, createdAt: ctx.clock.now(),
    };
    await insertPhoto(tx, made);
    await told(deps, tx, input.lotId);
    return made;
  });
  dropUpload(deps, input.upload);
  return photo;
}

async function loadPhoto(tx: Tx, id: string): Promise<Photo> {
  const photo = await findPhoto(tx, id);
  if (!photo) throw new DomainError('NOT_FOUND', 'There is no such picture.', { kind: 'photo', id });
  return photo;
}

async function change(deps: PhotosDeps, id: string, to: Parameters<typeof changePhoto>[2]): Promise<Photo> {
  return deps.ctx.db.transaction(async (tx) => {
    const photo = await loadPhoto(tx, id);
    await changePhoto(tx, id, to);
    await told(deps, tx, photo.lotId);
    return loadPhoto(tx, id);
  });
}

/** Out of the listing; the files stay, so that it can be put back. */
export const removePhoto = (deps: PhotosDeps, id: string): Promise<Photo> => change(deps, id, { removedAt: deps.ctx.clock.now() });
export const restorePhoto = (deps: PhotosDeps, id: string): Promise<Photo> => change(deps, id, { removedAt: null });
export const choosePhoto = (deps: PhotosDeps, id: string, useOriginal: boolean): Promise<Photo> => change(deps, id, { useOriginal });

/** In this order; pictures that were not named (another window added them) come after. */
export async function arrangePhotos(deps: PhotosDeps, lotId: string, ids: readonly string[]): Promise<Photo[]> {
  return deps.ctx.db.transaction(async (tx) => {
    const photos = await photosOf(tx, lotId);
    const place = new Map(ids.map((id, i) => [id, i]));
    const ordered = photos.toSorted((a, b) => (place.get(a.id) ?? ids.length + a.position) - (place.get(b.id) ?? ids.length + b.position));
    for (const [i, photo] of ordered.entries()) if (photo.position !== i + 1) await changePhoto(tx, photo.id, { position: i + 1 });
    await told(deps, tx, lotId);
    return photosOf(tx, lotId);
  });
}

/** What the listing shows: a JPEG of our own making, whatever was uploaded. */
export async function listedPicture(deps: PhotosDeps, photo: Photo): Promise<Uint8Array> {
  if (!photo.useOriginal) return readKept(deps, photo.preparedSha, photo.name);
  const original = await readKept(deps, photo.originalSha, photo.name);
  return (await readable(photo.name, () => deps.pictures.upright(original, PICTURE_LIMITS))).jpeg;
}

/** A lot's pictures as its listings show them, by the hash of their bytes; kept under it, so that what was chosen is what goes out. */
export function lotPictures(deps: PhotosDeps): { of(lotId: string): Promise<string[]>; read(sha256: string): Promise<Uint8Array> } {
  return {
    async of(lotId) {
      const found: string[] = [];
      for (const photo of await photosOf(deps.ctx.db.prisma, lotId)) found.push(photo.useOriginal ? await keepFile(deps, await listedPicture(deps, photo)) : photo.preparedSha);
      return found;
    },
    read: (sha256) => readKept(deps, sha256, sha256.slice(0, 12)),
  };
}

export async function readPicture(deps: PhotosDeps, id: string, which: 'before' | 'after' | 'small'): Promise<Uint8Array> {
  const photo = await loadPhoto(deps.ctx.db.prisma, id);
  if (which === 'before') return listedPicture(deps, { ...photo, useOriginal: true });
  if (which === 'after') return readKept(deps, photo.preparedSha, photo.name);
  const listed = await listedPicture(deps, photo);
  return (await readable(photo.name, () => deps.pictures.upright(listed, { ...PICTURE_LIMITS, side: SMALL_SIDE }))).jpeg;
}
