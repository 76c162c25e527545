import type { CatalogLookupPort, CatalogSearchPort, CurrentPricePort, FeeEstimatePort, OperationQuota, RestrictionPort } from '#engine/catalog/ports.ts';
import { estimateFees } from './estimate-fees.ts';
import { identifyProducts } from './identify-products.ts';
import { readPrices } from './read-prices.ts';
import { searchProducts } from './search-products.ts';
import { readRestriction } from './read-restriction.ts';
import { SpClient, type AmazonOptions, type SharedAccount, type SpOperation } from './sp-client.ts';

export { SpClient, type AmazonCredentials, type AmazonOptions } from './sp-client.ts';

export interface AmazonSpApi extends CatalogLookupPort, CatalogSearchPort, CurrentPricePort, FeeEstimatePort, RestrictionPort {
  /** What is left of an operation now. Asks nobody. */
  quotaOf(operation: SpOperation): OperationQuota;
  close(): Promise<void>;
}

/** Amazon's Selling Partner API, for one seller account on one marketplace: catalogue, prices, fees, restrictions. */
export function createAmazonSpApi(options: AmazonOptions | SharedAccount): AmazonSpApi {
  const shared = 'client' in options;
  const client = shared ? options.client : new SpClient(options);
  const now = () => client.now();
  return {
    connector: client.connector,
    market: client.market,
    identify: (codes, call) => identifyProducts(client, codes, { ...call, now }),
    search: (words, call) => searchProducts(client, words, { ...call, now }),
    currentPrices: (asins, call) => readPrices(client, asins, { ...call, now }),
    estimateFees: (questions, call) => estimateFees(client, questions, { ...call, now }),
    restriction: (asin, condition, call) => readRestriction(client, { asin, condition, sellerId: options.sellerId }, { ...call, now }),
    quotaOf: (operation) => client.quotaOf(operation),
    close: () => (shared ? Promise.resolve() : client.close()),
  };
}
