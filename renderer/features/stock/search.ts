import { compact, flagParam, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';

export const STOCK_STATES = ['inbound', 'on-hand', 'closed'] as const;
export const stockSearch = (raw: RawSearch) => compact({ state: oneOf(raw, 'state', STOCK_STATES), q: textParam(raw, 'q'), location: textParam(raw, 'location'), condition: textParam(raw, 'condition'), open: textParam(raw, 'open'), new: flagParam(raw, 'new') });
