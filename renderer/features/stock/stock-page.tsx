import { Button } from '@mantine/core';
import { IconPackage } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { stockRow } from '#contract/selling.ts';
import { LIST_SORTS } from '#contract/words.ts';
import { toDecimal } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { ChosenBar, useChosen } from '../../ui/chosen-bar.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { useFormat, type Formatter } from '../../ui/format.ts';
import { useListFilters, type FilterSearch } from '../../ui/list-filters.tsx';
import { Money } from '../../ui/money.tsx';
import { Page } from '../../ui/page.tsx';
import { SavedViews } from '../../ui/saved-views.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { compact } from '../../ui/search-params.ts';
import { SplitView } from '../../ui/split-view.tsx';
import { stateChip } from '../../ui/state-filter.tsx';
import { DetailSkeleton, EmptyState, ErrorState } from '../../ui/states.tsx';
import { StatusBadge, type StatusTone } from '../../ui/status-badge.tsx';
import { TableMenu } from '../../ui/table-menu.tsx';
import { Total } from '../../ui/total.tsx';
import { eitherWay, useSort, type SortText } from '../../ui/table-sort.ts';
import { useAskedForNew, useListAddress } from '../../ui/use-address.ts';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';
import { STOCK_STATES } from './search.ts';
import { AddStock } from './add-stock.tsx';
import { StockPanel } from './stock-panel.tsx';

type StockRow = z.infer<typeof stockRow>;
const route = getRouteApi('/frame/stock');
type StockSort = (typeof LIST_SORTS)['stock'][number];
const rowId = (row: StockRow) => row.id;
const TONES: Readonly<Record<StockRow['state'], StatusTone>> = { inbound: 'running', 'on-hand': 'done', closed: 'ended' };

/** Of a long number its end: lots of one day begin alike. */
const MOST_SHOWN = 14;
const shortSku = (sku: string) => (sku.length <= MOST_SHOWN ? sku : `…${sku.slice(-8)}`);

function columnsOf(t: TFunction, format: Formatter): Column<StockRow>[] {
  const name = (id: string) => t(`stock:column.${id}`);
  return [
    { id: 'title', header: name('title'), ...eitherWay('title'), size: 320, cell: (r) => <span dir="auto" title={r.title}>{r.title}</span>, csv: (r) => r.title },
    { id: 'sku', header: name('sku'), ...eitherWay('sku'), size: 130, cell: (r) => <span className="num muted" title={r.sku}>{shortSku(r.sku)}</span>, csv: (r) => r.sku },
    { id: 'state', header: name('state'), ...eitherWay('state'), size: 110, cell: (r) => <StatusBadge tone={TONES[r.state]} label={t(`stock:state.${r.state}`)} />, csv: (r) => r.state },
    { id: 'onhand', header: name('onhand'), ...eitherWay('onhand', 'desc'), size: 96, align: 'end', cell: (r) => <span className="num">{format.number(r.onHand)} <span className="muted">/ {format.number(r.quantity)}</span></span>, csv: (r) => String(r.onHand) },
    { id: 'cost', header: name('cost'), ...eitherWay('cost', 'desc'), size: 100, align: 'end', cell: (r) => <Money value={r.unitCost} />, csv: (r) => toDecimal(r.unitCost) },
    { id: 'value', header: name('value'), ...eitherWay('value', 'desc'), size: 110, align: 'end', cell: (r) => <Money value={r.value} />, csv: (r) => toDecimal(r.value), csvCurrency: (r) => r.value.currency },
    { id: 'age', header: name('age'), ...eitherWay('age', 'desc'), size: 84, align: 'end', cell: (r) => <span className="num">{t('stock:days', { count: r.ageDays })}</span>, csv: (r) => String(r.ageDays) },
    { id: 'listing', header: name('listing'), size: 130, cell: (r) => (r.listingState ? <span className="muted">{t(`listings:state.${r.listingState}`, { defaultValue: r.listingState })}</span> : <span className="muted">–</span>), csv: (r) => r.listingState ?? '' },
    { id: 'location', header: name('location'), ...eitherWay('location'), size: 110, optional: true, cell: (r) => r.location, csv: (r) => r.location },
    { id: 'condition', header: name('condition'), ...eitherWay('condition'), size: 100, optional: true, cell: (r) => t(`stock:hand.condition.${r.condition}`, { defaultValue: r.condition }), csv: (r) => r.condition },
  ];
}

export function StockPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search: { state?: StockRow['state']; q?: string; sort?: SortText<StockSort>; second?: SortText<StockSort>; open?: string; new?: true } & FilterSearch<'stock'> = route.useSearch();
  const address = useListAddress(search, '/stock');
  const sort = useSort('stock', search, { keys: LIST_SORTS.stock, usual: '-created', change: address.change });
  const narrow = useListFilters('stock', search, { change: address.narrow, facets: useQuery(orpc.stock.facets.queryOptions({ staleTime: 60_000 })).data });
  const input = compact({ state: search.state, search: search.q, ...narrow.input, ...sort.input });
  const query = useInfiniteQuery(orpc.stock.list.infiniteOptions({ input: (cursor: string | undefined) => ({ ...input, ...cursorInput(cursor) }), ...PAGING }));
  const { rows, total } = useRows<StockRow>(query.data);
  const chosen = useChosen(rows);
  const columns = useMemo(() => columnsOf(t, format), [t, format]);
  const [adding, setAdding] = useState(false);
  useAskedForNew(search, address, () => setAdding(true));
  const filtered = search.state !== undefined || search.q !== undefined || narrow.filtered;
  const listed = rows.find((row) => row.id === search.open);
  // An address may name a lot that no page of the list has brought yet.
  const asked = useQuery({ ...orpc.stock.get.queryOptions({ input: { id: search.open ?? '' } }), enabled: search.open !== undefined && listed === undefined && !query.isPending });
  const open = listed ?? asked.data;
  const panel = open ? <StockPanel key={open.id} lot={open} /> : asked.error ? <ErrorState error={asked.error} onRetry={() => void asked.refetch()} /> : <DetailSkeleton />;
  return (
    <Page title={t('frame:page.stock')} tools={<><SearchBox value={search.q ?? ''} onChange={(q) => address.change({ q: q || undefined })} label={t('stock:search')} /><span className="grow" /><Button onClick={() => setAdding(true)}>{t('stock:hand')}</Button><Button component={Link} to="/inbound" variant="default">{t('stock:inbound')}</Button><Button component={Link} to="/counts" variant="default">{t('stock:counts')}</Button><Button component={Link} to="/fees" variant="default">{t('stock:fees')}</Button><SavedViews page="stock" search={search} onPick={address.pick} /><TableMenu id="stock" columns={columns} rows={rows} /></>} filters={<FilterChips filters={[stateChip({ name: t('stock:column.state'), values: STOCK_STATES, value: search.state, word: (s) => t(`stock:state.${s}`), allLabel: t('stock:all'), onChange: (state) => address.narrow({ state }) }), ...narrow.filters]} trail={<Total total={total} />} />}>
      <ChosenBar rows={chosen.rows} columns={columns} onClear={chosen.clear} />
      <SplitView id="stock" detailLabel={t('stock:detail')} onClose={address.close} detail={search.open === undefined ? null : panel}>
        <DataTable id="stock" label={t('frame:page.stock')} columns={columns} rows={rows} rowId={rowId} total={total?.count} pages={query} activeId={address.activeId} onActive={address.move} onOpen={address.show} sort={sort.sort} second={sort.second} onSort={sort.onSort} selection={chosen.selection} tone={(r) => (r.state === 'closed' ? 'faded' : undefined)}
          empty={filtered ? <EmptyState title={t('stock:empty-filtered.title')} action={<Button variant="default" onClick={() => address.narrow({ state: undefined, q: undefined, ...narrow.cleared })}>{t('stock:empty-filtered.action')}</Button>} />
            : <EmptyState icon={<IconPackage size="1.75rem" stroke={1.5} />} title={t('stock:empty.title')} action={<Button component={Link} to="/purchases">{t('stock:empty.action')}</Button>}>{t('stock:empty.text')}</EmptyState>} />
      </SplitView>
      {adding ? <AddStock opened onClose={() => setAdding(false)} /> : null}
    </Page>
  );
}
