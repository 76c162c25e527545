import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { orderDetail } from '#contract/selling.ts';
import { money, type Money as Amount } from '#kernel/money.ts';
import { DAY_MS, utcDay } from '#kernel/time.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { OrderPageLink } from './order-page-link.tsx';

type OrderDetail = z.infer<typeof orderDetail>;
type HandClaim = OrderDetail['handClaims'][number];
const STATES: readonly HandClaim['state'][] = ['answer', 'taken', 'lost', 'won'];
/** What each channel tells the program of claims, in words; any other tells nothing. */
const TOLD: Readonly<Record<string, true>> = { ebay: true, amazon: true, etsy: true, shopify: true };

function ClaimForm({ order, claim, onClose }: { readonly order: OrderDetail; readonly claim: HandClaim | null; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const none = money(0, order.total.currency);
  const [state, setState] = useState<HandClaim['state']>(claim?.state ?? 'taken');
  const [reason, setReason] = useState(claim?.reason ?? '');
  const [taken, setTaken] = useState<Amount | null>(claim?.taken ?? order.total);
  const [fee, setFee] = useState<Amount | null>(claim?.fee ?? none);
  const [day, setDay] = useState(claim === null || claim.respondBy === null ? '' : utcDay(claim.respondBy));
  const save = useMutation(orpc.orders.claim.mutationOptions({
    onError: (error) => notifyError(error, t), onSuccess: () => { notify({ message: t('orders:claim.saved') }); onClose(); },
    onSettled: () => { for (const area of [orpc.orders, orpc.ledger]) void queries.invalidateQueries({ queryKey: area.key() }); void queries.invalidateQueries({ queryKey: orpc.system.today.key() }); },
  }));
  const withheld = state === 'won' ? none : taken;
  const ready = reason.trim().length >= 3 && withheld !== null && fee !== null && (state !== 'lost' || withheld.minor > 0);
  return (
    <Modal opened onClose={onClose} size="sm" title={<strong>{t('orders:claim.title', { order: order.externalId })}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form className="stack" onSubmit={(event) => {
        event.preventDefault();
        if (ready) save.mutate({ id: order.id, version: order.version, claimId: claim?.id ?? null, state, reason: reason.trim(), taken: withheld, fee, respondBy: state === 'answer' && day !== '' ? Date.parse(`${day}T00:00:00Z`) + DAY_MS - 1 : null });
      }}>
        <Select label={t('orders:claim.state')} allowDeselect={false} data={STATES.map((value) => ({ value, label: t(`orders:claim.state.${value}`) }))} value={state} onChange={(value) => { if (value) { setState(value); if (value === 'answer' && !claim) setTaken(none); } }} />
        <TextInput label={t('orders:claim.reason')} placeholder={t('orders:claim.reason-example')} withAsterisk maxLength={120} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        {state === 'won' ? null : <MoneyInput key={state} label={t(`orders:claim.taken.${state}`)} value={taken} currency={order.total.currency} onChange={(value, valid) => setTaken(valid ? value : null)} />}
        <MoneyInput label={t('orders:claim.fee')} value={fee} currency={order.total.currency} onChange={(value, valid) => setFee(valid ? value : null)} />
        {state === 'answer' ? <TextInput type="date" label={t('orders:claim.until')} value={day} onChange={(event) => setDay(event.currentTarget.value)} /> : null}
        <p className="small muted">{t('orders:claim.note')}</p>
        <div className="row" style={{ justifyContent: 'flex-end' }}><Button variant="default" onClick={onClose}>{t('common:keep')}</Button><Button type="submit" disabled={!ready} loading={save.isPending}>{t('orders:claim.save')}</Button></div>
      </form>
    </Modal>
  );
}

/** What the channel does not tell of claims, and a form for a person who knows. */
export function ClaimSection({ order }: { readonly order: OrderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [open, setOpen] = useState<HandClaim | 'new' | null>(null);
  if (order.state === 'cancelled' || order.channel === 'direct') return null;
  const [site = ''] = order.channel.split('-');
  const channel = t(`listings:channel.${order.channel}`, { defaultValue: order.channel });
  return (
    <section className="section stack">
      <h2>{t('orders:claim.heading')}</h2>
      <p className="small muted">{t(`orders:claim.told.${site in TOLD ? site : 'other'}`, { channel })}</p>
      {order.handClaims.length > 0 ? (
        <table className="plain-table"><tbody>{order.handClaims.map((claim) => (
          <tr key={claim.id}><td>{claim.reason}<div className="small muted">{t(`orders:claim.state.${claim.state}`)}{claim.respondBy === null ? '' : ` · ${t('orders:claim.until')} ${format.date(claim.respondBy)}`}</div></td><td data-align="end"><Money value={claim.taken} /></td>
            <td data-align="end"><Button size="compact-sm" variant="default" aria-label={t('orders:claim.change-of', { reason: claim.reason })} onClick={() => setOpen(claim)}>{t('orders:claim.change')}</Button></td></tr>
        ))}</tbody></table>
      ) : null}
      <div className="row wrap"><Button size="sm" variant="default" onClick={() => setOpen('new')}>{t('orders:claim.new')}</Button>{order.page ? <OrderPageLink page={order.page} channel={channel} /> : null}</div>
      {open === null ? null : <ClaimForm order={order} claim={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </section>
  );
}
