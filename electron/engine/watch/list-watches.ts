import type { LIST_CHOICES, LIST_SORTS } from '#contract/words.ts';
import { conditionsOf, readFacets, type Facets, type FilterQuery, type ListFilters } from '#runtime/list-filters.ts';
import { byAmount, byText, contains, readPageOfIds, type PageOfIds, type PageQuery, type SortableList } from '#runtime/sorted-page.ts';
import type { Database } from '#runtime/ports.ts';

export type WatchSort = (typeof LIST_SORTS)['watches'][number];

type WatchChoice = (typeof LIST_CHOICES)['watches'][number];

export interface WatchQuery extends PageQuery<WatchSort>, FilterQuery<WatchChoice> {
  readonly show?: 'active' | 'paused' | 'changed' | 'failing' | 'undercut' | undefined;
  /** Looks in title and address. */
  readonly search?: string | undefined;
}

const WATCHES: SortableList<WatchSort> = {
  from: '"Watch" w', id: 'w.id', usual: '-added',
  sorts: {
    // ids rise with the time of making
    added: [], title: [byText('w.title')], price: byAmount(`coalesce(w.currency, '~')`, { sql: 'w.priceMinor', nullable: true }), change: [{ sql: 'w.changeBp', nullable: true }], sellers: [{ sql: 'w.sellers', nullable: true }], checked: [{ sql: 'w.checkedAt', nullable: true }],
  },
};

const SHOWN: Readonly<Record<NonNullable<WatchQuery['show']>, string>> = {
  active: `w.state = 'active'`, paused: `w.state = 'paused'`, failing: 'w.problem IS NOT NULL', changed: 'EXISTS (SELECT 1 FROM "WatchAlert" a WHERE a.watchId = w.id AND a.seenAt IS NULL)',
  undercut: `w.available IS NOT 0 AND EXISTS (SELECT 1 FROM "Listing" l WHERE l.productId = w.productId AND l.state = 'active' AND l.quantity > 0 AND l.currency = w.currency AND l.priceMinor > w.priceMinor)`,
};

const FILTERS: ListFilters<WatchChoice> = {
  choices: { source: { key: 'w.sourceId', name: 's.name', from: '"Watch" w JOIN "Source" s ON s.id = w.sourceId' } },
  at: 'w.checkedAt', amount: { currency: 'w.currency', minor: 'w.priceMinor' },
};

export const readWatchFacets = (db: Pick<Database, 'read'>): Promise<Facets> => readFacets(db, WATCHES.from, { filters: FILTERS });

/** Newest first unless told. @throws DomainError INVALID for a cursor of another order. */
export const listWatches = (db: Pick<Database, 'read'>, query: WatchQuery): Promise<PageOfIds> =>
  readPageOfIds(db, WATCHES, { ...query, where: [...(query.show ? [{ sql: `(${SHOWN[query.show]})`, parameters: [] }] : []), ...conditionsOf(FILTERS, query), ...(query.search ? [contains(['w.title', 'w.address'], query.search)] : [])] });
