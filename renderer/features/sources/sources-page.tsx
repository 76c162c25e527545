import { Button } from '@mantine/core';
import { IconBuildingStore, IconFileSpreadsheet, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { sourceView } from '#contract/sources.ts';
import { orpc } from '../../rpc/client.ts';
import { useUpload } from '../../rpc/upload-list.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { useFormat, type Formatter } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { SplitView } from '../../ui/split-view.tsx';
import { stateChip } from '../../ui/state-filter.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TableMenu } from '../../ui/table-menu.tsx';
import { eitherWay, sortRows, useSort, type SortText, type SortValues } from '../../ui/table-sort.ts';
import { Total } from '../../ui/total.tsx';
import { useListAddress } from '../../ui/use-address.ts';
import { AddSource } from './add-source.tsx';
import { RunButton, RunProgress } from './run-controls.tsx';
import { SourcePanel } from './source-panel.tsx';
import { SOURCE_SHOWN, SOURCE_SORTS } from './search.ts';
import { healthTone, standingOf } from './tone.ts';
import './sources.css';

type SourceView = z.infer<typeof sourceView>;
const route = getRouteApi('/frame/sources');
const rowId = (row: SourceView) => row.id;
const NONE: readonly SourceView[] = [];
type SourceSort = (typeof SOURCE_SORTS)[number];
interface Search { readonly show?: (typeof SOURCE_SHOWN)[number]; readonly q?: string; readonly sort?: SortText<SourceSort>; readonly second?: SortText<SourceSort>; readonly open?: string; readonly add?: true }

function shownRows(all: readonly SourceView[], { show, q }: Search): readonly SourceView[] {
  const words = q?.toLowerCase();
  const holds = (row: SourceView) => show === undefined || (show === 'needs-you' ? healthTone(row) === 'attention' : standingOf(row) === show);
  return all.filter((row) => holds(row) && (!words || row.name.toLowerCase().includes(words) || row.baseUrl.toLowerCase().includes(words)));
}

/** `added` is the order in which the engine gives them; words are compared as they are read. */
function sortValues(t: TFunction, all: readonly SourceView[]): SortValues<SourceSort, SourceView> {
  const places = new Map(all.map((row, place) => [row.id, place]));
  return {
    added: (r) => places.get(r.id)!, name: (r) => r.name, health: (r) => t(`sources:health.${standingOf(r)}`), offers: (r) => r.offers, open: (r) => r.openOpportunities, success: (r) => r.successBp, last: (r) => r.lastSuccessAt, kind: (r) => t(`sources:kind.${r.kind}`),
  };
}

function columnsOf(t: TFunction, format: Formatter): Column<SourceView>[] {
  const name = (id: string) => t(`sources:column.${id}`);
  return [
    { id: 'name', header: name('name'), ...eitherWay('name'), size: 240, cell: (r) => <span title={r.baseUrl} style={{ fontWeight: 550 }}>{r.name}</span>, csv: (r) => r.name },
    { id: 'health', header: name('health'), ...eitherWay('health'), size: 140, cell: (r) => <StatusBadge tone={healthTone(r)} label={t(`sources:health.${standingOf(r)}`)} />, csv: standingOf },
    { id: 'action', header: name('action'), size: 110, cell: (r) => <RunButton source={r} compact /> },
    { id: 'run', header: name('run'), size: 240, cell: (r) => <RunProgress run={r.lastRun} />, csv: (r) => r.lastRun?.state ?? '' },
    { id: 'offers', header: name('offers'), ...eitherWay('offers', 'desc'), size: 90, align: 'end', cell: (r) => <span className="num">{format.number(r.offers)}</span>, csv: (r) => String(r.offers) },
    { id: 'open', header: name('open'), ...eitherWay('open', 'desc'), size: 120, align: 'end', cell: (r) => <span className="num">{format.number(r.openOpportunities)}</span>, csv: (r) => String(r.openOpportunities) },
    { id: 'success', header: name('success'), ...eitherWay('success'), size: 90, align: 'end', cell: (r) => <span className="num">{r.successBp === null ? '–' : format.percent(r.successBp)}</span>, csv: (r) => String(r.successBp ?? '') },
    { id: 'last', header: name('last'), ...eitherWay('last', 'desc'), size: 120, cell: (r) => <span className="muted"><RelativeTime at={r.lastSuccessAt} /></span>, csv: (r) => (r.lastSuccessAt ? new Date(r.lastSuccessAt).toISOString() : '') },
    { id: 'kind', header: name('kind'), ...eitherWay('kind'), size: 190, cell: (r) => <span className="muted">{t(`sources:kind.${r.kind}`)}</span>, csv: (r) => r.kind },
  ];
}

export function SourcesPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const search: Search = route.useSearch();
  const address = useListAddress(search, '/sources');
  const query = useQuery(orpc.sources.list.queryOptions());
  const all = query.data ?? NONE;
  const sort = useSort('sources', search, { keys: SOURCE_SORTS, usual: 'added', change: address.change });
  const rows = useMemo(() => sortRows(shownRows(all, search), sortValues(t, all), [sort.sort, sort.second]), [all, search, sort.sort, sort.second, t]);
  const filtered = search.show !== undefined || search.q !== undefined;
  const columns = useMemo(() => columnsOf(t, format), [t, format]);
  const file = useRef<HTMLInputElement>(null);
  // a price list goes through its own page: columns, a free first pass, the cost of the rest
  const { take, drop, over, sending } = useUpload((id) => void navigate({ to: '/price-lists', search: { id } as never }));
  const setAdd = (add: boolean) => address.change({ add: add || undefined });
  return (
    <Page title={t('frame:page.sources')} tools={<><SearchBox value={search.q ?? ''} onChange={(q) => address.change({ q: q || undefined })} label={t('sources:search')} /><span className="grow" />
      <Button variant="default" leftSection={<IconFileSpreadsheet size="0.875rem" />} loading={sending !== null} onClick={() => file.current?.click()}>{t('sources:import')}</Button>
      <Button leftSection={<IconPlus size="0.875rem" />} onClick={() => setAdd(true)}>{t('sources:add')}</Button><TableMenu id="sources" columns={columns} rows={rows} /></>} filters={<FilterChips filters={[stateChip({ name: t('sources:column.health'), values: SOURCE_SHOWN, value: search.show, word: (s) => t(s === 'needs-you' ? 'sources:shown.needs-you' : `sources:health.${s}`), allLabel: t('sources:shown.all'), onChange: (show) => address.narrow({ show }) }, 'show')]} trail={<Total total={query.data ? { count: rows.length, capped: false } : undefined} />} />}>
      <input ref={file} type="file" hidden accept=".csv,.tsv,.txt,.xlsx" aria-label={t('sources:import')} onChange={(event) => { take(event.currentTarget.files); event.currentTarget.value = ''; }} />
      <div className="drop-zone" data-over={over} {...drop}>
        <SplitView id="sources" detailLabel={t('sources:detail')} onClose={address.close} detail={search.open === undefined ? null : <SourcePanel key={search.open} id={search.open} />}>
          <DataTable id="sources" label={t('frame:page.sources')} columns={columns} rows={rows} rowId={rowId} activeId={address.activeId} onActive={address.move} onOpen={address.show} sort={sort.sort} second={sort.second} onSort={sort.onSort} total={rows.length} tone={(r) => (r.enabled ? undefined : 'faded')}
            pages={{ isPending: query.isPending, error: query.error, hasNextPage: false, isFetchingNextPage: false, fetchNextPage: () => undefined, refetch: query.refetch }}
            empty={filtered ? <EmptyState title={t('sources:empty-filtered.title')} action={<Button variant="default" onClick={() => address.narrow({ show: undefined, q: undefined })}>{t('sources:empty-filtered.action')}</Button>} />
              : <EmptyState icon={<IconBuildingStore size="1.75rem" stroke={1.5} />} title={t('sources:empty.title')} action={<Button onClick={() => setAdd(true)}>{t('sources:add')}</Button>}>{t('sources:empty.text')}</EmptyState>} />
          <p className="small muted drop-hint">{t('sources:drop-hint')}</p>
        </SplitView>
        {over ? <div className="drop-cover" aria-hidden="true"><IconFileSpreadsheet size="2rem" stroke={1.5} /><strong>{t('sources:drop-here')}</strong></div> : null}
      </div>
      <AddSource opened={search.add === true} onClose={() => setAdd(false)} onAdded={(id) => void navigate({ to: '/sources', search: { open: id } as never, replace: true })} />
    </Page>
  );
}
