import { compact, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';
import { sortParams } from '../../ui/table-sort.ts';

export const REORDER_SHOWN = ['due', 'enough'] as const;
export const REORDER_SORTS = ['urgency', 'title', 'standing', 'perday', 'units', 'cost', 'profit', 'supplier', 'position', 'lead', 'sold'] as const;
export type ReorderSort = (typeof REORDER_SORTS)[number];
export const reorderSearch = (raw: RawSearch) => compact({ state: oneOf(raw, 'state', REORDER_SHOWN), supplier: textParam(raw, 'supplier'), ...sortParams(raw, REORDER_SORTS), q: textParam(raw, 'q'), open: textParam(raw, 'open') });
