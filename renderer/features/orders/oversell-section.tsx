import { Button, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { lockRow, oversell } from '#contract/unit-locks.ts';
import { orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { useFormat } from '../../ui/format.ts';
import { notify, notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';

type Oversell = z.infer<typeof oversell>;
type Lock = z.infer<typeof lockRow>;

const SHORTEST_MESSAGE = 10;

function Cancel({ found }: { readonly found: Oversell }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asking, ask] = useState(false);
  const [message, say] = useState(() => t('orders:oversell.message', { title: found.title }));
  const sale = found.sales.find((candidate) => candidate.orderId === found.cancelOrderId);
  const cancel = useMutation(orpc.orders.cancel.mutationOptions({
    onSuccess: () => { ask(false); notify({ message: t('orders:oversell.cancelling') }); },
    onError: (error) => notifyError(error, t),
    onSettled: () => { void queries.invalidateQueries({ queryKey: orpc.orders.key() }); void queries.invalidateQueries({ queryKey: orpc.unitLocks.key() }); void queries.invalidateQueries({ queryKey: orpc.system.today.key() }); },
  }));
  if (!sale) return <p className="small muted">{t('orders:oversell.all-sent')}</p>;
  const name = t(`listings:channel.${sale.channel}`, { defaultValue: sale.channel });
  return (
    <>
      <Button onClick={() => ask(true)}>{t('orders:oversell.cancel', { order: sale.externalId, channel: name })}</Button>
      <Confirm opened={asking} onClose={() => ask(false)} title={t('orders:oversell.cancel-title', { order: sale.externalId })} action={t('orders:oversell.cancel-do')} busy={cancel.isPending} onConfirm={() => { if (message.trim().length >= SHORTEST_MESSAGE) cancel.mutate({ id: sale.orderId, version: sale.version, message: message.trim() }); }}>
        <p>{t('orders:oversell.cancel-text', { channel: name })}</p>
        <Textarea label={t('orders:oversell.to-buyer')} autosize minRows={3} maxLength={1_000} value={message} error={message.trim().length < SHORTEST_MESSAGE ? t('orders:oversell.too-short') : null} onChange={(event) => say(event.currentTarget.value)} />
      </Confirm>
    </>
  );
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
