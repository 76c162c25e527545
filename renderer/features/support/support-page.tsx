import { Button, SegmentedControl } from '@mantine/core';
import { IconHeadset } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { ticketRow } from '#contract/support.ts';
import { LIST_SORTS } from '#contract/words.ts';
import { orpc } from '../../rpc/client.ts';
import { ChosenBar, useChosen } from '../../ui/chosen-bar.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { useListFilters, type FilterSearch } from '../../ui/list-filters.tsx';
import { useEngineNow } from '../../ui/engine-clock.ts';
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
import { EarnedRules } from './earned-rules.tsx';
import { TICKET_INTENTS, TICKET_STATES } from './search.ts';
import { TicketPanel } from './ticket-panel.tsx';
import { ticketTone } from './tone.ts';
import './support.css';

type Row = z.infer<typeof ticketRow>;
type TicketSort = (typeof LIST_SORTS)['support'][number];
const route = getRouteApi('/frame/support');
const rowId = (row: Row) => row.id;
const titleOf = (row: Row) => row.customerName ?? row.excerpt;

function Due({ row }: { readonly row: Row }) {
  const { t } = useTranslation();
  const now = useEngineNow();
  if (row.snoozedUntil !== null) return <span className="muted">{t('support:until')} <RelativeTime at={row.snoozedUntil} /></span>;
  if (row.dueAt === null) return <span className="muted">–</span>;
  return <span className={row.dueAt < now ? 'ticket-late' : undefined}>{row.dueAt < now ? `${t('support:late')} ` : ''}<RelativeTime at={row.dueAt} /></span>;
}

function columnsOf(t: TFunction): Column<Row>[] {
  const name = (id: string) => t(`support:column.${id}`);
  return [
    { id: 'customer', header: name('customer'), size: 150, cell: (r) => <span className="truncate" title={r.customerName ?? ''}>{r.customerName ?? '–'}</span>, csv: (r) => r.customerName ?? '' },
    { id: 'text', header: name('text'), size: 340, cell: (r) => <span className="truncate" dir="auto" title={r.excerpt}>{r.excerpt}</span>, csv: (r) => r.excerpt },
    { id: 'state', header: name('state'), ...eitherWay('state'), size: 160, cell: (r) => <StatusBadge tone={ticketTone(r.state)} label={r.hasDraft ? t('support:draft-ready') : t(`support:state.${r.state}`)} />, csv: (r) => r.state },
    { id: 'due', header: name('due'), ...eitherWay('due'), size: 140, cell: (r) => <Due row={r} />, csv: (r) => (r.dueAt === null ? '' : new Date(r.dueAt).toISOString()) },
    { id: 'intent', header: name('intent'), ...eitherWay('intent'), size: 110, cell: (r) => t(`support:intent.${r.intent}`), csv: (r) => r.intent },
    { id: 'channel', header: name('channel'), ...eitherWay('channel'), size: 90, cell: (r) => t(`support:channel.${r.channel}`), csv: (r) => r.channel },
    { id: 'order', header: name('order'), size: 150, cell: (r) => <span className="truncate muted">{r.orderNumber ?? '–'}</span>, csv: (r) => r.orderNumber ?? '' },
    { id: 'written', header: name('written'), ...eitherWay('written', 'desc'), size: 110, optional: true, cell: (r) => <span className="muted"><RelativeTime at={r.lastInAt} /></span>, csv: (r) => new Date(r.lastInAt).toISOString() },
  ];
}

function Counts() {
  const { t } = useTranslation();
  const { data } = useQuery(orpc.support.counts.queryOptions());
  if (!data) return null;
  const judged = data.good + data.bad;
  return <span className="small muted">{t('support:counts', { count: data.owed, late: data.late })}{judged > 0 ? ` · ${t('support:satisfied', { good: data.good, of: judged })}` : ''}</span>;
}

/** The queue of what is owed, soonest due first; everything; and what may be said and sent without a person. */
export function SupportPage() {
  const { t } = useTranslation();
  const search: { view?: 'all' | 'rules'; state?: (typeof TICKET_STATES)[number]; intent?: (typeof TICKET_INTENTS)[number]; q?: string; sort?: SortText<TicketSort>; second?: SortText<TicketSort>; open?: string } & FilterSearch<'support'> = route.useSearch();
  const address = useListAddress(search, '/support');
  const queue = search.view === undefined;
  const usual = queue ? 'due' : '-opened';
  const sort = useSort(queue ? 'support-queue' : 'support', search, { keys: LIST_SORTS.support, usual, change: address.change });
  const narrow = useListFilters('support', search, { change: address.narrow, facets: useQuery(orpc.support.facets.queryOptions({ staleTime: 60_000 })).data });
  const input = compact({ state: queue ? undefined : search.state, owed: queue ? true : undefined, intent: search.intent, search: search.q, ...narrow.input, ...sort.input });
  const query = useInfiniteQuery({ ...orpc.support.list.infiniteOptions({ input: (cursor: string | undefined) => ({ ...input, ...cursorInput(cursor) }), ...PAGING }), enabled: search.view !== 'rules' });
  const { rows, total } = useRows<Row>(query.data);
  const chosen = useChosen(rows, titleOf);
  const columns = useMemo(() => columnsOf(t), [t]);
  const views = <SegmentedControl size="xs" value={search.view ?? 'queue'} onChange={(view) => address.change({ view: view === 'queue' ? undefined : view, open: undefined, state: undefined, sort: undefined, second: undefined })} data={(['queue', 'all', 'rules'] as const).map((value) => ({ value, label: t(`support:view.${value}`) }))} aria-label={t('support:view.label')} />;
  if (search.view === 'rules') return <Page title={t('frame:page.support')} tools={views}><EarnedRules /></Page>;
  const filtered = search.state !== undefined || search.q !== undefined || search.intent !== undefined || narrow.filtered;
  const next = () => {
    const at = rows.findIndex((row) => row.id === search.open);
    const after = rows[at + 1] ?? rows[at - 1];
    if (queue && after) address.change({ open: after.id });
  };
  return (
    <Page title={t('frame:page.support')} tools={<>{views}<SearchBox value={search.q ?? ''} onChange={(q) => address.change({ q: q || undefined })} label={t('support:search')} /><span className="grow" /><SavedViews page="support" search={search} onPick={address.pick} /><TableMenu id="support" columns={columns} rows={rows} /></>} filters={<FilterChips filters={[
        stateChip({ name: t('support:column.intent'), values: TICKET_INTENTS, value: search.intent, word: (s) => t(`support:intent.${s}`), allLabel: t('support:all-kinds'), onChange: (intent) => address.narrow({ intent }) }, 'intent'),
        ...(queue ? [] : [stateChip({ name: t('support:column.state'), values: TICKET_STATES, value: search.state, word: (s) => t(`support:state.${s}`), allLabel: t('support:all'), onChange: (state) => address.narrow({ state }) })]), ...narrow.filters,
      ]} trail={<><Total total={total} /><Counts /></>} />}>
      <ChosenBar rows={chosen.rows} columns={columns} onClear={chosen.clear} />
      <SplitView id="support" detailLabel={t('support:detail')} onClose={address.close} detail={search.open === undefined ? null : <TicketPanel key={search.open} id={search.open} onDone={next} />}>
        <DataTable id="support" label={t('frame:page.support')} columns={columns} rows={rows} rowId={rowId} total={total?.count} pages={query} activeId={address.activeId} onActive={address.move} onOpen={address.show} sort={sort.sort} second={sort.second} onSort={sort.onSort} selection={chosen.selection} tone={(r) => (r.state === 'closed' ? 'faded' : undefined)}
          empty={filtered ? <EmptyState title={t('support:empty-filtered.title')} action={<Button variant="default" onClick={() => address.narrow({ state: undefined, intent: undefined, q: undefined, ...narrow.cleared })}>{t('support:empty-filtered.action')}</Button>} />
            : <EmptyState icon={<IconHeadset size="1.75rem" stroke={1.5} />} title={t(queue ? 'support:empty-queue.title' : 'support:empty.title')} action={<Button variant="default" component={Link} to="/settings" search={{ tab: 'connections' } as never}>{t('support:empty.action')}</Button>}>{t(queue ? 'support:empty-queue.text' : 'support:empty.text')}</EmptyState>} />
      </SplitView>
    </Page>
  );
}
