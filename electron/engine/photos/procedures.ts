import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { lotPhotosContract } from '#contract/lot-photos.ts';
import type { PhotosDeps } from './deps.ts';
import { appendUpload, beginUpload } from './file-store.ts';
import { PICTURE_LIMITS } from './limits.ts';
import { addPhoto, arrangePhotos, choosePhoto, photoView, readPicture, removePhoto, restorePhoto } from './lot-photos.ts';
import { photosOf } from './repo.ts';

export function createLotPhotoProcedures(deps: PhotosDeps) {
  const os = implement(lotPhotosContract).use(declaredErrors);
  const most = PICTURE_LIMITS.picturesPerLot;
  return os.router({
    list: os.list.handler(async ({ input }) => ({ photos: (await photosOf(deps.ctx.db.prisma, input.lotId)).map(photoView), most })),
    begin: os.begin.handler(({ input }) => beginUpload(deps, input)),
    append: os.append.handler(({ input }) => appendUpload(deps, input)),
    add: os.add.handler(async ({ input }) => photoView(await addPhoto(deps, input))),
    arrange: os.arrange.handler(async ({ input }) => ({ photos: (await arrangePhotos(deps, input.lotId, input.ids)).map(photoView), most })),
    remove: os.remove.handler(async ({ input }) => photoView(await removePhoto(deps, input.id))),
    restore: os.restore.handler(async ({ input }) => photoView(await restorePhoto(deps, input.id))),
    choose: os.choose.handler(async ({ input }) => photoView(await choosePhoto(deps, input.id, input.useOriginal))),
    picture: os.picture.handler(async ({ input }) => ({ contentBase64: Buffer.from(await readPicture(deps, input.id, input.which)).toString('base64') })),
  });
}
