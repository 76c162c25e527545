import { Button, Progress } from '@mantine/core';
import { IconFileSpreadsheet, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { priceListView } from '#contract/price-lists.ts';
import { LIST_SORTS } from '#contract/words.ts';
import { orpc } from '../../rpc/client.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { useFormat, type Formatter } from '../../ui/format.ts';
import { useListFilters } from '../../ui/list-filters.tsx';
import { Page } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { SavedViews } from '../../ui/saved-views.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { compact } from '../../ui/search-params.ts';
import { stateChip } from '../../ui/state-filter.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TableMenu } from '../../ui/table-menu.tsx';
import { eitherWay, useSort } from '../../ui/table-sort.ts';
import { Total } from '../../ui/total.tsx';
import { useListAddress } from '../../ui/use-address.ts';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';
import { ListWizard } from './list-wizard.tsx';
import { STAGES, type ListSearch, type ListsSearch } from './search.ts';
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
    { id: 'supplier', header: name('supplier'), ...eitherWay('supplier'), size: 200, cell: (r) => <strong>{r.supplier}</strong>, csv: (r) => r.supplier },
    { id: 'file', header: name('file'), ...eitherWay('file'), size: 240, cell: (r) => r.name, csv: (r) => r.name },
    { id: 'stage', header: name('stage'), ...eitherWay('stage'), size: 170, cell: (r) => <StatusBadge tone={r.error || r.missing.length > 0 ? 'attention' : TONES[r.stage]} label={t(`price-lists:stage.${r.stage}`)} />, csv: (r) => r.stage },
    { id: 'rows', header: name('rows'), ...eitherWay('rows', 'desc'), size: 100, align: 'end', cell: (r) => count(r.counts?.rows), csv: (r) => String(r.counts?.rows ?? '') },
    { id: 'promising', header: name('promising'), ...eitherWay('promising', 'desc'), size: 120, align: 'end', cell: (r) => count(r.counts?.promising), csv: (r) => String(r.counts?.promising ?? '') },
    { id: 'asked', header: name('asked'), ...eitherWay('asked', 'desc'), size: 150, align: 'end', cell: (r) => (r.rest ? <span className="num">{t('price-lists:of', { done: format.number(r.rest.done), total: format.number(r.rest.total) })}</span> : <span className="muted">–</span>), csv: (r) => String(r.rest?.done ?? '') },
    { id: 'opened', header: name('opened'), ...eitherWay('opened', 'desc'), size: 140, cell: (r) => <span className="muted"><RelativeTime at={r.createdAt} /></span>, csv: (r) => new Date(r.createdAt).toISOString() },
  ];
}

/** Suppliers' lists that were opened, beside what opens another. */
function Lists({ search, choose }: { readonly search: ListsSearch; readonly choose: ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const address = useListAddress(search, '/price-lists');
  const sort = useSort('price-lists', search, { keys: LIST_SORTS['price-lists'], usual: '-opened', change: address.change });
  const narrow = useListFilters('price-lists', search, { change: address.narrow, facets: useQuery(orpc.priceLists.facets.queryOptions({ staleTime: 60_000 })).data });
  const input = compact({ stage: search.stage, search: search.q, ...narrow.input, ...sort.input });
  const query = useInfiniteQuery(orpc.priceLists.list.infiniteOptions({ input: (cursor: string | undefined) => ({ ...input, ...cursorInput(cursor) }), ...PAGING }));
  const { rows, total } = useRows<View>(query.data);
  const columns = useMemo(() => columnsOf(t, format), [t, format]);
  const filtered = search.stage !== undefined || search.q !== undefined || narrow.filtered;
  return (
    <Page title={t('frame:page.price-lists')} tools={<><SearchBox value={search.q ?? ''} onChange={(q) => address.change({ q: q || undefined })} label={t('price-lists:search-lists')} /><span className="grow" />{choose}<SavedViews page="price-lists" search={search} onPick={address.pick} /><TableMenu id="price-lists" columns={columns} rows={rows} /></>} filters={<FilterChips filters={[stateChip({ name: t('price-lists:column.stage'), values: STAGES, value: search.stage, word: (s) => t(`price-lists:stage.${s}`), allLabel: t('price-lists:all-lists'), onChange: (stage) => address.narrow({ stage }) }, 'stage'), ...narrow.filters]} trail={<Total total={total} />} />}>
      <DataTable id="price-lists" label={t('frame:page.price-lists')} columns={columns} rows={rows} rowId={rowId} total={total?.count} pages={query} activeId={address.activeId} onActive={(open) => address.change({ open })} onOpen={(id) => void navigate({ to: '/price-lists', search: { id } as never })} sort={sort.sort} second={sort.second} onSort={sort.onSort}
        empty={filtered ? <EmptyState title={t('price-lists:empty-filtered.title')} action={<Button variant="default" onClick={() => address.narrow({ stage: undefined, q: undefined, ...narrow.cleared })}>{t('price-lists:empty-filtered.action')}</Button>} />
          : <EmptyState icon={<IconFileSpreadsheet size="1.75rem" stroke={1.5} />} title={t('price-lists:empty.title')} action={choose}>{t('price-lists:empty.text')}</EmptyState>} />
    </Page>
  );
}

function OneList({ id, search, choose }: { readonly id: string; readonly search: ListSearch; readonly choose: ReactNode }) {
  const { t } = useTranslation();
  return <Page title={t('frame:page.price-lists')} tools={<><span className="grow" /><Button variant="default" component={Link} to="/price-lists">{t('price-lists:all-lists')}</Button>{choose}</>}><ListWizard key={id} id={id} search={search} /></Page>;
}

export function PriceListsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search: ListSearch | ListsSearch = route.useSearch();
  const file = useRef<HTMLInputElement>(null);
  const { take, drop, over, sending } = useUpload((id) => void navigate({ to: '/price-lists', search: { id } as never }));
  const choose = <Button leftSection={<IconPlus size="0.875rem" />} loading={sending !== null} onClick={() => file.current?.click()}>{t('price-lists:choose')}</Button>;
  return (
    <div className="list-drop" data-over={over} {...drop}>
      <input ref={file} type="file" hidden accept=".csv,.tsv,.txt,.xlsx" aria-label={t('price-lists:choose')} onChange={(event) => { take(event.currentTarget.files); event.currentTarget.value = ''; }} />
      {sending ? <div className="list-sending" role="status"><span>{t('price-lists:sending', { name: sending.name })}</span><Progress value={sending.share * 100} size="sm" aria-label={t('price-lists:sending', { name: sending.name })} /></div> : null}
      {'id' in search && search.id !== undefined ? <OneList id={search.id} search={search} choose={choose} /> : <Lists search={search as ListsSearch} choose={choose} />}
      {over ? <div className="list-cover" aria-hidden="true"><IconFileSpreadsheet size="2rem" stroke={1.5} /><strong>{t('price-lists:drop-here')}</strong></div> : null}
    </div>
  );
}
