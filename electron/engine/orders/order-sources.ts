import { ConnectorError } from '#kernel/errors.ts';
import type { OnSource, OrdersDeps, OrderSources } from './deps.ts';
import type { OrderSourcePort } from './ports.ts';

export function fixedSources(sources: readonly OrderSourcePort[]): OrderSources {
  return { get: (market) => sources.find((source) => source.market === market) ?? null, all: () => sources, connected: () => sources };
}

/** @throws ConnectorError SessionLost where the channel is not known (any more). */
export function onSource(deps: OrdersDeps, market: string): OnSource {
  const source = deps.sources.get(market);
  if (!source) throw new ConnectorError({ kind: 'SessionLost', connector: market, operation: 'open channel', message: `the channel ${market} is not set up: connect it in the settings` });
  return { ...deps, source };
}
