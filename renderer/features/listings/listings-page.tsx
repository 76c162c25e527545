import { Button } from '@mantine/core';
import { IconTag } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { listingRow } from '#contract/selling.ts';
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
import { BulkActions } from './bulk-actions.tsx';
import { ListingPanel } from './listing-panel.tsx';
import { LISTING_STATES } from './search.ts';
import { listingTone } from './tone.ts';

type ListingRow = z.infer<typeof listingRow>;
const route = getRouteApi('/frame/listings');
type ListingSort = (typeof LIST_SORTS)['listings'][number];
const rowId = (row: ListingRow) => row.id;

function columnsOf(t: TFunction, format: Formatter): Column<ListingRow>[] {
  const name = (id: string) => t(`listings:column.${id}`);
  return [
    { id: 'title', header: name('title'), ...eitherWay('title'), size: 330, cell: (r) => <span dir="auto" title={r.title}>{r.title}</span>, csv: (r) => r.title },
    { id: 'state', header: name('state'), ...eitherWay('state'), size: 130, cell: (r) => <StatusBadge tone={listingTone(r.state)} label={t(`listings:state.${r.state}`)} />, csv: (r) => r.state },
    { id: 'price', header: name('price'), ...eitherWay('price', 'desc'), size: 104, align: 'end', cell: (r) => <Money value={r.price} />, csv: (r) => toDecimal(r.price), csvCurrency: (r) => r.price.currency },
    { id: 'floor', header: name('floor'), ...eitherWay('floor', 'desc'), size: 104, align: 'end', cell: (r) => <span className="muted"><Money value={r.floor} /></span>, csv: (r) => toDecimal(r.floor) },
    { id: 'quantity', header: name('quantity'), ...eitherWay('quantity', 'desc'), size: 84, align: 'end', cell: (r) => <span className="num">{format.number(r.quantity)}</span>, csv: (r) => String(r.quantity) },
    { id: 'channel', header: name('channel'), ...eitherWay('channel'), size: 100, cell: (r) => t(`listings:channel.${r.channel}`, { defaultValue: r.channel }), csv: (r) => r.channel },
    { id: 'updated', header: name('updated'), ...eitherWay('updated', 'desc'), size: 120, cell: (r) => <span className="muted"><RelativeTime at={r.updatedAt} /></span>, csv: (r) => new Date(r.updatedAt).toISOString() },
    { id: 'sku', header: name('sku'), ...eitherWay('sku'), size: 130, optional: true, cell: (r) => <span className="num muted">{r.sku}</span>, csv: (r) => r.sku },
    { id: 'external', header: name('external'), ...eitherWay('external'), size: 130, optional: true, cell: (r) => <span className="num muted">{r.externalId ?? '–'}</span>, csv: (r) => r.externalId ?? '' },
  ];
}

export function ListingsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search: { state?: ListingRow['state']; q?: string; sort?: SortText<ListingSort>; second?: SortText<ListingSort>; open?: string } & FilterSearch<'listings'> = route.useSearch();
  const address = useListAddress(search, '/listings');
  const sort = useSort('listings', search, { keys: LIST_SORTS.listings, usual: '-created', change: address.change });
  const narrow = useListFilters('listings', search, { change: address.narrow, facets: useQuery(orpc.listings.facets.queryOptions({ staleTime: 60_000 })).data });
  const input = compact({ state: search.state, search: search.q, ...narrow.input, ...sort.input });
  const query = useInfiniteQuery(orpc.listings.list.infiniteOptions({ input: (cursor: string | undefined) => ({ ...input, ...cursorInput(cursor) }), ...PAGING }));
  const { rows, total } = useRows<ListingRow>(query.data);
  const chosen = useChosen(rows);
  const columns = useMemo(() => columnsOf(t, format), [t, format]);
  const filtered = search.state !== undefined || search.q !== undefined || narrow.filtered;
  return (
    <Page title={t('frame:page.listings')} tools={<><SearchBox value={search.q ?? ''} onChange={(q) => address.change({ q: q || undefined })} label={t('listings:search')} /><span className="grow" /><SavedViews page="listings" search={search} onPick={address.pick} /><TableMenu id="listings" columns={columns} rows={rows} /></>} filters={<FilterChips filters={[stateChip({ name: t('listings:column.state'), values: LISTING_STATES, value: search.state, word: (s) => t(`listings:state.${s}`), allLabel: t('listings:all'), onChange: (state) => address.narrow({ state }) }), ...narrow.filters]} trail={<Total total={total} />} />}>
      <ChosenBar rows={chosen.rows} columns={columns} onClear={chosen.clear}><BulkActions rows={chosen.rows} onDone={chosen.clear} /></ChosenBar>
      <SplitView id="listings" detailLabel={t('listings:detail')} onClose={address.close} detail={search.open === undefined ? null : <ListingPanel key={search.open} id={search.open} />}>
        <DataTable id="listings" label={t('frame:page.listings')} columns={columns} rows={rows} rowId={rowId} total={total?.count} pages={query} activeId={address.activeId} onActive={address.move} onOpen={address.show} sort={sort.sort} second={sort.second} onSort={sort.onSort} selection={chosen.selection} tone={(r) => (r.state === 'ended' || r.state === 'sold-out' ? 'faded' : undefined)}
          empty={filtered ? <EmptyState title={t('listings:empty-filtered.title')} action={<Button variant="default" onClick={() => address.narrow({ state: undefined, q: undefined, ...narrow.cleared })}>{t('listings:empty-filtered.action')}</Button>} />
            : <EmptyState icon={<IconTag size="1.75rem" stroke={1.5} />} title={t('listings:empty.title')} action={<Button component={Link} to="/stock">{t('listings:empty.action')}</Button>}>{t('listings:empty.text')}</EmptyState>} />
      </SplitView>
    </Page>
  );
}
