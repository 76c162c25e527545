import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { IconReportAnalytics } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { useFormat } from '../../ui/format.ts';
import { ProfitBars } from '../../ui/profit-bars.tsx';
import { SplitView } from '../../ui/split-view.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { TableMenu } from '../../ui/table-menu.tsx';
import type { ListAddress } from '../../ui/use-address.ts';
import { LinesPanel } from './lines-panel.tsx';
import { daysOf, type Period } from './period.ts';
import { ReportFigures } from './report-figures.tsx';
import { columnsOf, OTHERS, type TableRow } from './row-columns.tsx';
import { rowName } from './row-name.ts';
import { SPLITS, type ReportSearch, type Split } from './search.ts';

/** More days than that are drawn as months. */
const MOST_BARS = 92;
const rowId = (row: TableRow) => row.id;
const NO_PAGES = { hasNextPage: false, isFetchingNextPage: false, fetchNextPage: () => undefined };

function Course({ period }: { readonly period: Period }) {
  const { t } = useTranslation();
  const by = daysOf(period) > MOST_BARS ? 'month' : 'day';
  const { data, error, refetch } = useQuery(orpc.reports.rows.queryOptions({ input: { from: period.from, to: period.to, by }, placeholderData: keepPreviousData }));
  const days = useMemo(() => (data?.rows ?? []).map((row) => ({ day: row.key.length === 7 ? `${row.key}-01` : row.key, profit: row.home.profit })), [data]);
  return <section className="card report-card"><h2>{t(`reports:course.${by}`)}</h2>{error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : data ? <ProfitBars days={days} /> : <Skeleton height="6rem" />}</section>;
}

function useTable(period: Period, by: Split) {
  const rows = useQuery(orpc.reports.rows.queryOptions({ input: { from: period.from, to: period.to, by }, placeholderData: keepPreviousData }));
  const earlier = useQuery(orpc.reports.rows.queryOptions({ input: { ...period.before, by }, enabled: by !== 'month' && rows.isSuccess }));
  const before = useMemo(() => (earlier.data ? { rows: new Map(earlier.data.rows.map((row) => [row.key, row])), all: earlier.data.others === null } : null), [earlier.data]);
  const list = useMemo((): TableRow[] => {
    if (!rows.data) return [];
    const { rows: all, others } = rows.data;
    return [...all.map((row) => ({ ...row, id: `.${row.key}` })), ...(others ? [{ ...others.row, id: OTHERS, others: others.count }] : [])];
  }, [rows.data]);
  return { rows, before, list };
}

/** What was earned: the sums, their course, and the table by which they are split. */
export function EarnedView({ period, search, address, wholeYear }: { readonly period: Period; readonly search: ReportSearch; readonly address: ListAddress<ReportSearch>; /** Null where it is shown. */ readonly wholeYear: (() => void) | null }) {
  const { t, i18n: { language } } = useTranslation();
  const format = useFormat();
  const by = search.by ?? 'channel';
  const summary = useQuery(orpc.reports.summary.queryOptions({ input: { from: period.from, to: period.to }, placeholderData: keepPreviousData }));
  const earlier = useQuery(orpc.reports.brief.queryOptions({ input: { ...period.before }, enabled: summary.isSuccess }));
  const { rows, before, list } = useTable(period, by);
  const columns = useMemo(() => columnsOf({ t, format, language, by, before }), [t, format, language, by, before]);
  const opened = search.open?.startsWith('.') ? { key: search.open.slice(1), label: null, ...list.find((row) => row.id === search.open) } : null;
  if (summary.error && !summary.data) return <ErrorState error={summary.error} onRetry={() => void summary.refetch()} />;
  if (summary.data && summary.data.currencies.length === 0 && rows.isSuccess && list.length === 0) return <NothingSold onYear={wholeYear} />;
  const open = (id: string) => { if (id !== OTHERS) address.show(id); };
  return (
    <>
      <div className="report-top">{summary.data ? <ReportFigures data={summary.data} earlier={earlier.data} /> : <Skeleton height="11rem" />}<Course period={period} /></div>
      <div className="report-table">
        <header><SegmentedControl size="xs" value={by} onChange={(value) => address.change({ by: value, open: undefined })} data={SPLITS.map((value) => ({ value, label: t(`reports:by.${value}`) }))} aria-label={t('reports:by')} /><span className="grow" /><TableMenu id="reports" columns={columns} rows={list} /></header>
        <SplitView id="reports" detailLabel={t('reports:behind')} onClose={address.close} detail={opened ? <LinesPanel key={`${by} ${opened.key}`} days={period} by={by} rowKey={opened.key} name={rowName(t, language, opened, by)} /> : null}>
          <DataTable id="reports" label={t('reports:table', { by: t(`reports:by.${by}`) })} columns={columns} rows={list} rowId={rowId} total={list.length} pages={{ ...NO_PAGES, isPending: rows.isPending, error: rows.error, refetch: rows.refetch }} activeId={address.activeId} onActive={(id) => { if (id !== OTHERS) address.move(id); }} onOpen={open}
            empty={<EmptyState title={t('reports:empty-table')} />} />
        </SplitView>
      </div>
    </>
  );
}

function NothingSold({ onYear }: { readonly onYear: (() => void) | null }) {
  const { t } = useTranslation();
  return (
    <EmptyState icon={<IconReportAnalytics size="1.75rem" stroke={1.5} />} title={t('reports:empty.title')} action={onYear === null ? <Button component={Link} to="/opportunities">{t('reports:empty.action')}</Button> : <Button onClick={onYear}>{t('reports:empty.year')}</Button>}>{t('reports:empty.text')}</EmptyState>
  );
}
