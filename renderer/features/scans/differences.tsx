import { Button, Select } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconDots, IconMinus, IconPackageImport, IconPlus, IconRotate, IconX, type Icon } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { OfferChange, OfferDifference, ScanRun } from '#contract/scans.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';
import { CHANGE_KINDS, type ScanSearch } from './search.ts';
import './scans.css';

const ICONS: Readonly<Record<OfferChange, Icon>> = { new: IconPlus, back: IconRotate, gone: IconX, cheaper: IconArrowDown, dearer: IconArrowUp, restocked: IconPackageImport, 'sold-out': IconMinus, other: IconDots };

function Kind({ kind }: { readonly kind: OfferChange }) {
  const { t } = useTranslation();
  const KindIcon = ICONS[kind];
  return <span className="row" style={{ gap: '0.25rem' }}><KindIcon size="0.875rem" className="muted" aria-hidden="true" />{t(`scans:kind.${kind}`)}</span>;
}

function Row({ difference: d }: { readonly difference: OfferDifference }) {
  const { t } = useTranslation();
  const format = useFormat();
  const share = d.before && d.after && d.before.currency === d.after.currency && d.before.minor > 0 ? Math.round((d.after.minor / d.before.minor - 1) * 10_000) : 0;
  const stock = (count: number | null) => (count === null ? '–' : format.number(count));
  return (
    <tr>
      <td><div className="scan-title"><a href={d.url} target="_blank" rel="noreferrer noopener" title={d.title}>{d.title}</a>{d.opportunityId ? <Link to="/opportunities" search={{ open: d.opportunityId, decision: 'all' } as never} className="small">{t('scans:opportunity')}</Link> : null}</div></td>
      <td><Kind kind={d.kind} /></td>
      <td data-align="end"><Money value={d.before} /></td>
      <td data-align="end"><Money value={d.after} />{share === 0 ? null : <div className="small num muted">{`${share > 0 ? '+' : '−'}${format.percent(Math.abs(share), 1)}`}</div>}</td>
      <td data-align="end" className="num">{d.stockBefore === d.stockAfter ? stock(d.stockAfter) : `${stock(d.stockBefore)} → ${stock(d.stockAfter)}`}</td>
    </tr>
  );
}

interface DifferencesProps { readonly to: string; readonly run: ScanRun | undefined; readonly runs: readonly ScanRun[]; readonly search: ScanSearch; readonly change: (part: Partial<ScanSearch>, replace?: boolean) => void }

/** How one run found each offer beside how an earlier one did: cheaper first, the largest move on top. */
export function Differences({ to, run, runs, search, change }: DifferencesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { from, kind } = search;
  const query = useInfiniteQuery(orpc.scans.differences.infiniteOptions({ input: (cursor: string | undefined) => ({ to, ...(from ? { from } : {}), ...(kind ? { kind } : {}), ...cursorInput(cursor) }), ...PAGING }));
  const { rows } = useRows<OfferDifference>(query.data);
  const counts = query.data?.pages[0]?.counts;
  const total = counts ? Object.values(counts).reduce((sum, n) => sum + n, 0) : 0;
  const earlier = run ? runs.filter((r) => r.startedAt < run.startedAt && r.state === 'done') : [];
  const body = () => {
    if (query.isPending) return <DetailSkeleton />;
    if (query.error && rows.length === 0) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    if (rows.length === 0) return <p className="muted">{run && run.changes === null && !from ? t('scans:first', { count: run.seen }) : t('scans:none')}</p>;
    return (
      <>
        <table className="plain-table">
          <thead><tr><th scope="col">{t('scans:offer')}</th><th scope="col">{t('scans:what')}</th><th scope="col" data-align="end">{t('scans:before')}</th><th scope="col" data-align="end">{t('scans:after')}</th><th scope="col" data-align="end">{t('scans:stock')}</th></tr></thead>
          <tbody>{rows.map((d) => <Row key={d.offerId} difference={d} />)}</tbody>
        </table>
        {query.hasNextPage ? <Button variant="default" style={{ marginBlockStart: '0.5rem' }} loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('scans:more')}</Button> : null}
      </>
    );
  };
  return (
    <article className="detail">
      <header className="detail-head"><h2>{t('scans:differences')}</h2><p className="small muted">{run ? t('scans:run-at', { at: format.dateTime(run.startedAt) }) : null}</p></header>
      <div className="detail-body" tabIndex={0} role="region" aria-label={t('scans:differences')}>
        <div className="section stack">
          {run?.error ? <div className="notice" role="note">{run.error}</div> : null}
          <Select label={t('scans:compare-with')} w="100%" maw="22rem" value={from ?? ''} data={[{ value: '', label: t('scans:run-before') }, ...earlier.map((r) => ({ value: r.id, label: format.dateTime(r.startedAt) }))]} allowDeselect={false} onChange={(value) => change({ from: value || undefined } as never)} />
          {counts ? (
            <div className="chart-legend" role="group" aria-label={t('scans:kinds')}>
              <button type="button" className="scan-kind" aria-pressed={kind === undefined} onClick={() => change({ kind: undefined } as never)}>{t('scans:all')} <strong className="num">{format.number(total)}</strong></button>
              {CHANGE_KINDS.filter((k) => counts[k] > 0).map((k) => <button key={k} type="button" className="scan-kind" aria-pressed={kind === k} onClick={() => change({ kind: k })}>{t(`scans:kind.${k}`)} <strong className="num">{format.number(counts[k])}</strong></button>)}
            </div>
          ) : null}
        </div>
        <section className="section" style={{ overflowX: 'auto' }}>{body()}</section>
      </div>
    </article>
  );
}
