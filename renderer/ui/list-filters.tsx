import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { LIST_CHOICES, type FilteredList } from '#contract/words.ts';
import { money } from '#kernel/money.ts';
import { accountName } from './account-name.ts';
import { useEngineNow } from './engine-clock.ts';
import type { Filter } from './filter-chips.tsx';
import { AmountForm, DatesForm } from './filter-forms.tsx';
import { intlLocale, useFormat } from './format.ts';
import { compact, numberParam, textParam, type RawSearch } from './search-params.ts';

type Choice<L extends FilteredList> = (typeof LIST_CHOICES)[L][number];
interface Ranges {
  /** The last so many days, today among them; or what is older than so many. */
  readonly days?: number; readonly older?: number;
  /** Days of the calendar, both among them. */
  readonly from?: string; readonly to?: string;
  /** Minor units of `cur`. */
  readonly least?: number; readonly most?: number; readonly cur?: string;
}
/** What a list's address says of its filters, beside state and text. */
export type FilterSearch<L extends FilteredList = FilteredList> = Ranges & { readonly [K in Choice<L>]?: string };

export interface Facets { readonly choices: Readonly<Record<string, readonly { readonly key: string; readonly name: string | null; readonly count: number }[]>>; readonly currencies: readonly string[] }

const RANGES = ['days', 'older', 'from', 'to', 'least', 'most', 'cur'] as const;
const LAST_DAYS = [1, 7, 30, 90, 365] as const;
const OLDER_DAYS = [30, 90, 180] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

const dayParam = (raw: RawSearch, key: string) => { const text = textParam(raw, key); return text !== undefined && DAY.test(text) ? text : undefined; };
const daysParam = (raw: RawSearch, key: string) => { const days = numberParam(raw, key); return days !== undefined && days > 0 && days <= 3_650 ? days : undefined; };

/** The filters in an address; what cannot be read counts as not given. */
export function filterParams<const L extends FilteredList>(raw: RawSearch, list: L): FilterSearch<L> {
  const cur = textParam(raw, 'cur');
  const held = cur !== undefined && /^[A-Z]{3}$/.test(cur) ? cur : undefined;
  const choices = Object.fromEntries(LIST_CHOICES[list].map((choice) => [choice, textParam(raw, choice)]));
  return compact({
    ...choices, days: daysParam(raw, 'days'), older: daysParam(raw, 'older'), from: dayParam(raw, 'from'), to: dayParam(raw, 'to'),
    // amounts of no currency cannot be compared
    cur: held, least: held && numberParam(raw, 'least'), most: held && numberParam(raw, 'most'),
  }) as FilterSearch<L>;
}

/** `now`'s day on this machine, so many days on. */
function dayStart(now: number, offset = 0): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + offset).getTime();
}
const startOf = (day: string, offset = 0): number => { const [year = 0, month = 1, date = 1] = day.split('-').map(Number); return new Date(year, month - 1, date + offset).getTime(); };

/** What the engine is asked for an address. */
export function filterInput<L extends FilteredList>(list: L, search: FilterSearch<L>, now: number) {
  const choices = Object.fromEntries(LIST_CHOICES[list].map((choice) => [choice, (search as Readonly<Record<string, string | undefined>>)[choice]]));
  const since = search.days !== undefined ? dayStart(now, 1 - search.days) : search.from && startOf(search.from);
  const until = search.older !== undefined ? dayStart(now, -search.older) : search.to && startOf(search.to, 1);
  return compact({ ...choices, since: since || undefined, until: until || undefined, least: search.least, most: search.most, currency: search.cur }) as { readonly [K in Choice<L>]?: string } & { readonly since?: number; readonly until?: number; readonly least?: number; readonly most?: number; readonly currency?: string };
}

/** A choice's value in words. */
function wordOf(t: TFunction, language: string, of: { readonly list: FilteredList; readonly choice: string; readonly key: string; readonly name: string | null }): string {
  const { list, choice, key, name } = of;
  if (name) return name;
  if (choice === 'channel') return t(`${list === 'support' || list === 'negotiations' ? list : 'listings'}:channel.${key}`, { defaultValue: key });
  if (choice === 'condition') return t(`stock:hand.condition.${key}`, { defaultValue: key });
  if (choice === 'account') return accountName(t, key);
  if (choice === 'kind') return t(`ledger:kind.${key}`, { defaultValue: key });
  if (choice === 'language') return new Intl.DisplayNames(intlLocale(language), { type: 'language' }).of(key) ?? key;
  if (choice === 'category') return key.replaceAll('-', ' ');
  return key;
}

type Change = (part: Readonly<Record<string, string | number | undefined>>) => void;

function useTimeFilter(list: FilteredList, search: Ranges, change: Change): Filter {
  const { t } = useTranslation();
  const format = useFormat();
  const verb = t(`common:filter.when.${list}`);
  const none = { days: undefined, older: undefined, from: undefined, to: undefined };
  const last = (count: number) => t('common:filter.last-days', { verb, count });
  const older = (count: number) => t('common:filter.older-days', { verb, count });
  const between = (from: string | undefined, to: string | undefined) => (from && to ? (from === to ? t('common:filter.on-day', { verb, day: format.day(from) }) : t('common:filter.between-days', { verb, from: format.day(from), to: format.day(to) })) : from ? t('common:filter.since-day', { verb, from: format.day(from) }) : to ? t('common:filter.until-day', { verb, to: format.day(to) }) : null);
  return {
    id: 'time', name: t('common:filter.time'), phrase: search.days !== undefined ? last(search.days) : search.older !== undefined ? older(search.older) : between(search.from, search.to),
    value: search.days !== undefined ? `days:${search.days}` : search.older !== undefined ? `older:${search.older}` : undefined,
    options: [...LAST_DAYS.map((days) => ({ value: `days:${days}`, label: last(days) })), ...OLDER_DAYS.map((days) => ({ value: `older:${days}`, label: older(days) }))],
    onChange: (value) => { const [key = '', days] = value?.split(':') ?? []; change({ ...none, ...(value === undefined ? {} : { [key]: Number(days) }) }); },
    form: { label: t('common:filter.other-dates'), render: (close) => <DatesForm value={search} onApply={(range) => { change({ ...none, ...range }); close(); }} /> },
  };
}

function useAmountFilter(list: FilteredList, search: Ranges, given: { readonly change: Change; readonly currencies: readonly string[] }): Filter {
  const { t } = useTranslation();
  const format = useFormat();
  const { least, most, cur } = search;
  const what = t(`common:filter.amount.${list}`, { defaultValue: '' });
  const amount = (minor: number) => format.money(money(minor, cur!));
  const phrase = cur === undefined ? null : least !== undefined && most !== undefined ? t('common:filter.between-amounts', { what, least: amount(least), most: amount(most) })
    : least !== undefined ? t('common:filter.at-least', { what, least: amount(least) }) : most !== undefined ? t('common:filter.at-most', { what, most: amount(most) }) : t('common:filter.in-currency', { currency: cur });
  return {
    id: 'amount', name: t('common:filter.amount-of', { what: what.charAt(0).toUpperCase() + what.slice(1) }), phrase, options: [], value: undefined, onChange: () => given.change({ least: undefined, most: undefined, cur: undefined }),
    form: { label: t('common:filter.other-amounts'), render: (close) => <AmountForm value={search} currencies={given.currencies} onApply={(range) => { given.change({ least: range.least, most: range.most, cur: range.cur }); close(); }} /> },
  };
}

interface ListFilters<L extends FilteredList> {
  readonly filters: readonly Filter[];
  /** For the request. */
  readonly input: ReturnType<typeof filterInput<L>>;
  readonly filtered: boolean;
  /** What takes all of them out of the address. */
  readonly cleared: Readonly<Record<string, undefined>>;
}

const NO_AMOUNT: ReadonlySet<FilteredList> = new Set(['support', 'inbound', 'price-lists']);

/** What a list's rows can be narrowed by beside state and text, as chips, and what the engine is asked for. `change` is a step that back undoes. */
export function useListFilters<L extends FilteredList>(list: L, search: FilterSearch<L>, given: { readonly change: Change; readonly facets: Facets | undefined }): ListFilters<L> {
  const { t, i18n: { language } } = useTranslation();
  const { change, facets } = given;
  const now = useEngineNow(60_000);
  const held = search as Readonly<Record<string, string | undefined>>;
  const choices = LIST_CHOICES[list].map((choice): Filter => {
    const options = (facets?.choices[choice] ?? []).map(({ key, name, count }) => ({ value: key, label: wordOf(t, language, { list, choice, key, name }), count }));
    const value = held[choice];
    const label = value === undefined ? '' : options.find((option) => option.value === value)?.label ?? (choice === 'source' ? (facets ? t('common:filter.source-gone') : '…') : wordOf(t, language, { list, choice, key: value, name: null }));
    return { id: choice, name: t(`common:filter.choice.${choice}`), phrase: value === undefined ? null : t(`common:filter.is.${choice}`, { name: label }), options, value, onChange: (next) => change({ [choice]: next }) };
  });
  const time = useTimeFilter(list, search, change);
  const amount = useAmountFilter(list, search, { change, currencies: facets?.currencies ?? [] });
  const keys = [...LIST_CHOICES[list], ...RANGES] as const;
  return {
    filters: [...choices, time, ...(NO_AMOUNT.has(list) ? [] : [amount])], input: filterInput(list, search, now),
    filtered: keys.some((key) => (search as Readonly<Record<string, unknown>>)[key] !== undefined), cleared: Object.fromEntries(keys.map((key) => [key, undefined])),
  };
}
