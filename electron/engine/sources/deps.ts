import type { EngineContext } from '#runtime/ports.ts';
import type { ErrorPagePort, PageInspectorPort, PageSamplePort, SiteDetectorPort, SourceAdapter, SourceSessionPort } from './ports.ts';

export interface SourcesDeps {
  readonly ctx: EngineContext;
  /** By kind. */
  readonly adapters: ReadonlyMap<string, SourceAdapter>;
  /** Absent where no site can be looked at: tests. */
  readonly detector?: SiteDetectorPort;
  readonly errorPages?: ErrorPagePort;
  /** Absent where no page is kept: tests. */
  readonly pageSamples?: PageSamplePort;
  readonly inspector?: PageInspectorPort;
  /** Absent where sources have no sign-in: tests. */
  readonly sessions?: SourceSessionPort;
  /** Ends what sources hold open: connections, the browser. */
  readonly close?: () => Promise<void>;
  /** A source that a person adds may be on this machine: the practice market is. */
  readonly allowLoopback?: boolean;
}
