import type { EngineContext } from '#runtime/ports.ts';
import type { PicturePort } from './ports.ts';

export interface PhotosDeps {
  readonly ctx: EngineContext;
  readonly pictures: PicturePort;
  /** Folder of the files, inside the data folder. */
  readonly dir: string;
}
