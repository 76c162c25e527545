import { LIST_SORTS } from '#contract/words.ts';
import { compact, flagParam, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';
import { sortParams } from '../../ui/table-sort.ts';

export const COUNT_STATES = ['open', 'booked', 'undone', 'cancelled'] as const;
export const COUNT_VIEWS = ['counts', 'places', 'costs'] as const;
export const countSearch = (raw: RawSearch) => compact({ view: oneOf(raw, 'view', COUNT_VIEWS), state: oneOf(raw, 'state', COUNT_STATES), q: textParam(raw, 'q'), ...sortParams(raw, LIST_SORTS.counts), open: textParam(raw, 'open'), new: flagParam(raw, 'new') });
