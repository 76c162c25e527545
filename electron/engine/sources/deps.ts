import type { EngineContext } from '#runtime/ports.ts';
import type { ErrorPagePort, SiteDetectorPort, SourceAdapter } from './ports.ts';

export interface SourcesDeps {
  readonly ctx: EngineContext;
  /** By kind. */
  readonly adapters: ReadonlyMap<string, SourceAdapter>;
  /** Absent where no site can be looked at: tests. */
  readonly detector?: SiteDetectorPort;
  readonly errorPages?: ErrorPagePort;
  /** A source that a person adds may be on this machine: the practice market is. */
  readonly allowLoopback?: boolean;
}
