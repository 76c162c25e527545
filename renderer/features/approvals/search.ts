import { compact, textParam, type RawSearch } from '../../ui/search-params.ts';

/** `open`: the item that is looked at, `<kind>:<id>`. */
export const approvalSearch = (raw: RawSearch) => compact({ open: textParam(raw, 'open') });
