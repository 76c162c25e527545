import { LIST_SORTS } from '#contract/words.ts';
import { filterParams, type FilterSearch } from '../../ui/list-filters.tsx';
import { compact, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';
import { sortParams, type SortText } from '../../ui/table-sort.ts';

export const STAGES = ['columns', 'passing', 'passed', 'running', 'paused', 'done'] as const;
export const STEPS = ['columns', 'pass', 'results'] as const;
export type Step = (typeof STEPS)[number];
export const FILTERS = ['profitable', 'not-found', 'repaired', 'bad', 'new', 'dearer', 'cheaper', 'gone', 'asked'] as const;
export type Filter = (typeof FILTERS)[number];
export const SORTS = ['profit', 'roi', 'cost', 'line'] as const;
type ListsSort = (typeof LIST_SORTS)['price-lists'][number];

/** One list, and which of its rows. */
export interface ListSearch { readonly id?: string; readonly step?: Step; readonly filter?: Filter; readonly sort?: (typeof SORTS)[number]; readonly q?: string; readonly open?: string }
/** Which of the lists. */
export type ListsSearch = FilterSearch<'price-lists'> & { readonly stage?: (typeof STAGES)[number]; readonly q?: string; readonly sort?: SortText<ListsSort>; readonly second?: SortText<ListsSort>; readonly open?: string };

export const priceListSearch = (raw: RawSearch): ListSearch | ListsSearch => {
  const id = textParam(raw, 'id');
  const both = { q: textParam(raw, 'q'), open: textParam(raw, 'open') };
  return id === undefined
    ? compact({ stage: oneOf(raw, 'stage', STAGES), ...both, ...filterParams(raw, 'price-lists'), ...sortParams(raw, LIST_SORTS['price-lists']) })
    : compact({ id, step: oneOf(raw, 'step', STEPS), filter: oneOf(raw, 'filter', FILTERS), sort: oneOf(raw, 'sort', SORTS), ...both });
};
/** A part of the address to be changed; undefined takes it out. */
export type SearchChange = { readonly [K in keyof ListSearch]?: ListSearch[K] | undefined };
