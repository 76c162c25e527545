import { LIST_SORTS } from '#contract/words.ts';
import { sortParams } from '../../ui/table-sort.ts';
import { compact, flagParam, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';

export const STOCK_STATES = ['inbound', 'on-hand', 'closed'] as const;
export const stockSearch = (raw: RawSearch) => compact({ state: oneOf(raw, 'state', STOCK_STATES), q: textParam(raw, 'q'), ...sortParams(raw, LIST_SORTS.stock), location: textParam(raw, 'location'), condition: textParam(raw, 'condition'), open: textParam(raw, 'open'), new: flagParam(raw, 'new') });
