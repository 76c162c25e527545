import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import type { FetchPolicy } from '../../core/fetch/fetcher.ts';
import type { SiteTools } from '../../core/source/open-config.ts';
import { metaSchema, productSchema, type ShopifyConfig } from './schema.ts';

export interface CurrencyQuestion {
  readonly config: Pick<ShopifyConfig, 'baseUrl' | 'currency'>;
  readonly tools: SiteTools;
  readonly policy: FetchPolicy;
  readonly signal: AbortSignal;
  readonly connector: string;
}

/** Where a storefront's pages name the shop's currency. */
const ON_PAGE = [/<meta[^>]{0,200}property=["']og:price:currency["'][^>]{0,100}content=["']([A-Z]{3})["']/, /"priceCurrency"\s*:\s*"([A-Z]{3})"/, /Shopify\.currency\s*=\s*\{\s*"active"\s*:\s*"([A-Z]{3})"/];

/**
 * The list states prices without a currency: the configuration's, else the one that the shop gives in `/meta.json`, else the one on a product's page.
 * @throws ConnectorError where the shop names none: a price without its currency is no price.
 */
export async function findCurrency({ config, tools, policy, signal, connector }: CurrencyQuestion, firstProduct: unknown): Promise<{ readonly currency: string; readonly requests: number }> {
  if (config.currency !== undefined) return { currency: config.currency, requests: 0 };
  let requests = 0;
  const read = async (path: string, operation: string): Promise<string> => {
    requests += 1;
    try {
      return (await tools.fetcher.fetch({ url: `${config.baseUrl}${path}`, connector, operation }, policy, signal)).text;
    } catch (error) {
      signal.throwIfAborted();
      if (isConnectorError(error, 'Retryable', 'Throttled')) throw error;
      return '';
    }
  };
  const meta = currencyIn(await read('/meta.json', 'read what the shop says of itself'));
  if (meta !== null) return { currency: meta, requests };
  const product = productSchema.safeParse(firstProduct);
  const page = product.success ? await read(`/products/${product.data.handle}`, 'read a product page for the currency') : '';
  for (const pattern of ON_PAGE) {
    const found = pattern.exec(page)?.[1];
    if (found !== undefined) return { currency: found, requests };
  }
  throw new ConnectorError({ kind: 'Critical', connector, operation: 'find the currency', message: 'the shop does not say in which currency its prices are: set it in the source' });
}

function currencyIn(text: string): string | null {
  try {
    return metaSchema.parse(JSON.parse(text)).currency;
  } catch {
    return null;
  }
}
