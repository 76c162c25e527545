import type { LIST_CHOICES, LIST_SORTS } from '#contract/words.ts';
import { conditionsOf, readFacets, type Facets, type FilterQuery, type ListFilters } from '#runtime/list-filters.ts';
import { byAmount, byNumber, byText, byTextOrNone, contains, readPageOfIds, type Condition, type PageOfIds, type PageQuery, type SortableList } from '#runtime/sorted-page.ts';
import type { Database } from '#runtime/ports.ts';
import type { OrderState } from './machine.ts';

export type OrderSort = (typeof LIST_SORTS)['orders'][number];

type OrderChoice = (typeof LIST_CHOICES)['orders'][number];

export interface OrderQuery extends PageQuery<OrderSort>, FilterQuery<OrderChoice> {
  readonly state?: OrderState | undefined;
  readonly search?: string | undefined;
  /** Marks of the words of `search`, as a buyer's name keeps them. */
  readonly marks?: readonly string[];
}

/** Of a figure of the lines, where each of them has it. */
const summed = (column: string) => byAmount('o.currency', { sql: `(SELECT CASE WHEN count(*) = count(l.${column}) THEN sum(l.${column}) END FROM "OrderLine" l WHERE l.orderId = o.id)`, nullable: true, costly: true });

const ORDERS: SortableList<OrderSort> = {
  from: '"Order" o', id: 'o.id', usual: '-placed',
  sorts: {
    placed: [byNumber('o.placedAt')], title: [{ ...byTextOrNone('(SELECT l.title FROM "OrderLine" l WHERE l.orderId = o.id ORDER BY l.id LIMIT 1)'), costly: true }], state: [byText('o.state')], units: [{ ...byNumber('(SELECT coalesce(sum(l.quantity), 0) FROM "OrderLine" l WHERE l.orderId = o.id)'), costly: true }],
    total: byAmount('o.currency', byNumber('o.totalMinor')), fees: byAmount('o.currency', byNumber('o.feesMinor')), profit: summed('profitMinor'), estimate: summed('estimateMinor'), channel: [byText('o.channel')], external: [byText('o.externalId')],
  },
};

/** What an order's goods came from is known where their lot is. */
const GOODS = '"OrderLine" l JOIN "StockLot" k ON k.id = l.lotId';

/** Lots are few beside orders: a list of them is made once, one of their orders would be as long as the table. */
const hasLotIn = (lots: string) => `EXISTS (SELECT 1 FROM "OrderLine" l WHERE l.orderId = o.id AND l.lotId IN (${lots}))`;

const FILTERS: ListFilters<OrderChoice> = {
  choices: {
    channel: { key: 'o.channel' },
    category: { key: 'd.category', row: 'l.orderId', from: `${GOODS} JOIN "Product" d ON d.id = k.productId`, holds: hasLotIn('SELECT k.id FROM "Product" d JOIN "StockLot" k ON k.productId = d.id WHERE d.category = ?') },
    source: { key: 'p.sourceId', name: 's.name', row: 'l.orderId', from: `${GOODS} JOIN "Purchase" p ON p.id = k.purchaseId JOIN "Source" s ON s.id = p.sourceId`, holds: hasLotIn('SELECT k.id FROM "Purchase" p JOIN "StockLot" k ON k.purchaseId = p.id WHERE p.sourceId = ?') },
  },
  at: 'o.placedAt', amount: { currency: 'o.currency', minor: 'o.totalMinor' },
};

export const readOrderFacets = (db: Pick<Database, 'read'>): Promise<Facets> => readFacets(db, ORDERS.from, { filters: FILTERS });

function searchOf({ search, marks }: OrderQuery): Condition[] {
  if (!search) return [];
  const number = contains(['o.externalId'], search);
  const lines = contains(['l.title'], search);
  const buyer: Condition[] = marks?.length ? [{ sql: `(${marks.map(() => 'instr(o.buyerWords, ?) > 0').join(' AND ')})`, parameters: marks }] : [];
  const all = [number, ...buyer, { sql: `EXISTS (SELECT 1 FROM "OrderLine" l WHERE l.orderId = o.id AND ${lines.sql})`, parameters: lines.parameters }];
  return [{ sql: `(${all.map((one) => one.sql).join(' OR ')})`, parameters: all.flatMap((one) => one.parameters) }];
}

/** Newest first unless told. @throws DomainError INVALID for a cursor of another order. */
export const listOrders = (db: Pick<Database, 'read'>, query: OrderQuery): Promise<PageOfIds> => readPageOfIds(db, ORDERS, { ...query, where: [...(query.state ? [{ sql: 'o.state = ?', parameters: [query.state] }] : []), ...conditionsOf(FILTERS, query), ...searchOf(query)] });
