import { compact, oneOf, type RawSearch } from '../../ui/search-params.ts';

export const TABS = ['limits', 'business', 'listings', 'talks', 'people', 'connections', 'appearance', 'audit'] as const;
export type Tab = (typeof TABS)[number];
export const settingsSearch = (raw: RawSearch) => compact({ tab: oneOf(raw, 'tab', TABS) });
