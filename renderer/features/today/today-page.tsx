import { Button, Skeleton } from '@mantine/core';
import { IconHeadset, IconAlertTriangle, IconBell, IconEye, IconMessageQuestion, IconClockExclamation, IconFileAlert, IconFileX, IconPackageOff, IconUserCheck, IconZoomQuestion, IconCircleCheck, IconPackageExport, IconPackageImport, IconPlugX, IconScale, IconShoppingCartQuestion, IconShoppingCartUp, IconTag, IconTargetArrow, IconTruckDelivery, type Icon } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { todayItem, todayView } from '#contract/system.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { Page } from '../../ui/page.tsx';
import { ProfitBars } from '../../ui/profit-bars.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { HomeNotice } from './home-notice.tsx';
import './today.css';

type TodayItem = z.infer<typeof todayItem>;
type TodayView = z.infer<typeof todayView>;

const LOOK: Readonly<Record<TodayItem['kind'], { readonly Icon: Icon; readonly to: string }>> = {
  'purchase-stopped': { Icon: IconShoppingCartQuestion, to: '/purchases' }, 'listing-stopped': { Icon: IconTag, to: '/listings' }, approve: { Icon: IconTargetArrow, to: '/opportunities' }, receive: { Icon: IconPackageImport, to: '/purchases' }, 'return-ends': { Icon: IconPackageExport, to: '/purchases' },
  'order-by-hand': { Icon: IconShoppingCartUp, to: '/purchases' }, ship: { Icon: IconTruckDelivery, to: '/orders' }, 'source-failing': { Icon: IconPlugX, to: '/sources' }, 'job-failed': { Icon: IconAlertTriangle, to: '/' }, unbalanced: { Icon: IconScale, to: '/ledger' }, oversold: { Icon: IconPackageOff, to: '/orders' }, 'order-unreadable': { Icon: IconFileX, to: '/orders' }, 'approve-second': { Icon: IconUserCheck, to: '/purchases' },
  'source-drifting': { Icon: IconFileAlert, to: '/sources' }, 'source-stale': { Icon: IconClockExclamation, to: '/sources' }, 'source-rejects': { Icon: IconFileAlert, to: '/sources' }, identify: { Icon: IconZoomQuestion, to: '/identify' }, alert: { Icon: IconBell, to: '/opportunities' }, watch: { Icon: IconEye, to: '/watch' }, talk: { Icon: IconMessageQuestion, to: '/negotiations' }, ticket: { Icon: IconHeadset, to: '/support' }, 'buyer-message': { Icon: IconMessageQuestion, to: '/orders' }, claim: { Icon: IconScale, to: '/orders' }, 'customer-return': { Icon: IconPackageImport, to: '/orders' }, 'not-shown': { Icon: IconClockExclamation, to: '/orders' }, 'warehouse-differs': { Icon: IconScale, to: '/stock' }, inbound: { Icon: IconTruckDelivery, to: '/inbound' },
};

/** What money waits for. */
const FILLED: ReadonlySet<TodayItem['kind']> = new Set(['approve', 'approve-second', 'purchase-stopped', 'order-by-hand', 'oversold']);

/** Running a source again would fail again: a person signs in, or sees why it is refused. */
const NEEDS_LOOK: ReadonlySet<string> = new Set(['source.failed-session', 'source.failed-refused']);

/** What can be done at once is a button that does it; what needs a look opens the thing. */
function RowAction({ item }: { readonly item: TodayItem }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const settle = { onError: (error: unknown) => notifyError(error, t), onSettled: () => { void queries.invalidateQueries({ queryKey: orpc.system.key() }); void queries.invalidateQueries({ queryKey: orpc.sources.key() }); } };
  const runSource = useMutation(orpc.sources.run.mutationOptions({ ...settle, onSuccess: () => notify({ message: t('today:running', { title: item.title }) }) }));
  const retryJob = useMutation(orpc.system.retryJob.mutationOptions({ ...settle, onSuccess: () => notify({ message: t('today:retrying') }) }));
  const sync = useMutation(orpc.orders.sync.mutationOptions({ ...settle, onSuccess: () => notify({ message: t('today:syncing') }) }));
  const alert = useQuery({ ...orpc.alerts.list.queryOptions(), enabled: item.kind === 'alert' }).data?.find((a) => a.viewId === item.id);
  const label = t(item.reason && NEEDS_LOOK.has(item.reason.code) ? `today:action.${item.reason.code}` : `today:action.${item.kind}`);
  if (item.kind === 'source-stale') return <Button variant="default" loading={runSource.isPending} onClick={() => runSource.mutate({ id: item.id })}>{label}</Button>;
  if (item.kind === 'order-unreadable') return <Button variant="default" loading={sync.isPending} onClick={() => sync.mutate({})}>{label}</Button>;
  if (item.kind === 'alert') return <Button component={Link} to="/opportunities" search={(alert?.query ?? {}) as never} variant="filled">{label}</Button>;
  if (item.kind === 'source-failing' && item.reason !== null && !NEEDS_LOOK.has(item.reason.code)) return <Button variant="default" loading={runSource.isPending} onClick={() => runSource.mutate({ id: item.id })}>{label}</Button>;
  if (item.kind === 'job-failed') return <Button variant="default" loading={retryJob.isPending} onClick={() => retryJob.mutate({ id: item.id })}>{label}</Button>;
  return <Button component={Link} to={LOOK[item.kind].to} search={(item.kind === 'unbalanced' ? {} : { open: item.id }) as never} variant={FILLED.has(item.kind) ? 'filled' : 'default'}>{label}</Button>;
}

function Needs({ items }: { readonly items: readonly TodayItem[] }) {
  const { t } = useTranslation();
  const word = useWordReason();
  if (items.length === 0) {
    return <section className="card today-needs"><EmptyState icon={<IconCircleCheck size="1.75rem" stroke={1.5} />} title={t('today:nothing.title')} action={<Button variant="default" component={Link} to="/opportunities">{t('today:nothing.action')}</Button>}>{t('today:nothing.text')}</EmptyState></section>;
  }
  return (
    <section className="card today-needs" aria-labelledby="needs-title">
      <header className="today-head"><h2 id="needs-title">{t('today:needs', { count: items.length })}</h2><span className="small muted">{t('today:order')}</span></header>
      <ul>
        {items.map((item) => {
          const { Icon: ItemIcon } = LOOK[item.kind];
          const title = item.kind === 'job-failed' ? t(`frame:job.${item.title}`, { defaultValue: item.title }) : item.title;
          return (
            <li key={`${item.kind}-${item.id}`} className="need">
              <ItemIcon size="1.125rem" stroke={1.7} className={item.kind === 'approve' || item.kind === 'alert' || item.kind === 'watch' || item.kind === 'identify' ? 'muted' : 'attention'} aria-hidden="true" />
              <div className="need-text"><span className="truncate" title={title} style={{ fontWeight: 550 }}>{title}</span><span className="small muted need-note">{item.reason ? word(item.reason) : t(`today:kind.${item.kind}`)} · <RelativeTime at={item.at} /></span></div>
              <span className="need-amount">{item.amount ? <Money value={item.amount} estimated={item.kind === 'approve'} result={item.kind === 'approve'} /> : null}</span>
              <RowAction item={item} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Figure({ name, children, note }: { readonly name: string; readonly children: ReactNode; readonly note?: ReactNode }) {
  return <div className="today-figure"><span className="small muted">{name}</span><span className="today-value">{children}</span>{note ? <span className="small muted">{note}</span> : null}</div>;
}

function MoneyGlance({ money }: { readonly money: TodayView['money'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="card today-money" aria-labelledby="money-title">
      <h2 id="money-title" className="visually-hidden">{t('today:money')}</h2>
      <div className="today-figures">
        <Figure name={t('today:cash')}><Money value={money.cash} /></Figure>
        <Figure name={t('today:stock')}><Money value={money.stockAtCost} /></Figure>
        <Figure name={t('today:owed')}><Money value={money.owedByChannels} /></Figure>
        <Figure name={t('today:spent')} note={money.dayLimit ? t('today:of-limit', { limit: format.money(money.dayLimit) }) : t('today:no-limit')}><Money value={money.spentToday} /></Figure>
      </div>
      {money.without ? <p className="notice small">{t('today:without', { currencies: money.without.join(', '), home: money.currency })}</p> : null}
      <div className="today-profit">
        <div className="row" style={{ justifyContent: 'space-between', alignItems: 'baseline' }}>
          <h3>{t('today:profit30')}</h3>
          <span><Money value={money.profit30} result strong /> <span className="small muted">{t('today:of-revenue', { revenue: format.money(money.revenue30) })}</span></span>
        </div>
        <ProfitBars days={money.profitByDay} />
      </div>
    </section>
  );
}

function Loading() {
  const { t } = useTranslation();
  return (
    <div className="today-grid" role="status" aria-label={t('common:loading')}>
      <div className="card today-needs">{Array.from({ length: 6 }, (_, index) => <div key={index} className="need"><Skeleton circle height="1.125rem" width="1.125rem" /><div className="need-text"><Skeleton height="0.75rem" width={`${40 + ((index * 13) % 30)}%`} /><Skeleton height="0.625rem" width="30%" mt="0.375rem" /></div><Skeleton height="1.75rem" width="6rem" /></div>)}</div>
      <div className="card today-money"><Skeleton height="5rem" /><Skeleton height="7rem" mt="md" /></div>
    </div>
  );
}

/** What needs a person, dearest wait first, and the money at a glance. */
export function TodayPage() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(orpc.system.today.queryOptions());
  return (
    <Page title={t('frame:page.today')} scroll>
      {isPending ? <Loading /> : error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : <><HomeNotice /><div className="today-grid"><Needs items={data.items} /><MoneyGlance money={data.money} /></div></>}
    </Page>
  );
}
