import { compact, flagParam, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';

export const PAYMENT_STATES = ['requesting', 'unclear', 'open', 'capturing', 'processing', 'paid', 'disputed', 'lost', 'refunded', 'failed', 'cancelled', 'expired'] as const;
export const paymentSearch = (raw: RawSearch) => compact({ state: oneOf(raw, 'state', PAYMENT_STATES), q: textParam(raw, 'q'), open: textParam(raw, 'open'), new: flagParam(raw, 'new'), view: oneOf(raw, 'view', ['payouts'] as const) });
