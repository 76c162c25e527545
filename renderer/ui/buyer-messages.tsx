import { Anchor, Button } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { orderMessage } from '#contract/order-messages.ts';
import { orpc } from '../rpc/client.ts';
import { notifyError } from './notify.tsx';
import { RelativeTime } from './relative-time.tsx';
import { StatusBadge, type StatusTone } from './status-badge.tsx';
import { WriteToBuyer } from './write-to-buyer.tsx';

type Message = z.infer<typeof orderMessage>;
const TONES: Readonly<Record<Message['state'], StatusTone>> = { queued: 'running', sending: 'running', sent: 'done', failed: 'ended', unknown: 'attention' };

function Written({ message, channel, page }: { readonly message: Message; readonly channel: string; readonly page: string | null }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const settle = useMutation(orpc.orderMessages.settle.mutationOptions({
    onError: (error) => notifyError(error, t),
    onSettled: () => { void queries.invalidateQueries({ queryKey: orpc.orderMessages.key() }); void queries.invalidateQueries({ queryKey: orpc.system.today.key() }); },
  }));
  return (
    <li className="stack" style={{ gap: '0.25rem', marginBlockEnd: '0.75rem' }}>
      <span className="row small muted"><strong>{t(`orders:message.kind.${message.kind}`)}</strong><RelativeTime at={message.sentAt ?? message.createdAt} /><StatusBadge tone={TONES[message.state]} label={t(`orders:message.state.${message.state}`)} /></span>
      <p dir="auto" style={{ whiteSpace: 'pre-wrap' }}>{message.text}</p>
      {message.error ? <p className="notice small" role="note">{message.error}</p> : null}
      {message.state === 'unknown' ? (
        <div className="notice stack" role="note">
          <p>{t('orders:message.in-doubt', { channel })}</p>
          <div className="row"><Button size="compact-sm" variant="default" loading={settle.isPending} onClick={() => settle.mutate({ id: message.id, arrived: true })}>{t('orders:message.arrived')}</Button><Button size="compact-sm" variant="default" loading={settle.isPending} onClick={() => settle.mutate({ id: message.id, arrived: false })}>{t('orders:message.not-there')}</Button>{page !== null && /^https?:\/\//.test(page) ? <Anchor underline="always" inherit href={page} target="_blank" rel="noreferrer noopener">{t('orders:message.look-there', { channel })}</Anchor> : null}</div>
        </div>
      ) : null}
    </li>
  );
}

/** What was written to the buyer by the channel's own forms, and the way to write. Nothing where the channel has none. */
export function BuyerMessages({ orderId, market, page = null }: { readonly orderId: string; readonly market: string; /** Of the order, at the channel. */ readonly page?: string | null }) {
  const { t } = useTranslation();
  const [opened, open] = useState(0);
  const { data } = useQuery(orpc.orderMessages.list.queryOptions({ input: { orderId } }));
  if (!data || (!data.possible && data.messages.length === 0)) return null;
  const channel = t(`listings:channel.${market}`, { defaultValue: market });
  return (
    <section className="section stack">
      <h2>{t('orders:message.title', { channel })}</h2>
      {data.messages.length > 0 ? <ul style={{ listStyle: 'none', padding: 0, margin: 0 }}>{data.messages.map((message) => <Written key={message.id} message={message} channel={channel} page={page} />)}</ul> : <p className="muted">{t('orders:message.none', { channel })}</p>}
      {data.possible ? <div><Button size="sm" variant="default" leftSection={<IconMail size="1rem" />} onClick={() => open((n) => n + 1)}>{t('orders:message.write')}</Button></div> : null}
      {opened > 0 ? <WriteToBuyer key={opened} orderId={orderId} channel={channel} /> : null}
    </section>
  );
}
