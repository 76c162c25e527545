import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { orderDetail } from '#contract/selling.ts';
import { orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { OrderPageLink } from './order-page-link.tsx';

type OrderDetail = z.infer<typeof orderDetail>;
type OpenClaim = OrderDetail['claims'][number];
type Answer = OpenClaim['ways'][number];
const SHORTEST_MESSAGE = 3;

/** A claim that the channel takes an answer to: until when, and what may be answered from here now. */
function Claim({ order, claim }: { readonly order: OrderDetail; readonly claim: OpenClaim }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const [asking, ask] = useState<Answer>('tracking');
  const [opened, open] = useState(false);
  const [message, say] = useState('');
  const answer = useMutation(orpc.orders.answerClaim.mutationOptions({
    onSuccess: () => { open(false); notify({ message: t('orders:open-claim.told') }); }, onError: (error) => notifyError(error, t),
    onSettled: () => { for (const queryKey of [orpc.orders.key(), orpc.system.today.key(), orpc.ledger.key()]) void queries.invalidateQueries({ queryKey }); },
  }));
  const channel = t(`listings:channel.${order.channel}`, { defaultValue: order.channel });
  const amount = claim.amount ? format.money(claim.amount) : '';
  const ready = message.trim().length >= SHORTEST_MESSAGE;
  return (
    <section className="section stack">
      <h2>{t(`orders:open-claim.title.${claim.kind}`)}</h2>
      <FieldList fields={[
        [t('orders:open-claim.amount'), claim.amount ? <Money key="v" value={claim.amount} /> : null], [t('orders:return.respond-by'), claim.respondBy === null ? null : <span key="v">{format.date(claim.respondBy)} (<RelativeTime at={claim.respondBy} />)</span>], [t('orders:open-claim.sent'), order.tracking],
      ]} />
      {claim.answering ? <p className="muted">{t(`orders:open-claim.answering.${claim.answering}`, { channel })}</p> : null}
      {claim.ways.length > 0 ? <div className="row wrap">{claim.ways.map((way, index) => <Button key={way} variant={index === 0 ? 'filled' : 'default'} onClick={() => { ask(way); say(t(`orders:open-claim.message.${way}`)); open(true); }}>{t(`orders:open-claim.do.${way}`, { channel })}</Button>)}</div> : null}
      {order.page ? <p className="small muted">{t('orders:open-claim.elsewhere', { channel })} <OrderPageLink page={order.page} channel={channel} /></p> : null}
      <Confirm opened={opened} onClose={() => open(false)} title={t(`orders:open-claim.confirm.${asking}`, { amount, channel })} action={t(`orders:open-claim.yes.${asking}`, { channel })} busy={answer.isPending} onConfirm={() => { if (ready) answer.mutate({ id: order.id, version: order.version, claimId: claim.id, answer: asking, message: message.trim() }); }}>
        <p>{t(`orders:open-claim.means.${asking}`, { channel, amount, tracking: order.tracking })}</p>
        <Textarea label={t(asking === 'escalate' ? 'orders:open-claim.to-channel' : 'orders:refund.message', { channel })} autosize minRows={2} maxLength={500} value={message} error={ready ? null : t('orders:open-claim.say')} onChange={(event) => say(event.currentTarget.value)} />
      </Confirm>
    </section>
  );
}

export function OpenClaimSection({ order }: { readonly order: OrderDetail }) {
  return <>{order.claims.map((claim) => <Claim key={claim.id} order={order} claim={claim} />)}</>;
}
