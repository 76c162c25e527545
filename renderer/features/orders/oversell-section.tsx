import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { lockRow, oversell } from '#contract/unit-locks.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { CancelOrder } from './cancel-order.tsx';

type Oversell = z.infer<typeof oversell>;
type Lock = z.infer<typeof lockRow>;

function Cancel({ found }: { readonly found: Oversell }) {
  const { t } = useTranslation();
  const sale = found.sales.find((candidate) => candidate.orderId === found.cancelOrderId);
  const { data: order } = useQuery({ ...orpc.orders.get.queryOptions({ input: { id: sale?.orderId ?? '' } }), enabled: sale !== undefined });
  if (!sale) return <p className="small muted">{t('orders:oversell.all-sent')}</p>;
  if (!order) return null;
  const name = t(`listings:channel.${sale.channel}`, { defaultValue: sale.channel });
  if (order.cancelWay === null && !order.cancelling) return <p className="small muted">{t('orders:cancel.no-way', { channel: name })}</p>;
  return <CancelOrder order={order} label={t('orders:oversell.cancel', { order: sale.externalId, channel: name })} proposed={t('orders:oversell.message', { title: found.title })}><p>{t('orders:oversell.cancel-text', { channel: name })}</p></CancelOrder>;
}

/** Why more was sold than there was: the sales in the order of the vendors, and what each channel knew. */
function Explained({ found }: { readonly found: Oversell }) {
  const { t } = useTranslation();
  const name = (channel: string) => t(`listings:channel.${channel}`, { defaultValue: channel });
  return (
    <section className="section stack">
      <h2>{t('orders:oversell.title')}</h2>
      <div className="notice" role="note"><strong>{t('orders:oversell.sum', { sold: found.sold, had: found.had })}</strong> {t(`orders:oversell.verdict.${found.verdict}`)}</div>
      <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('orders:oversell.title')}>
        <table className="plain-table">
          <thead><tr><th scope="col">{t('orders:column.channel')}</th><th scope="col">{t('orders:column.external')}</th><th scope="col">{t('orders:oversell.sold-at')}</th><th scope="col">{t('orders:oversell.heard-at')}</th><th scope="col" data-align="end">{t('orders:oversell.got')}</th></tr></thead>
          <tbody>{found.sales.map((sale) => (
            <tr key={sale.orderId}><td>{name(sale.channel)}</td><td className="num">{sale.externalId}</td><td><RelativeTime at={sale.placedAt} /></td><td>{sale.heardAt === null ? '–' : <RelativeTime at={sale.heardAt} />}</td><td data-align="end" className="num">{t('orders:oversell.got-of', { taken: sale.taken, quantity: sale.quantity })}</td></tr>
          ))}</tbody>
        </table>
      </div>
      <Cancel found={found} />
    </section>
  );
}

const TONES = { proved: 'done', moot: 'ended', stopped: 'attention', intended: 'running', calling: 'running', told: 'running' } as const;

/** What the other channels had to hear of this order, and how long it took them. */
function Locks({ locks }: { readonly locks: readonly Lock[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const retry = useMutation(orpc.unitLocks.retry.mutationOptions({ onError: (error) => notifyError(error, t), onSettled: () => queries.invalidateQueries({ queryKey: orpc.unitLocks.key() }) }));
  const seconds = (from: number, to: number | null) => (to === null ? '–' : t('orders:locks.seconds', { seconds: format.number(Math.round((to - from) / 100) / 10) }));
  return (
    <section className="section">
      <h2>{t('orders:locks.title')}</h2>
      <table className="plain-table">
        <thead><tr><th scope="col">{t('orders:column.channel')}</th><th scope="col">{t('orders:column.state')}</th><th scope="col" data-align="end">{t('orders:locks.told')}</th><th scope="col" data-align="end">{t('orders:locks.proved')}</th><th scope="col" data-align="end">{t('orders:locks.shown')}</th></tr></thead>
        <tbody>{locks.map((lock) => (
          <tr key={lock.id}>
            <td>{t(`listings:channel.${lock.channel}`, { defaultValue: lock.channel })}</td>
            <td><StatusBadge tone={TONES[lock.state]} label={t(`orders:locks.state.${lock.state}`)} />{lock.error && lock.state !== 'proved' ? <p className="small muted">{lock.error}</p> : null}{lock.state === 'stopped' ? <Button size="compact-sm" variant="default" loading={retry.isPending} onClick={() => retry.mutate({ id: lock.id })}>{t('orders:locks.retry')}</Button> : null}</td>
            <td data-align="end">{seconds(lock.heardAt, lock.toldAt)}</td><td data-align="end">{seconds(lock.heardAt, lock.provedAt)}</td><td data-align="end" className="num">{lock.shown ?? '–'}</td>
          </tr>
        ))}</tbody>
      </table>
    </section>
  );
}

export function OversellSection({ orderId }: { readonly orderId: string }) {
  const { data } = useQuery(orpc.unitLocks.ofOrder.queryOptions({ input: { id: orderId } }));
  if (!data) return null;
  return <>{data.oversell ? <Explained found={data.oversell} /> : null}{data.locks.length > 0 ? <Locks locks={data.locks} /> : null}</>;
}
