import { expect, it } from 'vitest';
import { factsOf, marketFactsSchema, unpackSeries, valueNow } from './market-facts.ts';
import type { MarketData } from './ports.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const data: MarketData = {
  item: { market: 'amazon-us', externalId: 'B000000001', kind: 'standard', hazards: [] },
  currency: 'USD', demand: {}, quotedFees: {}, newPriceHidden: false,
  histories: { used: { currency: 'USD', at: [START, START + 2 * HOUR], value: [1_200, 1_100] }, ebayUsed: { currency: 'USD', at: [START], value: [900] }, new: { currency: 'USD', at: [START], value: [2_000] } },
} as unknown as MarketData;

it('keeps what used ones cost beside new ones, and reads what was stored before that', () => {
  const facts = marketFactsSchema.parse(JSON.parse(JSON.stringify(factsOf(data, START))));
  expect(Object.keys(facts.series)).toEqual(['new', 'used', 'ebayUsed']);
  expect(unpackSeries(facts.series.used!)).toEqual({ at: [START, START + 2 * HOUR], value: [1_200, 1_100] });
  expect(valueNow(facts.series.ebayUsed)).toBe(900);
  const { used: _used, ebayUsed: _ebayUsed, ...older } = facts.series;
  expect(marketFactsSchema.parse({ ...facts, series: older }).series).toEqual({ new: facts.series.new });
});
