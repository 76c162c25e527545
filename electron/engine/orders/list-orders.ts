import type { LIST_SORTS } from '#contract/words.ts';
import { byAmount, byNumber, byText, byTextOrNone, contains, readPageOfIds, type Condition, type PageOfIds, type PageQuery, type SortableList } from '#runtime/sorted-page.ts';
import type { Database } from '#runtime/ports.ts';
import type { OrderState } from './machine.ts';

export type OrderSort = (typeof LIST_SORTS)['orders'][number];

export interface OrderQuery extends PageQuery<OrderSort> {
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

function searchOf({ search, marks }: OrderQuery): Condition[] {
  if (!search) return [];
  const number = contains(['o.externalId'], search);
  const lines = contains(['l.title'], search);
  const buyer: Condition[] = marks?.length ? [{ sql: `(${marks.map(() => 'instr(o.buyerWords, ?) > 0').join(' AND ')})`, parameters: marks }] : [];
  const all = [number, ...buyer, { sql: `EXISTS (SELECT 1 FROM "OrderLine" l WHERE l.orderId = o.id AND ${lines.sql})`, parameters: lines.parameters }];
  return [{ sql: `(${all.map((one) => one.sql).join(' OR ')})`, parameters: all.flatMap((one) => one.parameters) }];
}

/** Newest first unless told. @throws DomainError INVALID for a cursor of another order. */
export const listOrders = (db: Pick<Database, 'read'>, query: OrderQuery): Promise<PageOfIds> => readPageOfIds(db, ORDERS, { ...query, where: [...(query.state ? [{ sql: 'o.state = ?', parameters: [query.state] }] : []), ...searchOf(query)] });
