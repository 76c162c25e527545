import type { InboundState } from '#contract/inbound-shipments.ts';
import type { LIST_CHOICES, LIST_SORTS } from '#contract/words.ts';
import { conditionsOf, readFacets, type Facets, type FilterQuery, type ListFilters } from '#runtime/list-filters.ts';
import { byAmount, byText, contains, readPageOfIds, type Condition, type PageOfIds, type PageQuery, type SortableList } from '#runtime/sorted-page.ts';
import type { Database } from '#runtime/ports.ts';

type ShipmentSort = (typeof LIST_SORTS)['inbound'][number];
type ShipmentChoice = (typeof LIST_CHOICES)['inbound'][number];

export interface ShipmentQuery extends PageQuery<ShipmentSort>, FilterQuery<ShipmentChoice> {
  readonly state?: InboundState | undefined;
  /** Looks in number and the lines' titles. */
  readonly search?: string | undefined;
}

const LINES = '"InboundShipmentLine" l WHERE l.shipmentId = s.id';
const sumOf = (what: string) => `(SELECT coalesce(sum(${what}), 0) FROM ${LINES})`;

const SHIPMENTS: SortableList<ShipmentSort> = {
  from: '"InboundShipment" s', id: 's.id', usual: '-created',
  sorts: {
    // ids rise with the time of making
    created: [], number: [byText('s.number')], state: [byText('s.state')], sent: [{ sql: 's.sentAt', nullable: true }],
    units: [{ sql: sumOf('l.units'), costly: true }], received: [{ sql: `iif(s.sentAt IS NULL, NULL, ${sumOf('l.received')})`, costly: true, nullable: true }],
    agreed: byAmount(`coalesce(json_extract(s.chosen, '$.total.currency'), '~')`, { sql: `json_extract(s.chosen, '$.total.minor')`, nullable: true }),
  },
};

const FILTERS: ListFilters<ShipmentChoice> = { choices: { channel: { key: 's.channel' } }, at: 's.createdAt' };

function searched(text: string): Condition {
  const [number, line] = [contains(['s.number'], text), contains(['l.title'], text)];
  return { sql: `(${number.sql} OR EXISTS (SELECT 1 FROM ${LINES} AND ${line.sql}))`, parameters: [...number.parameters, ...line.parameters] };
}

export const readShipmentFacets = (db: Pick<Database, 'read'>): Promise<Facets> => readFacets(db, SHIPMENTS.from, { filters: FILTERS });

/** Newest first unless told. @throws DomainError INVALID for a cursor of another order. */
export const listShipments = (db: Pick<Database, 'read'>, query: ShipmentQuery): Promise<PageOfIds> =>
  readPageOfIds(db, SHIPMENTS, { ...query, where: [...(query.state ? [{ sql: 's.state = ?', parameters: [query.state] }] : []), ...conditionsOf(FILTERS, query), ...(query.search ? [searched(query.search)] : [])] });
