import { Button, Select, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { offerIntent, TalkDetail } from '#contract/negotiations.ts';
import type { Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { Money } from '../../ui/money.tsx';
import { notify } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { useSettle } from './use-settle.ts';
import './negotiations.css';

type Message = TalkDetail['messages'][number];
type Intent = z.infer<typeof offerIntent>;
const INTENTS: readonly Intent[] = ['accept', 'counter', 'last-price', 'offer', 'reject', 'question', 'unavailable', 'opt-out'];
const PRICED: readonly Intent[] = ['counter', 'last-price', 'offer'];
const WAITING = ['draft', 'queued', 'sending', 'by-hand'];

/** How an answer was understood, and one click to say what it meant. */
function Understood({ talk, message, correctable }: { readonly talk: TalkDetail; readonly message: Message; readonly correctable: boolean }) {
  const { t } = useTranslation();
  const { reading } = message;
  const [open, setOpen] = useState(false);
  const [intent, setIntent] = useState<Intent>(reading?.intent ?? 'counter');
  const [amount, setAmount] = useState<Amount | null>(reading?.amount ?? null);
  const correct = useMutation(orpc.negotiations.correct.mutationOptions(useSettle(() => setOpen(false))));
  const ready = !PRICED.includes(intent) || amount !== null;
  if (!reading) return null;
  return (
    <div className="talk-understood">
      <div className="row small">
        <StatusBadge tone={reading.intent === null ? 'attention' : 'idle'} label={reading.intent === null ? t('negotiations:doubt', { reason: t(`negotiations:doubt.${reading.reason ?? 'unexpected'}`, { defaultValue: reading.reason ?? '' }) }) : t(`negotiations:intent.${reading.intent}`)} />
        {reading.amount ? <Money value={reading.amount} /> : null}
        <span className="muted">{message.correctedBy ? t('negotiations:corrected-by', { name: message.correctedBy }) : t(`negotiations:confidence.${reading.confidence}`)}</span>
        {correctable ? <Button size="compact-xs" variant="subtle" onClick={() => setOpen(!open)} aria-expanded={open}>{t('negotiations:correct')}</Button> : null}
      </div>
      {open ? (
        <form className="row talk-correct" onSubmit={(event) => { event.preventDefault(); if (ready) correct.mutate({ id: talk.id, version: talk.version, messageId: message.id, intent, amount: PRICED.includes(intent) ? amount : null }); }}>
          <Select aria-label={t('negotiations:meant')} allowDeselect={false} value={intent} data={INTENTS.map((value) => ({ value, label: t(`negotiations:intent.${value}`) }))} onChange={(value) => setIntent((value ?? 'counter') as Intent)} />
          {PRICED.includes(intent) ? <MoneyInput label={t('negotiations:price')} value={amount} currency={talk.asked.currency} onChange={(value) => setAmount(value)} /> : null}
          <Button type="submit" size="sm" loading={correct.isPending} disabled={!ready}>{t('negotiations:correct-action')}</Button>
        </form>
      ) : null}
    </div>
  );
}

/** A text that waits for the person: to be read, edited and released, or to be carried over. */
function Waiting({ talk, message }: { readonly talk: TalkDetail; readonly message: Message }) {
  const { t } = useTranslation();
  const [text, setText] = useState(message.text);
  const release = useMutation(orpc.negotiations.release.mutationOptions(useSettle()));
  const sent = useMutation(orpc.negotiations.markSent.mutationOptions(useSettle()));
  const at = { id: talk.id, version: talk.version, messageId: message.id };
  const byHand = message.state === 'by-hand';
  const copy = () => {
    void navigator.clipboard.writeText(message.text).then(() => notify({ message: t('negotiations:copied') }), () => notify({ message: t('negotiations:copy-failed') }));
    if (URL.canParse(talk.offerUrl) && /^https?:$/.test(new URL(talk.offerUrl).protocol)) window.open(talk.offerUrl, '_blank', 'noopener,noreferrer');
  };
  if (byHand) return (
    <div className="row talk-actions">
      <Button size="compact-sm" onClick={copy}>{t('negotiations:copy-open')}</Button>
      <Button size="compact-sm" variant="default" loading={sent.isPending} onClick={() => sent.mutate(at)}>{t('negotiations:mark-sent')}</Button>
    </div>
  );
  return (
    <div className="stack">
      <Textarea aria-label={t('negotiations:draft')} autosize minRows={2} value={text} onChange={(event) => setText(event.currentTarget.value)} dir="auto" />
      <div className="row talk-actions"><Button size="compact-sm" loading={release.isPending} onClick={() => release.mutate({ ...at, ...(text === message.text ? {} : { text }) })}>{t('negotiations:release')}</Button>{text === message.text ? null : <Button size="compact-sm" variant="subtle" onClick={() => setText(message.text)}>{t('negotiations:reset')}</Button>}</div>
    </div>
  );
}

/** The messages of both sides, in order. */
export function TalkThread({ talk }: { readonly talk: TalkDetail }) {
  const { t } = useTranslation();
  const over = talk.nextStep === null && ['agreed', 'walked-away', 'rejected', 'unavailable', 'timed-out', 'opted-out'].includes(talk.state);
  const lastIn = talk.messages.findLast((message) => message.direction === 'in');
  const answered = lastIn !== undefined && talk.messages.some((message) => message.id > lastIn.id && ['sent', 'sending'].includes(message.state));
  if (talk.messages.length === 0) return <p className="muted">{t('negotiations:no-messages')}</p>;
  return (
    <ol className="talk-thread">
      {talk.messages.map((message) => (
        <li key={message.id} className="talk-message" data-side={message.direction} data-state={message.state}>
          <div className="row small talk-line">
            <strong>{message.direction === 'in' ? (talk.sellerName ?? t('negotiations:seller')) : t('negotiations:you')}</strong>
            {message.direction === 'out' ? <span className="muted">{t(`negotiations:author.${message.author}`)}</span> : null}
            <span className="grow" />
            {message.direction === 'out' && message.state !== 'sent' ? <StatusBadge tone={message.state === 'dropped' || message.state === 'failed' ? 'ended' : 'attention'} label={t(`negotiations:text-state.${message.state}`)} /> : <span className="muted"><RelativeTime at={message.sentAt ?? message.createdAt} />{message.deliveredAt === null ? null : ` · ${t('negotiations:delivered')}`}</span>}
          </div>
          {message.state === 'draft' ? null : <p className="talk-text" dir="auto">{message.text}</p>}
          {message.error && WAITING.concat('failed', 'dropped').includes(message.state) ? <p className="small muted">{t(`negotiations:why.${message.error}`, { defaultValue: message.error })}</p> : null}
          {message.state === 'draft' || message.state === 'by-hand' ? <Waiting key={`${message.id}:${talk.version}`} talk={talk} message={message} /> : null}
          {message.direction === 'in' ? <Understood key={`${message.id}:${talk.version}`} talk={talk} message={message} correctable={!over && message.id === lastIn?.id && !answered} /> : null}
        </li>
      ))}
    </ol>
  );
}
