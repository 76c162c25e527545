import { compact, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';

export const REORDER_SHOWN = ['due', 'enough'] as const;
export const REORDER_SORTS = ['urgency', 'title', 'perday', 'units', 'cost', 'profit'] as const;
export type ReorderSort = (typeof REORDER_SORTS)[number];
export const reorderSearch = (raw: RawSearch) => compact({ state: oneOf(raw, 'state', REORDER_SHOWN), sort: oneOf(raw, 'sort', REORDER_SORTS), q: textParam(raw, 'q'), open: textParam(raw, 'open') });
