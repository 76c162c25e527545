import { Button, SegmentedControl } from '@mantine/core';
import { IconPlus, IconTruckDelivery } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboundRow } from '#contract/inbound-shipments.ts';
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
import { useListAddress } from '../../ui/use-address.ts';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';
import { ChargesView } from './charges.tsx';
import { InboundPanel } from './inbound-panel.tsx';
import { NewShipment } from './new-shipment.tsx';
import { INBOUND_STATES } from './search.ts';
import { INBOUND_TONES } from './tone.ts';

const route = getRouteApi('/frame/inbound');
type ShipmentSort = (typeof LIST_SORTS)['inbound'][number];
const rowId = (row: InboundRow) => row.id;
/** What an address says for a new shipment that begins with no lot. */
const ANY = 'any';

function columnsOf(t: TFunction, format: Formatter): Column<InboundRow>[] {
  const name = (id: string) => t(`inbound:column.${id}`);
  return [
    { id: 'number', header: name('number'), ...eitherWay('number', 'desc'), size: 150, cell: (r) => <span className="num">{r.number}</span>, csv: (r) => r.number },
    { id: 'state', header: name('state'), ...eitherWay('state'), size: 190, cell: (r) => <StatusBadge tone={INBOUND_TONES[r.state]} label={t(`inbound:state.${r.state}`)} />, csv: (r) => r.state },
    { id: 'units', header: name('units'), ...eitherWay('units', 'desc'), size: 90, align: 'end', cell: (r) => <span className="num">{format.number(r.units)}</span>, csv: (r) => String(r.units) },
    { id: 'received', header: name('received'), ...eitherWay('received', 'desc'), size: 130, align: 'end', cell: (r) => (r.sentAt === null ? <span className="muted">–</span> : <span className="num">{format.number(r.received)}</span>), csv: (r) => String(r.received) },
    { id: 'agreed', header: name('agreed'), ...eitherWay('agreed', 'desc'), size: 110, align: 'end', cell: (r) => (r.agreed ? <Money value={r.agreed} /> : <span className="muted">–</span>), csv: (r) => (r.agreed ? `${toDecimal(r.agreed)} ${r.agreed.currency}` : '') },
    { id: 'created', header: name('created'), ...eitherWay('created', 'desc'), size: 120, cell: (r) => <span className="muted"><RelativeTime at={r.createdAt} /></span>, csv: (r) => new Date(r.createdAt).toISOString() },
    { id: 'sent', header: name('sent'), ...eitherWay('sent', 'desc'), size: 120, cell: (r) => <span className="muted"><RelativeTime at={r.sentAt} /></span>, csv: (r) => (r.sentAt === null ? '' : new Date(r.sentAt).toISOString()) },
  ];
}

/** Stock on its way into a channel's warehouse. */
export function InboundPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search: { state?: InboundRow['state']; q?: string; sort?: SortText<ShipmentSort>; second?: SortText<ShipmentSort>; open?: string; lot?: string; view?: 'charges' } & FilterSearch<'inbound'> = route.useSearch();
  const address = useListAddress(search, '/inbound');
  const sort = useSort('inbound', search, { keys: LIST_SORTS.inbound, usual: '-created', change: address.change });
  const narrow = useListFilters('inbound', search, { change: address.narrow, facets: useQuery(orpc.inboundShipments.facets.queryOptions({ staleTime: 60_000 })).data });
  const input = compact({ state: search.state, search: search.q, ...narrow.input, ...sort.input });
  const query = useInfiniteQuery(orpc.inboundShipments.list.infiniteOptions({ input: (cursor: string | undefined) => ({ ...input, ...cursorInput(cursor) }), ...PAGING }));
  const { rows, total } = useRows<InboundRow>(query.data);
  const columns = useMemo(() => columnsOf(t, format), [t, format]);
  const filtered = search.state !== undefined || search.q !== undefined || narrow.filtered;
  const fresh = () => address.change({ lot: ANY });
  const views = <SegmentedControl size="xs" aria-label={t('inbound:view-label')} value={search.view ?? 'shipments'} onChange={(view) => address.change({ view: view === 'charges' ? view : undefined, open: undefined })} data={(['shipments', 'charges'] as const).map((value) => ({ value, label: t(`inbound:view.${value}`) }))} />;
  if (search.view === 'charges') return <Page title={t('frame:page.inbound')} tools={views}><ChargesView /></Page>;
  return (
    <Page title={t('frame:page.inbound')} tools={<>{views}<SearchBox value={search.q ?? ''} onChange={(q) => address.change({ q: q || undefined })} label={t('inbound:search')} /><span className="grow" /><Button leftSection={<IconPlus size="1rem" />} onClick={fresh}>{t('inbound:new')}</Button><Button component={Link} to="/stock" variant="default">{t('inbound:to-stock')}</Button><SavedViews page="inbound" search={{ ...search, lot: undefined }} onPick={address.pick} /><TableMenu id="inbound" columns={columns} rows={rows} /></>} filters={<FilterChips filters={[stateChip({ name: t('inbound:column.state'), values: INBOUND_STATES, value: search.state, word: (s) => t(`inbound:state.${s}`), allLabel: t('inbound:all'), onChange: (state) => address.narrow({ state }) }), ...narrow.filters]} trail={<Total total={total} />} />}>
      <SplitView id="inbound" detailLabel={t('inbound:detail')} onClose={address.close} detail={search.open === undefined ? null : <InboundPanel key={search.open} id={search.open} />}>
        <DataTable id="inbound" label={t('frame:page.inbound')} columns={columns} rows={rows} rowId={rowId} total={total?.count} pages={query} activeId={address.activeId} onActive={address.move} onOpen={address.show} sort={sort.sort} second={sort.second} onSort={sort.onSort} tone={(r) => (r.state === 'cancelled' ? 'faded' : undefined)}
          empty={filtered ? <EmptyState title={t('inbound:empty-filtered.title')} action={<Button variant="default" onClick={() => address.narrow({ state: undefined, q: undefined, ...narrow.cleared })}>{t('inbound:empty-filtered.action')}</Button>} />
            : <EmptyState icon={<IconTruckDelivery size="1.75rem" stroke={1.5} />} title={t('inbound:empty')} action={<Button onClick={fresh}>{t('inbound:new')}</Button>}>{t('inbound:empty-text')}</EmptyState>} />
      </SplitView>
      {search.lot === undefined ? null : <NewShipment lot={search.lot === ANY ? null : search.lot} onClose={() => address.change({ lot: undefined })} onMade={(id) => address.change({ lot: undefined, state: undefined, open: id })} />}
    </Page>
  );
}
