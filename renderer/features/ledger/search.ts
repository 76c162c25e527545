import { LIST_SORTS } from '#contract/words.ts';
import { filterParams } from '../../ui/list-filters.tsx';
import { sortParams } from '../../ui/table-sort.ts';
import { compact, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';

export const SPANS = ['7', '30', '90', '365', 'all'] as const;
export type Span = (typeof SPANS)[number];
export const ledgerSearch = (raw: RawSearch) => compact({ q: textParam(raw, 'q'), ...filterParams(raw, 'ledger'), ...sortParams(raw, LIST_SORTS.ledger), span: oneOf({ span: raw['span'] === undefined ? undefined : String(raw['span']) }, 'span', SPANS) });
