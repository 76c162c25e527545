import type { LIST_CHOICES, LIST_SORTS } from '#contract/words.ts';
import { conditionsOf, readFacets, type Facets, type FilterQuery, type ListFilters } from '#runtime/list-filters.ts';
import { byNumber, byText, contains, readPageOfIds, type PageOfIds, type PageQuery, type SortableList } from '#runtime/sorted-page.ts';
import type { Database } from '#runtime/ports.ts';
import type { ListStage } from './repo.ts';

type ListSort = (typeof LIST_SORTS)['price-lists'][number];
type ListChoice = (typeof LIST_CHOICES)['price-lists'][number];

export interface ListQuery extends PageQuery<ListSort>, FilterQuery<ListChoice> {
  readonly stage?: ListStage | undefined;
  /** Looks in supplier and file. */
  readonly search?: string | undefined;
}

const counted = (what: string) => [{ sql: `json_extract(p.counts, '$.pass.${what}')`, nullable: true }] as const;

const LISTS: SortableList<ListSort> = {
  from: '"PriceList" p', id: 'p.id', usual: '-opened',
  sorts: { opened: [byNumber('p.createdAt')], supplier: [byText('p.supplier')], file: [byText('p.name')], stage: [byText('p.stage')], rows: counted('rows'), promising: counted('promising'), asked: [byNumber('p.done')] },
};

const FILTERS: ListFilters<ListChoice> = { choices: { supplier: { key: 'p.supplierKey', name: 'p.supplier' } }, at: 'p.createdAt' };

export const readListFacets = (db: Pick<Database, 'read'>): Promise<Facets> => readFacets(db, LISTS.from, { filters: FILTERS });

/** Newest first unless told. @throws DomainError INVALID for a cursor of another order. */
export const listLists = (db: Pick<Database, 'read'>, query: ListQuery): Promise<PageOfIds> =>
  readPageOfIds(db, LISTS, { ...query, where: [...(query.stage ? [{ sql: 'p.stage = ?', parameters: [query.stage] }] : []), ...conditionsOf(FILTERS, query), ...(query.search ? [contains(['p.supplier', 'p.name'], query.search)] : [])] });
