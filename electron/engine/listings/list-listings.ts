import type { LIST_SORTS } from '#contract/words.ts';
import { byAmount, byNumber, byText, byTextOrNone, contains, readPageOfIds, type PageOfIds, type PageQuery, type SortableList } from '#runtime/sorted-page.ts';
import type { Database } from '#runtime/ports.ts';
import type { ListingState } from './machine.ts';

export type ListingSort = (typeof LIST_SORTS)['listings'][number];

export interface ListingQuery extends PageQuery<ListingSort> {
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

/** Newest first unless told. @throws DomainError INVALID for a cursor of another order. */
export const listListings = (db: Pick<Database, 'read'>, query: ListingQuery): Promise<PageOfIds> =>
  readPageOfIds(db, LISTINGS, { ...query, where: [...(query.state ? [{ sql: 'g.state = ?', parameters: [query.state] }] : []), ...(query.search ? [contains(['g.title', 'g.sku', `coalesce(g.externalId, '')`], query.search)] : [])] });
