import type { EngineContext } from '#runtime/ports.ts';
import type { ListingsDeps } from '../listings/index.ts';
import type { MarketViewPort } from './market-view.ts';

export interface RepricingDeps {
  readonly ctx: EngineContext;
  readonly listings: ListingsDeps;
  readonly markets: MarketViewPort;
  readonly practice: boolean;
}
