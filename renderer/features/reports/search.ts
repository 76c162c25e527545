import { compact, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';
import { PERIODS } from './period.ts';

export const VIEWS = ['earned', 'stock', 'tax'] as const;
export type View = (typeof VIEWS)[number];
/** What the table can be split by; days are drawn. */
export const SPLITS = ['month', 'channel', 'category', 'source', 'item'] as const;
export type Split = (typeof SPLITS)[number];

const dayParam = (raw: RawSearch, key: string) => { const text = textParam(raw, key); return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined; };

/** `open`: the key of the row that is opened, after a dot, since it may be empty. */
export const reportSearch = (raw: RawSearch) => compact({ view: oneOf(raw, 'view', VIEWS), period: oneOf(raw, 'period', PERIODS), from: dayParam(raw, 'from'), to: dayParam(raw, 'to'), by: oneOf(raw, 'by', SPLITS), open: textParam(raw, 'open') });
export type ReportSearch = ReturnType<typeof reportSearch>;
