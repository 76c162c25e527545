import { Button } from '@mantine/core';
import { IconReceipt2, IconRefresh } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { orderRow } from '#contract/selling.ts';
import { LIST_SORTS } from '#contract/words.ts';
import { toDecimal } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { ChosenBar, useChosen } from '../../ui/chosen-bar.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { useFormat, type Formatter } from '../../ui/format.ts';
import { useListFilters, type FilterSearch } from '../../ui/list-filters.tsx';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { Page } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { SavedViews } from '../../ui/saved-views.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { compact } from '../../ui/search-params.ts';
import { SplitView } from '../../ui/split-view.tsx';
import { stateChip } from '../../ui/state-filter.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TableMenu } from '../../ui/table-menu.tsx';
import { Total } from '../../ui/total.tsx';
import { eitherWay, useSort, type SortText } from '../../ui/table-sort.ts';
import { useListAddress } from '../../ui/use-address.ts';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';
import { OrderPanel } from './order-panel.tsx';
import { ORDER_STATES } from './search.ts';
import { orderTone } from './tone.ts';

type OrderRow = z.infer<typeof orderRow>;
const route = getRouteApi('/frame/orders');
type OrderSort = (typeof LIST_SORTS)['orders'][number];
const rowId = (row: OrderRow) => row.id;

function columnsOf(t: TFunction, format: Formatter): Column<OrderRow>[] {
  const name = (id: string) => t(`orders:column.${id}`);
  return [
    { id: 'title', header: name('title'), ...eitherWay('title'), size: 300, cell: (r) => <span dir="auto" title={r.title}>{r.title}</span>, csv: (r) => r.title },
    { id: 'state', header: name('state'), ...eitherWay('state'), size: 120, cell: (r) => <StatusBadge tone={orderTone(r.state)} label={t(`orders:state.${r.state}`)} />, csv: (r) => r.state },
    { id: 'units', header: name('units'), ...eitherWay('units', 'desc'), size: 68, align: 'end', cell: (r) => <span className="num">{format.number(r.units)}</span>, csv: (r) => String(r.units) },
    { id: 'total', header: name('total'), ...eitherWay('total', 'desc'), size: 100, align: 'end', cell: (r) => <Money value={r.total} />, csv: (r) => toDecimal(r.total), csvCurrency: (r) => r.total.currency },
    { id: 'fees', header: name('fees'), ...eitherWay('fees', 'desc'), size: 92, align: 'end', cell: (r) => <span className="muted"><Money value={r.fees} /></span>, csv: (r) => toDecimal(r.fees) },
    { id: 'profit', header: name('profit'), ...eitherWay('profit', 'desc'), size: 108, align: 'end', cell: (r) => <Money value={r.profit} result />, csv: (r) => (r.profit ? toDecimal(r.profit) : ''), csvCurrency: (r) => r.profit?.currency ?? '' },
    { id: 'estimate', header: name('estimate'), ...eitherWay('estimate', 'desc'), size: 108, align: 'end', cell: (r) => <span className="muted"><Money value={r.estimate} estimated /></span>, csv: (r) => (r.estimate ? toDecimal(r.estimate) : '') },
    { id: 'placed', header: name('placed'), ...eitherWay('placed', 'desc'), size: 120, cell: (r) => <span className="muted"><RelativeTime at={r.placedAt} /></span>, csv: (r) => new Date(r.placedAt).toISOString() },
    { id: 'channel', header: name('channel'), ...eitherWay('channel'), size: 90, cell: (r) => t(`listings:channel.${r.channel}`, { defaultValue: r.channel }), csv: (r) => r.channel },
    { id: 'external', header: name('external'), ...eitherWay('external'), size: 150, optional: true, cell: (r) => <span className="num muted">{r.externalId}</span>, csv: (r) => r.externalId },
    { id: 'buyer', header: name('buyer'), size: 140, optional: true, cell: (r) => r.buyerName ?? '–', csv: (r) => r.buyerName ?? '' },
  ];
}

export function OrdersPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search: { state?: OrderRow['state']; q?: string; sort?: SortText<OrderSort>; second?: SortText<OrderSort>; open?: string } & FilterSearch<'orders'> = route.useSearch();
  const address = useListAddress(search, '/orders');
  const sort = useSort('orders', search, { keys: LIST_SORTS.orders, usual: '-placed', change: address.change });
  const narrow = useListFilters('orders', search, { change: address.narrow, facets: useQuery(orpc.orders.facets.queryOptions({ staleTime: 60_000 })).data });
  const input = compact({ state: search.state, search: search.q, ...narrow.input, ...sort.input });
  const query = useInfiniteQuery(orpc.orders.list.infiniteOptions({ input: (cursor: string | undefined) => ({ ...input, ...cursorInput(cursor) }), ...PAGING }));
  const { rows, total } = useRows<OrderRow>(query.data);
  const chosen = useChosen(rows);
  const columns = useMemo(() => columnsOf(t, format), [t, format]);
  const sync = useMutation(orpc.orders.sync.mutationOptions({ onSuccess: () => notify({ message: t('frame:palette.sync-started') }), onError: (error) => notifyError(error, t) }));
  const filtered = search.state !== undefined || search.q !== undefined || narrow.filtered;
  const syncButton = <Button variant="default" leftSection={<IconRefresh size="0.875rem" />} loading={sync.isPending} onClick={() => sync.mutate({})}>{t('orders:sync')}</Button>;
  return (
    <Page title={t('frame:page.orders')} tools={<><SearchBox value={search.q ?? ''} onChange={(q) => address.change({ q: q || undefined })} label={t('orders:search')} /><span className="grow" />{syncButton}<SavedViews page="orders" search={search} onPick={address.pick} /><TableMenu id="orders" columns={columns} rows={rows} /></>} filters={<FilterChips filters={[stateChip({ name: t('orders:column.state'), values: ORDER_STATES, value: search.state, word: (s) => t(`orders:state.${s}`), allLabel: t('orders:all'), onChange: (state) => address.narrow({ state }) }), ...narrow.filters]} trail={<Total total={total} />} />}>
      <ChosenBar rows={chosen.rows} columns={columns} onClear={chosen.clear} />
      <SplitView id="orders" detailLabel={t('orders:detail')} onClose={address.close} detail={search.open === undefined ? null : <OrderPanel key={search.open} id={search.open} />}>
        <DataTable id="orders" label={t('orders:title')} columns={columns} rows={rows} rowId={rowId} total={total?.count} pages={query} activeId={address.activeId} onActive={address.move} onOpen={address.show} sort={sort.sort} second={sort.second} onSort={sort.onSort} selection={chosen.selection} tone={(r) => (r.state === 'cancelled' || r.state === 'refunded' ? 'faded' : undefined)}
          empty={filtered ? <EmptyState title={t('orders:empty-filtered.title')} action={<Button variant="default" onClick={() => address.narrow({ state: undefined, q: undefined, ...narrow.cleared })}>{t('orders:empty-filtered.action')}</Button>} />
            : <EmptyState icon={<IconReceipt2 size="1.75rem" stroke={1.5} />} title={t('orders:empty.title')} action={<Button component={Link} to="/listings">{t('orders:empty.action')}</Button>}>{t('orders:empty.text')}</EmptyState>} />
      </SplitView>
    </Page>
  );
}
