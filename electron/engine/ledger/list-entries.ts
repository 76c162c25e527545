import type { LIST_CHOICES, LIST_SORTS } from '#contract/words.ts';
import { conditionsOf, readFacets, type Facets, type FilterQuery, type ListFilters } from '#runtime/list-filters.ts';
import type { Database } from '#runtime/ports.ts';
import { byNumber, byText, contains, readPageOfIds, type PageOfIds, type PageQuery, type SortableList } from '#runtime/sorted-page.ts';

export type EntrySort = (typeof LIST_SORTS)['ledger'][number];
type EntryChoice = (typeof LIST_CHOICES)['ledger'][number];

export interface EntryQuery extends PageQuery<EntrySort>, FilterQuery<EntryChoice> {
  readonly refId?: string | undefined;
  /** Looks in the memo. */
  readonly search?: string | undefined;
}

/** What an entry moved: its debits, but for the way through an exchange. */
const MOVED = `FROM "LedgerLine" l WHERE l.entryId = e.id AND l.minor > 0 AND l.account <> 'equity:fx'`;

const ENTRIES: SortableList<EntrySort> = {
  from: '"LedgerEntry" e', id: 'e.id', usual: '-at',
  sorts: {
    at: [byNumber('e.at')], memo: [byText('e.memo')], kind: [byText('e.kind')],
    amount: [{ sql: `(SELECT min(l.currency) ${MOVED})`, nullable: true, always: true, costly: true }, { sql: `(SELECT sum(l.minor) ${MOVED} AND l.currency = (SELECT min(l.currency) ${MOVED}))`, nullable: true, costly: true }],
  },
};

const FILTERS: ListFilters<EntryChoice> = {
  choices: { account: { key: 'l.account', from: '"LedgerLine" l', holds: 'EXISTS (SELECT 1 FROM "LedgerLine" l WHERE l.entryId = e.id AND l.account = ?)' }, kind: { key: 'e.kind' } },
  at: 'e.at', amount: (currency) => ({ sql: `(SELECT sum(l.minor) ${MOVED} AND l.currency = ?)`, parameters: [currency] }),
};

export const readEntryFacets = (db: Pick<Database, 'read'>): Promise<Facets> => readFacets(db, ENTRIES.from, { filters: FILTERS, currencies: 'SELECT DISTINCT l.currency AS key FROM "LedgerLine" l' });

/** Newest first unless told. @throws DomainError INVALID for a cursor of another order. */
export const listEntryIds = (db: Pick<Database, 'read'>, query: EntryQuery): Promise<PageOfIds> =>
  readPageOfIds(db, ENTRIES, { ...query, where: [...(query.refId ? [{ sql: 'e.refId = ?', parameters: [query.refId] }] : []), ...conditionsOf(FILTERS, query), ...(query.search ? [contains(['e.memo'], query.search)] : [])] });
