import { compact, flagParam, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';
import { sortParams } from '../../ui/table-sort.ts';

/** A source's standing; `needs-you`: any that a person has to see to. */
export const SOURCE_SHOWN = ['needs-you', 'healthy', 'failing', 'drifting', 'half-read', 'stale', 'never-run', 'off'] as const;
export const SOURCE_SORTS = ['added', 'name', 'health', 'offers', 'open', 'success', 'last', 'kind'] as const;
export const sourceSearch = (raw: RawSearch) => compact({ show: oneOf(raw, 'show', SOURCE_SHOWN), q: textParam(raw, 'q'), ...sortParams(raw, SOURCE_SORTS), open: textParam(raw, 'open'), add: flagParam(raw, 'add') });
