import { LIST_SORTS } from '#contract/words.ts';
import { filterParams } from '../../ui/list-filters.tsx';
import { compact, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';
import { sortParams } from '../../ui/table-sort.ts';

export const INBOUND_STATES = ['draft', 'planning', 'packing', 'placing', 'choosing', 'confirming', 'ready', 'reporting', 'sent', 'receiving', 'differs', 'closed', 'stopped', 'cancelling', 'cancelled'] as const;
export const INBOUND_VIEWS = ['charges'] as const;
/** `lot`: a new shipment is begun with it; `all`: with none. */
export const inboundSearch = (raw: RawSearch) => compact({ state: oneOf(raw, 'state', INBOUND_STATES), q: textParam(raw, 'q'), ...filterParams(raw, 'inbound'), ...sortParams(raw, LIST_SORTS.inbound), open: textParam(raw, 'open'), view: oneOf(raw, 'view', INBOUND_VIEWS), lot: textParam(raw, 'lot') });
