import type { HostPolicy } from './host-budget.ts';
import type { Validators } from './page-store.ts';

export interface FetchPolicy extends HostPolicy {
  /** Where the site is at home (IANA): its quiet hours are hours there. */
  readonly zone?: string | undefined;
  /** For the practice market and tests, which live on this machine. Other private addresses stay refused. */
  readonly allowLoopback?: boolean | undefined;
  /** Default 10 MiB, decompressed. */
  readonly maxBytes?: number | undefined;
  /** For one attempt, from the first byte sent to the last received. Default 30 s; real time. */
  readonly timeoutMs?: number | undefined;
  /** Attempts in all. Default 4. */
  readonly attempts?: number | undefined;
  /** Name of the jar that holds the sign-in of this source; without it no cookie is taken or sent. */
  readonly session?: string | undefined;
}

export interface FetchRequest {
  readonly url: string;
  /** POST is for searches alone (GraphQL): a failed request is sent again, so it must have no effect. */
  readonly method?: 'GET' | 'POST' | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** Ask only for what changed since the version that `remember` was told of. */
  readonly conditional?: boolean | undefined;
  /** For errors: the source's kind, and what is being done. */
  readonly connector: string;
  readonly operation: string;
}

export interface FetchResult {
  readonly status: number;
  /** After redirects. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly text: string;
  /** The page is as it was; `text` is empty. */
  readonly notModified: boolean;
  /** Of this version; null when the site gives none. */
  readonly validators: Validators | null;
  /** Attempts and redirects that it took; robots.txt is not counted. */
  readonly requests: number;
}
