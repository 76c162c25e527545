import { ActionIcon, Checkbox, Select } from '@mantine/core';
import { IconBell, IconBellOff } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { askToNotify, isSameView } from '../../ui/alerts.ts';
import { FilterChips, type Filter } from '../../ui/filter-chips.tsx';
import { useFormat } from '../../ui/format.ts';
import { notify, notifyError } from '../../ui/notify.tsx';
import { SavedViews, type SavedView } from '../../ui/saved-views.tsx';
import { DECISIONS, SORTS, STATES, alertFilter, opportunitySearch, viewQuery, type OpportunitySearch } from './search.ts';

const PROFITS = [200, 500, 1_000, 2_500, 5_000] as const;
const ROIS = [2_000, 3_000, 5_000, 10_000] as const;
const DAYS = [7, 14, 30, 60] as const;

interface FiltersProps { readonly search: OpportunitySearch; readonly change: (next: Partial<Record<keyof OpportunitySearch, unknown>>) => void; readonly currency: string }

function useFilters({ search, change, currency }: FiltersProps): Filter[] {
  const { t } = useTranslation();
  const format = useFormat();
  const facets = useQuery(orpc.opportunities.facets.queryOptions({ staleTime: 30_000 })).data;
  const decision = search.decision ?? (search.state === undefined ? 'purchase' : 'all');
  const sourceName = facets?.sources.find((s) => s.id === search.source)?.name ?? search.source;
  const money = (minor: number) => format.money({ minor, currency }, { whole: minor % 100 === 0 });
  const phrase = <K extends keyof OpportunitySearch>(key: K, word: (value: NonNullable<OpportunitySearch[K]>) => string) => (search[key] === undefined ? null : word(search[key] as NonNullable<OpportunitySearch[K]>));
  const numeric = (key: 'profit' | 'roi' | 'days', values: readonly number[], word: (value: number) => string): Filter => ({
    id: key, name: t(`opportunities:filter.${key}`), phrase: phrase(key, word), value: search[key]?.toString(), options: values.map((v) => ({ value: String(v), label: word(v) })), onChange: (v) => change({ [key]: v === undefined ? undefined : Number(v) }),
  });
  return [
    { id: 'state', name: t('opportunities:filter.state'), fixed: true, value: search.state ?? 'open', phrase: t(`opportunities:state.${search.state ?? 'open'}`), options: STATES.map((s) => ({ value: s, label: t(`opportunities:state.${s}`) })), onChange: (v) => change({ state: v === 'open' ? undefined : v }) },
    { id: 'decision', name: t('opportunities:filter.decision'), fixed: true, value: decision, phrase: t(`opportunities:decision-phrase.${decision}`), options: DECISIONS.map((d) => ({ value: d, label: t(`opportunities:decision-phrase.${d}`), count: facets?.decisions.find((f) => f.key === d)?.count })), onChange: (v) => change({ decision: v === (search.state === undefined ? 'purchase' : 'all') ? undefined : v }) },
    { id: 'source', name: t('opportunities:filter.source'), value: search.source, phrase: phrase('source', () => t('opportunities:from', { source: sourceName })), options: (facets?.sources ?? []).map((s) => ({ value: s.id, label: s.name, count: s.count })), onChange: (v) => change({ source: v }) },
    { id: 'category', name: t('opportunities:filter.category'), value: search.category, phrase: phrase('category', (c) => t('opportunities:in', { category: c })), options: (facets?.categories ?? []).map((c) => ({ value: c.key, label: c.key, count: c.count })), onChange: (v) => change({ category: v }) },
    numeric('profit', PROFITS, (v) => t('opportunities:earning', { amount: money(v) })),
    numeric('roi', ROIS, (v) => t('opportunities:returning', { share: format.percent(v) })),
    numeric('days', DAYS, (v) => t('opportunities:sold-within', { days: format.number(v) })),
  ];
}

/** Alerts of the saved views. The one whose list is on the screen is looked at: its matches count as seen. */
function useAlerts(search: OpportunitySearch) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const alerts = useQuery(orpc.alerts.list.queryOptions()).data ?? [];
  const settle = { onSettled: () => { void queries.invalidateQueries({ queryKey: orpc.alerts.key() }); void queries.invalidateQueries({ queryKey: orpc.system.today.key() }); }, onError: (error: unknown) => notifyError(error, t) };
  const set = useMutation(orpc.alerts.set.mutationOptions({ ...settle, onSuccess: (alert) => notify({ message: t('opportunities:alert-is-on', { name: alert.name }) }) }));
  const remove = useMutation(orpc.alerts.remove.mutationOptions(settle));
  const { mutate: look, isPending: looking } = useMutation(orpc.alerts.look.mutationOptions({ onSettled: settle.onSettled }));
  const current = alerts.find((alert) => alert.unseen > 0 && isSameView(alert.query, viewQuery(search)))?.viewId;
  useEffect(() => {
    if (current === undefined || looking) return undefined;
    const see = () => { if (document.visibilityState === 'visible') look({ viewId: current }); };
    see();
    document.addEventListener('visibilitychange', see);
    return () => document.removeEventListener('visibilitychange', see);
  }, [current]); // eslint-disable-line react-hooks/exhaustive-deps
  const switchAlert = (view: { readonly id: string; readonly query: Readonly<Record<string, unknown>> }, on: boolean) => {
    if (!on) { remove.mutate({ viewId: view.id }); return; }
    void askToNotify();
    set.mutate({ viewId: view.id, filter: alertFilter(opportunitySearch(view.query)) });
  };
  return { alerts, switchAlert };
}

/** Saved views of the page, each of which may tell of new matches. */
function AlertedViews({ search, onPick }: { readonly search: OpportunitySearch; readonly onPick: (search: OpportunitySearch) => void }) {
  const { t } = useTranslation();
  const [withAlert, setWithAlert] = useState(false);
  const { alerts, switchAlert } = useAlerts(search);
  const alertOf = (viewId: string) => alerts.find((alert) => alert.viewId === viewId);
  const unseen = alerts.reduce((sum, alert) => sum + alert.unseen, 0);
  const bell = (view: SavedView) => {
    const on = alertOf(view.id) !== undefined;
    const label = t(on ? 'opportunities:alert-off' : 'opportunities:alert-on', { name: view.name });
    return <ActionIcon size="sm" aria-pressed={on} aria-label={label} title={label} onClick={() => switchAlert(view, !on)}>{on ? <IconBell size="0.875rem" /> : <IconBellOff size="0.875rem" className="muted" />}</ActionIcon>;
  };
  return (
    <SavedViews page="opportunities" search={search} onPick={(query) => onPick(opportunitySearch(query))} badge={unseen > 0 ? <span className="view-count" title={t('opportunities:alert-new', { count: unseen })}>{unseen}</span> : null}
      mark={(view) => ((alertOf(view.id)?.unseen ?? 0) > 0 ? <span className="view-count">{alertOf(view.id)!.unseen}</span> : null)} action={bell}
      ask={<Checkbox label={t('opportunities:alert-with')} description={t('opportunities:alert-note')} checked={withAlert} onChange={(event) => setWithAlert(event.currentTarget.checked)} />} onSaved={(view) => { if (withAlert) switchAlert(view, true); setWithAlert(false); }}
      restoring={(view) => { const told = alertOf(view.id) !== undefined; return (made) => { if (told) switchAlert(made, true); }; }} />
  );
}

/** What is listed, as a sentence of chips; sort and saved views beside it. */
export function OpportunityFilters(props: FiltersProps & { readonly onPick: (search: OpportunitySearch) => void }) {
  const { t } = useTranslation();
  const filters = useFilters(props);
  return (
    <>
      <FilterChips filters={filters} />
      <span className="grow" />
      <Select w="11rem" aria-label={t('opportunities:sort-label')} value={props.search.sort ?? 'score'} onChange={(v) => props.change({ sort: v === 'score' ? undefined : v ?? undefined })} data={SORTS.map((s) => ({ value: s, label: t(`opportunities:sort.${s}`) }))} comboboxProps={{ width: 220, position: 'bottom-end' }} />
      <AlertedViews search={props.search} onPick={props.onPick} />
    </>
  );
}
