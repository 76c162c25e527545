import { compact, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';

export const STEPS = ['columns', 'pass', 'results'] as const;
export type Step = (typeof STEPS)[number];
export const FILTERS = ['profitable', 'not-found', 'repaired', 'bad', 'new', 'dearer', 'cheaper', 'gone', 'asked'] as const;
export type Filter = (typeof FILTERS)[number];
export const SORTS = ['profit', 'roi', 'cost', 'line'] as const;

export interface ListSearch { readonly id?: string; readonly step?: Step; readonly filter?: Filter; readonly sort?: (typeof SORTS)[number]; readonly q?: string; readonly open?: string }
export const priceListSearch = (raw: RawSearch) => compact({ id: textParam(raw, 'id'), step: oneOf(raw, 'step', STEPS), filter: oneOf(raw, 'filter', FILTERS), sort: oneOf(raw, 'sort', SORTS), q: textParam(raw, 'q'), open: textParam(raw, 'open') });
/** A part of the address to be changed; undefined takes it out. */
export type SearchChange = { readonly [K in keyof ListSearch]?: ListSearch[K] | undefined };
