import type { LIST_CHOICES, LIST_SORTS } from '#contract/words.ts';
import { conditionsOf, readFacets, type Facets, type FilterQuery, type ListFilters } from '#runtime/list-filters.ts';
import { byAmount, byNumber, byText, contains, readPageOfIds, type PageOfIds, type PageQuery, type SortableList } from '#runtime/sorted-page.ts';
import type { Database } from '#runtime/ports.ts';
import type { LotState } from './machine.ts';

export type LotSort = (typeof LIST_SORTS)['stock'][number];

type LotChoice = (typeof LIST_CHOICES)['stock'][number];

export interface LotQuery extends PageQuery<LotSort>, FilterQuery<LotChoice> {
  readonly state?: LotState | undefined;
  /** Looks in title and SKU. */
  readonly search?: string | undefined;
}

/** As `remainingCost` of the units that are left has it. */
const VALUE = `CASE WHEN (CASE l.state WHEN 'inbound' THEN l.quantity ELSE l.onHand END) = 0 THEN 0 ELSE l.totalCostMinor - l.unitCostMinor * (l.quantity - (CASE l.state WHEN 'inbound' THEN l.quantity ELSE l.onHand END)) END`;

const LOTS: SortableList<LotSort> = {
  from: '"StockLot" l', id: 'l.id', usual: '-created',
  sorts: {
    // ids rise with the time of making
    created: [], title: [byText('l.title')], sku: [byText('l.sku')], state: [byText('l.state')], onhand: [byNumber('l.onHand')], cost: byAmount('l.currency', byNumber('l.unitCostMinor')), value: byAmount('l.currency', byNumber(VALUE)),
    // the oldest has the most days
    age: [byNumber('-coalesce(l.receivedAt, l.createdAt)')], location: [byText('l.location')], condition: [byText('l.condition')],
  },
};

const FILTERS: ListFilters<LotChoice> = {
  choices: {
    location: { key: 'l.location' }, condition: { key: 'l.condition' },
    category: { key: 'd.category', from: '"StockLot" l JOIN "Product" d ON d.id = l.productId', holds: 'l.productId IN (SELECT d.id FROM "Product" d WHERE d.category = ?)' },
    source: { key: 'p.sourceId', name: 's.name', from: '"StockLot" l JOIN "Purchase" p ON p.id = l.purchaseId JOIN "Source" s ON s.id = p.sourceId', holds: 'l.purchaseId IN (SELECT p.id FROM "Purchase" p WHERE p.sourceId = ?)' },
  },
  // what its age counts from
  at: 'coalesce(l.receivedAt, l.createdAt)', amount: { currency: 'l.currency', minor: 'l.unitCostMinor' },
};

export const readLotFacets = (db: Pick<Database, 'read'>): Promise<Facets> => readFacets(db, LOTS.from, { filters: FILTERS });

/** Newest first unless told. @throws DomainError INVALID for a cursor of another order. */
export function listLots(db: Pick<Database, 'read'>, query: LotQuery): Promise<PageOfIds> {
  return readPageOfIds(db, LOTS, { ...query, where: [...(query.state ? [{ sql: 'l.state = ?', parameters: [query.state] }] : []), ...conditionsOf(FILTERS, query), ...(query.search ? [contains(['l.title', 'l.sku'], query.search)] : [])] });
}
