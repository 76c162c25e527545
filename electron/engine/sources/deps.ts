import type { EngineContext } from '#runtime/ports.ts';
import type { SourceAdapter } from './ports.ts';

export interface SourcesDeps {
  readonly ctx: EngineContext;
  /** By kind. */
  readonly adapters: ReadonlyMap<string, SourceAdapter>;
}
