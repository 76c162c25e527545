import type { LIST_CHOICES, LIST_SORTS } from '#contract/words.ts';
import { conditionsOf, readFacets, type Facets, type FilterQuery, type ListFilters } from '#runtime/list-filters.ts';
import { byAmount, byNumber, byText, contains, readPageOfIds, type Condition, type PageOfIds, type PageQuery, type SortableList } from '#runtime/sorted-page.ts';
import type { Database } from '#runtime/ports.ts';
import type { PaymentState } from './machine.ts';

type PaymentSort = (typeof LIST_SORTS)['payments'][number];
type PaymentChoice = (typeof LIST_CHOICES)['payments'][number];

export interface PaymentQuery extends PageQuery<PaymentSort>, FilterQuery<PaymentChoice> {
  readonly state?: PaymentState | undefined;
  /** Looks in what the customer reads; an id is found whole. */
  readonly search?: string | undefined;
  /** Marks of the words of `search`: customers are sealed, and found by these. */
  readonly marks?: readonly string[] | undefined;
}

/** What came in; until then, what was asked for. */
const AMOUNT = 'coalesce(p.paidMinor, p.amountMinor)';

const PAYMENTS: SortableList<PaymentSort> = {
  from: '"Payment" p', id: 'p.id', usual: '-created',
  sorts: {
    // ids rise with the time of making
    created: [], description: [byText('p.description')], state: [byText('p.state')], provider: [byText('p.provider')], paid: [{ sql: 'p.paidAt', nullable: true }],
    amount: byAmount('p.currency', byNumber(AMOUNT)), fee: byAmount('p.currency', { sql: 'p.feeMinor', nullable: true }), refunded: byAmount('p.currency', byNumber('p.refundedMinor')),
  },
};

const FILTERS: ListFilters<PaymentChoice> = { choices: { provider: { key: 'p.provider' } }, at: 'p.createdAt', amount: { currency: 'p.currency', minor: AMOUNT } };

function searched(search: string, marks: readonly string[]): Condition {
  const text = contains(['p.description'], search);
  const customer = marks.length === 0 ? [] : [`(${marks.map(() => 'instr(p.customerWords, ?) > 0').join(' AND ')})`];
  return { sql: `(${[text.sql, 'p.id = ?', ...customer].join(' OR ')})`, parameters: [...text.parameters, search, ...marks] };
}

export const readPaymentFacets = (db: Pick<Database, 'read'>): Promise<Facets> => readFacets(db, PAYMENTS.from, { filters: FILTERS });

/** Newest first unless told. @throws DomainError INVALID for a cursor of another order. */
export const listPayments = (db: Pick<Database, 'read'>, query: PaymentQuery): Promise<PageOfIds> =>
  readPageOfIds(db, PAYMENTS, { ...query, where: [...(query.state ? [{ sql: 'p.state = ?', parameters: [query.state] }] : []), ...conditionsOf(FILTERS, query), ...(query.search ? [searched(query.search, query.marks ?? [])] : [])] });
