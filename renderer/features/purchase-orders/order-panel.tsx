import { Button, Menu, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PurchaseOrderDetail } from '#contract/purchase-orders.ts';
import { multiply } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { useTimeline } from '../../ui/event-data.tsx';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { DraftOrder } from './draft-form.tsx';
import { PayOrder } from './pay-form.tsx';
import { ReceiveOrder } from './receive-form.tsx';
import { TakeBack } from './take-back.tsx';
import { saveDocument } from './save-document.ts';
import { ORDER_TONES } from './tone.ts';
import './orders.css';

function Lines({ order }: { readonly order: PurchaseOrderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="po-scroll" tabIndex={0} role="region" aria-label={t('purchase-orders:lines')}>
      <table className="plain-table po-lines">
        <thead><tr><th scope="col">{t('purchase-orders:line.title')}</th><th scope="col" data-align="end">{t('purchase-orders:line.units')}</th><th scope="col" data-align="end">{t('purchase-orders:line.arrived')}</th><th scope="col" data-align="end">{t('purchase-orders:line.unit')}</th><th scope="col" data-align="end">{t('purchase-orders:line.amount')}</th></tr></thead>
        <tbody>
          {order.lineItems.map((line) => (
            <tr key={line.id}>
              <td><Link to="/reorder" search={{ open: line.productId } as never}>{line.title}</Link><div className="small muted">{[line.supplierCode, t(`stock:hand.condition.${line.condition}`, { defaultValue: line.condition })].filter(Boolean).join(' · ')}</div>
                {line.why ? <div className="small muted">{t('purchase-orders:why', { position: format.number(line.why.position), point: format.number(line.why.reorderPoint), target: format.number(line.why.target), perDay: format.number(line.why.perDay, 2), days: format.number(line.why.leadDays, 1) })}</div> : null}</td>
              <td data-align="end" className="num">{format.number(line.units)}</td>
              <td data-align="end" className="num">{format.number(line.good + line.damaged)}{line.damaged > 0 ? <div className="small attention">{t('purchase-orders:damaged-count', { count: line.damaged })}</div> : null}</td>
              <td data-align="end"><Money value={line.unit} /></td><td data-align="end"><Money value={multiply(line.unit, line.units)} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MoneySection({ order }: { readonly order: PurchaseOrderDetail }) {
  const { t } = useTranslation();
  if (order.receipts.length + order.payments.length === 0) return null;
  return (
    <section className="section">
      <h2>{t('purchase-orders:section.money')}</h2>
      <table className="plain-table">
        <thead><tr><th scope="col">{t('purchase-orders:money.what')}</th><th scope="col" data-align="end">{t('purchase-orders:money.amount')}</th><th scope="col">{t('purchase-orders:money.when')}</th></tr></thead>
        <tbody>
          {order.receipts.map((receipt) => (
            <tr key={receipt.id} data-taken-back={receipt.takenBackAt === null ? undefined : true}>
              <td>{t('purchase-orders:money.received', { count: receipt.lines.reduce((sum, line) => sum + line.good, 0), location: receipt.location })} {receipt.lines.map((line, i) => (line.lotId ? <span key={line.number}>{i > 0 ? ', ' : ''}<Link to="/stock" search={{ open: line.lotId } as never}>{t('purchase-orders:money.lot', { number: line.number })}</Link></span> : null))}
                {receipt.extra.minor > 0 ? <div className="small muted">{t('purchase-orders:money.extra')} <Money value={receipt.extra} /></div> : null}{receipt.notes ? <div className="small muted" dir="auto">{receipt.notes}</div> : null}<div><TakeBack order={order} receipt={receipt} /></div></td>
              <td data-align="end"><Money value={{ minor: receipt.goods.minor + receipt.extra.minor, currency: receipt.goods.currency }} /></td><td className="muted"><RelativeTime at={receipt.at} /></td>
            </tr>
          ))}
          {order.payments.map((payment) => <tr key={payment.id}><td>{t(payment.amount.minor > 0 ? 'purchase-orders:money.paid' : 'purchase-orders:money.back')} <span className="small muted" dir="auto">{payment.note}</span></td><td data-align="end"><Money value={{ minor: -payment.amount.minor, currency: payment.amount.currency }} /></td><td className="muted"><RelativeTime at={payment.at} /></td></tr>)}
        </tbody>
      </table>
    </section>
  );
}

type Asking = 'edit' | 'sent' | 'receive' | 'pay' | 'cancel' | 'close';

function useSteps(order: PurchaseOrderDetail, done: () => void) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const settle = { onError: (error: unknown) => notifyError(error, t), onSettled: () => { done(); for (const area of [orpc.purchaseOrders, orpc.reorder]) void queries.invalidateQueries({ queryKey: area.key() }); } };
  const reopen = useMutation(orpc.purchaseOrders.reopen.mutationOptions(settle));
  const said = (word: string) => ({ ...settle, onSuccess: (next: PurchaseOrderDetail) => notify({ message: t(`purchase-orders:${word}`, { number: order.number }), action: { label: t('common:undo'), run: () => reopen.mutate({ id: next.id, version: next.version }) } }) });
  const sent = useMutation(orpc.purchaseOrders.markSent.mutationOptions(said('sent-notice')));
  const cancel = useMutation(orpc.purchaseOrders.cancel.mutationOptions(said('cancelled-notice')));
  const close = useMutation(orpc.purchaseOrders.close.mutationOptions(said('closed-notice')));
  return { sent, cancel, close, reopen };
}

function Actions({ order, onOpen }: { readonly order: PurchaseOrderDetail; readonly onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const [asking, ask] = useState<Asking | null>(null);
  const [reference, setReference] = useState(order.reference ?? '');
  const end = () => ask(null);
  const { sent, cancel, close, reopen } = useSteps(order, end);
  const save = useMutation({ mutationFn: (format: 'html' | 'pdf' | 'csv') => saveDocument(order.id, format), onError: (error) => notifyError(error, t), onSuccess: (name) => notify({ message: t('purchase-orders:saved', { name }) }) });
  const { state } = order;
  const seen = { id: order.id, version: order.version };
  const receivable = state === 'sent' || state === 'partly-received';
  return (
    <footer className="detail-foot">
      {state === 'draft' ? <Button size="sm" onClick={() => ask('sent')}>{t('purchase-orders:mark-sent')}</Button> : null}
      {receivable ? <Button size="sm" onClick={() => ask('receive')}>{t('purchase-orders:receive')}</Button> : null}
      {state === 'draft' ? <Button size="sm" variant="default" onClick={() => ask('edit')}>{t('purchase-orders:edit-action')}</Button> : null}
      {state !== 'draft' && (state !== 'cancelled' || order.owed.minor < 0) ? <Button size="sm" variant="default" onClick={() => ask('pay')}>{t('purchase-orders:pay')}</Button> : null}
      <Menu position="top-start" withinPortal>
        <Menu.Target><Button size="sm" variant="default" leftSection={<IconDownload size="1rem" />} loading={save.isPending}>{t('purchase-orders:save')}</Button></Menu.Target>
        <Menu.Dropdown>{(['pdf', 'html', 'csv'] as const).map((format) => <Menu.Item key={format} onClick={() => save.mutate(format)}>{t(`purchase-orders:save.${format}`)}</Menu.Item>)}</Menu.Dropdown>
      </Menu>
      <span className="grow" />
      {state === 'partly-received' ? <Button size="sm" variant="subtle" onClick={() => ask('close')}>{t('purchase-orders:close')}</Button> : null}
      {state === 'draft' || state === 'sent' ? <Button size="sm" variant="subtle" onClick={() => ask('cancel')}>{t('purchase-orders:cancel')}</Button> : null}
      {state === 'cancelled' || state === 'closed' || (state === 'sent' && order.receipts.every((receipt) => receipt.takenBackAt !== null)) ? <Button size="sm" variant="subtle" loading={reopen.isPending} onClick={() => reopen.mutate(seen)}>{t(`purchase-orders:reopen.${state}`)}</Button> : null}
      <Confirm opened={asking === 'sent'} onClose={end} title={t('purchase-orders:sent-title', { number: order.number })} action={t('purchase-orders:mark-sent')} busy={sent.isPending} onConfirm={() => sent.mutate({ ...seen, reference: reference.trim() || null })}>
        <p>{t('purchase-orders:sent-text')}</p><TextInput label={t('purchase-orders:field.reference')} maxLength={120} value={reference} onChange={(event) => setReference(event.currentTarget.value)} />
      </Confirm>
      <Confirm opened={asking === 'cancel'} onClose={end} title={t('purchase-orders:cancel-title', { number: order.number })} action={t('purchase-orders:cancel')} busy={cancel.isPending} onConfirm={() => cancel.mutate(seen)}><p>{t(state === 'draft' ? 'purchase-orders:cancel-draft' : 'purchase-orders:cancel-text')}</p></Confirm>
      <Confirm opened={asking === 'close'} onClose={end} title={t('purchase-orders:close-title', { number: order.number })} action={t('purchase-orders:close')} busy={close.isPending} onConfirm={() => close.mutate(seen)}><p>{t('purchase-orders:close-text', { count: order.units - order.arrived })}</p></Confirm>
      {asking === 'edit' ? <DraftOrder order={order} onClose={end} onSaved={onOpen} /> : null}
      {asking === 'receive' ? <ReceiveOrder order={order} onClose={end} /> : null}
      {asking === 'pay' ? <PayOrder order={order} onClose={end} /> : null}
    </footer>
  );
}

/** One purchase order: its lines, what arrived, what is owed, the document as it was sent. */
export function OrderPanel({ id, onOpen }: { readonly id: string; readonly onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const timeline = useTimeline('purchase-orders');
  const { data: order, error, isPending, refetch } = useQuery(orpc.purchaseOrders.get.queryOptions({ input: { id } }));
  if (isPending) return <DetailSkeleton />;
  if (error && !order) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <article className="detail">
      <header className="detail-head"><h2>{order.number}</h2><p className="small muted">{order.supplier}</p></header>
      <div className="detail-body" tabIndex={0} role="region" aria-label={t('purchase-orders:detail')}>
        <div className="section stack">
          <div className="row"><StatusBadge tone={ORDER_TONES[order.state]} label={t(`purchase-orders:state.${order.state}`)} /><span className="small muted">{t(`purchase-orders:state-note.${order.state}`)}</span></div>
          <FieldList fields={[
            [t('purchase-orders:column.total'), <Money key="v" value={order.total} />], [t(order.owed.minor < 0 ? 'purchase-orders:field.ahead' : 'purchase-orders:column.owed'), <Money key="v" value={{ ...order.owed, minor: Math.abs(order.owed.minor) }} />],
            [t('purchase-orders:field.reference'), order.reference], [t('purchase-orders:field.expected'), order.expectedAt === null ? null : format.date(order.expectedAt)], [t('purchase-orders:column.sent'), order.sentAt === null ? null : <RelativeTime key="v" at={order.sentAt} />],
            [t('purchase-orders:field.language'), t(`purchase-orders:language.${order.language}`)], [t('purchase-orders:field.contact'), order.contact === '' ? null : <span key="v" className="po-written">{order.contact}</span>], [t('purchase-orders:field.note'), order.note === '' ? null : <span key="v" className="po-written">{order.note}</span>],
          ]} />
        </div>
        <section className="section"><h2>{t('purchase-orders:lines')}</h2><Lines order={order} /></section>
        <MoneySection order={order} />
        {order.files.length > 0 ? <section className="section"><h2>{t('purchase-orders:section.document')}</h2><ul className="plain small muted">{order.files.map((file) => <li key={file.mediaType}>{t('purchase-orders:sealed', { name: file.name, kilobytes: format.number(Math.max(1, Math.round(file.bytes / 1_024))), seal: file.sha256.slice(0, 16) })}</li>)}</ul></section> : null}
        <section className="section"><h2>{t('purchase-orders:section.history')}</h2><Timeline events={timeline(order.events)} /></section>
      </div>
      <Actions key={`${order.id}:${order.state}`} order={order} onOpen={onOpen} />
    </article>
  );
}
