import { LIST_SORTS } from '#contract/words.ts';
import { filterParams } from '../../ui/list-filters.tsx';
import { sortParams } from '../../ui/table-sort.ts';
import { compact, flagParam, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';

export const STOCK_STATES = ['inbound', 'on-hand', 'closed'] as const;
export const stockSearch = (raw: RawSearch) => compact({ state: oneOf(raw, 'state', STOCK_STATES), q: textParam(raw, 'q'), ...filterParams(raw, 'stock'), ...sortParams(raw, LIST_SORTS.stock), open: textParam(raw, 'open'), new: flagParam(raw, 'new') });
