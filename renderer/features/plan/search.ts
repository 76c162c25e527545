import { compact, numberParam, oneOf, type RawSearch } from '../../ui/search-params.ts';

export const SHOWN = ['in', 'out'] as const;
export type Shown = (typeof SHOWN)[number];
/** `cash` in minor units, as if so much were on hand. */
export const planSearch = (raw: RawSearch) => compact({ cash: numberParam(raw, 'cash'), days: numberParam(raw, 'days'), shown: oneOf(raw, 'shown', SHOWN) });
