import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconChartHistogram, IconScale } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LIST_SORTS } from '#contract/words.ts';
import { money, toDecimal, type Money as Amount } from '#kernel/money.ts';
import { DAY_MS, startOfUtcDay } from '#kernel/time.ts';
import { orpc } from '../../rpc/client.ts';
import { ChosenBar, useChosen } from '../../ui/chosen-bar.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { useEngineNow } from '../../ui/engine-clock.ts';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { useFormat, type Formatter } from '../../ui/format.ts';
import { useListFilters, type FilterSearch } from '../../ui/list-filters.tsx';
import { accountName } from '../../ui/account-name.ts';
import { HomeMoney } from '../../ui/home-money.tsx';
import { Money } from '../../ui/money.tsx';
import { Page } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { SavedViews } from '../../ui/saved-views.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { compact } from '../../ui/search-params.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TableMenu } from '../../ui/table-menu.tsx';
import { eitherWay, useSort, type SortText } from '../../ui/table-sort.ts';
import { Total } from '../../ui/total.tsx';
import { useListAddress } from '../../ui/use-address.ts';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';
import { ACCOUNT_KINDS, asRead, flowOf, kindOf, sumsOf, type Line } from './entry-flow.ts';
import { SPANS, type Span } from './search.ts';
import './ledger.css';

interface Entry { readonly id: string; readonly kind: string; readonly memo: string; readonly refKind: string; readonly refId: string; readonly at: number; readonly lines: readonly Line[] }
const route = getRouteApi('/frame/ledger');
const rowId = (row: Entry) => row.id;
const titleOf = (row: Entry) => row.memo;
type EntrySort = (typeof LIST_SORTS)['ledger'][number];

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return <div className="figure"><span className="small muted">{name}</span><span className="figure-value">{children}</span></div>;
}

function ProfitReport({ span, onSpan }: { readonly span: Span; readonly onSpan: (span: Span) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const today = startOfUtcDay(useEngineNow(600_000));
  const input = span === 'all' ? {} : { from: today - (Number(span) - 1) * DAY_MS };
  const { data, error, isPending, refetch } = useQuery(orpc.ledger.profit.queryOptions({ input }));
  return (
    <section className="card ledger-card">
      <header className="row wrap" style={{ justifyContent: 'space-between' }}><h2>{t('ledger:report')}</h2><SegmentedControl size="xs" value={span} onChange={(v) => onSpan(v as Span)} data={SPANS.map((s) => ({ value: s, label: t(`ledger:span.${s}`) }))} aria-label={t('ledger:span-label')} /></header>
      {isPending ? <Skeleton height="4rem" /> : error ? <ErrorState error={error} onRetry={() => void refetch()} /> : (
        <div className="figures">
          <Figure name={t('ledger:profit')}><Money value={data.profit} result strong /></Figure>
          <Figure name={t('ledger:expected')}><Money value={data.estimatedProfit} estimated /></Figure>
          <Figure name={t('ledger:error')}><Money value={data.meanAbsoluteError} /></Figure>
          <Figure name={t('ledger:bias')}><span className="num">{data.meanError ? format.money(data.meanError, { sign: true }) : '–'}</span></Figure>
          <Figure name={t('ledger:units')}><span className="num">{format.number(data.units)}</span></Figure>
          <Figure name={t('ledger:revenue')}><Money value={data.revenue} /></Figure>
          <Figure name={t('ledger:cost')}><Money value={data.cost} /></Figure>
          <Figure name={t('ledger:fees')}><Money value={data.fees} /></Figure>
          <Figure name={t('ledger:postage')}><Money value={data.postage} /></Figure>
          <Figure name={t('ledger:refunds')}><Money value={data.refunds} /></Figure>
        </div>
      )}
    </section>
  );
}

interface Balance { readonly account: string; readonly balance: Amount }

/** Accounts that hold something, kind by kind. */
const groupsOf = (accounts: readonly Balance[]) => ACCOUNT_KINDS.map((kind) => [kind, accounts.filter((a) => kindOf(a.account) === kind && a.balance.minor !== 0)] as const).filter(([, held]) => held.length > 0);

function Balances({ account, onPick }: { readonly account: string | undefined; readonly onPick: (account: string | undefined) => void }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(orpc.ledger.balances.queryOptions());
  return (
    <section className="card ledger-card ledger-balances">
      <header className="row" style={{ justifyContent: 'space-between' }}><h2>{t('ledger:balances')}</h2>
        {data ? (data.balanced ? <span className="small muted row" style={{ gap: '0.25rem' }}><IconScale size="0.875rem" aria-hidden="true" />{t('ledger:balanced')}</span> : <StatusBadge tone="attention" label={t('ledger:unbalanced')} />) : null}
      </header>
      {isPending ? <Skeleton height="9rem" /> : error ? <ErrorState error={error} onRetry={() => void refetch()} /> : (
        <div className="balance-groups">{groupsOf(data.accounts).map(([kind, accounts]) => (
          <section key={kind} aria-label={t(`ledger:group.${kind}`)}><h3 className="small muted">{t(`ledger:group.${kind}`)}</h3><ul>{accounts.map((a) => (
            <li key={`${a.account}-${a.balance.currency}`}><button type="button" className="balance" aria-pressed={account === a.account} onClick={() => onPick(account === a.account ? undefined : a.account)}><span className="truncate">{accountName(t, a.account)}</span><HomeMoney value={asRead(a.account, a.balance)} /></button></li>
          ))}</ul></section>
        ))}</div>
      )}
      {data && !data.balanced ? <p className="notice small"><IconAlertTriangle size="0.875rem" aria-hidden="true" /> {t('ledger:unbalanced-text')}</p> : null}
    </section>
  );
}

const REF_PAGES: Readonly<Record<string, string>> = { purchase: '/purchases', order: '/orders', lot: '/stock', stockLot: '/stock', listing: '/listings' };

function columnsOf(t: TFunction, format: Formatter): Column<Entry>[] {
  const side = (lines: readonly Line[]) => lines.map((l) => (lines.length === 1 ? accountName(t, l.account) : `${accountName(t, l.account)} ${format.money(money(Math.abs(l.amount.minor), l.amount.currency))}`)).join(' + ');
  const words = (row: Entry) => { const { from, to } = flowOf(row.lines); return t('ledger:flow', { from: side(from), to: side(to) }); };
  const name = (id: string) => t(`ledger:column.${id}`);
  /** Written by the books with the channel's key in front. */
  const memo = (row: Entry) => row.memo.replace(/^[a-z]+(?:-[a-z]+)?(?= )/, (key) => t(`listings:channel.${key}`, { defaultValue: key }));
  const moved = (row: Entry) => sumsOf(flowOf(row.lines).to);
  return [
    { id: 'memo', header: name('memo'), ...eitherWay('memo'), size: 320, cell: (r) => <span dir="auto" title={r.memo}>{memo(r)}</span>, csv: (r) => r.memo },
    { id: 'kind', header: name('kind'), ...eitherWay('kind'), size: 130, cell: (r) => t(`ledger:kind.${r.kind}`, { defaultValue: r.kind }), csv: (r) => r.kind },
    { id: 'amount', header: name('amount'), ...eitherWay('amount', 'desc'), size: 110, align: 'end', cell: (r) => moved(r).map((amount) => <Money key={amount.currency} value={amount} />), csv: (r) => moved(r).map((amount) => `${toDecimal(amount)} ${amount.currency}`).join(' + ') },
    { id: 'lines', header: name('lines'), size: 400, cell: (r) => <span className="small muted truncate" title={words(r)}>{words(r)}</span>, csv: (r) => r.lines.map((l) => `${l.account} ${toDecimal(l.amount)} ${l.amount.currency}`).join('; ') },
    { id: 'at', header: name('at'), ...eitherWay('at', 'desc'), size: 120, cell: (r) => <span className="muted"><RelativeTime at={r.at} /></span>, csv: (r) => new Date(r.at).toISOString() },
    { id: 'ref', header: name('ref'), size: 110, cell: (r) => { const to = REF_PAGES[r.refKind]; return to ? <Link to={to as '/purchases'} search={{ open: r.refId } as never} onClick={(event) => event.stopPropagation()}>{t(`ledger:ref.${r.refKind}`, { defaultValue: r.refKind })}</Link> : <span className="muted">{t(`ledger:ref.${r.refKind}`, { defaultValue: r.refKind })}</span>; }, csv: (r) => r.refId },
  ];
}

export function LedgerPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search: { span?: Span; q?: string; sort?: SortText<EntrySort>; second?: SortText<EntrySort>; open?: string } & FilterSearch<'ledger'> = route.useSearch();
  const address = useListAddress(search, '/ledger');
  const sort = useSort('ledger', search, { keys: LIST_SORTS.ledger, usual: '-at', change: address.change });
  const narrow = useListFilters('ledger', search, { change: address.narrow, facets: useQuery(orpc.ledger.facets.queryOptions({ staleTime: 60_000 })).data });
  const input = compact({ search: search.q, ...narrow.input, ...sort.input });
  const query = useInfiniteQuery(orpc.ledger.entries.infiniteOptions({ input: (page: string | undefined) => ({ ...input, ...cursorInput(page) }), ...PAGING }));
  const { rows, total } = useRows<Entry>(query.data);
  const chosen = useChosen(rows, titleOf);
  const columns = useMemo(() => columnsOf(t, format), [t, format]);
  const [cursor, setCursor] = useState<string | null>(null);
  return (
    <Page title={t('frame:page.ledger')} tools={<><SearchBox value={search.q ?? ''} onChange={(q) => address.change({ q: q || undefined })} label={t('ledger:search')} /><span className="grow" /><SavedViews page="ledger" search={search} onPick={address.pick} /><TableMenu id="ledger" columns={columns} rows={rows} /></>} filters={<FilterChips filters={narrow.filters} trail={<Total total={total} />} />}>
      <div className="ledger-top"><ProfitReport span={search.span ?? '30'} onSpan={(span) => address.change({ span })} /><Balances account={search.account} onPick={(account) => address.narrow({ account })} /></div>
      <ChosenBar rows={chosen.rows} columns={columns} onClear={chosen.clear} />
      <div className="ledger-entries">
        <DataTable id="ledger" label={t('ledger:entries')} columns={columns} rows={rows} rowId={rowId} total={total?.count} pages={query} activeId={cursor} onActive={setCursor} onOpen={setCursor} sort={sort.sort} second={sort.second} onSort={sort.onSort} selection={chosen.selection}
          empty={narrow.filtered || search.q !== undefined ? <EmptyState title={t('ledger:empty-filtered.title')} action={<Button variant="default" onClick={() => address.narrow({ q: undefined, ...narrow.cleared })}>{t('ledger:empty-filtered.action')}</Button>} /> : <EmptyState icon={<IconChartHistogram size="1.75rem" stroke={1.5} />} title={t('ledger:empty.title')} action={<Button component={Link} to="/opportunities">{t('ledger:empty.action')}</Button>}>{t('ledger:empty.text')}</EmptyState>} />
      </div>
    </Page>
  );
}
