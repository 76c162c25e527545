import { LIST_SORTS } from '#contract/words.ts';
import { filterParams } from '../../ui/list-filters.tsx';
import { compact, flagParam, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';
import { sortParams } from '../../ui/table-sort.ts';

export const ORDER_STATES = ['draft', 'sent', 'partly-received', 'received', 'closed', 'cancelled'] as const;
export const purchaseOrderSearch = (raw: RawSearch) => compact({ state: oneOf(raw, 'state', ORDER_STATES), q: textParam(raw, 'q'), ...filterParams(raw, 'purchase-orders'), ...sortParams(raw, LIST_SORTS['purchase-orders']), open: textParam(raw, 'open'), new: flagParam(raw, 'new') });
