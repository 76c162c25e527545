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
import { useFormat, type Formatter } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { compact } from '../../ui/search-params.ts';
import { SplitView } from '../../ui/split-view.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { useListAddress } from '../../ui/use-address.ts';
import { AddSource } from './add-source.tsx';
import { RunButton, RunProgress } from './run-controls.tsx';
import { SourcePanel } from './source-panel.tsx';
import { healthTone } from './tone.ts';
import './sources.css';

type SourceView = z.infer<typeof sourceView>;
const route = getRouteApi('/frame/sources');
const rowId = (row: SourceView) => row.id;
const NONE: readonly SourceView[] = [];

function columnsOf(t: TFunction, format: Formatter): Column<SourceView>[] {
  const name = (id: string) => t(`sources:column.${id}`);
  return [
    { id: 'name', header: name('name'), size: 240, cell: (r) => <span title={r.baseUrl} style={{ fontWeight: 550 }}>{r.name}</span>, csv: (r) => r.name },
    { id: 'health', header: name('health'), size: 140, cell: (r) => <StatusBadge tone={healthTone(r)} label={r.enabled ? t(`sources:health.${r.health}`) : t('sources:disabled')} />, csv: (r) => r.health },
    { id: 'action', header: name('action'), size: 110, cell: (r) => <RunButton source={r} compact /> },
    { id: 'run', header: name('run'), size: 240, cell: (r) => <RunProgress run={r.lastRun} />, csv: (r) => r.lastRun?.state ?? '' },
    { id: 'offers', header: name('offers'), size: 90, align: 'end', cell: (r) => <span className="num">{format.number(r.offers)}</span>, csv: (r) => String(r.offers) },
    { id: 'open', header: name('open'), size: 120, align: 'end', cell: (r) => <span className="num">{format.number(r.openOpportunities)}</span>, csv: (r) => String(r.openOpportunities) },
    { id: 'success', header: name('success'), size: 90, align: 'end', cell: (r) => <span className="num">{r.successBp === null ? '–' : format.percent(r.successBp)}</span>, csv: (r) => String(r.successBp ?? '') },
    { id: 'last', header: name('last'), size: 120, cell: (r) => <span className="muted"><RelativeTime at={r.lastSuccessAt} /></span>, csv: (r) => (r.lastSuccessAt ? new Date(r.lastSuccessAt).toISOString() : '') },
    { id: 'kind', header: name('kind'), size: 190, cell: (r) => <span className="muted">{t(`sources:kind.${r.kind}`)}</span>, csv: (r) => r.kind },
  ];
}

export function SourcesPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const search: { open?: string; add?: boolean } = route.useSearch();
  const address = useListAddress(search, '/sources');
  const query = useQuery(orpc.sources.list.queryOptions());
  const rows = query.data ?? NONE;
  const columns = useMemo(() => columnsOf(t, format), [t, format]);
  const file = useRef<HTMLInputElement>(null);
  // a price list goes through its own page: columns, a free first pass, the cost of the rest
  const { take, drop, over, sending } = useUpload((id) => void navigate({ to: '/price-lists', search: { id } as never }));
  const setAdd = (add: boolean) => void navigate({ to: '/sources', search: compact({ open: search.open, add: add || undefined }) as never, replace: true });
  return (
    <Page title={t('frame:page.sources')} tools={<><span className="small muted num">{query.data ? t('sources:count', { count: rows.length }) : null}</span><span className="grow" />
      <Button variant="default" leftSection={<IconFileSpreadsheet size="0.875rem" />} loading={sending !== null} onClick={() => file.current?.click()}>{t('sources:import')}</Button>
      <Button leftSection={<IconPlus size="0.875rem" />} onClick={() => setAdd(true)}>{t('sources:add')}</Button></>}>
      <input ref={file} type="file" hidden accept=".csv,.tsv,.txt,.xlsx" aria-label={t('sources:import')} onChange={(event) => { take(event.currentTarget.files); event.currentTarget.value = ''; }} />
      <div className="drop-zone" data-over={over} {...drop}>
        <SplitView id="sources" detailLabel={t('sources:detail')} onClose={address.close} detail={search.open === undefined ? null : <SourcePanel key={search.open} id={search.open} />}>
          <DataTable id="sources" label={t('frame:page.sources')} columns={columns} rows={rows} rowId={rowId} activeId={address.activeId} onActive={address.move} onOpen={address.show}
            pages={{ isPending: query.isPending, error: query.error, hasNextPage: false, isFetchingNextPage: false, fetchNextPage: () => undefined, refetch: query.refetch }}
            empty={<EmptyState icon={<IconBuildingStore size="1.75rem" stroke={1.5} />} title={t('sources:empty.title')} action={<Button onClick={() => setAdd(true)}>{t('sources:add')}</Button>}>{t('sources:empty.text')}</EmptyState>} />
          <p className="small muted drop-hint">{t('sources:drop-hint')}</p>
        </SplitView>
        {over ? <div className="drop-cover" aria-hidden="true"><IconFileSpreadsheet size="2rem" stroke={1.5} /><strong>{t('sources:drop-here')}</strong></div> : null}
      </div>
      <AddSource opened={search.add === true} onClose={() => setAdd(false)} onAdded={(id) => void navigate({ to: '/sources', search: { open: id } as never, replace: true })} />
    </Page>
  );
}
