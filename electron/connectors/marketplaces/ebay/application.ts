import type { CategoryPort } from '#engine/listings/ports.ts';
import { EbayClient, type EbayOptions } from './ebay-client.ts';
import { fetchLimits } from './rate-limits.ts';
import { createTaxonomy } from './taxonomy.ts';
import type { ToldLimit } from './told-limit.ts';

/** What eBay answers to the application itself, without a seller: categories, and the application's own limits. */
export interface EbayApplication extends CategoryPort {
  /** `getRateLimits`: the quotas of this application, all sellers together. */
  rateLimits(signal?: AbortSignal): Promise<readonly ToldLimit[]>;
  applyLimits(told: readonly ToldLimit[]): void;
  forgetSession(): void;
  close(): Promise<void>;
}

export function createEbayApplication(options: EbayOptions): EbayApplication {
  const client = new EbayClient({
    ...options,
    credentials: async () => {
      const { clientId, clientSecret } = await options.credentials();
      return { clientId, clientSecret };
    },
  });
  return {
    ...createTaxonomy(client),
    rateLimits: (signal) => fetchLimits(client, 'application', signal),
    applyLimits: (told) => client.applyLimits(told),
    forgetSession: () => client.forgetSession(),
    close: () => client.close(),
  };
}
