import type { Clock } from '#kernel/time.ts';
import type { Database } from '#runtime/ports.ts';
import { enrichProducts, findProducts, findSnapshots, SNAPSHOT_TTL_MS, unpackSeries, valueNow, type CatalogDeps, type MarketFacts, type SeriesKey } from '#engine/catalog/index.ts';
import { earningRate } from '#engine/capital/index.ts';
import { priceSeriesFor, readSeasonFor } from '#engine/opportunities/index.ts';
import { viewFromHistory, type MarketViewPort } from '#engine/repricing/index.ts';
import { readAgainShare, readBuyAgain } from '#engine/purchasing/index.ts';
import { BUSINESS, readSetting } from '#engine/settings/index.ts';

/** Products of one request to the data vendor. */
const BATCH = 100;
/** Five percent a day: what a month of quick sales earned is not taken for what every further unit of money would earn. */
const MOST_EARNING_CENTI_BP = 50_000;
const CENTI_BP = 1_000_000;

function seriesOf(facts: MarketFacts, channel: string): SeriesKey | null {
  if (channel.startsWith('amazon')) return facts.series.buyBox ? 'buyBox' : facts.series.new ? 'new' : null;
  return priceSeriesFor(facts);
}

/** Joins the catalogue's stored market facts to repricing; fetches those that have aged. */
export function createRepriceMarket({ db, clock, catalog }: { readonly db: Database; readonly clock: Clock; readonly catalog: CatalogDeps }): MarketViewPort {
  return {
    async view(productId, channel) {
      const snapshot = (await findSnapshots(db, 'keepa', [productId])).get(productId);
      const key = snapshot ? seriesOf(snapshot.facts, channel) : null;
      if (!snapshot || !key) return null;
      const { facts } = snapshot;
      const series = unpackSeries(facts.series[key]!);
      const amazon = channel.startsWith('amazon');
      const category = (await findProducts(db, [productId])).get(productId)?.category ?? null;
      return viewFromHistory({
        currency: facts.currency, at: snapshot.fetchedAt, source: `keepa ${key}`, lowest: series.at.map((at, i) => ({ at, value: series.value[i] ?? null })), buyBoxMinor: amazon ? valueNow(facts.series.buyBox) : null,
        // The count of offers is Amazon's: of another channel's rivals nothing is known but the lowest.
        rivalsMinor: null, rivalCount: amazon ? valueNow(facts.series.offersNew) : null, rankDrops30: facts.rankDrops30, monthlySold: facts.monthlySold, salesOf: amazon ? 'this-channel' : channel.startsWith('ebay') ? 'amazon' : 'amazon-beside-own-shop',
        season: await readSeasonFor(db, category),
      });
    },
    async refresh(productIds, signal) {
      const known = await findSnapshots(db, 'keepa', productIds);
      const aged = productIds.filter((id) => (known.get(id)?.fetchedAt ?? 0) < clock.now() - SNAPSHOT_TTL_MS);
      const products = await findProducts(db, aged);
      const codes = aged.flatMap((id) => products.get(id)?.asin ?? products.get(id)?.gtin ?? []);
      for (let i = 0; i < codes.length; i += BATCH) await enrichProducts(catalog, codes.slice(i, i + BATCH), signal);
      return aged;
    },
    again: (lotId) => readBuyAgain(db, lotId),
    againShare: () => readAgainShare(db, clock.now()),
    async earningPerDay() {
      const business = (await readSetting(db, BUSINESS)).value;
      return (await earningRate({ db, clock }, { business, mostCentiBp: MOST_EARNING_CENTI_BP })) / CENTI_BP;
    },
  };
}
