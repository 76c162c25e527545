export { rememberRestrictions } from './remember-restrictions.ts';
export type { CatalogDeps } from './deps.ts';
export { estimateLookups, type LookupCount } from './estimate-lookups.ts';
export { enrichProducts, SNAPSHOT_TTL_MS, type Enrichment } from './enrich-products.ts';
export { marketFactsSchema, SERIES_KEYS, unpackSeries, valueNow, type MarketFacts, type PackedSeries, type SeriesKey } from './market-facts.ts';
export { findByCodes, findProduct, findProducts, findSnapshots, type ProductRecord, type StoredSnapshot } from './repo.ts';
export { openCodeProbe, type CodeProbe } from './probe-codes.ts';
export { titlePackSize } from './match/index.ts';
export type { AskingPrice, AskingPriceQuery, AskingPricesPort, CurrentPrices, MarketDataPort, RestrictionAnswer } from './ports.ts';
