import type { LIST_CHOICES, LIST_SORTS } from '#contract/words.ts';
import { conditionsOf, readFacets, type Facets, type FilterQuery, type ListFilters } from '#runtime/list-filters.ts';
import { byAmount, byNumber, byText, byTextOrNone, contains, readPageOfIds, type PageOfIds, type PageQuery, type SortableList } from '#runtime/sorted-page.ts';
import type { Database } from '#runtime/ports.ts';
import type { ListingState } from './machine.ts';

export type ListingSort = (typeof LIST_SORTS)['listings'][number];

type ListingChoice = (typeof LIST_CHOICES)['listings'][number];

export interface ListingQuery extends PageQuery<ListingSort>, FilterQuery<ListingChoice> {
  readonly state?: ListingState | undefined;
  /** Looks in title, SKU and the channel's number. */
  readonly search?: string | undefined;
}

const LISTINGS: SortableList<ListingSort> = {
  from: '"Listing" g', id: 'g.id', usual: '-created',
  sorts: {
    // ids rise with the time of making
    created: [], title: [byText('g.title')], state: [byText('g.state')], price: byAmount('g.currency', byNumber('g.priceMinor')), floor: byAmount('g.currency', byNumber('g.floorMinor')), quantity: [byNumber('g.quantity')],
    channel: [byText('g.channel')], updated: [byNumber('g.updatedAt')], sku: [byText('g.sku')], external: [byTextOrNone('g.externalId')],
  },
};

const FILTERS: ListFilters<ListingChoice> = {
  choices: { channel: { key: 'g.channel' }, category: { key: 'd.category', from: '"Listing" g JOIN "Product" d ON d.id = g.productId', holds: 'g.productId IN (SELECT d.id FROM "Product" d WHERE d.category = ?)' } },
  at: 'g.updatedAt', amount: { currency: 'g.currency', minor: 'g.priceMinor' },
};

export const readListingFacets = (db: Pick<Database, 'read'>): Promise<Facets> => readFacets(db, LISTINGS.from, { filters: FILTERS });

/** Newest first unless told. @throws DomainError INVALID for a cursor of another order. */
export const listListings = (db: Pick<Database, 'read'>, query: ListingQuery): Promise<PageOfIds> =>
  readPageOfIds(db, LISTINGS, { ...query, where: [...(query.state ? [{ sql: 'g.state = ?', parameters: [query.state] }] : []), ...conditionsOf(FILTERS, query), ...(query.search ? [contains(['g.title', 'g.sku', `coalesce(g.externalId, '')`], query.search)] : [])] });
