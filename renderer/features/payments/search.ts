import { LIST_SORTS } from '#contract/words.ts';
import { filterParams } from '../../ui/list-filters.tsx';
import { compact, flagParam, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';
import { sortParams } from '../../ui/table-sort.ts';

export const PAYMENT_STATES = ['requesting', 'unclear', 'open', 'capturing', 'processing', 'paid', 'disputed', 'lost', 'refunded', 'failed', 'cancelled', 'expired'] as const;
export const paymentSearch = (raw: RawSearch) => compact({ state: oneOf(raw, 'state', PAYMENT_STATES), q: textParam(raw, 'q'), ...filterParams(raw, 'payments'), ...sortParams(raw, LIST_SORTS.payments), open: textParam(raw, 'open'), new: flagParam(raw, 'new'), view: oneOf(raw, 'view', ['payouts'] as const) });
