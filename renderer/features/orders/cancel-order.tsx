import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { orderDetail } from '#contract/selling.ts';
import { orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { DoByHand } from './by-hand-section.tsx';

const SHORTEST_MESSAGE = 10;

interface CancelProps {
  readonly order: z.infer<typeof orderDetail>;
  /** Of the button. */
  readonly label: string;
  /** Why, above the message. */
  readonly children?: React.ReactNode;
  /** What the buyer is told unless the person says other words. */
  readonly proposed: string;
  readonly quiet?: boolean;
}

/** Gives an order up that was not sent: at its channel, or on the channel's own page where it takes no call. Nothing where neither can be. */
export function CancelOrder({ order, label, children, proposed, quiet = false }: CancelProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asking, ask] = useState(false);
  const [message, say] = useState(proposed);
  const cancel = useMutation(orpc.orders.cancel.mutationOptions({
    onSuccess: () => { ask(false); notify({ message: t('orders:oversell.cancelling') }); },
    onError: (error) => notifyError(error, t),
    onSettled: () => { void queries.invalidateQueries({ queryKey: orpc.orders.key() }); void queries.invalidateQueries({ queryKey: orpc.unitLocks.key() }); void queries.invalidateQueries({ queryKey: orpc.system.today.key() }); },
  }));
  if (order.cancelling) return <p className="muted">{t('orders:oversell.cancelling')}</p>;
  if (order.cancelWay === null || order.byHand) return null;
  const channel = t(`listings:channel.${order.channel}`, { defaultValue: order.channel });
  const short = !order.cancelsInOwnWords && message.trim().length < SHORTEST_MESSAGE;
  return (
    <>
      <div><Button {...(quiet ? { variant: 'default', size: 'sm' } : {})} onClick={() => ask(true)}>{label}</Button></div>
      {order.cancelWay === 'by-hand' ? <DoByHand order={order} what="cancel" amount={null} opened={asking} onClose={() => ask(false)} /> : (
        <Confirm opened={asking} onClose={() => ask(false)} title={t('orders:oversell.cancel-title', { order: order.externalId })} action={t('orders:oversell.cancel-do')} danger busy={cancel.isPending} onConfirm={() => { if (!short) cancel.mutate({ id: order.id, version: order.version, ...(order.cancelsInOwnWords ? {} : { message: message.trim() }) }); }}>
          {children}
          {order.cancelsInOwnWords ? <p className="muted">{t('orders:cancel.own-words', { channel })}</p> : <Textarea label={t('orders:oversell.to-buyer')} autosize minRows={3} maxLength={1_000} value={message} error={short ? t('orders:oversell.too-short') : null} onChange={(event) => say(event.currentTarget.value)} />}
        </Confirm>
      )}
    </>
  );
}
