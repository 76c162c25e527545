import { Button } from '@mantine/core';
import { IconShoppingCart } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { purchaseRow } from '#contract/purchases.ts';
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
import { PurchasePanel } from './purchase-panel.tsx';
import { PURCHASE_STATES } from './search.ts';
import { purchaseTone } from './tone.ts';

type PurchaseRow = z.infer<typeof purchaseRow>;
const route = getRouteApi('/frame/purchases');
type PurchaseSort = (typeof LIST_SORTS)['purchases'][number];
const rowId = (row: PurchaseRow) => row.id;

function columnsOf(t: TFunction, format: Formatter): Column<PurchaseRow>[] {
  const name = (id: string) => t(`purchases:column.${id}`);
  return [
    { id: 'title', header: name('title'), ...eitherWay('title'), size: 320, cell: (r) => <span dir="auto" title={r.title}>{r.title}</span>, csv: (r) => r.title },
    { id: 'state', header: name('state'), ...eitherWay('state'), size: 160, cell: (r) => <StatusBadge tone={purchaseTone(r.state)} label={t(`purchases:state.${r.state}`)} />, csv: (r) => r.state },
    { id: 'units', header: name('units'), ...eitherWay('units', 'desc'), size: 72, align: 'end', cell: (r) => <span className="num">{format.number(r.units)}</span>, csv: (r) => String(r.units) },
    { id: 'total', header: name('total'), ...eitherWay('total', 'desc'), size: 120, align: 'end', cell: (r) => <Money value={r.total ?? r.approvedTotal} estimated={r.total === null} />, csv: (r) => `${toDecimal(r.total ?? r.approvedTotal)} ${(r.total ?? r.approvedTotal).currency}` },
    { id: 'home', header: name('home'), ...eitherWay('home', 'desc'), size: 110, align: 'end', optional: true, cell: (r) => <Money value={r.homeTotal} />, csv: (r) => (r.homeTotal ? toDecimal(r.homeTotal) : '') },
    { id: 'source', header: name('source'), ...eitherWay('source'), size: 160, cell: (r) => <span className="truncate" title={r.sourceName}>{r.sourceName}</span>, csv: (r) => r.sourceName },
    { id: 'external', header: name('external'), ...eitherWay('external'), size: 110, cell: (r) => <span className="num muted">{r.externalId ?? '–'}</span>, csv: (r) => r.externalId ?? '' },
    { id: 'created', header: name('created'), ...eitherWay('created', 'desc'), size: 120, cell: (r) => <span className="muted"><RelativeTime at={r.createdAt} /></span>, csv: (r) => new Date(r.createdAt).toISOString() },
    { id: 'received', header: name('received'), ...eitherWay('received', 'desc'), size: 120, optional: true, cell: (r) => <span className="muted"><RelativeTime at={r.receivedAt} /></span>, csv: (r) => (r.receivedAt ? new Date(r.receivedAt).toISOString() : '') },
  ];
}

export function PurchasesPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search: { state?: (typeof PURCHASE_STATES)[number]; q?: string; sort?: SortText<PurchaseSort>; second?: SortText<PurchaseSort>; open?: string } & FilterSearch<'purchases'> = route.useSearch();
  const address = useListAddress(search, '/purchases');
  const sort = useSort('purchases', search, { keys: LIST_SORTS.purchases, usual: '-created', change: address.change });
  const narrow = useListFilters('purchases', search, { change: address.narrow, facets: useQuery(orpc.purchases.facets.queryOptions({ staleTime: 60_000 })).data });
  const input = compact({ state: search.state, search: search.q, ...narrow.input, ...sort.input });
  const query = useInfiniteQuery(orpc.purchases.list.infiniteOptions({ input: (cursor: string | undefined) => ({ ...input, ...cursorInput(cursor) }), ...PAGING }));
  const { rows, total } = useRows<PurchaseRow>(query.data);
  const chosen = useChosen(rows);
  const columns = useMemo(() => columnsOf(t, format), [t, format]);
  const filtered = search.state !== undefined || search.q !== undefined || narrow.filtered;
  return (
    <Page title={t('frame:page.purchases')} tools={<><SearchBox value={search.q ?? ''} onChange={(q) => address.change({ q: q || undefined })} label={t('purchases:search')} /><span className="grow" /><SavedViews page="purchases" search={search} onPick={address.pick} /><TableMenu id="purchases" columns={columns} rows={rows} /></>} filters={<FilterChips filters={[stateChip({ name: t('purchases:column.state'), values: PURCHASE_STATES, value: search.state, word: (s) => t(`purchases:state.${s}`), allLabel: t('purchases:all'), onChange: (state) => address.narrow({ state }) }), ...narrow.filters]} trail={<Total total={total} />} />}>
      <ChosenBar rows={chosen.rows} columns={columns} onClear={chosen.clear} />
      <SplitView id="purchases" detailLabel={t('purchases:detail')} onClose={address.close} detail={search.open === undefined ? null : <PurchasePanel key={search.open} id={search.open} />}>
        <DataTable id="purchases" label={t('frame:page.purchases')} columns={columns} rows={rows} rowId={rowId} total={total?.count} pages={query} activeId={address.activeId} onActive={address.move} onOpen={address.show} sort={sort.sort} second={sort.second} onSort={sort.onSort} selection={chosen.selection}
          tone={(r) => (r.state === 'cancelled' || r.state === 'failed' ? 'faded' : undefined)}
          empty={filtered ? <EmptyState title={t('purchases:empty-filtered.title')} action={<Button variant="default" onClick={() => address.narrow({ state: undefined, q: undefined, ...narrow.cleared })}>{t('purchases:empty-filtered.action')}</Button>} />
            : <EmptyState icon={<IconShoppingCart size="1.75rem" stroke={1.5} />} title={t('purchases:empty.title')} action={<Button component={Link} to="/opportunities">{t('purchases:empty.action')}</Button>}>{t('purchases:empty.text')}</EmptyState>} />
      </SplitView>
    </Page>
  );
}
