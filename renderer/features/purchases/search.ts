import { LIST_SORTS } from '#contract/words.ts';
import { filterParams } from '../../ui/list-filters.tsx';
import { sortParams } from '../../ui/table-sort.ts';
import { compact, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';

export const PURCHASE_STATES = ['awaiting-second', 'approved', 'preparing', 'placing', 'reconciling', 'ordering-by-hand', 'confirmed', 'received', 'stopped', 'cancelled', 'failed'] as const;
export const purchaseSearch = (raw: RawSearch) => compact({ state: oneOf(raw, 'state', PURCHASE_STATES), q: textParam(raw, 'q'), ...filterParams(raw, 'purchases'), ...sortParams(raw, LIST_SORTS.purchases), open: textParam(raw, 'open') });
