import { compact, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';

export const PURPOSES = ['opinion', 'match', 'extract', 'negotiate', 'describe', 'reply'] as const;
export const OUTCOMES = ['answered', 'cached', 'replayed', 'invalid', 'refused', 'failed', 'over-budget', 'asked'] as const;
export const assistantSearch = (raw: RawSearch) => compact({ purpose: oneOf(raw, 'purpose', PURPOSES), outcome: oneOf(raw, 'outcome', OUTCOMES), subject: textParam(raw, 'subject'), open: textParam(raw, 'open') });
