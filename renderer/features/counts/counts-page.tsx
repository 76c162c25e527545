import { Button, SegmentedControl } from '@mantine/core';
import { IconClipboardCheck, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StockCountRow } from '#contract/stock-counts.ts';
import { LIST_SORTS } from '#contract/words.ts';
import { orpc } from '../../rpc/client.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { useFormat, type Formatter } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { compact } from '../../ui/search-params.ts';
import { SplitView } from '../../ui/split-view.tsx';
import { stateChip } from '../../ui/state-filter.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { eitherWay, useSort, type SortText } from '../../ui/table-sort.ts';
import { Total } from '../../ui/total.tsx';
import { useAskedForNew, useListAddress } from '../../ui/use-address.ts';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';
import { Costs } from './costs.tsx';
import { COUNT_TONES, CountPanel } from './count-panel.tsx';
import { NewCount } from './new-count.tsx';
import { Places } from './places.tsx';
import { COUNT_STATES, COUNT_VIEWS } from './search.ts';

const route = getRouteApi('/frame/counts');
type CountSort = (typeof LIST_SORTS)['counts'][number];
const rowId = (row: StockCountRow) => row.id;
interface Place { readonly location: string | null; readonly condition: string | null }

function columnsOf(t: TFunction, format: Formatter): Column<StockCountRow>[] {
  const name = (id: string) => t(`counts:column.${id}`);
  const signed = (value: number) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${format.number(Math.abs(value))}`;
  return [
    { id: 'name', header: name('name'), ...eitherWay('name'), size: 260, cell: (r) => <span title={r.name}>{r.name}</span>, csv: (r) => r.name },
    { id: 'state', header: name('state'), ...eitherWay('state'), size: 120, cell: (r) => <StatusBadge tone={COUNT_TONES[r.state]} label={t(`counts:state.${r.state}`)} />, csv: (r) => r.state },
    { id: 'counted', header: name('counted'), ...eitherWay('counted', 'desc'), size: 110, align: 'end', cell: (r) => <span className="num">{t('counts:of', { counted: format.number(r.counted), lines: format.number(r.lines) })}</span>, csv: (r) => `${r.counted}/${r.lines}` },
    { id: 'difference', header: name('difference'), ...eitherWay('difference'), size: 100, align: 'end', cell: (r) => <span className={`num${r.difference === 0 ? ' muted' : ''}`}>{signed(r.difference)}</span>, csv: (r) => String(r.difference) },
    { id: 'place', header: t('stock:column.location'), ...eitherWay('place'), size: 140, cell: (r) => r.location ?? <span className="muted">{t('counts:everywhere')}</span>, csv: (r) => r.location ?? '' },
    { id: 'created', header: name('created'), ...eitherWay('created', 'desc'), size: 120, cell: (r) => <span className="muted"><RelativeTime at={r.createdAt} /></span>, csv: (r) => new Date(r.createdAt).toISOString() },
    { id: 'booked', header: name('booked'), ...eitherWay('booked', 'desc'), size: 120, cell: (r) => <span className="muted"><RelativeTime at={r.bookedAt} /></span>, csv: (r) => (r.bookedAt === null ? '' : new Date(r.bookedAt).toISOString()) },
  ];
}

/** Stock by place and condition, and the sheets by which it is counted. */
export function CountsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search: { view?: (typeof COUNT_VIEWS)[number]; state?: (typeof COUNT_STATES)[number]; q?: string; sort?: SortText<CountSort>; second?: SortText<CountSort>; open?: string; new?: true } = route.useSearch();
  const address = useListAddress(search, '/counts');
  const view = search.view ?? 'counts';
  const sort = useSort('counts', search, { keys: LIST_SORTS.counts, usual: '-created', change: address.change });
  const input = compact({ state: search.state, search: search.q, ...sort.input });
  const query = useInfiniteQuery(orpc.stockCounts.list.infiniteOptions({ input: (cursor: string | undefined) => ({ ...input, ...cursorInput(cursor) }), ...PAGING, enabled: view === 'counts' }));
  const { rows, total } = useRows<StockCountRow>(query.data);
  const columns = useMemo(() => columnsOf(t, format), [t, format]);
  const [making, make] = useState<Place | null>(null);
  useAskedForNew(search, address, () => make({ location: null, condition: null }));
  const filtered = search.state !== undefined || search.q !== undefined;
  const fresh = () => make({ location: null, condition: null });
  return (
    <Page title={t('frame:page.counts')} tools={<><SegmentedControl size="xs" aria-label={t('counts:view')} value={view} data={COUNT_VIEWS.map((value) => ({ value, label: t(`counts:view.${value}`) }))} onChange={(value) => address.change({ view: value === 'counts' ? undefined : value, open: undefined })} />
      {view === 'counts' ? <SearchBox value={search.q ?? ''} onChange={(q) => address.change({ q: q || undefined })} label={t('counts:search')} /> : null}<span className="grow" />
      <Button leftSection={<IconPlus size="1rem" />} onClick={fresh}>{t('counts:new')}</Button><Button component={Link} to="/stock" variant="default">{t('counts:to-stock')}</Button></>} filters={view === 'counts' ? <FilterChips filters={[stateChip({ name: t('counts:column.state'), values: COUNT_STATES, value: search.state, word: (s) => t(`counts:state.${s}`), allLabel: t('counts:all'), onChange: (state) => address.narrow({ state }) })]} trail={<Total total={total} />} /> : undefined}>
      {view === 'places' ? <Places onCount={make} /> : view === 'costs' ? <Costs /> : (
        <SplitView id="counts" detailLabel={t('counts:detail')} onClose={address.close} detail={search.open === undefined ? null : <CountPanel key={search.open} id={search.open} />}>
          <DataTable id="counts" label={t('frame:page.counts')} columns={columns} rows={rows} rowId={rowId} total={total?.count} pages={query} activeId={address.activeId} onActive={address.move} onOpen={address.show} sort={sort.sort} second={sort.second} onSort={sort.onSort} tone={(r) => (r.state === 'undone' || r.state === 'cancelled' ? 'faded' : undefined)}
            empty={filtered ? <EmptyState title={t('counts:empty-filtered.title')} action={<Button variant="default" onClick={() => address.narrow({ state: undefined, q: undefined })}>{t('counts:empty-filtered.action')}</Button>} />
              : <EmptyState icon={<IconClipboardCheck size="1.75rem" stroke={1.5} />} title={t('counts:empty')} action={<Button onClick={fresh}>{t('counts:new')}</Button>}>{t('counts:empty-text')}</EmptyState>} />
        </SplitView>
      )}
      {making ? <NewCount place={making} onClose={() => make(null)} onMade={(id) => { address.change({ view: undefined, state: undefined, open: id }); }} /> : null}
    </Page>
  );
}
