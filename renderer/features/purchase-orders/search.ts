import { compact, flagParam, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';

export const ORDER_STATES = ['draft', 'sent', 'partly-received', 'received', 'closed', 'cancelled'] as const;
export const purchaseOrderSearch = (raw: RawSearch) => compact({ state: oneOf(raw, 'state', ORDER_STATES), q: textParam(raw, 'q'), open: textParam(raw, 'open'), new: flagParam(raw, 'new') });
