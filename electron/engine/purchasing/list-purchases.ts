import type { LIST_CHOICES, LIST_SORTS } from '#contract/words.ts';
import { conditionsOf, readFacets, type Facets, type FilterQuery, type ListFilters } from '#runtime/list-filters.ts';
import { byAmount, byNumber, byText, byTextOrNone, contains, readPageOfIds, type PageOfIds, type PageQuery, type SortableList } from '#runtime/sorted-page.ts';
import type { Database } from '#runtime/ports.ts';
import type { PurchaseState } from './machine.ts';

export type PurchaseSort = (typeof LIST_SORTS)['purchases'][number];

type PurchaseChoice = (typeof LIST_CHOICES)['purchases'][number];

export interface PurchaseQuery extends PageQuery<PurchaseSort>, FilterQuery<PurchaseChoice> {
  readonly state?: PurchaseState | undefined;
  /** Looks in title, seller and the shop's order number. */
  readonly search?: string | undefined;
}

/** Before it is confirmed: the most that was approved. */
const TOTAL = 'coalesce(p.totalMinor, (SELECT a.maxTotalMinor FROM "Approval" a WHERE a.id = p.approvalId))';

const PURCHASES: SortableList<PurchaseSort> = {
  from: '"Purchase" p', id: 'p.id', usual: '-created',
  sorts: {
    // ids rise with the time of making
    created: [], title: [byText('p.title')], state: [byText('p.state')], units: [byNumber('p.quantity * p.unitsPerOffer')],
    total: byAmount('p.currency', byNumber(TOTAL)),
    home: byAmount('p.homeCurrency', byNumber('coalesce(p.homeTotalMinor, 0)')), source: [byTextOrNone('(SELECT s.name FROM "Source" s WHERE s.id = p.sourceId)')], external: [byTextOrNone('p.externalId')], received: [{ sql: 'p.receivedAt', nullable: true }],
  },
};

const FILTERS: ListFilters<PurchaseChoice> = {
  choices: { source: { key: 'p.sourceId', name: 's.name', from: '"Purchase" p JOIN "Source" s ON s.id = p.sourceId' }, category: { key: 'p.category' } },
  at: 'p.createdAt', amount: { currency: 'p.currency', minor: TOTAL },
};

export const readPurchaseFacets = (db: Pick<Database, 'read'>): Promise<Facets> => readFacets(db, PURCHASES.from, { filters: FILTERS });

/** Newest first unless told. @throws DomainError INVALID for a cursor of another order. */
export const listPurchases = (db: Pick<Database, 'read'>, query: PurchaseQuery): Promise<PageOfIds> =>
  readPageOfIds(db, PURCHASES, { ...query, where: [...(query.state ? [{ sql: 'p.state = ?', parameters: [query.state] }] : []), ...conditionsOf(FILTERS, query), ...(query.search ? [contains(['p.title', `coalesce(p.sellerName, '')`, `coalesce(p.externalId, '')`], query.search)] : [])] });
