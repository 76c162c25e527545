import { Anchor, Button, CopyButton, Modal, TextInput } from '@mantine/core';
import { IconCopy, IconExternalLink } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { paymentDetail } from '#contract/payments.ts';
import { orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { useTimeline } from '../../ui/event-data.tsx';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { StatusBadge, type StatusTone } from '../../ui/status-badge.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { paymentTone } from './tone.ts';

type PaymentDetail = z.infer<typeof paymentDetail>;
const REFUND_TONES: Readonly<Record<string, StatusTone>> = { asked: 'running', pending: 'running', done: 'done', failed: 'attention' };

function RefundDialog({ payment, opened, onClose }: { readonly payment: PaymentDetail; readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [amount, setAmount] = useState<typeof payment.refundable | null>(payment.refundable);
  const [reason, setReason] = useState('');
  const refund = useMutation(orpc.payments.refund.mutationOptions({ onSuccess: () => { onClose(); notify({ message: t(payment.refundsByProvider ? 'payments:refund-asked' : 'payments:refund-recorded') }); }, onError: (error) => notifyError(error, t) }));
  const tooMuch = amount !== null && amount.minor > payment.refundable.minor;
  const valid = amount !== null && amount.minor > 0 && !tooMuch && reason.trim() !== '';
  return (
    <Modal opened={opened} onClose={onClose} title={<strong>{t('payments:refund-title')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }} size="sm">
      <form className="stack" onSubmit={(event) => { event.preventDefault(); if (valid) refund.mutate({ id: payment.id, version: payment.version, amount, reason: reason.trim() }); }}>
        {payment.refundsByProvider ? null : <p className="notice small" role="note">{t('payments:refund-by-hand', { provider: payment.providerName })}</p>}
        <MoneyInput label={t('payments:refund-amount')} description={t('payments:refund-left', { amount: format.money(payment.refundable) })} value={amount} currency={payment.amount.currency} error={tooMuch ? t('payments:refund-too-much') : null} onChange={(next, ok) => setAmount(ok ? next : null)} />
        <TextInput label={t('payments:refund-reason')} value={reason} maxLength={200} data-autofocus onChange={(event) => setReason(event.currentTarget.value)} />
        <Button type="submit" loading={refund.isPending} disabled={!valid} style={{ alignSelf: 'flex-end' }}>{amount && valid ? t(payment.refundsByProvider ? 'payments:refund-action' : 'payments:refund-record-action', { amount: format.money(amount) }) : t('payments:refund')}</Button>
      </form>
    </Modal>
  );
}

function Actions({ payment }: { readonly payment: PaymentDetail }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asking, ask] = useState<'cancel' | 'again' | 'refund' | null>(null);
  const settle = { onError: (error: unknown) => notifyError(error, t), onSettled: () => { ask(null); void queries.invalidateQueries({ queryKey: orpc.payments.key() }); } };
  const check = useMutation(orpc.payments.check.mutationOptions({ ...settle, onSuccess: (now) => notify({ message: t('payments:checked', { state: t(`payments:state.${now.state}`) }) }) }));
  const cancel = useMutation(orpc.payments.cancel.mutationOptions({ ...settle, onSuccess: () => notify({ message: t('payments:cancelled') }) }));
  const again = useMutation(orpc.payments.requestAgain.mutationOptions(settle));
  const at = { id: payment.id, version: payment.version };
  const known = payment.state !== 'requesting' && payment.state !== 'unclear';
  return (
    <footer className="detail-foot">
      {payment.state === 'unclear' ? <Button size="sm" onClick={() => ask('again')}>{t('payments:again')}</Button> : null}
      {payment.state === 'paid' && payment.refundable.minor > 0 ? <Button size="sm" variant="default" onClick={() => ask('refund')}>{t('payments:refund')}</Button> : null}
      {payment.state === 'open' || payment.state === 'processing' || payment.state === 'unclear' ? <Button size="sm" variant="default" onClick={() => ask('cancel')}>{t('payments:cancel')}</Button> : null}
      {known ? <Button size="sm" variant="subtle" loading={check.isPending} onClick={() => check.mutate({ id: payment.id })}>{t('payments:check')}</Button> : null}
      <span className="grow" />
      {payment.orderId ? <Button size="sm" variant="subtle" component={Link} to="/orders" search={{ open: payment.orderId } as never}>{t('payments:order')}</Button> : null}
      <Confirm opened={asking === 'cancel'} onClose={() => ask(null)} title={t('payments:cancel-title')} action={t('payments:cancel-action')} busy={cancel.isPending} onConfirm={() => cancel.mutate(at)}><p>{t('payments:cancel-text')}</p></Confirm>
      <Confirm opened={asking === 'again'} onClose={() => ask(null)} title={t('payments:again-title')} action={t('payments:again-action')} busy={again.isPending} onConfirm={() => again.mutate(at)}><p>{t('payments:again-text')}</p></Confirm>
      {payment.refundable.minor > 0 ? <RefundDialog payment={payment} opened={asking === 'refund'} onClose={() => settle.onSettled()} /> : null}
    </footer>
  );
}

function Refunds({ payment }: { readonly payment: PaymentDetail }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const settle = useMutation(orpc.payments.settleRefund.mutationOptions({ onError: (error) => notifyError(error, t), onSettled: () => void queries.invalidateQueries({ queryKey: orpc.payments.key() }) }));
  return (
    <section className="section">
      <h2>{t('payments:refunds')}</h2>
      <ul className="stack" style={{ listStyle: 'none', padding: 0, margin: 0 }}>
        {payment.refunds.map((refund) => (
          <li key={refund.id} className="stack" style={{ gap: '0.25rem' }}>
            <span className="row wrap"><Money value={refund.amount} /><StatusBadge tone={REFUND_TONES[refund.state] ?? 'idle'} label={t(`payments:refund-state.${refund.state}`)} /><span className="small muted">{refund.reason} · <RelativeTime at={refund.createdAt} /></span></span>
            {refund.error ? <span className="notice small" role="note">{refund.error}</span> : null}
            {refund.hangs ? <span className="row"><Button size="compact-xs" variant="default" onClick={() => settle.mutate({ refundId: refund.id, done: true })}>{t('payments:refund-was-done')}</Button><Button size="compact-xs" variant="subtle" onClick={() => settle.mutate({ refundId: refund.id, done: false })}>{t('payments:refund-was-not')}</Button></span> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where the customer pays: to be copied into a message. */
function PayPage({ url }: { readonly url: string }) {
  const { t } = useTranslation();
  return (
    <div className="row wrap">
      <Anchor href={url} target="_blank" rel="noreferrer noopener" className="truncate" style={{ maxWidth: '100%' }}>{url} <IconExternalLink size="0.75rem" aria-hidden="true" /></Anchor>
      <CopyButton value={url}>{({ copied, copy }) => <Button size="compact-sm" variant="default" leftSection={<IconCopy size="0.875rem" aria-hidden="true" />} onClick={copy}>{t(copied ? 'payments:copied' : 'payments:copy')}</Button>}</CopyButton>
    </div>
  );
}

/** One payment: where it stands, where the customer pays, what came in and what it cost, every step. */
export function PaymentPanel({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const word = useWordReason();
  const timeline = useTimeline('payments');
  const { data: payment, error, isPending, refetch } = useQuery(orpc.payments.get.queryOptions({ input: { id } }));
  if (isPending) return <DetailSkeleton />;
  if (error && !payment) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const net = payment.paid && payment.fee ? { minor: payment.paid.minor - payment.fee.minor - payment.refunded.minor, currency: payment.paid.currency } : null;
  return (
    <article className="detail">
      <header className="detail-head"><h2>{payment.description}</h2><p className="small muted">{t('payments:choice', { provider: payment.providerName, method: t(`payments:method.${payment.method}`) })}</p></header>
      <div className="detail-body" tabIndex={0} role="region" aria-label={t('payments:detail')}>
        <div className="section stack">
          <div className="row"><StatusBadge tone={paymentTone(payment.state)} label={t(`payments:state.${payment.state}`)} /><span className="small muted">{t(`payments:state-note.${payment.state}`)}</span></div>
          {payment.problem ? <div className="notice" role="note">{word(payment.problem)}</div> : null}
          {payment.url && payment.state === 'open' ? <PayPage url={payment.url} /> : null}
          <FieldList sparse fields={[
            [t('payments:fact.asked'), <Money key="v" value={payment.amount} />],
            [t('payments:fact.paid'), payment.paid ? <Money key="v" value={payment.paid} /> : null],
            [t('payments:fact.fee'), payment.fee ? <Money key="v" value={payment.fee} /> : null],
            [t('payments:fact.refunded'), payment.refunded.minor > 0 ? <Money key="v" value={payment.refunded} /> : null],
            [t('payments:fact.net'), net ? <Money key="v" value={net} strong /> : null],
            [t('payments:fact.customer'), payment.customerName], [t('payments:email'), payment.customerEmail], [t('payments:phone'), payment.customerPhone],
            [t('payments:units'), payment.units === null ? null : String(payment.units)],
            [t('payments:fact.expires'), <RelativeTime key="v" at={payment.expiresAt} />],
            [t('payments:fact.checked'), payment.checkedAt ? <RelativeTime key="v" at={payment.checkedAt} /> : null],
            [t('payments:fact.next'), payment.checkAt ? <RelativeTime key="v" at={payment.checkAt} /> : null],
          ]} />
        </div>
        {payment.refunds.length > 0 ? <Refunds payment={payment} /> : null}
        <section className="section"><h2>{t('payments:timeline')}</h2><Timeline events={timeline(payment.events)} /></section>
      </div>
      <Actions key={payment.version} payment={payment} />
    </article>
  );
}
