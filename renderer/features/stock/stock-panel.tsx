import { Button, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { stockRow } from '#contract/selling.ts';
import { orpc } from '../../rpc/client.ts';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ErrorState, TableSkeleton } from '../../ui/states.tsx';
import { CostSection } from './cost-section.tsx';
import { MoveUnits } from './move-units.tsx';
import { PhotosSection } from './photos-section.tsx';
import { WarehouseSection } from './warehouse-section.tsx';

type StockRow = z.infer<typeof stockRow>;
const LEAST_REASON = 3;

function Movements({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, isPending, refetch } = useQuery(orpc.stock.movements.queryOptions({ input: { id } }));
  if (isPending) return <TableSkeleton rows={4} columns={3} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data.length === 0) return <p className="muted">{t('stock:no-movements')}</p>;
  return (
    <table className="plain-table">
      <thead><tr><th scope="col">{t('stock:movement.kind')}</th><th scope="col" data-align="end">{t('stock:movement.units')}</th><th scope="col">{t('stock:movement.reason')}</th><th scope="col">{t('stock:movement.at')}</th></tr></thead>
      <tbody>{data.map((m) => <tr key={m.id}><td>{t(`stock:movement-kind.${m.kind}`, { defaultValue: m.kind })}</td><td data-align="end" className="num">{m.quantity > 0 ? '+' : ''}{format.number(m.quantity)}</td><td>{m.reason ?? <span className="muted small">{m.ref}</span>}</td><td className="muted"><RelativeTime at={m.at} /></td></tr>)}</tbody>
    </table>
  );
}

function Adjust({ lot }: { readonly lot: StockRow }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [onHand, setOnHand] = useState(lot.onHand);
  const [reason, setReason] = useState('');
  const settle = { onError: (error: unknown) => notifyError(error, t), onSettled: () => { for (const area of [orpc.stock, orpc.stockCounts, orpc.ledger]) void queries.invalidateQueries({ queryKey: area.key() }); } };
  const back = useMutation(orpc.stock.adjust.mutationOptions(settle));
  const adjust = useMutation(orpc.stock.adjust.mutationOptions({
    ...settle,
    onSuccess: (after) => { setReason(''); notify({ message: t('stock:adjusted'), action: { label: t('common:undo'), run: () => back.mutate({ id: lot.id, version: after.version, onHand: lot.onHand, reason: t('stock:adjust-undone') }) } }); },
  }));
  const difference = onHand - lot.onHand;
  const ready = difference !== 0 && reason.trim().length >= LEAST_REASON;
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (ready) adjust.mutate({ id: lot.id, version: lot.version, onHand, reason: reason.trim() }); }}>
      <p className="small muted">{t('stock:adjust-note')}</p>
      <div className="row wrap" style={{ alignItems: 'flex-end' }}>
        <NumberInput label={t('stock:counted')} w="7rem" min={0} allowDecimal={false} value={onHand} onChange={(v) => setOnHand(Number(v) || 0)} />
        <TextInput label={t('stock:reason')} className="grow" miw="10rem" maxLength={300} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        <Button type="submit" disabled={!ready} loading={adjust.isPending}>{difference === 0 ? t('stock:adjust') : t('stock:adjust-by', { difference: `${difference > 0 ? '+' : '−'}${Math.abs(difference)}` })}</Button>
      </div>
    </form>
  );
}

/** What it came by: a purchase, a purchase order, another lot that it was split off, or a hand. */
function Origin({ purchaseId }: { readonly purchaseId: string }) {
  const { t } = useTranslation();
  const [id = purchaseId] = purchaseId.split(':');
  if (id.startsWith('hand_')) return <span className="small muted">{t('stock:by-hand')}</span>;
  const [to, word] = id.startsWith('pod_') ? ['/purchase-orders', 'stock:open-purchase-order'] : id.startsWith('lot_') ? ['/stock', 'stock:open-first-lot'] : ['/purchases', 'stock:open-purchase'];
  return <Button size="sm" variant="default" component={Link} to={to} search={{ open: id } as never}>{t(word)}</Button>;
}

/** One lot: what is there, what moved, and a correction with its reason. */
export function StockPanel({ lot }: { readonly lot: StockRow }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <article className="detail">
      <header className="detail-head"><h2>{lot.title}</h2><p className="small muted num">{lot.sku}</p></header>
      <div className="detail-body" tabIndex={0} role="region" aria-label={t('stock:detail')}>
        <div className="section"><FieldList fields={[
          [t('stock:column.state'), t(`stock:state.${lot.state}`)], [t('stock:column.onhand'), t('stock:of', { onHand: format.number(lot.onHand), quantity: format.number(lot.quantity) })],
          [t('stock:column.cost'), <Money key="v" value={lot.unitCost} />], [t('stock:column.value'), <Money key="v" value={lot.value} />], [t('stock:column.age'), t('stock:days', { count: lot.ageDays })],
          [t('stock:column.location'), lot.location], [t('stock:column.condition'), t(`stock:hand.condition.${lot.condition}`, { defaultValue: lot.condition })],
        ]} /></div>
        <WarehouseSection lotId={lot.id} version={lot.version} />
        <section className="section"><h2>{t('stock:photos')}</h2><PhotosSection lotId={lot.id} /></section>
        {lot.state === 'on-hand' ? <section className="section"><h2>{t('stock:correct')}</h2><Adjust key={lot.version} lot={lot} /></section> : null}
        {lot.state === 'on-hand' ? <section className="section"><h2>{t('stock:move')}</h2><MoveUnits key={lot.version} lot={lot} /></section> : null}
        <section className="section"><h2>{t('stock:cost')}</h2><CostSection lotId={lot.id} /></section>
        <section className="section"><h2>{t('stock:movements')}</h2><Movements id={lot.id} /></section>
      </div>
      <footer className="detail-foot">
        {lot.state === 'on-hand' ? <Button size="sm" variant="default" component={Link} to="/inbound" search={{ lot: lot.id } as never}>{t('stock:send-in')}</Button> : null}
        <Origin purchaseId={lot.purchaseId} />
        {lot.listingId ? <Button size="sm" variant="default" component={Link} to="/listings" search={{ open: lot.listingId } as never}>{t('stock:open-listing')}</Button> : null}
      </footer>
    </article>
  );
}
