import { compact, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';

export const SPANS = ['7', '30', '90', '365', 'all'] as const;
export type Span = (typeof SPANS)[number];
export const ledgerSearch = (raw: RawSearch) => compact({ account: textParam(raw, 'account'), span: oneOf({ span: raw['span'] === undefined ? undefined : String(raw['span']) }, 'span', SPANS) });
