import { Button, Select } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScanRun } from '#contract/scans.ts';
import { orpc } from '../../rpc/client.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { useFormat, type Formatter } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { compact } from '../../ui/search-params.ts';
import { SplitView } from '../../ui/split-view.tsx';
import { EmptyState, ErrorState, TableSkeleton } from '../../ui/states.tsx';
import { TableMenu } from '../../ui/table-menu.tsx';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';
import { Differences } from './differences.tsx';
import type { ScanSearch } from './search.ts';

const route = getRouteApi('/frame/scans');
const rowId = (run: ScanRun) => run.id;
const tone = (run: ScanRun) => (run.state === 'failed' ? 'attention' as const : undefined);

function runColumns(t: (key: string) => string, format: Formatter): Column<ScanRun>[] {
  const count = (id: string, of: (run: ScanRun) => number | undefined): Column<ScanRun> => ({
    id, header: t(`scans:column.${id}`), size: 84, align: 'end', cell: (r) => { const value = of(r); return value === undefined ? <span className="muted">–</span> : <span className={value === 0 ? 'num muted' : 'num'}>{format.number(value)}</span>; }, csv: (r) => String(of(r) ?? ''),
  });
  return [
    { id: 'started', header: t('scans:column.started'), size: 170, cell: (r) => <span title={format.dateTime(r.startedAt)}><RelativeTime at={r.startedAt} /></span>, csv: (r) => new Date(r.startedAt).toISOString() },
    { id: 'state', header: t('scans:column.state'), size: 110, cell: (r) => <span className={r.state === 'failed' ? 'attention' : undefined} title={r.error ?? undefined}>{t(`sources:run-state.${r.state}`)}</span>, csv: (r) => r.state },
    count('found', (r) => r.seen), count('new', (r) => (r.changes ? r.changes.new + r.changes.back : r.added)), count('gone', (r) => r.changes?.gone), count('cheaper', (r) => r.changes?.cheaper), count('dearer', (r) => r.changes?.dearer),
    count('restocked', (r) => r.changes?.restocked), count('sold-out', (r) => r.changes?.['sold-out']), count('failed', (r) => r.rejected), count('opportunities', (r) => r.opportunities),
    { ...count('requests', (r) => r.requests), optional: true },
    { id: 'took', header: t('scans:column.took'), size: 96, align: 'end', optional: true, cell: (r) => <span className="num muted">{r.finishedAt === null ? '–' : format.duration((r.finishedAt - r.startedAt) / 1_000)}</span>, csv: (r) => (r.finishedAt === null ? '' : String(Math.round((r.finishedAt - r.startedAt) / 1_000))) },
  ];
}

interface RunsProps { readonly search: ScanSearch; readonly sourceId: string; readonly change: (part: Partial<ScanSearch>, replace?: boolean) => void; readonly columns: readonly Column<ScanRun>[] }

function useRuns(sourceId: string) {
  const query = useInfiniteQuery(orpc.scans.runs.infiniteOptions({ input: (cursor: string | undefined) => ({ sourceId, ...cursorInput(cursor) }), ...PAGING }));
  return { query, ...useRows<ScanRun>(query.data) };
}

function Runs({ search, sourceId, change, columns }: RunsProps) {
  const { t } = useTranslation();
  const { query, rows, total } = useRuns(sourceId);
  const run = rows.find((r) => r.id === search.run);
  const close = () => change({ run: undefined, from: undefined, kind: undefined } as never, false);
  return (
    <SplitView id="scans" detailLabel={t('scans:differences')} onClose={close} detail={search.run === undefined ? null : <Differences key={search.run} to={search.run} run={run} runs={rows} search={search} change={change} />}>
      <DataTable id="scans" label={t('frame:page.scans')} columns={columns} rows={rows} rowId={rowId} total={total?.count} pages={query} tone={tone} activeId={search.run ?? null}
        onActive={(id) => change({ run: id, from: undefined } as never)} onOpen={(id) => change({ run: id, from: undefined } as never, search.run !== undefined)}
        empty={<EmptyState icon={<IconHistory size="1.75rem" stroke={1.5} />} title={t('scans:empty.title')} action={<Button component={Link} to="/sources" search={{ open: sourceId } as never}>{t('scans:empty.action')}</Button>}>{t('scans:empty.text')}</EmptyState>} />
    </SplitView>
  );
}

/** Every run of a source, and what differs between two of them. */
export function ScansPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const search: ScanSearch = route.useSearch();
  const sources = useQuery(orpc.sources.list.queryOptions());
  const sourceId = search.source ?? sources.data?.find((s) => s.lastRun !== null)?.id ?? sources.data?.[0]?.id;
  const columns = useMemo(() => runColumns(t, format), [t, format]);
  const change = (part: Partial<ScanSearch>, replace = true) => void navigate({ to: '/scans', search: compact({ ...search, ...part }) as never, replace });
  const body = () => {
    if (sources.isPending) return <TableSkeleton columns={7} />;
    if (sources.error && !sources.data) return <ErrorState error={sources.error} onRetry={() => void sources.refetch()} />;
    if (sourceId === undefined) return <EmptyState icon={<IconHistory size="1.75rem" stroke={1.5} />} title={t('scans:no-source.title')} action={<Button component={Link} to="/sources">{t('scans:no-source.action')}</Button>}>{t('scans:no-source.text')}</EmptyState>;
    return <Runs search={search} sourceId={sourceId} change={change} columns={columns} />;
  };
  return (
    <Page title={t('frame:page.scans')} tools={<>
      {sources.data && sources.data.length > 0 ? <Select w="15rem" searchable aria-label={t('scans:source')} value={sourceId ?? null} data={sources.data.map((s) => ({ value: s.id, label: s.name }))} onChange={(value) => { if (value) void navigate({ to: '/scans', search: { source: value } as never, replace: true }); }} allowDeselect={false} /> : null}
      <span className="grow" />
      {sourceId === undefined ? null : <Button component={Link} to="/sources" search={{ open: sourceId } as never} variant="default">{t('scans:to-source')}</Button>}
      {sourceId === undefined ? null : <RunsMenu sourceId={sourceId} columns={columns} />}
    </>}>{body()}</Page>
  );
}

function RunsMenu({ sourceId, columns }: { readonly sourceId: string; readonly columns: readonly Column<ScanRun>[] }) {
  const { rows } = useRuns(sourceId);
  return <TableMenu id="scans" columns={columns} rows={rows} />;
}
