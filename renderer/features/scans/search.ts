import { compact, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';

export const CHANGE_KINDS = ['cheaper', 'new', 'back', 'restocked', 'dearer', 'sold-out', 'gone', 'other'] as const;

/** Which source's runs, which two are compared, and which kind of difference is looked at. */
export const scanSearch = (raw: RawSearch) => compact({ source: textParam(raw, 'source'), run: textParam(raw, 'run'), from: textParam(raw, 'from'), kind: oneOf(raw, 'kind', CHANGE_KINDS), open: textParam(raw, 'open') });
export type ScanSearch = ReturnType<typeof scanSearch>;
