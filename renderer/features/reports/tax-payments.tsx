import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TaxPayment } from '#contract/sales-tax.ts';
import type { Money as Amount } from '#kernel/money.ts';
import { DAY_MS, startOfUtcDay, utcDay } from '#kernel/time.ts';
import { orpc } from '../../rpc/client.ts';
import { taxOwedTo } from '../../ui/account-name.ts';
import { useEngineNow } from '../../ui/engine-clock.ts';
import { useFormat } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { ErrorState } from '../../ui/states.tsx';

interface Owed { readonly account: string; readonly owed: Amount }

function useRefresh() {
  const queries = useQueryClient();
  return () => { for (const area of [orpc.salesTax, orpc.ledger, orpc.reports]) void queries.invalidateQueries({ queryKey: area.key() }); };
}

/** What was paid to an authority, written down once. */
function RecordPayment({ of, onClose, onTakeBack }: { readonly of: Owed; readonly onClose: () => void; readonly onTakeBack: (id: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const today = utcDay(useEngineNow(600_000));
  const refresh = useRefresh();
  const key = useMemo(() => crypto.randomUUID(), []);
  const [amount, setAmount] = useState<Amount | null>(of.owed);
  const [day, setDay] = useState(today);
  const [note, setNote] = useState('');
  const pay = useMutation(orpc.salesTax.pay.mutationOptions({
    onError: (error) => notifyError(error, t), onSuccess: ({ id }) => { notify({ message: t('reports:tax.pay.done'), action: { label: t('common:undo'), run: () => onTakeBack(id) } }); onClose(); }, onSettled: refresh,
  }));
  const at = Date.parse(`${day}T00:00:00Z`);
  const tooMuch = amount !== null && amount.minor > of.owed.minor;
  const ready = amount !== null && amount.minor > 0 && !tooMuch && !Number.isNaN(at);
  const who = taxOwedTo(of.account) ?? t('reports:tax.nobody-named');
  return (
    <Modal opened onClose={onClose} size="sm" title={<strong>{t('reports:tax.pay.title', { who })}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); if (ready) pay.mutate({ key, account: of.account, amount, paidAt: Math.min(at + DAY_MS / 2, Math.max(at, startOfUtcDay(Date.parse(`${today}T00:00:00Z`)))), note: note.trim() }); }}>
        <p className="small muted">{t('reports:tax.pay.note', { owed: format.money(of.owed) })}</p>
        <MoneyInput label={t('reports:tax.pay.amount')} {...(tooMuch ? { error: t('reports:tax.pay.too-much', { owed: format.money(of.owed) }) } : {})} value={amount} currency={of.owed.currency} onChange={(value, valid) => setAmount(valid ? value : null)} />
        <TextInput type="date" label={t('reports:tax.pay.day')} max={today} value={day} onChange={(event) => setDay(event.currentTarget.value)} />
        <TextInput label={t('reports:tax.pay.what')} placeholder={t('reports:tax.pay.what-example')} maxLength={200} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        <div className="row" style={{ justifyContent: 'flex-end' }}><Button variant="default" onClick={onClose}>{t('common:keep')}</Button><Button type="submit" disabled={!ready} loading={pay.isPending}>{t('reports:tax.pay.action')}</Button></div>
      </form>
    </Modal>
  );
}

function Paid({ payments, onTakeBack }: { readonly payments: readonly TaxPayment[]; readonly onTakeBack: (id: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <table className="plain-table">
      <thead><tr><th scope="col">{t('reports:tax.pay.day')}</th><th scope="col">{t('reports:tax.owed-to')}</th><th scope="col">{t('reports:tax.pay.what')}</th><th scope="col" data-align="end">{t('reports:tax.pay.amount')}</th><td /></tr></thead>
      <tbody>{payments.map((one) => (
        <tr key={one.id} className={one.takenBack ? 'muted' : undefined}><td className="num">{format.date(one.paidAt)}</td><td>{taxOwedTo(one.account) ?? t('reports:tax.nobody-named')}</td><td dir="auto">{one.note || '–'}</td><td data-align="end">{one.takenBack ? <s><Money value={one.amount} /></s> : <Money value={one.amount} />}</td>
          <td data-align="end">{one.takenBack ? <span className="small">{t('reports:tax.pay.taken-back')}</span> : <Button size="compact-xs" variant="subtle" aria-label={t('reports:tax.pay.take-back-of', { amount: format.money(one.amount), day: format.date(one.paidAt) })} onClick={() => onTakeBack(one.id)}>{t('reports:tax.pay.take-back')}</Button>}</td></tr>
      ))}</tbody>
    </table>
  );
}

/** Sales tax that is owed now, whatever the time that is looked at, and what was paid of it. */
export function TaxPayments() {
  const { t } = useTranslation();
  const [paying, setPaying] = useState<Owed | null>(null);
  const refresh = useRefresh();
  const { data, error, isPending, refetch } = useQuery(orpc.salesTax.get.queryOptions());
  const back = useMutation(orpc.salesTax.takeBack.mutationOptions({ onError: (failed) => notifyError(failed, t), onSuccess: () => notify({ message: t('reports:tax.pay.back-done') }), onSettled: refresh }));
  if (isPending) return null;
  if (error && !data) return <section className="card report-card report-wide"><ErrorState error={error} onRetry={() => void refetch()} /></section>;
  if (data.owed.length === 0 && data.payments.length === 0) return null;
  return (
    <section className="card report-card report-wide">
      <h2>{t('reports:tax.pay.heading')}</h2>
      <p className="small muted">{t('reports:tax.pay.heading-note')}</p>
      {data.owed.length === 0 ? <p className="small">{t('reports:tax.pay.none')}</p> : (
        <table className="plain-table"><tbody>{data.owed.map((of) => (
          <tr key={`${of.account} ${of.owed.currency}`}><td>{taxOwedTo(of.account) ?? t('reports:tax.nobody-named')}</td><td data-align="end"><strong><Money value={of.owed} /></strong></td><td data-align="end">{of.owed.minor > 0 ? <Button size="compact-sm" variant="default" onClick={() => setPaying(of)}>{t('reports:tax.pay.record')}</Button> : <span className="small muted">{t('reports:tax.pay.ahead')}</span>}</td></tr>
        ))}</tbody></table>
      )}
      {data.payments.length > 0 ? <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('reports:tax.pay.heading')}><Paid payments={data.payments} onTakeBack={(id) => back.mutate({ id })} /></div> : null}
      {paying ? <RecordPayment of={paying} onClose={() => setPaying(null)} onTakeBack={(id) => back.mutate({ id })} /> : null}
    </section>
  );
}
