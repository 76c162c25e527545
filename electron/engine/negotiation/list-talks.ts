import type { LIST_CHOICES, LIST_SORTS } from '#contract/words.ts';
import { conditionsOf, readFacets, type Facets, type FilterQuery, type ListFilters } from '#runtime/list-filters.ts';
import { byAmount, byNumber, byText, contains, readPageOfIds, type PageOfIds, type PageQuery, type SortableList } from '#runtime/sorted-page.ts';
import type { Database } from '#runtime/ports.ts';
import type { TalkState } from './strategy/index.ts';

type TalkSort = (typeof LIST_SORTS)['negotiations'][number];
type TalkChoice = (typeof LIST_CHOICES)['negotiations'][number];

export interface TalkQuery extends PageQuery<TalkSort>, FilterQuery<TalkChoice> {
  readonly state?: TalkState | undefined;
  /** Looks in title, seller and address. */
  readonly search?: string | undefined;
}

const TALKS: SortableList<TalkSort> = {
  from: '"Negotiation" n', id: 'n.id', usual: '-started',
  sorts: {
    // ids rise with the time of making
    started: [], title: [byText('n.title')], state: [byText('n.state')], channel: [byText('n.channel')], updated: [byNumber('n.updatedAt')], next: [{ sql: 'n.nextAt', nullable: true }],
    seller: [byText(`coalesce(n.sellerName, nullif(n.recipient, ''), n.sourceName)`)],
    asked: byAmount('n.currency', byNumber('n.askedMinor')), agreed: byAmount('n.currency', { sql: 'n.agreedMinor', nullable: true }), ceiling: byAmount('n.currency', byNumber('n.ceilingMinor')),
  },
};

const FILTERS: ListFilters<TalkChoice> = { choices: { channel: { key: 'n.channel' }, source: { key: 'n.sourceId', name: 'n.sourceName' } }, at: 'n.createdAt', amount: { currency: 'n.currency', minor: 'n.askedMinor' } };

export const readTalkFacets = (db: Pick<Database, 'read'>): Promise<Facets> => readFacets(db, TALKS.from, { filters: FILTERS });

/** Newest first unless told. @throws DomainError INVALID for a cursor of another order. */
export const listTalks = (db: Pick<Database, 'read'>, query: TalkQuery): Promise<PageOfIds> =>
  readPageOfIds(db, TALKS, { ...query, where: [...(query.state ? [{ sql: 'n.state = ?', parameters: [query.state] }] : []), ...conditionsOf(FILTERS, query), ...(query.search ? [contains(['n.title', `coalesce(n.sellerName, '')`, 'n.recipient'], query.search)] : [])] });
