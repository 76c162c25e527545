import type { LIST_CHOICES, LIST_SORTS } from '#contract/words.ts';
import { conditionsOf, readFacets, type Facets, type FilterQuery, type ListFilters } from '#runtime/list-filters.ts';
import { byAmount, byText, contains, readPageOfIds, type Condition, type PageOfIds, type PageQuery, type SortableList } from '#runtime/sorted-page.ts';
import type { Database } from '#runtime/ports.ts';
import type { OrderState } from './machine.ts';

type OrderSort = (typeof LIST_SORTS)['purchase-orders'][number];
type OrderChoice = (typeof LIST_CHOICES)['purchase-orders'][number];

export interface OrderQuery extends PageQuery<OrderSort>, FilterQuery<OrderChoice> {
  readonly state?: OrderState | undefined;
  /** Looks in number, supplier and the lines' titles. */
  readonly search?: string | undefined;
}

const sumOf = (what: string, from: string) => `(SELECT coalesce(sum(${what}), 0) FROM ${from})`;
const LINES = '"PurchaseOrderLine" l WHERE l.orderId = o.id';
const TOTAL = sumOf('l.units * l.unitMinor', LINES);
const OWED = `${sumOf('r.goodsMinor + r.extraMinor', '"PurchaseOrderReceipt" r WHERE r.orderId = o.id AND r.takenBackAt IS NULL')} - ${sumOf('y.minor', '"PurchaseOrderPayment" y WHERE y.orderId = o.id')}`;

const ORDERS: SortableList<OrderSort> = {
  from: '"PurchaseOrder" o', id: 'o.id', usual: '-created',
  sorts: {
    // ids rise with the time of making
    created: [], number: [byText('o.number')], supplier: [byText('o.supplier')], state: [byText('o.state')], sent: [{ sql: 'o.sentAt', nullable: true }], expected: [{ sql: 'o.expectedAt', nullable: true }],
    units: [{ sql: sumOf('l.units', LINES), costly: true }], total: byAmount('o.currency', { sql: TOTAL, costly: true }), owed: byAmount('o.currency', { sql: OWED, costly: true }),
  },
};

const FILTERS: ListFilters<OrderChoice> = { choices: { supplier: { key: 'o.supplierKey', name: 'o.supplier' } }, at: 'o.createdAt', amount: { currency: 'o.currency', minor: TOTAL } };

function searched(text: string): Condition {
  const [order, line] = [contains(['o.number', 'o.supplier'], text), contains(['l.title'], text)];
  return { sql: `(${order.sql} OR EXISTS (SELECT 1 FROM ${LINES} AND ${line.sql}))`, parameters: [...order.parameters, ...line.parameters] };
}

export const readOrderFacets = (db: Pick<Database, 'read'>): Promise<Facets> => readFacets(db, ORDERS.from, { filters: FILTERS });

/** Newest first unless told. @throws DomainError INVALID for a cursor of another order. */
export const listOrders = (db: Pick<Database, 'read'>, query: OrderQuery): Promise<PageOfIds> =>
  readPageOfIds(db, ORDERS, { ...query, where: [...(query.state ? [{ sql: 'o.state = ?', parameters: [query.state] }] : []), ...conditionsOf(FILTERS, query), ...(query.search ? [searched(query.search)] : [])] });
