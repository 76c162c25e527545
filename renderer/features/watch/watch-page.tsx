import { Button } from '@mantine/core';
import { IconEye, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WatchRow } from '#contract/watches.ts';
import { LIST_SORTS } from '#contract/words.ts';
import { orpc } from '../../rpc/client.ts';
import { ChosenBar, useChosen } from '../../ui/chosen-bar.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { useFormat } from '../../ui/format.ts';
import { useListFilters, type FilterSearch } from '../../ui/list-filters.tsx';
import { Page } from '../../ui/page.tsx';
import { SavedViews } from '../../ui/saved-views.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { compact } from '../../ui/search-params.ts';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { SplitView } from '../../ui/split-view.tsx';
import { stateChip } from '../../ui/state-filter.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { TableMenu } from '../../ui/table-menu.tsx';
import { useSort, type SortText } from '../../ui/table-sort.ts';
import { Total } from '../../ui/total.tsx';
import { useAskedForNew, useListAddress } from '../../ui/use-address.ts';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';
import { AddWatch } from './add-watch.tsx';
import { watchColumns } from './columns.tsx';
import { WATCH_SHOWN } from './search.ts';
import { WatchPanel } from './watch-panel.tsx';

type WatchSort = (typeof LIST_SORTS)['watches'][number];
const route = getRouteApi('/frame/watch');
const rowId = (row: WatchRow) => row.id;

/** What others ask for, how it moves, and how it stands against the own price. */
export function WatchPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search: { show?: (typeof WATCH_SHOWN)[number]; q?: string; sort?: SortText<WatchSort>; second?: SortText<WatchSort>; open?: string; new?: true } & FilterSearch<'watches'> = route.useSearch();
  const address = useListAddress(search, '/watch');
  const sort = useSort('watches', search, { keys: LIST_SORTS.watches, usual: '-added', change: address.change });
  const narrow = useListFilters('watches', search, { change: address.narrow, facets: useQuery(orpc.watches.facets.queryOptions({ staleTime: 60_000 })).data });
  const input = compact({ show: search.show, search: search.q, ...narrow.input, ...sort.input });
  const query = useInfiniteQuery(orpc.watches.list.infiniteOptions({ input: (cursor: string | undefined) => ({ ...input, ...cursorInput(cursor) }), ...PAGING }));
  const { rows, total } = useRows<WatchRow>(query.data);
  const chosen = useChosen(rows);
  const columns = useMemo(() => watchColumns(t, format), [t, format]);
  const [adding, setAdding] = useState(false);
  useAskedForNew(search, address, () => setAdding(true));
  useShortcuts([{ keys: ['n'], shown: 'N', label: t('watch:add'), run: () => setAdding(true) }]);
  const filtered = search.show !== undefined || search.q !== undefined || narrow.filtered;
  const add = <Button leftSection={<IconPlus size="1rem" />} onClick={() => setAdding(true)}>{t('watch:add')}</Button>;
  return (
    <Page title={t('frame:page.watch')} tools={<><SearchBox value={search.q ?? ''} onChange={(q) => address.change({ q: q || undefined })} label={t('watch:search')} /><span className="grow" />{add}<SavedViews page="watches" search={search} onPick={address.pick} /><TableMenu id="watches" columns={columns} rows={rows} /></>} filters={<FilterChips filters={[stateChip({ name: t('watch:column.standing'), values: WATCH_SHOWN, value: search.show, word: (s) => t(`watch:shown.${s}`), allLabel: t('watch:all'), onChange: (show) => address.narrow({ show }) }), ...narrow.filters]} trail={<Total total={total} />} />}>
      <ChosenBar rows={chosen.rows} columns={columns} onClear={chosen.clear} />
      <SplitView id="watches" detailLabel={t('watch:detail')} onClose={address.close} detail={search.open === undefined ? null : <WatchPanel key={search.open} id={search.open} onGone={address.close} />}>
        <DataTable id="watches" label={t('frame:page.watch')} columns={columns} rows={rows} rowId={rowId} total={total?.count} pages={query} activeId={address.activeId} onActive={address.move} onOpen={address.show} sort={sort.sort} second={sort.second} onSort={sort.onSort} selection={chosen.selection} tone={(r) => (r.state === 'paused' ? 'faded' : undefined)}
          empty={filtered ? <EmptyState title={t('watch:empty-filtered.title')} action={<Button variant="default" onClick={() => address.narrow({ show: undefined, q: undefined, ...narrow.cleared })}>{t('watch:empty-filtered.action')}</Button>} />
            : <EmptyState icon={<IconEye size="1.75rem" stroke={1.5} />} title={t('watch:empty.title')} action={add}>{t('watch:empty.text')}</EmptyState>} />
      </SplitView>
      {adding ? <AddWatch onClose={() => setAdding(false)} onAdded={(id) => { setAdding(false); address.show(id); }} /> : null}
    </Page>
  );
}
