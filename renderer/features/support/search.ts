import { LIST_SORTS } from '#contract/words.ts';
import { filterParams } from '../../ui/list-filters.tsx';
import { sortParams } from '../../ui/table-sort.ts';
import { compact, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';

export const TICKET_STATES = ['open', 'waiting-for-us', 'escalated', 'waiting-for-customer', 'snoozed', 'closed'] as const;
export const TICKET_INTENTS = ['shipping', 'return', 'question', 'payment', 'complaint', 'other'] as const;
/** `view`: the queue of what is owed unless told. */
export const ticketSearch = (raw: RawSearch) => compact({ view: oneOf(raw, 'view', ['all', 'rules'] as const), state: oneOf(raw, 'state', TICKET_STATES), intent: oneOf(raw, 'intent', TICKET_INTENTS), q: textParam(raw, 'q'), ...filterParams(raw, 'support'), ...sortParams(raw, LIST_SORTS.support), open: textParam(raw, 'open') });
