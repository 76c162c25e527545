import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { purchaseDetail } from '#contract/purchases.ts';
import { orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { useTimeline } from '../../ui/event-data.tsx';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { HomeMoney } from '../../ui/home-money.tsx';
import { DualMoney, Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { useWordReason, wordData } from '../../ui/reason.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { RiskList } from '../../ui/risk-list.tsx';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { AssistButton, AssistedOrder } from './assisted-order.tsx';
import { ReceiptsSection } from './receipts-section.tsx';
import { ReceiveGoods } from './receive-goods.tsx';
import { ReturnRefund, SendBack } from './return-goods.tsx';
import { RecordOrder, WhatToOrder } from './record-order.tsx';
import { purchaseTone } from './tone.ts';

type PurchaseDetail = z.infer<typeof purchaseDetail>;

type Asking = 'cancel' | 'receive' | 'record' | 'send-back' | 'refund' | null;

function Actions({ purchase, asking, ask }: { readonly purchase: PurchaseDetail; readonly asking: Asking; readonly ask: (what: Asking) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const settle = { onError: (error: unknown) => notifyError(error, t), onSettled: () => { ask(null); void queries.invalidateQueries({ queryKey: orpc.purchases.key() }); void queries.invalidateQueries({ queryKey: orpc.system.today.key() }); } };
  const again = useMutation(orpc.purchases.approveAgain.mutationOptions({ ...settle, onSuccess: () => notify({ message: t('purchases:approved-again') }) }));
  const cancel = useMutation(orpc.purchases.cancel.mutationOptions({ ...settle, onSuccess: () => notify({ message: t('purchases:cancelled') }) }));
  const at = { id: purchase.id, version: purchase.version };
  // what may have been ordered is not given up before somebody said that it was not
  const open = purchase.assisted !== null && ['asks', 'read', 'ready', 'filling'].includes(purchase.assisted.state);
  const cancellable = ['approved', 'preparing', 'ordering-by-hand', 'stopped'].includes(purchase.state) && !open;
  const price = purchase.total ?? purchase.approvedTotal;
  const { returned } = purchase;
  const canGoBack = returned !== null && returned.inStock + returned.setAside > 0;
  return (
    <footer className="detail-foot">
      {purchase.state === 'stopped' ? <Button size="sm" loading={again.isPending} onClick={() => again.mutate(at)}>{t('purchases:approve-again', { quantity: format.number(purchase.quantity), total: format.money(price) })}</Button> : null}
      <AssistButton purchase={purchase} />
      {purchase.state === 'ordering-by-hand' ? <Button size="sm" {...(purchase.assisted ? { variant: 'default' } : {})} onClick={() => ask('record')}>{t('purchases:record')}</Button> : null}
      {purchase.state === 'confirmed' ? <Button size="sm" onClick={() => ask('receive')}>{t('purchases:receive')}</Button> : null}
      {canGoBack ? <Button size="sm" variant="default" onClick={() => ask('send-back')}>{t('purchases:return.open')}</Button> : null}
      {returned !== null && returned.sentBack > 0 ? <Button size="sm" variant="default" onClick={() => ask('refund')}>{t('purchases:return.refund-open')}</Button> : null}
      {cancellable ? <Button size="sm" variant="default" onClick={() => ask('cancel')}>{t('purchases:cancel')}</Button> : null}
      <span className="grow" />
      <Button size="sm" variant="subtle" component={Link} to="/opportunities" search={{ open: purchase.opportunityId } as never}>{t('purchases:opportunity')}</Button>
      <Confirm opened={asking === 'cancel'} onClose={() => ask(null)} title={t('purchases:cancel-title')} action={t('purchases:cancel-action')} busy={cancel.isPending} onConfirm={() => cancel.mutate(at)}><p>{t('purchases:cancel-text')}</p></Confirm>
      {purchase.state === 'ordering-by-hand' ? <RecordOrder key={`${purchase.assisted?.externalId}:${purchase.assisted?.total?.minor}`} purchase={purchase} opened={asking === 'record'} onClose={() => settle.onSettled()} /> : null}
      {canGoBack ? <SendBack purchase={purchase} opened={asking === 'send-back'} onClose={() => settle.onSettled()} /> : null}
      <ReturnRefund purchase={purchase} opened={asking === 'refund'} onClose={() => settle.onSettled()} />
      <ReceiveGoods purchase={purchase} opened={asking === 'receive'} onClose={() => settle.onSettled()} />
    </footer>
  );
}

/** One purchase: where it stands, what was approved, every step with its time and proof, the receipt. */
export function PurchasePanel({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useWordReason();
  const timeline = useTimeline('purchases');
  const [asking, ask] = useState<Asking>(null);
  const { data: purchase, error, isPending, refetch } = useQuery(orpc.purchases.get.queryOptions({ input: { id } }));
  if (isPending) return <DetailSkeleton />;
  if (error && !purchase) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const { approval } = purchase;
  return (
    <article className="detail">
      <header className="detail-head"><h2>{purchase.title}</h2><p className="small muted">{purchase.sourceName}{purchase.externalId ? ` · ${t('purchases:order', { id: purchase.externalId })}` : ''}</p></header>
      <div className="detail-body" tabIndex={0} role="region" aria-label={t('purchases:detail')}>
        <div className="section stack">
          <div className="row"><StatusBadge tone={purchaseTone(purchase.state)} label={t(`purchases:state.${purchase.state}`)} /><span className="small muted">{t(`purchases:state-note.${purchase.state}`)}</span></div>
          {purchase.state === 'ordering-by-hand' ? <WhatToOrder purchase={purchase} /> : purchase.stopReason ? <div className="notice" role="note"><strong>{t('purchases:stopped-because')}</strong> {word(purchase.stopReason)}</div> : null}
          <AssistedOrder purchase={purchase} onRecord={() => ask('record')} />
          <FieldList sparse fields={[
            [t('purchases:column.units'), `${format.number(purchase.units)}${purchase.units === purchase.quantity ? '' : ` (${t('purchases:packs', { count: purchase.quantity })})`}`],
            [t(purchase.confirmedAt ? 'purchases:fact.paid' : 'purchases:fact.now'), purchase.total ? <DualMoney key="v" value={purchase.total} home={purchase.homeTotal} /> : null],
            [t('purchases:fact.approved'), <HomeMoney key="v" value={purchase.approvedTotal} />],
            [t('purchases:fact.seller'), purchase.sellerName],
            [t('purchases:fact.confirmed'), purchase.confirmedAt ? <RelativeTime key="v" at={purchase.confirmedAt} /> : null],
            [t('purchases:fact.received'), purchase.receivedAt ? <RelativeTime key="v" at={purchase.receivedAt} /> : null],
            [t('purchases:fact.expected'), purchase.state === 'confirmed' && purchase.expectedBy !== null ? <RelativeTime key="v" at={purchase.expectedBy} /> : null],
            [t('purchases:fact.parcels'), purchase.arrivals.length > 0 ? purchase.arrivals.map((arrival) => t('purchases:parcel', { good: format.number(arrival.good), damaged: format.number(arrival.damaged), wrong: format.number(arrival.wrong) })).join(' · ') : null],
            [t('purchases:fact.return'), purchase.returnWindow === null ? null : purchase.returnWindow.until === null ? t('purchases:return-none') : <span key="v"><RelativeTime at={purchase.returnWindow.until} /> ({t(`purchases:return-from.${purchase.returnWindow.from}`)})</span>],
            ...(purchase.returned && purchase.returned.sentBack > 0 ? [[t('purchases:fact.sent-back'), t('purchases:return.so-far', { count: purchase.returned.sentBack, refunded: format.money(purchase.returned.refunded) })] as const] : []),
            [t('purchases:fact.record'), purchase.seller ? t('purchases:seller-record', { score: format.percent(purchase.seller.scoreBp, 0), count: purchase.seller.outcomes, late: format.number(purchase.seller.late), bad: format.number(purchase.seller.notAsDescribed), cancelled: format.number(purchase.seller.cancelled) }) : null],
          ]} />
        </div>
        <section className="section"><h2>{t('purchases:timeline')}</h2><Timeline events={timeline(purchase.events)} /></section>
        <section className="section">
          <h2>{t('purchases:approval')}</h2>
          <FieldList fields={[
            [t('purchases:fact.by'), approval.approvedBy], [t('purchases:fact.at'), <RelativeTime key="v" at={approval.approvedAt} />], [t('purchases:fact.expires'), <RelativeTime key="v" at={approval.expiresAt} />],
            [t('purchases:fact.max-unit'), <Money key="v" value={approval.maxUnit} />], [t('purchases:fact.max-total'), <Money key="v" value={approval.maxTotal} />],
            [t('purchases:fact.evidence'), <code key="v" className="small">{approval.evidenceSha256.slice(0, 16)}…</code>],
          ]} />
          {approval.risks.length > 0 ? <><h3>{t('purchases:risks')}</h3><RiskList risks={approval.risks} /></> : null}
          <details className="fold"><summary>{t('purchases:evidence')}</summary><FieldList fields={Object.entries(wordData(approval.evidence, format)).map(([name, value]) => [name, value.slice(0, 600)] as const)} /></details>
        </section>
        <ReceiptsSection purchase={purchase} />
      </div>
      <Actions key={purchase.version} purchase={purchase} asking={asking} ask={ask} />
    </article>
  );
}
