import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { listingsContract } from '#contract/selling.ts';
import { endListing, retryListing, setPrice } from './change-listing.ts';
import { compareChannels } from './compare-channels.ts';
import { changeCategory, readCategory } from './listing-category.ts';
import type { ListingsDeps } from './deps.ts';
import { readMeasures, setMeasures } from './measures.ts';
import { offerOnChannel } from './offer-on-channel.ts';
import { warehouseCountOf } from './read-warehouse.ts';
import { readListingFacets } from './list-listings.ts';
import { readListing, readListings, rowOf } from './read-listings.ts';
import { LISTING_RULES } from './price-rules.ts';
import { readSetting, writeSetting } from '../settings/index.ts';

export function createListingProcedures(deps: ListingsDeps) {
  const os = implement(listingsContract).use(declaredErrors);
  const { prisma } = deps.ctx.db;
  return os.router({
    rules: os.rules.handler(() => readSetting(prisma, LISTING_RULES)),
    setRules: os.setRules.handler(({ input }) => deps.ctx.db.transaction(async (tx) => {
      const stored = await writeSetting(tx, LISTING_RULES, { ...input, at: deps.ctx.clock.now() });
      await deps.ctx.outbox.add(tx, 'settings.listing-rules', null);
      return stored;
    })),
    list: os.list.handler(({ input }) => readListings(deps.ctx.db, input)),
    facets: os.facets.handler(() => readListingFacets(deps.ctx.db)),
    get: os.get.handler(({ input }) => readListing(prisma, input.id)),
    setPrice: os.setPrice.handler(async ({ input }) => rowOf(await setPrice(deps, input))),
    category: os.category.handler(({ input, signal }) => readCategory(deps, input.id, signal)),
    setCategory: os.setCategory.handler(({ input }) => changeCategory(deps, input)),
    measures: os.measures.handler(({ input, signal }) => readMeasures(deps, input.id, signal)),
    setMeasures: os.setMeasures.handler(({ input }) => setMeasures(deps, input)),
    channels: os.channels.handler(({ input }) => compareChannels(deps, input.id)),
    warehouse: os.warehouse.handler(async ({ input, signal }) => ({ count: await warehouseCountOf(deps, input, signal) })),
    offer: os.offer.handler(async ({ input }) => rowOf(await offerOnChannel(deps, input))),
    end: os.end.handler(async ({ input }) => rowOf(await endListing(deps, input))),
    retry: os.retry.handler(async ({ input }) => rowOf(await retryListing(deps, input))),
  });
}
