import type { LIST_CHOICES, LIST_SORTS } from '#contract/words.ts';
import { conditionsOf, readFacets, type Facets, type FilterQuery, type ListFilters } from '#runtime/list-filters.ts';
import type { Database } from '#runtime/ports.ts';
import { byNumber, byText, readPageOfIds, type Condition, type PageOfIds, type PageQuery, type SortableList } from '#runtime/sorted-page.ts';
import { OWED, type TicketState } from './machine.ts';

export type TicketSort = (typeof LIST_SORTS)['support'][number];
type TicketChoice = (typeof LIST_CHOICES)['support'][number];

export interface TicketQuery extends PageQuery<TicketSort>, FilterQuery<TicketChoice> {
  readonly state?: TicketState | undefined;
  readonly intent?: string | undefined;
  /** Those that an answer is owed to. */
  readonly owed?: boolean | undefined;
  readonly search?: string | undefined;
}

const TICKETS: SortableList<TicketSort> = {
  from: '"Ticket" t', id: 't.id', usual: '-opened',
  sorts: {
    // ids rise with the time of opening
    opened: [], due: [{ sql: 't.dueAt', nullable: true }], state: [byText('t.state')], intent: [byText('t.intent')], channel: [byText('t.channel')], written: [byNumber('t.lastInAt')], urgency: [byNumber('t.urgency')],
  },
};

const FILTERS: ListFilters<TicketChoice> = { choices: { channel: { key: 't.channel' }, language: { key: 't.language' } }, at: 't.lastInAt' };

export const readTicketFacets = (db: Pick<Database, 'read'>): Promise<Facets> => readFacets(db, TICKETS.from, { filters: FILTERS });

const is = (column: string, value: string | undefined): Condition[] => (value ? [{ sql: `${column} = ?`, parameters: [value] }] : []);

/** What is owed is listed soonest due first, everything else newest first, unless told. `marks`: of the words of the search. @throws DomainError INVALID for a cursor of another order. */
export function listTicketIds(db: Pick<Database, 'read'>, query: TicketQuery, marks: readonly string[]): Promise<PageOfIds> {
  const owed: Condition[] = query.owed === true && !query.state ? [{ sql: `t.state IN (${OWED.map(() => '?').join(', ')}) AND t.dueAt IS NOT NULL`, parameters: [...OWED] }] : [];
  return readPageOfIds(db, TICKETS, {
    ...query, sort: query.sort ?? (query.owed === true ? 'due' : undefined),
    where: [...is('t.state', query.state), ...owed, ...is('t.intent', query.intent), ...conditionsOf(FILTERS, query), ...marks.map((mark) => ({ sql: 'instr(t.words, ?) > 0', parameters: [mark] }))],
  });
}
