import { compact, numberParam, oneOf, textParam, type RawSearch } from '../../ui/search-params.ts';

export const SORTS = ['score', 'profit', 'roi', 'days', 'newest'] as const;
export const STATES = ['open', 'approved', 'purchased', 'skipped', 'expired'] as const;
export const DECISIONS = ['purchase', 'negotiate', 'skip', 'all'] as const;

/** The page's address: what is listed, how, and which one is open. */
export const opportunitySearch = (raw: RawSearch) => compact({
  state: oneOf(raw, 'state', STATES), decision: oneOf(raw, 'decision', DECISIONS), source: textParam(raw, 'source'), category: textParam(raw, 'category'),
  profit: numberParam(raw, 'profit'), roi: numberParam(raw, 'roi'), days: numberParam(raw, 'days'), q: textParam(raw, 'q'), sort: oneOf(raw, 'sort', SORTS), second: oneOf(raw, 'second', SORTS), open: textParam(raw, 'open'),
});
export type OpportunitySearch = ReturnType<typeof opportunitySearch>;

export type ListInput = ReturnType<typeof listInput>;

/** What the engine is asked for an address: open ones that are to be bought, unless it says otherwise. Search words count from three letters on. */
export function listInput(search: OpportunitySearch) {
  return compact({
    state: search.state ?? 'open', decision: search.decision === 'all' ? undefined : search.decision ?? (search.state === undefined ? 'purchase' : undefined), sourceId: search.source, category: search.category, minProfitMinor: search.profit, minRoiBp: search.roi, maxDaysToSell: search.days,
    search: search.q !== undefined && search.q.length >= 3 ? search.q : undefined, sort: search.sort ?? 'score', second: search.second,
  });
}

/** What an alert of this address looks for: all that filters it, and nothing that orders it. */
export function alertFilter(search: OpportunitySearch) {
  const { sort: _sort, second: _second, ...filter } = listInput(search);
  return { ...filter, state: filter.state ?? 'open' };
}

/** The part of an address that a saved view keeps. */
export function viewQuery({ open: _open, ...rest }: OpportunitySearch): Record<string, unknown> {
  return rest;
}
