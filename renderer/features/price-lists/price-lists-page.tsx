import { Button, Progress } from '@mantine/core';
import { IconFileSpreadsheet, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { priceListView } from '#contract/price-lists.ts';
import { orpc } from '../../rpc/client.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { useFormat, type Formatter } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';
import { ListWizard } from './list-wizard.tsx';
import type { ListSearch } from './search.ts';
import { TONES } from './tone.ts';
import { useUpload } from '../../rpc/upload-list.ts';
import './price-lists.css';

type View = z.infer<typeof priceListView>;
const route = getRouteApi('/frame/price-lists');
const rowId = (row: View) => row.id;

function columnsOf(t: TFunction, format: Formatter): Column<View>[] {
  const name = (id: string) => t(`price-lists:column.${id}`);
  const count = (value: number | undefined) => <span className="num">{value === undefined ? '–' : format.number(value)}</span>;
  return [
    { id: 'supplier', header: name('supplier'), size: 200, cell: (r) => <strong>{r.supplier}</strong>, csv: (r) => r.supplier },
    { id: 'file', header: name('file'), size: 240, cell: (r) => r.name, csv: (r) => r.name },
    { id: 'stage', header: name('stage'), size: 170, cell: (r) => <StatusBadge tone={r.error || r.missing.length > 0 ? 'attention' : TONES[r.stage]} label={t(`price-lists:stage.${r.stage}`)} />, csv: (r) => r.stage },
    { id: 'rows', header: name('rows'), size: 100, align: 'end', cell: (r) => count(r.counts?.rows), csv: (r) => String(r.counts?.rows ?? '') },
    { id: 'promising', header: name('promising'), size: 120, align: 'end', cell: (r) => count(r.counts?.promising), csv: (r) => String(r.counts?.promising ?? '') },
    { id: 'asked', header: name('asked'), size: 150, align: 'end', cell: (r) => (r.rest ? <span className="num">{t('price-lists:of', { done: format.number(r.rest.done), total: format.number(r.rest.total) })}</span> : <span className="muted">–</span>), csv: (r) => String(r.rest?.done ?? '') },
    { id: 'opened', header: name('opened'), size: 140, cell: (r) => <span className="muted"><RelativeTime at={r.createdAt} /></span>, csv: (r) => new Date(r.createdAt).toISOString() },
  ];
}

export function PriceListsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const search: ListSearch = route.useSearch();
  const go = (next: ListSearch) => void navigate({ to: '/price-lists', search: next as never });
  const file = useRef<HTMLInputElement>(null);
  const { take, drop, over, sending } = useUpload((id) => go({ id }));
  const choose = <Button leftSection={<IconPlus size="0.875rem" />} loading={sending !== null} onClick={() => file.current?.click()}>{t('price-lists:choose')}</Button>;
  const query = useInfiniteQuery(orpc.priceLists.list.infiniteOptions({ input: (cursor: string | undefined) => cursorInput(cursor), ...PAGING, enabled: search.id === undefined }));
  const { rows } = useRows<View>(query.data);
  const columns = useMemo(() => columnsOf(t, format), [t, format]);
  return (
    <Page title={t('frame:page.price-lists')} tools={<><span className="grow" />{search.id === undefined ? null : <Button variant="default" onClick={() => go({})}>{t('price-lists:all-lists')}</Button>}{choose}</>}>
      <input ref={file} type="file" hidden accept=".csv,.tsv,.txt,.xlsx" aria-label={t('price-lists:choose')} onChange={(event) => { take(event.currentTarget.files); event.currentTarget.value = ''; }} />
      <div className="list-drop" data-over={over} {...drop}>
        {sending ? <div className="list-sending" role="status"><span>{t('price-lists:sending', { name: sending.name })}</span><Progress value={sending.share * 100} size="sm" aria-label={t('price-lists:sending', { name: sending.name })} /></div> : null}
        {search.id !== undefined ? <ListWizard key={search.id} id={search.id} search={search} /> : (
          <DataTable id="price-lists" label={t('frame:page.price-lists')} columns={columns} rows={rows} rowId={rowId} activeId={search.open ?? null} onActive={(open) => void navigate({ to: '/price-lists', search: { open } as never, replace: true })} onOpen={(id) => go({ id })} pages={query}
            empty={<EmptyState icon={<IconFileSpreadsheet size="1.75rem" stroke={1.5} />} title={t('price-lists:empty.title')} action={choose}>{t('price-lists:empty.text')}</EmptyState>} />
        )}
        {over ? <div className="list-cover" aria-hidden="true"><IconFileSpreadsheet size="2rem" stroke={1.5} /><strong>{t('price-lists:drop-here')}</strong></div> : null}
      </div>
    </Page>
  );
}
