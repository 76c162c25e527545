import quotas from '../../../../resources/quotas/ebay.json' with { type: 'json' };

/** The parts of eBay that are called here, each with a quota of its own. */
export type EbayApi = keyof typeof quotas.callsPerDay;

/** One window of an API's quota, as eBay tells it. */
export interface ToldLimit {
  readonly api: EbayApi;
  /** Calls in a window of so many seconds. */
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number | null;
}
