import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { orderDetail } from '#contract/selling.ts';
import type { Money } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { notify, notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { OrderPageLink } from './order-page-link.tsx';

type OrderDetail = z.infer<typeof orderDetail>;

/** Channels whose own pages are worded; any other is told in general words. */
const WORDED: Readonly<Record<string, true>> = { amazon: true, etsy: true, ebay: true };

function useRefresh() {
  const queries = useQueryClient();
  return () => { void queries.invalidateQueries({ queryKey: orpc.orders.key() }); void queries.invalidateQueries({ queryKey: orpc.system.today.key() }); };
}

interface ByHandProps {
  readonly order: OrderDetail;
  readonly what: 'refund' | 'cancel';
  readonly amount: Money | null;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** What to do on the channel's page, step by step. Only that it was done is written down here; what is booked is what the channel then shows. */
export function DoByHand({ order, what, amount, opened, onClose }: ByHandProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const onSettled = useRefresh();
  const channel = t(`listings:channel.${order.channel}`, { defaultValue: order.channel });
  const [site = ''] = order.channel.split('-');
  const done = useMutation(orpc.orders.byHand.mutationOptions({ onSuccess: () => { onClose(); notify({ message: t('orders:by-hand.noted', { channel }) }); }, onError: (error) => notifyError(error, t), onSettled }));
  const steps = t(`orders:by-hand.steps.${what}.${site in WORDED ? site : 'other'}`, { amount: amount ? format.money(amount) : '', order: order.externalId });
  return (
    <Confirm opened={opened} onClose={onClose} title={t(`orders:by-hand.title.${what}`, { order: order.externalId, channel })} action={t(`orders:by-hand.did.${what}`)} busy={done.isPending} onConfirm={() => done.mutate({ id: order.id, version: order.version, what, amount })}>
      <p>{t('orders:by-hand.why', { channel })}</p>
      {order.page ? <p><OrderPageLink page={order.page} channel={channel} /></p> : null}
      <p>{steps}</p>
      <p className="small muted">{t('orders:by-hand.then', { channel })}</p>
    </Confirm>
  );
}

/** What a person said to have done there, until the channel shows it. */
export function ByHandSection({ order }: { readonly order: OrderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const onSettled = useRefresh();
  const forget = useMutation(orpc.orders.forgetByHand.mutationOptions({ onSuccess: () => notify({ message: t('orders:by-hand.forgotten') }), onError: (error) => notifyError(error, t), onSettled }));
  const { byHand } = order;
  if (!byHand) return null;
  const channel = t(`listings:channel.${order.channel}`, { defaultValue: order.channel });
  return (
    <section className="section stack">
      <h2>{t(`orders:by-hand.waiting.${byHand.what}`)}</h2>
      <p>{t(`orders:by-hand.said.${byHand.what}`, { channel, amount: byHand.amount ? format.money(byHand.amount) : '' })} <span className="muted"><RelativeTime at={byHand.at} /></span></p>
      <div className="row wrap">
        {order.page ? <OrderPageLink page={order.page} channel={channel} /> : null}
        <Button size="compact-sm" variant="default" loading={forget.isPending} onClick={() => forget.mutate({ id: order.id, version: order.version })}>{t('orders:by-hand.forget')}</Button>
      </div>
    </section>
  );
}
