import type { LIST_SORTS } from '#contract/words.ts';
import { byAmount, byNumber, byText, contains, readPageOfIds, type Condition, type PageOfIds, type PageQuery, type SortableList } from '#runtime/sorted-page.ts';
import type { Database } from '#runtime/ports.ts';
import type { LotState } from './machine.ts';

export type LotSort = (typeof LIST_SORTS)['stock'][number];

export interface LotQuery extends PageQuery<LotSort> {
  readonly state?: LotState | undefined;
  readonly location?: string | undefined;
  readonly condition?: string | undefined;
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

const is = (column: string, value: string | undefined): Condition[] => (value ? [{ sql: `${column} = ?`, parameters: [value] }] : []);

/** Newest first unless told. @throws DomainError INVALID for a cursor of another order. */
export function listLots(db: Pick<Database, 'read'>, query: LotQuery): Promise<PageOfIds> {
  return readPageOfIds(db, LOTS, { ...query, where: [...is('l.state', query.state), ...is('l.location', query.location), ...is('l.condition', query.condition), ...(query.search ? [contains(['l.title', 'l.sku'], query.search)] : [])] });
}
