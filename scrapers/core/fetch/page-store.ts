import type { Instant } from '#kernel/time.ts';

/** What a page said of its own version, so that the next pass can ask whether it changed. */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  /** What the sitemap said of the page's last change when it was read, as it stood there. */
  readonly listed?: string | undefined;
  readonly readAt?: Instant | undefined;
}

/** Where validators are kept between passes. Only the validators: pages themselves need not be stored. */
export interface PageStore {
  get(url: string): Promise<Validators | null>;
  put(url: string, validators: Validators): Promise<void>;
}

export function createMemoryPageStore(): PageStore {
  const pages = new Map<string, Validators>();
  return {
    get: (url) => Promise.resolve(pages.get(url) ?? null),
    put: (url, validators) => {
      pages.set(url, validators);
      return Promise.resolve();
    },
  };
}
