import { Button } from '@mantine/core';
import { IconAdjustments, IconFilePlus, IconRefreshDot } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReorderRow } from '#contract/reorder.ts';
import { orpc } from '../../rpc/client.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { FilterChips, type Filter } from '../../ui/filter-chips.tsx';
import { useFormat } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { SavedViews } from '../../ui/saved-views.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { SplitView } from '../../ui/split-view.tsx';
import { stateChip } from '../../ui/state-filter.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { TableMenu } from '../../ui/table-menu.tsx';
import { sortRows, useSort, type SortText } from '../../ui/table-sort.ts';
import { Total } from '../../ui/total.tsx';
import { useListAddress } from '../../ui/use-address.ts';
import { reorderColumns, reorderValues, standing } from './columns.tsx';
import { DraftOrders } from './draft-orders.tsx';
import { ReorderPanel } from './reorder-panel.tsx';
import { ReorderRules } from './reorder-rules.tsx';
import { REORDER_SHOWN, REORDER_SORTS, type ReorderSort } from './search.ts';

const route = getRouteApi('/frame/reorder');
const rowId = (row: ReorderRow) => row.productId;

interface Search { readonly state?: (typeof REORDER_SHOWN)[number]; readonly supplier?: string; readonly sort?: SortText<ReorderSort>; readonly second?: SortText<ReorderSort>; readonly q?: string; readonly open?: string }

const isDue = (row: ReorderRow) => row.units > 0 || standing(row) === 'loses';

function shownRows(all: readonly ReorderRow[], search: Search): readonly ReorderRow[] {
  const words = search.q?.toLowerCase();
  return all.filter((row) => (!search.state || isDue(row) === (search.state === 'due')) && (!search.supplier || row.supplier?.name === search.supplier) && (!words || row.title.toLowerCase().includes(words) || row.supplier?.name.toLowerCase().includes(words)));
}

function useSupplierFilter(rows: readonly ReorderRow[], value: string | undefined, onChange: (supplier: string | undefined) => void): Filter {
  const { t } = useTranslation();
  const options = useMemo(() => [...Map.groupBy(rows.flatMap((row) => row.supplier?.name ?? []), (name) => name)].map(([name, found]) => ({ value: name, label: name, count: found.length })).toSorted((a, b) => b.count - a.count), [rows]);
  return { id: 'supplier', name: t('common:filter.choice.supplier'), phrase: value === undefined ? null : t('common:filter.is.supplier', { name: value }), options, value, onChange };
}

const NONE: readonly ReorderRow[] = [];

/** What has sold and runs out, how much of it to buy again, from whom and why. */
export function ReorderPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search: Search = route.useSearch();
  const address = useListAddress(search, '/reorder');
  const query = useQuery(orpc.reorder.list.queryOptions());
  const [rules, setRules] = useState(false);
  const [drafting, setDrafting] = useState(false);
  const [chosen, choose] = useState<ReadonlySet<string>>(() => new Set());
  const all = query.data?.rows ?? NONE;
  const sort = useSort('reorder', search, { keys: REORDER_SORTS, usual: 'urgency', change: address.change });
  const values = useMemo(() => reorderValues(all), [all]);
  const rows = useMemo(() => sortRows(shownRows(all, search), values, [sort.sort, sort.second]), [all, search, values, sort.sort, sort.second]);
  const supplier = useSupplierFilter(all, search.supplier, (name) => address.narrow({ supplier: name }));
  const selection = useMemo(() => ({ ids: chosen, onChange: choose, label: (row: { readonly title: string }) => t('reorder:choose', { title: row.title }) }), [chosen, t]);
  // without a choice: all that are due and stand on no draft
  const toDraft = chosen.size > 0 ? rows.filter((row) => chosen.has(row.productId)) : rows.filter((row) => standing(row) === 'order');
  useShortcuts([{ keys: ['o'], shown: 'O', label: t('reorder:keys.draft'), run: () => { if (toDraft.length > 0) setDrafting(true); } }]);
  const columns = useMemo(() => reorderColumns(t, format), [t, format]);
  const pages = { isPending: query.isPending, error: query.data ? null : query.error, hasNextPage: false, isFetchingNextPage: false, fetchNextPage: () => undefined, refetch: query.refetch };
  const filtered = search.state !== undefined || search.q !== undefined || search.supplier !== undefined;
  return (
    <Page title={t('frame:page.reorder')} tools={<><SearchBox value={search.q ?? ''} onChange={(q) => address.change({ q: q || undefined })} label={t('reorder:search')} /><span className="grow" />
      <Button leftSection={<IconFilePlus size="1rem" />} disabled={toDraft.length === 0} onClick={() => setDrafting(true)}>{t(chosen.size > 0 ? 'reorder:draft-chosen' : 'reorder:draft-due', { count: toDraft.length })}</Button><Button variant="default" leftSection={<IconAdjustments size="1rem" />} onClick={() => setRules(true)}>{t('reorder:rules')}</Button><SavedViews page="reorder" search={search} onPick={address.pick} /><TableMenu id="reorder" columns={columns} rows={rows} /></>} filters={<FilterChips filters={[stateChip({ name: t('reorder:column.standing'), values: REORDER_SHOWN, value: search.state, word: (s) => t(`reorder:shown.${s}`), allLabel: t('reorder:shown.all'), onChange: (state) => address.narrow({ state }) }), supplier]} trail={<Total total={query.data ? { count: rows.length, capped: query.data.more && !filtered } : undefined} />} />}>
      <SplitView id="reorder" detailLabel={t('reorder:detail')} onClose={address.close} detail={search.open === undefined ? null : <ReorderPanel key={search.open} productId={search.open} />}>
        <DataTable id="reorder" label={t('frame:page.reorder')} columns={columns} rows={rows} rowId={rowId} total={rows.length} pages={pages} activeId={address.activeId} onActive={address.move} onOpen={address.show} sort={sort.sort} second={sort.second} onSort={sort.onSort} selection={selection}
          tone={(r) => (standing(r) === 'enough' ? 'faded' : undefined)}
          empty={filtered ? <EmptyState title={t('reorder:empty-filtered.title')} action={<Button variant="default" onClick={() => address.narrow({ state: undefined, q: undefined, supplier: undefined })}>{t('reorder:empty-filtered.action')}</Button>} />
            : <EmptyState icon={<IconRefreshDot size="1.75rem" stroke={1.5} />} title={t('reorder:empty.title')} action={<Button component={Link} to="/stock">{t('reorder:empty.action')}</Button>}>{t('reorder:empty.text')}</EmptyState>} />
      </SplitView>
      {drafting ? <DraftOrders rows={toDraft} onClose={(done) => { setDrafting(false); if (done) choose(new Set()); }} /> : null}
      {rules ? <ReorderRules onClose={() => setRules(false)} /> : null}
    </Page>
  );
}
