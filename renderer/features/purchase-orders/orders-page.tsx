import { Button } from '@mantine/core';
import { IconFileInvoice, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PurchaseOrderRow } from '#contract/purchase-orders.ts';
import { LIST_SORTS } from '#contract/words.ts';
import { toDecimal } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { useFormat, type Formatter } from '../../ui/format.ts';
import { useListFilters, type FilterSearch } from '../../ui/list-filters.tsx';
import { Money } from '../../ui/money.tsx';
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
import { eitherWay, useSort, type SortText } from '../../ui/table-sort.ts';
import { Total } from '../../ui/total.tsx';
import { useAskedForNew, useListAddress } from '../../ui/use-address.ts';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';
import { DraftOrder } from './draft-form.tsx';
import { OrderPanel } from './order-panel.tsx';
import { ORDER_STATES } from './search.ts';
import { ORDER_TONES } from './tone.ts';

const route = getRouteApi('/frame/purchase-orders');
type OrderSort = (typeof LIST_SORTS)['purchase-orders'][number];
const rowId = (row: PurchaseOrderRow) => row.id;
const isoDay = (at: number | null) => (at === null ? '' : new Date(at).toISOString().slice(0, 10));

function columnsOf(t: TFunction, format: Formatter): Column<PurchaseOrderRow>[] {
  const name = (id: string) => t(`purchase-orders:column.${id}`);
  return [
    { id: 'number', header: name('number'), ...eitherWay('number', 'desc'), size: 130, cell: (r) => <span className="num">{r.number}</span>, csv: (r) => r.number },
    { id: 'supplier', header: name('supplier'), ...eitherWay('supplier'), size: 220, cell: (r) => <span title={r.supplier}>{r.supplier}</span>, csv: (r) => r.supplier },
    { id: 'state', header: name('state'), ...eitherWay('state'), size: 140, cell: (r) => <StatusBadge tone={ORDER_TONES[r.state]} label={t(`purchase-orders:state.${r.state}`)} />, csv: (r) => r.state },
    { id: 'units', header: name('units'), ...eitherWay('units', 'desc'), size: 110, align: 'end', cell: (r) => <span className="num">{r.state === 'draft' ? format.number(r.units) : t('purchase-orders:units-of', { arrived: format.number(r.arrived), units: format.number(r.units) })}</span>, csv: (r) => `${r.arrived}/${r.units}` },
    { id: 'total', header: name('total'), ...eitherWay('total', 'desc'), size: 120, align: 'end', cell: (r) => <Money value={r.total} />, csv: (r) => `${toDecimal(r.total)} ${r.total.currency}` },
    { id: 'owed', header: name('owed'), ...eitherWay('owed', 'desc'), size: 120, align: 'end', cell: (r) => (r.owed.minor === 0 ? <span className="muted">–</span> : <Money value={r.owed} />), csv: (r) => toDecimal(r.owed) },
    { id: 'sent', header: name('sent'), ...eitherWay('sent', 'desc'), size: 120, cell: (r) => <span className="muted"><RelativeTime at={r.sentAt} /></span>, csv: (r) => isoDay(r.sentAt) },
    { id: 'expected', header: name('expected'), ...eitherWay('expected'), size: 120, cell: (r) => <span className="muted">{r.expectedAt === null ? '–' : format.date(r.expectedAt)}</span>, csv: (r) => isoDay(r.expectedAt) },
    { id: 'created', header: name('created'), ...eitherWay('created', 'desc'), size: 120, optional: true, cell: (r) => <span className="muted"><RelativeTime at={r.createdAt} /></span>, csv: (r) => isoDay(r.createdAt) },
  ];
}

/** Orders to suppliers. */
export function PurchaseOrdersPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search: { state?: (typeof ORDER_STATES)[number]; q?: string; sort?: SortText<OrderSort>; second?: SortText<OrderSort>; open?: string; new?: true } & FilterSearch<'purchase-orders'> = route.useSearch();
  const address = useListAddress(search, '/purchase-orders');
  const sort = useSort('purchase-orders', search, { keys: LIST_SORTS['purchase-orders'], usual: '-created', change: address.change });
  const narrow = useListFilters('purchase-orders', search, { change: address.narrow, facets: useQuery(orpc.purchaseOrders.facets.queryOptions({ staleTime: 60_000 })).data });
  const input = compact({ state: search.state, search: search.q, ...narrow.input, ...sort.input });
  const query = useInfiniteQuery(orpc.purchaseOrders.list.infiniteOptions({ input: (cursor: string | undefined) => ({ ...input, ...cursorInput(cursor) }), ...PAGING }));
  const { rows, total } = useRows<PurchaseOrderRow>(query.data);
  const columns = useMemo(() => columnsOf(t, format), [t, format]);
  const [drafting, setDrafting] = useState(false);
  useAskedForNew(search, address, () => setDrafting(true));
  const filtered = search.state !== undefined || search.q !== undefined || narrow.filtered;
  return (
    <Page title={t('frame:page.purchase-orders')} tools={<><SearchBox value={search.q ?? ''} onChange={(q) => address.change({ q: q || undefined })} label={t('purchase-orders:search')} /><span className="grow" />
      <Button leftSection={<IconPlus size="1rem" />} onClick={() => setDrafting(true)}>{t('purchase-orders:new')}</Button><SavedViews page="purchase-orders" search={search} onPick={address.pick} /><TableMenu id="purchase-orders" columns={columns} rows={rows} /></>} filters={<FilterChips filters={[stateChip({ name: t('purchase-orders:column.state'), values: ORDER_STATES, value: search.state, word: (s) => t(`purchase-orders:state.${s}`), allLabel: t('purchase-orders:all'), onChange: (state) => address.narrow({ state }) }), ...narrow.filters]} trail={<Total total={total} />} />}>
      <SplitView id="purchase-orders" detailLabel={t('purchase-orders:detail')} onClose={address.close} detail={search.open === undefined ? null : <OrderPanel key={search.open} id={search.open} onOpen={address.show} />}>
        <DataTable id="purchase-orders" label={t('frame:page.purchase-orders')} columns={columns} rows={rows} rowId={rowId} total={total?.count} pages={query} activeId={address.activeId} onActive={address.move} onOpen={address.show} sort={sort.sort} second={sort.second} onSort={sort.onSort} tone={(r) => (r.state === 'cancelled' || r.state === 'closed' ? 'faded' : undefined)}
          empty={filtered ? <EmptyState title={t('purchase-orders:empty-filtered.title')} action={<Button variant="default" onClick={() => address.narrow({ state: undefined, q: undefined, ...narrow.cleared })}>{t('purchase-orders:empty-filtered.action')}</Button>} />
            : <EmptyState icon={<IconFileInvoice size="1.75rem" stroke={1.5} />} title={t('purchase-orders:empty.title')} action={<Button component={Link} to="/reorder">{t('purchase-orders:empty.action')}</Button>}>{t('purchase-orders:empty.text')}</EmptyState>} />
      </SplitView>
      {drafting ? <DraftOrder order={null} onClose={() => setDrafting(false)} onSaved={address.show} /> : null}
    </Page>
  );
}
