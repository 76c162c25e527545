import { LIST_SORTS } from '#contract/words.ts';
import { filterParams } from '../../ui/list-filters.tsx';
import { compact, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';
import { sortParams } from '../../ui/table-sort.ts';

export const TALK_STATES = ['drafted', 'awaiting-reply', 'deciding', 'needs-person', 'taken-over', 'agreed', 'walked-away', 'rejected', 'unavailable', 'timed-out', 'opted-out'] as const;
/** `start`: the opportunity that a talk is to be begun about. */
export const talkSearch = (raw: RawSearch) => compact({ state: oneOf(raw, 'state', TALK_STATES), q: textParam(raw, 'q'), ...filterParams(raw, 'negotiations'), ...sortParams(raw, LIST_SORTS.negotiations), open: textParam(raw, 'open'), start: textParam(raw, 'start') });
