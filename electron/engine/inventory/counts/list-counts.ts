import type { StockCountRow } from '#contract/stock-counts.ts';
import type { LIST_SORTS } from '#contract/words.ts';
import { byNumber, byText, byTextOrNone, contains, readPageOfIds, type PageOfIds, type PageQuery, type SortableList } from '#runtime/sorted-page.ts';
import type { Database } from '#runtime/ports.ts';

type CountSort = (typeof LIST_SORTS)['counts'][number];

export interface CountQuery extends PageQuery<CountSort> {
  readonly state?: StockCountRow['state'] | undefined;
  /** Looks in name and place. */
  readonly search?: string | undefined;
}

const ofLines = (what: string) => `(SELECT ${what} FROM "StockCountLine" l WHERE l.countId = c.id)`;

const COUNTS: SortableList<CountSort> = {
  from: '"StockCount" c', id: 'c.id', usual: '-created',
  sorts: {
    // ids rise with the time of making
    created: [], name: [byText('c.name')], state: [byText('c.state')], place: [byTextOrNone('c.location')], booked: [{ sql: 'c.bookedAt', nullable: true }],
    counted: [{ ...byNumber(ofLines('count(l.counted)')), costly: true }], difference: [{ ...byNumber(ofLines('coalesce(sum(l.counted - l.expected), 0)')), costly: true }],
  },
};

/** Newest first unless told. @throws DomainError INVALID for a cursor of another order. */
export const listCounts = (db: Pick<Database, 'read'>, query: CountQuery): Promise<PageOfIds> =>
  readPageOfIds(db, COUNTS, { ...query, where: [...(query.state ? [{ sql: 'c.state = ?', parameters: [query.state] }] : []), ...(query.search ? [contains(['c.name', `coalesce(c.location, '')`], query.search)] : [])] });
