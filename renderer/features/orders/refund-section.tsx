import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { orderDetail } from '#contract/selling.ts';
import { orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Money } from '../../ui/money.tsx';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { DoByHand } from './by-hand-section.tsx';

const SHORTEST_MESSAGE = 3;

/** Gives a part of the money back at the channel, or all of it, after one more look. What the channel then shows is booked. */
export function RefundSection({ order }: { readonly order: z.infer<typeof orderDetail> }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asking, ask] = useState(false);
  const [amount, setAmount] = useState(order.refundable);
  const [message, say] = useState('');
  const refund = useMutation(orpc.orders.refund.mutationOptions({
    onSuccess: () => { ask(false); notify({ message: t('orders:refund.on-its-way') }); },
    onError: (error) => notifyError(error, t),
    onSettled: () => { void queries.invalidateQueries({ queryKey: orpc.orders.key() }); void queries.invalidateQueries({ queryKey: orpc.ledger.key() }); },
  }));
  const left = order.refundable;
  if (order.byHand) return null;
  if (order.refunding) return <section className="section"><h2>{t('orders:refund.title')}</h2><p className="muted">{t('orders:refund.under-way')}</p></section>;
  if (!left) return null;
  const channel = t(`listings:channel.${order.channel}`, { defaultValue: order.channel });
  const tooMuch = amount !== null && (amount.minor < 1 || amount.minor > left.minor);
  const hand = order.refundWay === 'by-hand';
  const ready = amount !== null && !tooMuch && (hand || message.trim().length >= SHORTEST_MESSAGE);
  return (
    <section className="section stack">
      <h2>{t('orders:refund.title')}</h2>
      <form className="row wrap" style={{ alignItems: 'flex-start' }} onSubmit={(event) => { event.preventDefault(); if (ready) ask(true); }}>
        <div style={{ width: '9rem' }}><MoneyInput label={t('orders:refund.amount')} value={amount} currency={left.currency} error={tooMuch ? t('orders:refund.too-much') : null} onChange={(value, valid) => setAmount(valid ? value : null)} /></div>
        {hand ? null : <TextInput label={t('orders:refund.message')} className="grow" miw="12rem" maxLength={200} value={message} onChange={(event) => say(event.currentTarget.value)} />}
        <Button type="submit" variant="default" mt="1.4rem" disabled={!ready}>{t(hand ? 'orders:refund.look-there' : 'orders:refund.look', { channel })}</Button>
      </form>
      <p className="small muted">{t('orders:refund.left')} <Money value={left} /></p>
      {hand ? <DoByHand order={order} what="refund" amount={amount} opened={asking} onClose={() => ask(false)} /> : <Confirm opened={asking} onClose={() => ask(false)} title={t('orders:refund.confirm-title', { order: order.externalId })} action={t('orders:refund.do')} busy={refund.isPending} onConfirm={() => { if (ready) refund.mutate({ id: order.id, version: order.version, amount, message: message.trim() }); }}>
        <p>{t('orders:refund.confirm-text', { channel })}</p>
        <p><strong><Money value={amount} /></strong> <span className="muted">{message.trim()}</span></p>
      </Confirm>}
    </section>
  );
}
