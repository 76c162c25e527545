import { Button } from '@mantine/core';
import { IconMessages } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TalkRow } from '#contract/negotiations.ts';
import { LIST_SORTS } from '#contract/words.ts';
import { toDecimal, type Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
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
import { TALK_STATES } from './search.ts';
import { StartTalk } from './start-talk.tsx';
import { TalkPanel } from './talk-panel.tsx';
import { isTalkOver, talkTone } from './tone.ts';

const route = getRouteApi('/frame/negotiations');
type TalkSort = (typeof LIST_SORTS)['negotiations'][number];
const rowId = (row: TalkRow) => row.id;
const csvMoney = (value: Amount | null) => (value ? `${toDecimal(value)} ${value.currency}` : '');

function columnsOf(t: TFunction): Column<TalkRow>[] {
  const name = (id: string) => t(`negotiations:column.${id}`);
  const price = (id: string, of: (r: TalkRow) => Amount | null, sortable = true): Column<TalkRow> => ({ id, header: name(id), ...(sortable ? eitherWay(id, 'desc') : {}), size: 112, align: 'end', cell: (r) => { const value = of(r); return value ? <Money value={value} /> : <span className="muted">–</span>; }, csv: (r) => csvMoney(of(r)) });
  return [
    { id: 'title', header: name('title'), ...eitherWay('title'), size: 280, cell: (r) => <span dir="auto" title={r.title}>{r.title}</span>, csv: (r) => r.title },
    { id: 'state', header: name('state'), ...eitherWay('state'), size: 170, cell: (r) => <StatusBadge tone={r.needsYou ? 'attention' : talkTone(r.state)} label={r.needsYou && r.state !== 'needs-person' && r.state !== 'agreed' ? t('negotiations:needs-you') : t(`negotiations:state.${r.state}`)} />, csv: (r) => r.state },
    { id: 'seller', header: name('seller'), ...eitherWay('seller'), size: 170, cell: (r) => <span className="truncate" title={r.recipient || r.sourceName}>{r.sellerName ?? (r.recipient || r.sourceName)}</span>, csv: (r) => r.sellerName ?? r.recipient },
    { id: 'channel', header: name('channel'), ...eitherWay('channel'), size: 118, cell: (r) => t(`negotiations:channel.${r.channel}`), csv: (r) => r.channel },
    price('asked', (r) => r.asked), price('ours', (r) => r.ourLast, false), price('theirs', (r) => r.theirLast, false), price('agreed', (r) => r.agreed),
    { id: 'next', header: name('next'), ...eitherWay('next'), size: 190, cell: (r) => (r.nextStep ? <span className="muted">{t(`negotiations:next.${r.nextStep}`)}{r.nextAt ? <> · <RelativeTime at={r.nextAt} /></> : null}</span> : <span className="muted">–</span>), csv: (r) => r.nextStep ?? '' },
    { ...price('ceiling', (r) => r.ceiling), optional: true },
    { id: 'updated', header: name('updated'), ...eitherWay('updated', 'desc'), size: 110, optional: true, cell: (r) => <span className="muted"><RelativeTime at={r.updatedAt} /></span>, csv: (r) => new Date(r.updatedAt).toISOString() },
  ];
}

export function NegotiationsPage() {
  const { t } = useTranslation();
  const search: { state?: (typeof TALK_STATES)[number]; q?: string; sort?: SortText<TalkSort>; second?: SortText<TalkSort>; open?: string; start?: string } & FilterSearch<'negotiations'> = route.useSearch();
  const address = useListAddress(search, '/negotiations');
  const sort = useSort('negotiations', search, { keys: LIST_SORTS.negotiations, usual: '-started', change: address.change });
  const narrow = useListFilters('negotiations', search, { change: address.narrow, facets: useQuery(orpc.negotiations.facets.queryOptions({ staleTime: 60_000 })).data });
  const input = compact({ state: search.state, search: search.q, ...narrow.input, ...sort.input });
  const query = useInfiniteQuery(orpc.negotiations.list.infiniteOptions({ input: (cursor: string | undefined) => ({ ...input, ...cursorInput(cursor) }), ...PAGING }));
  const { rows, total } = useRows<TalkRow>(query.data);
  const columns = useMemo(() => columnsOf(t), [t]);
  const filtered = search.state !== undefined || search.q !== undefined || narrow.filtered;
  return (
    <Page title={t('frame:page.negotiations')} tools={<><SearchBox value={search.q ?? ''} onChange={(q) => address.change({ q: q || undefined })} label={t('negotiations:search')} /><span className="grow" /><SavedViews page="negotiations" search={{ ...search, start: undefined }} onPick={address.pick} /><TableMenu id="negotiations" columns={columns} rows={rows} /></>} filters={<FilterChips filters={[stateChip({ name: t('negotiations:column.state'), values: TALK_STATES, value: search.state, word: (s) => t(`negotiations:state.${s}`), allLabel: t('negotiations:all'), onChange: (state) => address.narrow({ state }) }), ...narrow.filters]} trail={<Total total={total} />} />}>
      <SplitView id="negotiations" detailLabel={t('negotiations:detail')} onClose={address.close} detail={search.open === undefined ? null : <TalkPanel key={search.open} id={search.open} />}>
        <DataTable id="negotiations" label={t('frame:page.negotiations')} columns={columns} rows={rows} rowId={rowId} total={total?.count} pages={query} activeId={address.activeId} onActive={address.move} onOpen={address.show} sort={sort.sort} second={sort.second} onSort={sort.onSort} tone={(r) => (isTalkOver(r.state) && !r.needsYou ? 'faded' : undefined)}
          empty={filtered ? <EmptyState title={t('negotiations:empty-filtered.title')} action={<Button variant="default" onClick={() => address.narrow({ state: undefined, q: undefined, ...narrow.cleared })}>{t('negotiations:empty-filtered.action')}</Button>} />
            : <EmptyState icon={<IconMessages size="1.75rem" stroke={1.5} />} title={t('negotiations:empty.title')} action={<Button component={Link} to="/opportunities" search={{ decision: 'negotiate' } as never}>{t('negotiations:empty.action')}</Button>}>{t('negotiations:empty.text')}</EmptyState>} />
      </SplitView>
      {search.start === undefined ? null : <StartTalk key={search.start} opportunityId={search.start} onClose={() => address.change({ start: undefined })} onStarted={(id) => address.change({ start: undefined, open: id })} />}
    </Page>
  );
}
