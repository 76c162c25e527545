import { Button, Checkbox, Modal, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { talkChannel, talkLanguage, talkProposal } from '#contract/negotiations.ts';
import type { Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { describeError } from '../../rpc/describe-error.ts';
import { FieldList } from '../../ui/field-list.tsx';
import { MoneyInput } from '../../ui/money-input.tsx';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';

type Proposal = z.infer<typeof talkProposal>;
type Channel = z.infer<typeof talkChannel>;
type Language = z.infer<typeof talkLanguage>;
interface StartProps { readonly opportunityId: string; readonly onClose: () => void; readonly onStarted: (id: string) => void }

const LANGUAGES: readonly Language[] = ['en', 'fr', 'ar', 'sn'];

/** Before anything: a seller's own address, or nothing for a person who carries the texts over. */
function firstChannel(proposal: Proposal): Channel {
  return proposal.channels.find((channel) => channel.connected && channel.recipient !== '')?.id ?? 'by-hand';
}

function Form({ proposal, onStarted }: { readonly proposal: Proposal; readonly onStarted: (id: string) => void }) {
  const { t } = useTranslation();
  const word = useWordReason();
  const [channel, setChannel] = useState<Channel>(firstChannel(proposal));
  const [recipient, setRecipient] = useState(proposal.channels.find((one) => one.id === channel)?.recipient ?? '');
  const [language, setLanguage] = useState<Language>(proposal.language);
  const [timeZone, setTimeZone] = useState(proposal.timeZone);
  const [ceiling, setCeiling] = useState<Amount | null>(proposal.ceiling);
  const [review, setReview] = useState(true);
  const start = useMutation(orpc.negotiations.start.mutationOptions({ onSuccess: (row) => { notify({ message: t('negotiations:started') }); onStarted(row.id); }, onError: (error) => { if (fieldOf(error, t) === null) notifyError(error, t); } }));
  const refused = start.error ? fieldOf(start.error, t) : null;
  const wrong = (field: string) => (refused?.field === field ? refused.reason : null);
  const most = proposal.ceiling;
  const over = ceiling !== null && most !== null && ceiling.minor > most.minor;
  const ready = proposal.blockedBy.length === 0 && ceiling !== null && !over && (channel === 'by-hand' || recipient.trim() !== '');
  return (
    <form className="stack" style={{ gap: '0.875rem' }} onSubmit={(event) => { event.preventDefault(); if (ready) start.mutate({ opportunityId: proposal.opportunityId, opportunityVersion: proposal.version, ceiling, channel, recipient: channel === 'by-hand' ? '' : recipient, language, timeZone, review }); }}>
      <FieldList fields={[[t('negotiations:fact.item'), proposal.title], [t('negotiations:fact.seller'), proposal.sellerName], [t('negotiations:fact.asked'), <Money key="v" value={proposal.asked} />], [t('negotiations:fact.most'), most ? <Money key="v" value={most} /> : null]]} />
      {proposal.blockedBy.length > 0 ? <div className="notice" role="note"><ul>{proposal.blockedBy.map((reason) => <li key={reason.code}>{word(reason)}</li>)}</ul></div> : null}
      <MoneyInput label={t('negotiations:ceiling')} description={t('negotiations:ceiling-note')} value={proposal.ceiling} currency={proposal.asked.currency} onChange={(value) => setCeiling(value)} error={over ? t('negotiations:ceiling-over') : wrong('ceiling')} />
      <Select label={t('negotiations:by')} allowDeselect={false} value={channel} data={proposal.channels.map((one) => ({ value: one.id, label: t(one.connected ? `negotiations:channel.${one.id}` : 'negotiations:channel-missing', { channel: t(`negotiations:channel.${one.id}`) }), disabled: !one.connected }))} onChange={(value) => { const next = (value ?? 'by-hand') as Channel; setChannel(next); setRecipient(proposal.channels.find((one) => one.id === next)?.recipient ?? ''); }} />
      {channel === 'by-hand' ? <p className="small muted">{t('negotiations:by-hand-note')}</p> : <TextInput label={t(`negotiations:recipient.${channel}`)} value={recipient} onChange={(event) => setRecipient(event.currentTarget.value)} error={wrong('recipient')} dir="ltr" />}
      <div className="row" style={{ gap: '0.75rem', alignItems: 'flex-start' }}>
        <Select label={t('negotiations:language')} allowDeselect={false} value={language} data={LANGUAGES.map((value) => ({ value, label: t(`negotiations:language.${value}`) }))} onChange={(value) => setLanguage((value ?? 'en') as Language)} />
        <TextInput label={t('negotiations:zone')} value={timeZone} onChange={(event) => setTimeZone(event.currentTarget.value)} error={wrong('timeZone')} dir="ltr" />
      </div>
      <Checkbox label={t('negotiations:review')} description={t('negotiations:review-note')} checked={review} onChange={(event) => setReview(event.currentTarget.checked)} />
      <Button type="submit" loading={start.isPending} disabled={!ready} style={{ alignSelf: 'flex-end' }}>{t('negotiations:start')}</Button>
    </form>
  );
}

function fieldOf(error: unknown, t: ReturnType<typeof useTranslation>['t']): { readonly field: string; readonly reason: string } | null {
  const { code, data } = describeError(error, t);
  return code === 'INVALID' && ['ceiling', 'recipient', 'timeZone'].includes(String(data['field'])) ? { field: String(data['field']), reason: String(data['reason'] ?? '') } : null;
}

/** A person approves a ceiling, and says how the seller is written to. */
export function StartTalk({ opportunityId, onClose, onStarted }: StartProps) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(orpc.negotiations.propose.queryOptions({ input: { opportunityId }, staleTime: 0 }));
  return (
    <Modal opened onClose={onClose} title={<strong>{t('negotiations:start-title')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }} size="lg">
      {data ? <Form key={data.version} proposal={data} onStarted={onStarted} /> : error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <DetailSkeleton />}
    </Modal>
  );
}
