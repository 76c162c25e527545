import { LIST_SORTS } from '#contract/words.ts';
import { filterParams } from '../../ui/list-filters.tsx';
import { compact, flagParam, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';
import { sortParams } from '../../ui/table-sort.ts';

export const WATCH_SHOWN = ['active', 'paused', 'changed', 'undercut', 'failing'] as const;
export const watchSearch = (raw: RawSearch) => compact({ show: oneOf(raw, 'show', WATCH_SHOWN), q: textParam(raw, 'q'), ...filterParams(raw, 'watches'), ...sortParams(raw, LIST_SORTS.watches), open: textParam(raw, 'open'), new: flagParam(raw, 'new') });
