import { Button, Select, Skeleton } from '@mantine/core';
import { IconExternalLink, IconEyeCheck, IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Suspense, lazy, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WatchDetail } from '#contract/watches.ts';
import type { Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import type { ChartSeries } from '../../ui/chart-data.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { HOURS, HOUR_MS } from './add-watch.tsx';
import { changeText, undercuts, WatchBadge } from './columns.tsx';
import './watch.css';

/** uPlot comes only with the first detail that is opened. */
const PriceChart = lazy(async () => ({ default: (await import('../../ui/price-chart.tsx')).PriceChart }));

function useSettle() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return { onError: (error: unknown) => notifyError(error, t), onSettled: () => void queries.invalidateQueries({ queryKey: orpc.watches.key() }) };
}

function Actions({ watch, onGone }: { readonly watch: WatchDetail; readonly onGone: () => void }) {
  const { t } = useTranslation();
  const settle = useSettle();
  const [removing, setRemoving] = useState(false);
  const look = useMutation(orpc.watches.look.mutationOptions(settle));
  const update = useMutation(orpc.watches.update.mutationOptions(settle));
  const remove = useMutation(orpc.watches.remove.mutationOptions({ ...settle, onSuccess: () => { notify({ message: t('watch:removed', { title: watch.title }) }); onGone(); } }));
  const paused = watch.state === 'paused';
  return (
    <div className="row wrap">
      <Button size="sm" leftSection={<IconEyeCheck size="1rem" />} loading={look.isPending} onClick={() => look.mutate({ id: watch.id })}>{t('watch:look')}</Button>
      <Button size="sm" variant="default" leftSection={paused ? <IconPlayerPlay size="1rem" /> : <IconPlayerPause size="1rem" />} loading={update.isPending} onClick={() => update.mutate({ id: watch.id, version: watch.version, state: paused ? 'active' : 'paused' })}>{t(paused ? 'watch:resume' : 'watch:pause')}</Button>
      <Button size="sm" variant="default" component="a" href={watch.address} target="_blank" rel="noreferrer" leftSection={<IconExternalLink size="1rem" />}>{t('watch:open')}</Button>
      <Button size="sm" variant="subtle" leftSection={<IconTrash size="1rem" />} onClick={() => setRemoving(true)}>{t('watch:remove')}</Button>
      <Confirm opened={removing} onClose={() => setRemoving(false)} title={t('watch:remove-title')} action={t('watch:remove')} busy={remove.isPending} onConfirm={() => remove.mutate({ id: watch.id })}><p>{t('watch:remove-text', { title: watch.title })}</p></Confirm>
    </div>
  );
}

function seriesOf({ history }: WatchDetail): ChartSeries[] {
  const { currency, price, sellers, mine } = history;
  const money = (key: string, steps: typeof price): ChartSeries => ({ key, unit: 'minor', currency, ...steps });
  return [money('watched', price), ...(mine.at.length > 0 ? [money('mine', mine)] : []), ...(sellers.at.length > 0 ? [{ key: 'offers', unit: 'count' as const, currency: null, ...sellers }] : [])].filter((one) => one.at.length > 0);
}

function Verdict({ watch }: { readonly watch: WatchDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { price, mine } = watch;
  const key = price === null || watch.available === false ? 'none' : mine === null || mine.currency !== price.currency ? 'price' : undercuts(watch) ? 'below' : price.minor === mine.minor ? 'same' : 'above';
  const figures = { price: price ? format.money(price) : '', mine: mine ? format.money(mine) : '', by: price && mine ? format.money({ minor: Math.abs(price.minor - mine.minor), currency: price.currency }) : '' };
  return <p className="watch-verdict">{t(`watch:verdict.${key}`, figures)}{watch.changeBp !== null && key !== 'none' ? ` ${t('watch:week', { change: changeText(watch.changeBp, format) })}` : ''}</p>;
}

function Analysis({ watch }: { readonly watch: WatchDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { analysis } = watch;
  const { against } = analysis;
  return (
    <section className="section stack">
      <h2>{t('watch:analysis')}</h2>
      <FieldList sparse fields={[
        [t('watch:field.range'), analysis.lowest && analysis.highest ? <span className="num"><Money value={analysis.lowest} /> – <Money value={analysis.highest} /></span> : null],
        [t('watch:field.usual'), analysis.usual && <Money value={analysis.usual} estimated />],
        [t('watch:field.changes'), <span key="changes" className="num">{format.number(analysis.changes)}</span>],
        [t('watch:field.trend'), analysis.trend === 'unknown' ? null : t(`watch:trend.${analysis.trend}`)],
        [t('watch:field.level'), analysis.levelChangedAt === null ? null : <RelativeTime at={analysis.levelChangedAt} />],
        [t('watch:field.without'), analysis.withoutOfferBp === null ? null : <span key="without" className="num">{format.percent(analysis.withoutOfferBp, 1)}</span>],
        [t('watch:field.below-mine'), against && <span className="num">{format.percent(against.belowMineBp, 0)}</span>],
        [t('watch:field.they-went'), against && <span className="num">{t('watch:times', { count: against.theyWentBelow })}</span>],
        [t('watch:field.i-went'), against && <span className="num">{t('watch:times', { count: against.iWentBelow })}</span>],
      ]} />
      {watch.mine ? <p className="small"><Link to="/repricing">{t('watch:to-repricing')}</Link></p> : null}
    </section>
  );
}

function Rules({ watch }: { readonly watch: WatchDetail }) {
  const { t } = useTranslation();
  const settle = useSettle();
  const [below, setBelow] = useState<{ readonly value: Amount | null; readonly valid: boolean }>({ value: watch.below, valid: true });
  const update = useMutation(orpc.watches.update.mutationOptions({ ...settle, onSuccess: () => notify({ message: t('watch:saved') }) }));
  const currency = watch.price?.currency ?? watch.history.currency;
  const at = { id: watch.id, version: watch.version };
  const hours = watch.intervalMs / HOUR_MS;
  const choices = HOURS.includes(hours as (typeof HOURS)[number]) ? HOURS : [...HOURS, hours].toSorted((a, b) => a - b);
  return (
    <section className="section stack">
      <h2>{t('watch:rules')}</h2>
      <Select label={t('watch:every')} data={choices.map((n) => ({ value: String(n), label: t('watch:hours', { count: n }) }))} value={String(hours)} allowDeselect={false} onChange={(value) => { if (value !== null && Number(value) !== hours) update.mutate({ ...at, intervalMs: Number(value) * HOUR_MS }); }} />
      {currency ? (
        <form className="row" style={{ alignItems: 'flex-end' }} onSubmit={(event) => { event.preventDefault(); if (below.valid) update.mutate({ ...at, belowMinor: below.value?.minor ?? null }); }}>
          <MoneyInput label={t('watch:below')} description={t('watch:below-note')} value={watch.below} currency={currency} optional placeholder={t('watch:below-none')} onChange={(value, valid) => setBelow({ value, valid })} />
          <Button type="submit" variant="default" disabled={!below.valid || below.value?.minor === watch.below?.minor} loading={update.isPending}>{t('watch:save')}</Button>
        </form>
      ) : null}
    </section>
  );
}

/** What a person was told, newest first. Being looked at here counts as seen. */
function Told({ watch }: { readonly watch: WatchDetail }) {
  const { t } = useTranslation();
  const word = useWordReason();
  if (watch.alerts.length === 0) return null;
  return (
    <section className="section stack">
      <h2>{t('watch:told')}</h2>
      <ul className="watch-told">{watch.alerts.map((alert) => <li key={alert.id}><span>{word(alert.reason)}</span><span className="small muted"><RelativeTime at={alert.at} /></span></li>)}</ul>
    </section>
  );
}

export function WatchPanel({ id, onGone }: { readonly id: string; readonly onGone: () => void }) {
  const { t } = useTranslation();
  const word = useWordReason();
  const queries = useQueryClient();
  const { data: watch, error, isPending, refetch } = useQuery(orpc.watches.get.queryOptions({ input: { id } }));
  const seen = useMutation(orpc.watches.seen.mutationOptions({ onSuccess: () => { void queries.invalidateQueries({ queryKey: orpc.watches.list.key() }); void queries.invalidateQueries({ queryKey: orpc.system.key() }); } }));
  const unseen = watch?.unseen ?? 0;
  const { mutate } = seen;
  useEffect(() => { if (unseen > 0) mutate({ id }); }, [id, unseen, mutate]);
  if (isPending) return <DetailSkeleton />;
  if (error && !watch) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const series = seriesOf(watch);
  return (
    <article className="detail">
      <header className="detail-head"><h2 dir="auto">{watch.title}</h2><span className="small muted">{t(`listings:channel.${watch.place}`, { defaultValue: watch.place })} · {t('watch:looked')} <RelativeTime at={watch.checkedAt} /></span></header>
      <div className="detail-body" tabIndex={0} role="region" aria-label={t('watch:detail')}>
        <section className="section stack">
          <div><WatchBadge row={watch} t={t} /></div>
          <Verdict watch={watch} />
          {watch.problem ? <p className="attention small">{t('watch:problem', { reason: word(watch.problem) })} {watch.readAt !== null ? <>{t('watch:last-read')} <RelativeTime at={watch.readAt} />.</> : null}</p> : null}
          <Actions watch={watch} onGone={onGone} />
        </section>
        <section className="section"><h2>{t('watch:history')}</h2><Suspense fallback={<Skeleton height="17rem" />}><PriceChart series={series} label={t('watch:history')} /></Suspense></section>
        <Analysis watch={watch} />
        <Told watch={watch} />
        <Rules key={watch.version} watch={watch} />
      </div>
    </article>
  );
}
