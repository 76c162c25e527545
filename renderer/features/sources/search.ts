import { compact, flagParam, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';
import { sortParams } from '../../ui/table-sort.ts';

/** `needs-you`: failing, out of date, with fields that vanished or much that could not be read; `off`: switched off. */
export const SOURCE_SHOWN = ['needs-you', 'healthy', 'failing', 'drifting', 'stale', 'never-run', 'off'] as const;
export const SOURCE_SORTS = ['added', 'name', 'health', 'offers', 'open', 'success', 'last', 'kind'] as const;
export const sourceSearch = (raw: RawSearch) => compact({ show: oneOf(raw, 'show', SOURCE_SHOWN), q: textParam(raw, 'q'), ...sortParams(raw, SOURCE_SORTS), open: textParam(raw, 'open'), add: flagParam(raw, 'add') });
