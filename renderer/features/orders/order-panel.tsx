import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { orderDetail } from '#contract/selling.ts';
import { subtract } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { accountName } from '../../ui/account-name.ts';
import { BuyerMessages } from '../../ui/buyer-messages.tsx';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { HomeMoney } from '../../ui/home-money.tsx';
import { Money } from '../../ui/money.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { ByHandSection } from './by-hand-section.tsx';
import { CancelOrder } from './cancel-order.tsx';
import { ClaimSection } from './claim-section.tsx';
import { FeeSection } from './fee-section.tsx';
import { OpenClaimSection } from './open-claim-section.tsx';
import { OrderPageLink } from './order-page-link.tsx';
import { OversellSection } from './oversell-section.tsx';
import { RefundSection } from './refund-section.tsx';
import { ReturnSection } from './return-section.tsx';
import { orderTone } from './tone.ts';

type OrderDetail = z.infer<typeof orderDetail>;
/** Claims that a person answers, on the channel's own page. */
const CLAIM = /^order\.claim(?:-open|-taken|-taken-assumed|-waits|-case(?:-open|-waits)?)?$/;

function Ship({ order }: { readonly order: OrderDetail }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [carrier, setCarrier] = useState('');
  const [tracking, setTracking] = useState('');
  const ship = useMutation(orpc.orders.ship.mutationOptions({
    onSuccess: () => notify({ message: t('orders:shipped-notice') }),
    onError: (error) => notifyError(error, t),
    onSettled: () => { void queries.invalidateQueries({ queryKey: orpc.orders.key() }); void queries.invalidateQueries({ queryKey: orpc.system.today.key() }); },
  }));
  const ready = carrier.trim().length >= 2 && tracking.trim().length >= 3;
  return (
    <form className="row wrap" style={{ alignItems: 'flex-end' }} onSubmit={(event) => { event.preventDefault(); if (ready) ship.mutate({ id: order.id, version: order.version, carrier: carrier.trim(), tracking: tracking.trim() }); }}>
      <TextInput label={t('orders:carrier')} w="8rem" maxLength={40} value={carrier} onChange={(event) => setCarrier(event.currentTarget.value)} />
      <TextInput label={t('orders:tracking')} className="grow" miw="10rem" maxLength={60} value={tracking} onChange={(event) => setTracking(event.currentTarget.value)} />
      <Button type="submit" disabled={!ready} loading={ship.isPending}>{t('orders:ship')}</Button>
    </form>
  );
}

/** What waits to go out: a parcel to send, one that the channel sends itself, or an order that is being given up. */
function Outgoing({ order }: { readonly order: OrderDetail }) {
  const { t } = useTranslation();
  const channel = t(`listings:channel.${order.channel}`, { defaultValue: order.channel });
  if (order.sentByChannel) return <section className="section"><h2>{t('orders:sent-by-channel.title', { channel })}</h2><p>{t('orders:sent-by-channel.text', { channel })}</p></section>;
  const stopped = order.cancelling || order.byHand?.what === 'cancel';
  return (
    <section className="section stack">
      <h2>{t('orders:ship-title')}</h2>
      {stopped ? <p className="muted">{t('orders:cancel.do-not-send')}</p> : <Ship key={order.version} order={order} />}
      <CancelOrder key={`cancel-${order.version}`} order={order} quiet label={t('orders:cancel.ask')} proposed={t('orders:cancel.message', { title: order.title })}><p>{t('orders:cancel.text', { channel })}</p></CancelOrder>
    </section>
  );
}

/** Estimate and outcome side by side, with the difference. */
function Outcome({ order }: { readonly order: OrderDetail }) {
  const { t } = useTranslation();
  return (
    <table className="plain-table">
      <thead><tr><th scope="col">{t('orders:line.product')}</th><th scope="col" data-align="end">{t('orders:line.revenue')}</th><th scope="col" data-align="end">{t('orders:line.fees')}</th><th scope="col" data-align="end">{t('orders:line.cost')}</th><th scope="col" data-align="end">{t('orders:line.profit')}</th><th scope="col" data-align="end">{t('orders:line.estimate')}</th><th scope="col" data-align="end">{t('orders:line.difference')}</th></tr></thead>
      <tbody>
        {order.lines.map((line) => (
          <tr key={line.id}>
            <td>{line.listingId ? <Link to="/listings" search={{ open: line.listingId } as never}>{line.title}</Link> : line.title} <span className="muted num">× {line.quantity}</span></td>
            <td data-align="end"><Money value={line.revenue} /></td><td data-align="end"><Money value={line.fees} /></td><td data-align="end"><Money value={line.cost} /></td>
            <td data-align="end"><Money value={line.profit} result /></td><td data-align="end" className="muted"><Money value={line.estimate} estimated /></td>
            <td data-align="end">{line.profit && line.estimate ? <Money value={subtract(line.profit, line.estimate)} result /> : '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One order: what was sold, what it earned beside what was expected, what was booked. */
export function OrderPanel({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useWordReason();
  const { data: order, error, isPending, refetch } = useQuery(orpc.orders.get.queryOptions({ input: { id } }));
  if (isPending) return <DetailSkeleton />;
  if (error && !order) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <article className="detail">
      <header className="detail-head"><h2>{order.title}</h2><p className="small muted num">{t(`listings:channel.${order.channel}`, { defaultValue: order.channel })} · {order.externalId}</p></header>
      <div className="detail-body" tabIndex={0} role="region" aria-label={t('orders:detail')}>
        <div className="section stack">
          <StatusBadge tone={orderTone(order.state)} label={t(`orders:state.${order.state}`)} />
          {order.problems.map((problem) => <div key={JSON.stringify(problem)} className="notice" role="note">{word(problem)}{CLAIM.test(problem.code) && order.page ? <> <OrderPageLink page={order.page} channel={t(`listings:channel.${order.channel}`, { defaultValue: order.channel })} /></> : null}</div>)}
          <FieldList sparse fields={[
            [t('orders:column.buyer'), order.buyerName], [t('orders:column.units'), format.number(order.units)], [t('orders:column.total'), <HomeMoney key="v" value={order.total} />], [t('orders:column.fees'), <Money key="v" value={order.fees} />],
            ...(order.tax.minor === 0 ? [] : [[t('orders:sales-tax'), <Money key="v" value={order.tax} />] as const]),
            [t('orders:column.profit'), <HomeMoney key="v" value={order.profit} result strong />], [t('orders:column.estimate'), <Money key="v" value={order.estimate} estimated />],
            [t('orders:column.placed'), <RelativeTime key="v" at={order.placedAt} />], [t('orders:shipped'), order.shippedAt ? <span key="v"><RelativeTime at={order.shippedAt} /> <span className="num muted">{order.tracking}</span></span> : null],
          ]} />
        </div>
        <OversellSection orderId={order.id} />
        <ByHandSection order={order} />
        <OpenClaimSection key={`open-claim-${order.version}`} order={order} />
        <ReturnSection key={`return-${order.version}`} order={order} />
        {order.state === 'paid' ? <Outgoing order={order} /> : null}
        <RefundSection key={`refund-${order.version}`} order={order} />
        <ClaimSection key={`claim-${order.version}`} order={order} />
        <BuyerMessages orderId={order.id} market={order.channel} page={order.page} />
        <section className="section"><h2>{t('orders:outcome')}</h2><div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('orders:outcome')}><Outcome order={order} /></div></section>
        <FeeSection order={order} />
        <section className="section">
          <h2>{t('orders:entries')}</h2>
          {order.entries.length === 0 ? <p className="muted">{t('orders:no-entries')}</p> : order.entries.map((entry) => (
            <div key={entry.id} style={{ marginBlockEnd: '0.625rem' }}>
              <div className="row" style={{ justifyContent: 'space-between' }}><strong>{entry.memo}</strong><span className="small muted"><RelativeTime at={entry.at} /></span></div>
              <table className="plain-table"><tbody>{entry.lines.map((line) => <tr key={`${line.account}-${line.amount.minor}`}><td>{accountName(t, line.account)}</td><td data-align="end"><Money value={line.amount} /></td></tr>)}</tbody></table>
            </div>
          ))}
        </section>
      </div>
    </article>
  );
}
