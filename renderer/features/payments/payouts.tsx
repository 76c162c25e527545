import { Button, Modal, Select, TextInput } from '@mantine/core';
import { IconBuildingBank } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { disputeRow, payoutRow, providerView } from '#contract/payments.ts';
import type { Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { describeError } from '../../rpc/describe-error.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { EmptyState, ErrorState, TableSkeleton } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import './payouts.css';

type Payout = z.infer<typeof payoutRow>;
type Dispute = z.infer<typeof disputeRow>;
type Provider = z.infer<typeof providerView>;

/** A person saw a provider's money arrive at the bank. */
function RecordPayout({ provider, owed, opened, onClose }: { readonly provider: Provider; readonly owed: Amount; readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const [currency, setCurrency] = useState(owed.currency);
  const [amount, setAmount] = useState<Amount | null>(owed);
  const [reference, setReference] = useState('');
  const record = useMutation(orpc.payments.recordPayout.mutationOptions({
    onSuccess: () => { onClose(); notify({ message: t('payments:payout-recorded') }); void queries.invalidateQueries({ queryKey: orpc.payments.key() }); void queries.invalidateQueries({ queryKey: orpc.ledger.key() }); },
    onError: (error) => { if (describeError(error, t).code !== 'INVALID') notifyError(error, t); },
  }));
  const refused = record.error ? describeError(record.error, t) : null;
  const valid = amount !== null && amount.minor > 0 && reference.trim() !== '';
  return (
    <Modal opened={opened} onClose={onClose} title={<strong>{t('payments:payout-title', { provider: provider.name })}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }} size="sm">
      <form className="stack" onSubmit={(event) => { event.preventDefault(); if (valid) record.mutate({ provider: provider.id, amount, reference: reference.trim() }); }}>
        {provider.owed.length > 1 ? <Select label={t('payments:currency')} data={provider.owed.map((m) => m.currency)} value={currency} allowDeselect={false} onChange={(next) => { if (next) { setCurrency(next); setAmount(provider.owed.find((m) => m.currency === next) ?? null); } }} /> : null}
        <MoneyInput key={currency} label={t('payments:payout-amount')} description={t('payments:payout-owed', { amount: format.money(provider.owed.find((m) => m.currency === currency) ?? owed) })} value={amount} currency={currency} onChange={(next, ok) => setAmount(ok ? next : null)} />
        <TextInput label={t('payments:payout-reference')} description={t('payments:payout-reference-note')} value={reference} maxLength={120} data-autofocus dir="ltr" error={refused?.code === 'INVALID' ? String(refused.data['reason'] ?? '') : null} onChange={(event) => setReference(event.currentTarget.value)} />
        <Button type="submit" loading={record.isPending} disabled={!valid} style={{ alignSelf: 'flex-end' }}>{amount && valid ? t('payments:payout-action', { amount: format.money(amount) }) : t('payments:payout-record')}</Button>
      </form>
    </Modal>
  );
}

function Owed({ providers }: { readonly providers: readonly Provider[] }) {
  const { t } = useTranslation();
  const [recording, record] = useState<string | null>(null);
  const owing = providers.filter((provider) => provider.owed.length > 0);
  if (owing.length === 0) return null;
  return (
    <section className="card payouts-card">
      <h2>{t('payments:owed')}</h2>
      <ul className="payouts-list">
        {owing.map((provider) => (
          <li key={provider.id} className="row wrap">
            <span className="grow">{provider.name}</span>{provider.owed.map((amount) => <Money key={amount.currency} value={amount} />)}
            {provider.payouts ? <span className="small muted">{t('payments:owed-read')}</span> : <Button size="compact-sm" variant="default" onClick={() => record(provider.id)}>{t('payments:payout-record')}</Button>}
            {provider.payouts ? null : <RecordPayout provider={provider} owed={provider.owed[0]!} opened={recording === provider.id} onClose={() => record(null)} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Disputes({ disputes }: { readonly disputes: readonly Dispute[] }) {
  const { t } = useTranslation();
  if (disputes.length === 0) return null;
  return (
    <section className="card payouts-card">
      <h2>{t('payments:disputes')}</h2>
      <ul className="payouts-list">
        {disputes.map((dispute) => (
          <li key={dispute.id} className="row wrap">
            <StatusBadge tone={dispute.state === 'needs-response' ? 'attention' : dispute.state === 'won' ? 'done' : dispute.state === 'lost' ? 'ended' : 'running'} label={t(`payments:dispute-state.${dispute.state}`)} />
            <Money value={dispute.amount} /><span className="small muted">{t('payments:dispute-reason', { reason: dispute.reason.replaceAll('_', ' ') })}</span>
            {dispute.answerBy && dispute.state === 'needs-response' ? <span className="small">{t('payments:dispute-answer')} <RelativeTime at={dispute.answerBy} /></span> : null}
            <span className="grow" />{dispute.paymentId ? <Link to="/payments" search={{ open: dispute.paymentId } as never}>{t('payments:detail')}</Link> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function PayoutCard({ payout }: { readonly payout: Payout }) {
  const { t } = useTranslation();
  return (
    <details className="card payouts-card">
      <summary className="row wrap">
        <StatusBadge tone={payout.difference.minor !== 0 || payout.foreign > 0 ? 'attention' : payout.state === 'paid' ? 'done' : payout.state === 'failed' ? 'ended' : 'running'} label={t(`payments:payout-state.${payout.state}`)} />
        <Money value={payout.amount} strong /><span className="small muted">{payout.provider} · {payout.externalId}</span><span className="grow" /><span className="muted small"><RelativeTime at={payout.arrivesAt} /></span>
      </summary>
      {payout.difference.minor !== 0 ? <p className="notice small" role="note">{t('payments:payout-difference')} <Money value={payout.difference} /></p> : null}
      {payout.foreign > 0 ? <p className="notice small" role="note">{t('payments:payout-foreign', { count: payout.foreign })}</p> : null}
      <table className="payouts-lines">
        <thead><tr><th scope="col">{t('payments:line.kind')}</th><th scope="col" className="end">{t('payments:line.gross')}</th><th scope="col" className="end">{t('payments:line.fee')}</th><th scope="col" className="end">{t('payments:line.net')}</th><th scope="col">{t('payments:line.payment')}</th></tr></thead>
        <tbody>{payout.lines.map((line) => (
          <tr key={line.externalId}><td>{t(`payments:line-kind.${line.kind}`)}</td><td className="end"><Money value={line.gross} /></td><td className="end"><Money value={line.fee} /></td><td className="end"><Money value={line.net} /></td><td>{line.paymentId ? <Link to="/payments" search={{ open: line.paymentId } as never}>{t('payments:detail')}</Link> : <span className="muted">{line.description || '–'}</span>}</td></tr>
        ))}</tbody>
      </table>
    </details>
  );
}

/** What providers owe and paid, movement by movement, and what customers' banks took back. */
export function Payouts({ providers }: { readonly providers: readonly Provider[] }) {
  const { t } = useTranslation();
  const payouts = useQuery(orpc.payments.payouts.queryOptions({ input: { limit: 100 } }));
  const disputes = useQuery(orpc.payments.disputes.queryOptions());
  if (payouts.isPending) return <TableSkeleton rows={8} columns={4} />;
  if (payouts.error && !payouts.data) return <ErrorState error={payouts.error} onRetry={() => void payouts.refetch()} />;
  const nothing = payouts.data.length === 0 && (disputes.data?.length ?? 0) === 0 && providers.every((provider) => provider.owed.length === 0);
  return (
    <div className="payouts" tabIndex={0} role="region" aria-label={t('payments:view.payouts')}>
      {nothing ? <EmptyState icon={<IconBuildingBank size="1.75rem" stroke={1.5} />} title={t('payments:payouts-empty.title')}>{t('payments:payouts-empty.text')}</EmptyState> : null}
      <Disputes disputes={disputes.data ?? []} />
      <Owed providers={providers} />
      {payouts.data.map((payout) => <PayoutCard key={payout.id} payout={payout} />)}
    </div>
  );
}
