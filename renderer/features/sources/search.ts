import { compact, textParam, type RawSearch } from '../../ui/search-params.ts';

export const sourceSearch = (raw: RawSearch) => compact({ open: textParam(raw, 'open'), add: raw['add'] === true || raw['add'] === 'true' ? true : undefined });
