export type { PhotosDeps } from './deps.ts';
export { PICTURE_LIMITS } from './limits.ts';
export { listedPicture, lotPictures } from './lot-photos.ts';
export { createLotPhotoProcedures } from './procedures.ts';
export { photosOf, type Photo } from './repo.ts';
export { PictureError, type CodeReaderPort, type PicturePort } from './ports.ts';
