import { LIST_SORTS } from '#contract/words.ts';
import { filterParams } from '../../ui/list-filters.tsx';
import { sortParams } from '../../ui/table-sort.ts';
import { compact, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';

export const LISTING_STATES = ['draft', 'publishing', 'active', 'ending', 'ended', 'sold-out', 'stopped'] as const;
export const listingSearch = (raw: RawSearch) => compact({ state: oneOf(raw, 'state', LISTING_STATES), q: textParam(raw, 'q'), ...filterParams(raw, 'listings'), ...sortParams(raw, LIST_SORTS.listings), open: textParam(raw, 'open') });
