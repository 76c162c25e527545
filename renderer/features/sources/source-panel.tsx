import { Button, Select, Switch, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { runView, sourceView } from '#contract/sources.ts';
import { HOUR_MS } from '#kernel/time.ts';
import { orpc } from '../../rpc/client.ts';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';
import { INTERVALS } from './add-source.tsx';
import { RemoveSource } from './remove-source.tsx';
import { RunButton, RunProgress } from './run-controls.tsx';
import { ScanCost } from './scan-cost.tsx';
import { SourceHealth } from './source-health.tsx';
import { errorOf, healthTone, standingOf } from './tone.ts';

type RunView = z.infer<typeof runView>;
type SourceView = z.infer<typeof sourceView>;

/** What a run could not read: the row, the field, the reason and the text itself. */
function Rejects({ run }: { readonly run: RunView }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(orpc.sources.rejects.infiniteOptions({ input: (cursor: string | undefined) => ({ id: run.id, ...cursorInput(cursor) }), ...PAGING }));
  const { rows } = useRows<{ id: string; place: string; field: string; reason: string; raw: string; at: number }>(query.data);
  if (query.isPending) return <p className="muted small">{t('common:loading')}</p>;
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className="stack" style={{ maxBlockSize: '24rem', overflowY: 'auto' }} tabIndex={0} role="region" aria-label={t('sources:rejects', { count: run.rejected })}>
      <table className="plain-table">
        <thead><tr><th scope="col">{t('sources:reject.place')}</th><th scope="col">{t('sources:reject.field')}</th><th scope="col">{t('sources:reject.reason')}</th><th scope="col">{t('sources:reject.raw')}</th></tr></thead>
        <tbody>{rows.map((r) => <tr key={r.id}><td className="num">{r.place}</td><td>{r.field}</td><td>{r.reason}</td><td><code className="small" style={{ overflowWrap: 'anywhere' }}>{r.raw.slice(0, 160)}</code></td></tr>)}</tbody>
      </table>
      {query.hasNextPage ? <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('sources:more-rejects')}</Button> : null}
    </div>
  );
}

function Runs({ runs }: { readonly runs: readonly RunView[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [shown, show] = useState<string | null>(null);
  const run = runs.find((r) => r.id === shown);
  if (runs.length === 0) return <p className="muted">{t('sources:no-runs')}</p>;
  return (
    <>
      <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('sources:runs')}>
        <table className="plain-table">
          <thead><tr><th scope="col">{t('sources:runs.started')}</th><th scope="col">{t('sources:runs.state')}</th>{(['seen', 'added', 'changed', 'survivors', 'opportunities', 'rejected'] as const).map((k) => <th key={k} scope="col" data-align="end">{t(`sources:runs.${k}`)}</th>)}</tr></thead>
          <tbody>
            {runs.map((r) => (
              <tr key={r.id}>
                <td className="muted"><RelativeTime at={r.startedAt} /></td><td title={r.error ?? undefined}>{t(`sources:run-state.${r.state}`)}</td>
                {(['seen', 'added', 'changed', 'survivors', 'opportunities'] as const).map((k) => <td key={k} data-align="end" className="num">{format.number(r[k])}</td>)}
                <td data-align="end">{r.rejected > 0 ? <Button size="compact-xs" variant="subtle" aria-expanded={shown === r.id} onClick={() => show(shown === r.id ? null : r.id)}>{format.number(r.rejected)}</Button> : <span className="num">0</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {run ? <div style={{ marginBlockStart: '0.75rem' }}><h3>{t('sources:rejects', { count: run.rejected })}</h3><Rejects run={run} /></div> : null}
    </>
  );
}

/** Its name, as a person calls it: stored on leaving the field or by Enter, taken back by Escape. */
function Naming({ source, onName }: { readonly source: SourceView; readonly onName: (name: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(source.name);
  const store = () => {
    const name = typed.trim();
    if (name === '') setTyped(source.name);
    else if (name !== source.name) onName(name);
  };
  return (
    <TextInput label={t('sources:name')} w="18rem" maxLength={120} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} onBlur={store}
      onKeyDown={(event) => { if (event.key === 'Enter') event.currentTarget.blur(); if (event.key === 'Escape') { event.stopPropagation(); setTyped(source.name); } }} />
  );
}

function Schedule({ source }: { readonly source: SourceView }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const update = useMutation(orpc.sources.update.mutationOptions({ onError: (error) => notifyError(error, t), onSettled: () => queries.invalidateQueries({ queryKey: orpc.sources.key() }) }));
  const known = INTERVALS.findIndex((ms) => ms === source.intervalMs);
  const options = INTERVALS.map((ms, index) => ({ value: String(index), label: t(`sources:every.${ms === null ? 'never' : ms / HOUR_MS}`) }));
  if (known < 0 && source.intervalMs !== null) options.push({ value: '-1', label: t('sources:every-other', { hours: Math.round((source.intervalMs / HOUR_MS) * 10) / 10 }) });
  return (
    <div className="row wrap" style={{ gap: '1.25rem', alignItems: 'flex-end' }}>
      <Naming key={source.name} source={source} onName={(name) => update.mutate({ id: source.id, name })} />
      <Select label={t('sources:interval')} w="13rem" value={String(known)} data={options} onChange={(v) => { if (v !== null && v !== '-1') update.mutate({ id: source.id, intervalMs: INTERVALS[Number(v)] ?? null }); }} />
      <Switch label={t('sources:enabled')} checked={source.enabled} onChange={(event) => update.mutate({ id: source.id, enabled: event.currentTarget.checked })} mb="0.375rem" />
      {source.ai === null ? null : <Switch label={t('sources:ai')} description={t('sources:ai-note')} checked={source.ai} onChange={(event) => update.mutate({ id: source.id, ai: event.currentTarget.checked })} />}
    </div>
  );
}

/** What is wrong, and what can be done about it, comes before what a run would take. */
const TROUBLED: ReadonlySet<string> = new Set(['failing', 'drifting']);

/** One source: its health, its schedule, what its runs brought and what they could not read. */
export function SourcePanel({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, isPending, refetch } = useQuery(orpc.sources.get.queryOptions({ input: { id } }));
  if (isPending) return <DetailSkeleton />;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const { source, runs } = data;
  const cost = <section key="cost" className="section"><h2>{t('sources:cost')}</h2><ScanCost id={id} /></section>;
  const health = <section key="health" className="section"><h2>{t('sources:health')}</h2><SourceHealth id={id} /></section>;
  return (
    <article className="detail">
      <header className="detail-head"><h2>{source.name}</h2><p className="small muted">{t(`sources:kind.${source.kind}`)} · <span className="num">{source.baseUrl}</span></p></header>
      <div className="detail-body" tabIndex={0} role="region" aria-label={t('sources:detail')}>
        <div className="section stack">
          <StatusBadge tone={healthTone(source)} label={t(`sources:health.${standingOf(source)}`)} />
          {source.lastError ? <div className="notice" role="note"><strong>{t(source.readable ? 'sources:last-error' : 'sources:unreadable')}</strong> {errorOf(source.lastError)}{source.readable ? <><br /><span className="small">{t('sources:last-error-note')}</span></> : null}</div> : null}
          {source.lastError && source.lastRun?.state === 'failed' ? null : <RunProgress run={source.lastRun} />}
          <FieldList fields={[
            [t('sources:column.offers'), format.number(source.offers)], [t('sources:column.open'), <Link key="v" to="/opportunities" search={{ source: source.id } as never}>{format.number(source.openOpportunities)}</Link>],
            [t('sources:column.success'), source.successBp === null ? null : format.percent(source.successBp)], [t('sources:column.last'), source.lastSuccessAt ? <RelativeTime key="v" at={source.lastSuccessAt} /> : null],
          ]} />
        </div>
        {source.kind === 'price-list' || !source.readable ? null : TROUBLED.has(source.health) ? <>{health}{cost}</> : <>{cost}{health}</>}
        <section className="section"><h2>{t('sources:schedule')}</h2><Schedule source={source} /></section>
        <section className="section"><header className="row" style={{ justifyContent: 'space-between' }}><h2>{t('sources:runs')}</h2>{runs.length > 0 ? <Link to="/scans" search={{ source: source.id } as never} className="small">{t('sources:all-runs')}</Link> : null}</header><Runs runs={runs} /></section>
      </div>
      <footer className="detail-foot"><RunButton source={source} /><span className="grow" /><RemoveSource source={source} /></footer>
    </article>
  );
}
