import { LIST_SORTS } from '#contract/words.ts';
import { filterParams } from '../../ui/list-filters.tsx';
import { sortParams } from '../../ui/table-sort.ts';
import { compact, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';

export const ORDER_STATES = ['paid', 'shipped', 'cancelled', 'refunded'] as const;
export const orderSearch = (raw: RawSearch) => compact({ state: oneOf(raw, 'state', ORDER_STATES), q: textParam(raw, 'q'), ...filterParams(raw, 'orders'), ...sortParams(raw, LIST_SORTS.orders), open: textParam(raw, 'open') });
