import { Button, SegmentedControl } from '@mantine/core';
import { IconCash } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { paymentRow } from '#contract/payments.ts';
import { LIST_SORTS } from '#contract/words.ts';
import { toDecimal } from '#kernel/money.ts';
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
import { useAskedForNew, useListAddress } from '../../ui/use-address.ts';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';
import { AskForPayment } from './ask-for-payment.tsx';
import { PaymentPanel } from './payment-panel.tsx';
import { Payouts } from './payouts.tsx';
import { PAYMENT_STATES } from './search.ts';
import { paymentTone } from './tone.ts';

type PaymentRow = z.infer<typeof paymentRow>;
type PaymentSort = (typeof LIST_SORTS)['payments'][number];
const route = getRouteApi('/frame/payments');
const rowId = (row: PaymentRow) => row.id;
const OVER: readonly string[] = ['failed', 'cancelled', 'expired', 'lost', 'refunded'];

function columnsOf(t: TFunction): Column<PaymentRow>[] {
  const name = (id: string) => t(`payments:column.${id}`);
  return [
    { id: 'description', header: name('description'), ...eitherWay('description'), size: 300, cell: (r) => <span title={r.description}>{r.description}</span>, csv: (r) => r.description },
    { id: 'state', header: name('state'), ...eitherWay('state'), size: 150, cell: (r) => <StatusBadge tone={paymentTone(r.state)} label={t(`payments:state.${r.state}`)} />, csv: (r) => r.state },
    { id: 'amount', header: name('amount'), ...eitherWay('amount', 'desc'), size: 130, align: 'end', cell: (r) => <Money value={r.paid ?? r.amount} />, csv: (r) => `${toDecimal(r.paid ?? r.amount)} ${r.amount.currency}` },
    { id: 'fee', header: name('fee'), ...eitherWay('fee', 'desc'), size: 100, align: 'end', cell: (r) => <Money value={r.fee} />, csv: (r) => (r.fee ? toDecimal(r.fee) : '') },
    { id: 'refunded', header: name('refunded'), ...eitherWay('refunded', 'desc'), size: 110, align: 'end', optional: true, cell: (r) => <Money value={r.refunded.minor === 0 ? null : r.refunded} />, csv: (r) => toDecimal(r.refunded) },
    { id: 'provider', header: name('provider'), ...eitherWay('provider'), size: 140, cell: (r) => <span className="truncate">{r.providerName}</span>, csv: (r) => r.provider },
    { id: 'customer', header: name('customer'), size: 150, cell: (r) => <span className="truncate" title={r.customerName ?? ''}>{r.customerName ?? '–'}</span>, csv: (r) => r.customerName ?? '' },
    { id: 'created', header: name('created'), ...eitherWay('created', 'desc'), size: 110, cell: (r) => <span className="muted"><RelativeTime at={r.createdAt} /></span>, csv: (r) => new Date(r.createdAt).toISOString() },
    { id: 'paidAt', header: name('paid-at'), ...eitherWay('paid', 'desc'), size: 110, cell: (r) => <span className="muted"><RelativeTime at={r.paidAt} /></span>, csv: (r) => (r.paidAt ? new Date(r.paidAt).toISOString() : '') },
  ];
}

export function PaymentsPage() {
  const { t } = useTranslation();
  const search: { state?: (typeof PAYMENT_STATES)[number]; q?: string; sort?: SortText<PaymentSort>; second?: SortText<PaymentSort>; open?: string; new?: true; view?: 'payouts' } & FilterSearch<'payments'> = route.useSearch();
  const address = useListAddress(search, '/payments');
  const [asking, ask] = useState(false);
  useAskedForNew(search, address, () => ask(true));
  const providers = useQuery(orpc.payments.providers.queryOptions());
  const sort = useSort('payments', search, { keys: LIST_SORTS.payments, usual: '-created', change: address.change });
  const narrow = useListFilters('payments', search, { change: address.narrow, facets: useQuery(orpc.payments.facets.queryOptions({ staleTime: 60_000 })).data });
  const input = compact({ state: search.state, search: search.q, ...narrow.input, ...sort.input });
  const query = useInfiniteQuery(orpc.payments.list.infiniteOptions({ input: (cursor: string | undefined) => ({ ...input, ...cursorInput(cursor) }), ...PAGING }));
  const { rows, total } = useRows<PaymentRow>(query.data);
  const columns = useMemo(() => columnsOf(t), [t]);
  const connected = (providers.data?.length ?? 0) > 0;
  const filtered = search.state !== undefined || search.q !== undefined || narrow.filtered;
  const views = <SegmentedControl size="xs" value={search.view ?? 'payments'} onChange={(view) => address.change({ view: view === 'payouts' ? 'payouts' : undefined, open: undefined })} data={[{ value: 'payments', label: t('payments:view.payments') }, { value: 'payouts', label: t('payments:view.payouts') }]} aria-label={t('payments:view.label')} />;
  const dialog = providers.data && connected ? <AskForPayment providers={providers.data} opened={asking} onClose={(id) => { ask(false); if (id) address.show(id); }} /> : null;
  const askButton = connected ? <Button onClick={() => ask(true)}>{t('payments:ask')}</Button> : null;
  if (search.view === 'payouts') return <Page title={t('frame:page.payments')} tools={<>{views}<span className="grow" />{askButton}</>}>{dialog}<Payouts providers={providers.data ?? []} /></Page>;
  return (
    <Page title={t('frame:page.payments')} tools={<>{views}<SearchBox value={search.q ?? ''} onChange={(q) => address.change({ q: q || undefined })} label={t('payments:search')} /><span className="grow" />{askButton}<SavedViews page="payments" search={search} onPick={address.pick} /><TableMenu id="payments" columns={columns} rows={rows} /></>} filters={<FilterChips filters={[stateChip({ name: t('payments:column.state'), values: PAYMENT_STATES, value: search.state, word: (s) => t(`payments:state.${s}`), allLabel: t('payments:all'), onChange: (state) => address.narrow({ state }) }), ...narrow.filters]} trail={<Total total={total} />} />}>
      {dialog}
      <SplitView id="payments" detailLabel={t('payments:detail')} onClose={address.close} detail={search.open === undefined ? null : <PaymentPanel key={search.open} id={search.open} />}>
        <DataTable id="payments" label={t('frame:page.payments')} columns={columns} rows={rows} rowId={rowId} total={total?.count} pages={query} activeId={address.activeId} onActive={address.move} onOpen={address.show} sort={sort.sort} second={sort.second} onSort={sort.onSort} tone={(r) => (OVER.includes(r.state) ? 'faded' : undefined)}
          empty={filtered ? <EmptyState title={t('payments:empty-filtered.title')} action={<Button variant="default" onClick={() => address.narrow({ state: undefined, q: undefined, ...narrow.cleared })}>{t('payments:empty-filtered.action')}</Button>} />
            : connected ? <EmptyState icon={<IconCash size="1.75rem" stroke={1.5} />} title={t('payments:empty.title')} action={<Button onClick={() => ask(true)}>{t('payments:ask')}</Button>}>{t('payments:empty.text')}</EmptyState>
              : <EmptyState icon={<IconCash size="1.75rem" stroke={1.5} />} title={t('payments:unconnected.title')} action={<Button component={Link} to="/settings" search={{ tab: 'connections' } as never}>{t('payments:unconnected.action')}</Button>}>{t('payments:unconnected.text')}</EmptyState>} />
      </SplitView>
    </Page>
  );
}
