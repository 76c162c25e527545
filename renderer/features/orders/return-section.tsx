import { Button, NumberInput } from '@mantine/core';
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
type Answer = 'approve' | 'refund';

function useRefresh() {
  const queries = useQueryClient();
  return () => { for (const queryKey of [orpc.orders.key(), orpc.system.today.key(), orpc.ledger.key(), orpc.stock.key()]) void queries.invalidateQueries({ queryKey }); };
}

/** A return that the buyer asked for: what the channel shows of it, and what may be done from here now. */
function Asked({ order, asked }: { readonly order: OrderDetail; readonly asked: NonNullable<OrderDetail['return']> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const onSettled = useRefresh();
  const [asking, ask] = useState<Answer | null>(null);
  const answer = useMutation(orpc.orders.answerReturn.mutationOptions({ onSuccess: () => { ask(null); notify({ message: t('orders:return.told') }); }, onError: (error) => notifyError(error, t), onSettled }));
  const channel = t(`listings:channel.${order.channel}`, { defaultValue: order.channel });
  const expected = asked.expected ? format.money(asked.expected) : '';
  return (
    <section className="section stack">
      <h2>{t('orders:return.title')}</h2>
      <FieldList fields={[
        [t('orders:return.state-name'), t(`orders:return.state.${asked.state}`, { word: asked.word })], [t('orders:return.reason'), t(`orders:return.reason-code.${asked.reason}`, { defaultValue: asked.reason.replaceAll('_', ' ').toLowerCase() })], [t('orders:column.units'), format.number(asked.units)],
        [t('orders:return.expected'), asked.expected ? <Money key="v" value={asked.expected} /> : null], [t('orders:return.respond-by'), asked.respondBy === null ? null : <RelativeTime key="v" at={asked.respondBy} />],
      ]} />
      {asked.answering ? <p className="muted">{t(`orders:return.answering.${asked.answering}`, { channel })}</p> : null}
      {!asked.answering && asked.ways.length > 0 ? <div className="row wrap">{asked.ways.map((way) => <Button key={way} variant={way === 'approve' ? 'filled' : 'default'} disabled={way === 'refund' && !asked.expected} onClick={() => ask(way)}>{t(`orders:return.do.${way}`, { amount: expected })}</Button>)}</div> : null}
      {order.page && asked.state !== 'closed' ? <p className="small muted">{t('orders:return.elsewhere', { channel })} <OrderPageLink page={order.page} channel={channel} /></p> : null}
      <Confirm opened={asking !== null} onClose={() => ask(null)} title={t(`orders:return.confirm.${asking ?? 'approve'}`, { amount: expected })} action={t(`orders:return.yes.${asking ?? 'approve'}`)} busy={answer.isPending} onConfirm={() => { if (asking) answer.mutate({ id: order.id, version: order.version, answer: asking }); }}>
        <p>{t(`orders:return.means.${asking ?? 'approve'}`, { channel })}</p>
      </Confirm>
    </section>
  );
}

/** Units that were given up when their money went back: what of them is good goes on the shelf again. */
function Inspect({ order }: { readonly order: OrderDetail }) {
  const { t } = useTranslation();
  const onSettled = useRefresh();
  const [good, setGood] = useState<Readonly<Record<string, number>>>({});
  const [asking, ask] = useState(false);
  const inspect = useMutation(orpc.orders.inspect.mutationOptions({ onSuccess: () => { ask(false); notify({ message: t('orders:return.inspected-notice') }); }, onError: (error) => notifyError(error, t), onSettled }));
  const total = order.toInspect.reduce((sum, line) => sum + (good[line.lineId] ?? 0), 0);
  const all = order.toInspect.reduce((sum, line) => sum + line.units, 0);
  return (
    <section className="section stack">
      <h2>{t('orders:return.inspect')}</h2>
      <p className="small muted">{t('orders:return.inspect-text')}</p>
      {order.toInspect.map((line) => <NumberInput key={line.lineId} label={t('orders:return.good', { title: line.title, count: line.units })} maw="24rem" min={0} max={line.units} allowDecimal={false} clampBehavior="strict" value={good[line.lineId] ?? 0} onChange={(value) => setGood({ ...good, [line.lineId]: Number(value) || 0 })} />)}
      <div><Button variant="default" onClick={() => ask(true)}>{t('orders:return.record')}</Button></div>
      <Confirm opened={asking} onClose={() => ask(false)} title={t('orders:return.record-title')} action={t('orders:return.record-yes')} busy={inspect.isPending} onConfirm={() => inspect.mutate({ id: order.id, version: order.version, good: order.toInspect.map((line) => ({ lineId: line.lineId, units: good[line.lineId] ?? 0 })) })}>
        <p>{t('orders:return.record-text', { good: total, spoilt: all - total })}</p>
      </Confirm>
    </section>
  );
}

export function ReturnSection({ order }: { readonly order: OrderDetail }) {
  const { t } = useTranslation();
  return (
    <>
      {order.return ? <Asked order={order} asked={order.return} /> : null}
      {order.toInspect.length > 0 ? <Inspect order={order} /> : null}
      {order.inspected ? <section className="section"><h2>{t('orders:return.inspect')}</h2><p>{t('orders:return.inspected', { good: order.inspected.good, spoilt: order.inspected.spoilt })} <span className="muted"><RelativeTime at={order.inspected.at} /></span></p></section> : null}
    </>
  );
}
