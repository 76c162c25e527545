import { Button, Menu } from '@mantine/core';
import { IconAlertTriangle, IconClockPause } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { ticketDetail } from '#contract/support.ts';
import { orpc } from '../../rpc/client.ts';
import { BuyerMessages } from '../../ui/buyer-messages.tsx';
import { useEngineNow } from '../../ui/engine-clock.ts';
import { useTimeline } from '../../ui/event-data.tsx';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Money } from '../../ui/money.tsx';
import { notify } from '../../ui/notify.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { CustomerData } from './customer-data.tsx';
import { ReplyBox } from './reply-box.tsx';
import { ticketTone } from './tone.ts';
import { useSettle } from './use-settle.ts';
import './support.css';

type Ticket = z.infer<typeof ticketDetail>;
const HOUR_MS = 3_600_000;
const PUT_OFF = [3, 24, 72] as const;

function Thread({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation();
  return (
    <ol className="ticket-thread">
      {ticket.messages.map((message) => (
        <li key={message.id} className="ticket-message" data-side={message.direction}>
          <span className="row small muted"><strong>{message.direction === 'in' ? (ticket.customerName ?? ticket.recipient) : t(`support:author.${message.author}`)}</strong><RelativeTime at={message.sentAt ?? message.createdAt} />{message.state === 'sent' && message.deliveredAt !== null ? <span>{t('support:message.delivered')}</span> : null}{message.state === 'received' || message.state === 'sent' ? null : <StatusBadge tone={message.state === 'failed' ? 'attention' : 'idle'} label={t(`support:message.${message.state}`)} />}</span>
          <p dir="auto">{message.text}</p>
          {message.error ? <p className="notice small" role="note">{message.error}</p> : null}
        </li>
      ))}
    </ol>
  );
}

function Actions({ ticket, onDone }: { readonly ticket: Ticket; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const now = useEngineNow();
  const settled = (word: string) => useSettle(() => { notify({ message: t(`support:did.${word}`) }); onDone(); });
  const escalate = useMutation(orpc.support.escalate.mutationOptions(settled('escalated')));
  const snooze = useMutation(orpc.support.snooze.mutationOptions(settled('snoozed')));
  const close = useMutation(orpc.support.close.mutationOptions(settled('closed')));
  const reopen = useMutation(orpc.support.reopen.mutationOptions(useSettle()));
  const at = { id: ticket.id, version: ticket.version };
  const over = ticket.state === 'closed';
  useShortcuts([
    { keys: ['x'], shown: 'X', label: t('support:escalate'), run: () => escalate.mutate(at) },
    { keys: ['z'], shown: 'Z', label: t('support:snooze-day'), run: () => snooze.mutate({ ...at, until: now + 24 * HOUR_MS }) },
    { keys: ['c'], shown: 'C', label: t('support:close'), run: () => close.mutate(at) },
  ], !over && !close.isPending);
  if (over || ticket.state === 'snoozed') return <footer className="detail-foot"><Button size="sm" variant="default" loading={reopen.isPending} onClick={() => reopen.mutate(at)}>{t('support:reopen')}</Button></footer>;
  return (
    <footer className="detail-foot">
      {ticket.state === 'escalated' ? null : <Button size="sm" variant="default" leftSection={<IconAlertTriangle size="1rem" />} rightSection={<KeyHint keys="X" />} loading={escalate.isPending} onClick={() => escalate.mutate(at)}>{t('support:escalate')}</Button>}
      <Menu position="top-start">
        <Menu.Target><Button size="sm" variant="default" leftSection={<IconClockPause size="1rem" />} rightSection={<KeyHint keys="Z" />} loading={snooze.isPending}>{t('support:snooze')}</Button></Menu.Target>
        <Menu.Dropdown>{PUT_OFF.map((hours) => <Menu.Item key={hours} onClick={() => snooze.mutate({ ...at, until: now + hours * HOUR_MS })}>{t(`support:snooze-hours.${hours}`)}</Menu.Item>)}</Menu.Dropdown>
      </Menu>
      <span className="grow" />
      <Button size="sm" variant="subtle" rightSection={<KeyHint keys="C" />} loading={close.isPending} onClick={() => close.mutate(at)}>{t('support:close')}</Button>
    </footer>
  );
}

function OrderSection({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { order, history } = ticket;
  return (
    <section className="section">
      <h2>{t('support:order')}</h2>
      {order ? (
        <FieldList fields={[
          [t('support:fact.order'), <Link key="v" to="/orders" search={{ open: order.id } as never}>{order.externalId}</Link>], [t('support:fact.item'), order.title], [t('support:fact.total'), <Money key="v" value={order.total} />], [t('support:fact.placed'), format.dateTime(order.placedAt)],
          [t('support:fact.shipped'), order.shippedAt === null ? null : format.dateTime(order.shippedAt)], [t('support:fact.tracking'), order.tracking],
        ]} />
      ) : <p className="muted">{t('support:no-order')}</p>}
      <h2>{t('support:history')}</h2>
      <p className="small muted">{t('support:history-orders', { count: history.orders })}</p>
      {history.tickets.length > 0 ? <ul className="small">{history.tickets.map((one) => <li key={one.id}><Link to="/support" search={{ view: 'all', open: one.id } as never}>{t(`support:intent.${one.intent}`)}</Link> · {t(`support:state.${one.state}`)} · <RelativeTime at={one.openedAt} />{one.satisfaction ? ` · ${t(`support:mood.${one.satisfaction}`)}` : ''}</li>)}</ul> : null}
    </section>
  );
}

/** One ticket: who wants what, the draft with its facts, the order, and what was before. */
export function TicketPanel({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const word = useWordReason();
  const timeline = useTimeline('support');
  const format = useFormat();
  const { data: ticket, error, isPending, refetch } = useQuery(orpc.support.get.queryOptions({ input: { id } }));
  if (isPending) return <DetailSkeleton />;
  if (error && !ticket) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const busy = ticket.messages.some((message) => message.state === 'queued' || message.state === 'sending');
  return (
    <article className="detail">
      <header className="detail-head"><h2>{ticket.customerName ?? ticket.recipient}</h2><p className="small muted">{[t(`support:channel.${ticket.channel}`), ticket.recipient, ticket.subject].filter(Boolean).join(' · ')}</p></header>
      <div className="detail-body" tabIndex={0} role="region" aria-label={t('support:detail')}>
        <div className="section stack">
          <div className="row wrap"><StatusBadge tone={ticketTone(ticket.state)} label={t(`support:state.${ticket.state}`)} /><span className="small muted">{t(`support:intent.${ticket.intent}`)} · {t('support:sure', { share: format.percent(ticket.confidenceBp, 0) })} · {t(`support:language.${ticket.language}`)}{ticket.satisfaction ? ` · ${t(`support:mood.${ticket.satisfaction}`)}` : ''}</span></div>
          {ticket.handOff ? <div className="notice" role="note">{word(ticket.handOff)}</div> : null}
        </div>
        <section className="section"><h2>{t('support:thread')}</h2><Thread ticket={ticket} /></section>
        {busy ? <p className="section muted">{t('support:going-out')}</p> : <ReplyBox key={`${ticket.id}:${ticket.version}`} ticket={ticket} onSent={onDone} />}
        <OrderSection ticket={ticket} />
        {ticket.order ? <BuyerMessages orderId={ticket.order.id} market={ticket.order.channel} /> : null}
        {ticket.customerId === null ? null : <CustomerData customerId={ticket.customerId} name={ticket.customerName ?? ticket.recipient} onErased={onDone} />}
        <section className="section"><h2>{t('support:timeline')}</h2><Timeline events={timeline(ticket.events)} /></section>
      </div>
      <Actions ticket={ticket} onDone={onDone} />
    </article>
  );
}
