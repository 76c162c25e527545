import { Button, Group, Modal, Radio, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OrderMessageKind } from '#contract/order-messages.ts';
import { orpc } from '../rpc/client.ts';
import { describeError } from '../rpc/describe-error.ts';
import { notify, notifyError } from './notify.tsx';
import { DetailSkeleton, ErrorState } from './states.tsx';

interface Props {
  readonly orderId: string;
  /** Its name. */
  readonly channel: string;
}

function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

function Problems({ problems, channel }: { readonly problems: readonly string[]; readonly channel: string }) {
  const { t } = useTranslation();
  if (problems.length === 0) return null;
  return (
    <div className="notice" role="alert">
      <p>{t('orders:message.forbidden', { channel })}</p>
      <ul>{problems.map((problem) => <li key={problem}>{t(`orders:message.problem.${problem.split(':')[0]}`, { what: problem.split(':').slice(1).join(':') })}</li>)}</ul>
    </div>
  );
}

function Form({ orderId, channel, kinds, language, most, onSent }: Props & { readonly kinds: readonly OrderMessageKind[]; readonly language: string | null; readonly most: number; readonly onSent: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  // of this form: pressed twice, or asked again after a lost answer, it is one message
  const key = useMemo(() => crypto.randomUUID(), []);
  const [kind, choose] = useState<OrderMessageKind | null>(kinds.length === 1 ? kinds[0]! : null);
  const [text, write] = useState('');
  const [problems, setProblems] = useState<readonly string[]>([]);
  const send = useMutation(orpc.orderMessages.send.mutationOptions({
    onSuccess: () => { notify({ message: t('orders:message.on-its-way') }); onSent(); },
    onError: (error) => {
      const described = describeError(error, t);
      if (described.code === 'FORBIDDEN_CONTENT') setProblems(described.data['problems'] as string[]);
      else notifyError(error, t);
    },
    onSettled: () => void queries.invalidateQueries({ queryKey: orpc.orderMessages.key() }),
  }));
  const ready = kind !== null && text.trim() !== '';
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (ready && !send.isPending) send.mutate({ orderId, kind, text: text.trim(), key }); }}>
      <Radio.Group label={t('orders:message.about')} value={kind} onChange={(value) => choose(value as OrderMessageKind)}>
        <div className="stack" style={{ gap: '0.375rem', marginBlockStart: '0.375rem' }}>{kinds.map((one) => <Radio key={one} value={one} label={t(`orders:message.kind.${one}`)} description={t(`orders:message.kind-about.${one}`)} />)}</div>
      </Radio.Group>
      <Textarea label={t('orders:message.text')} description={language === null ? t('orders:message.rules', { channel }) : t('orders:message.rules-language', { channel, language: languageName(language) })} autosize minRows={4} maxRows={12} dir="auto" maxLength={most} value={text} onChange={(event) => { write(event.currentTarget.value); setProblems([]); }} />
      <Problems problems={problems} channel={channel} />
      <p className="small muted">{t('orders:message.once')}</p>
      <Group justify="flex-end"><Button type="submit" disabled={!ready} loading={send.isPending}>{t('orders:message.send')}</Button></Group>
    </form>
  );
}

/** Asks the channel which messages it takes for the order now, and sends one. Mounted anew for each message. */
export function WriteToBuyer({ orderId, channel }: Props) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(true);
  const close = () => setOpened(false);
  const { data, error, refetch } = useQuery({ ...orpc.orderMessages.open.queryOptions({ input: { orderId } }), enabled: opened, staleTime: 0, gcTime: 0, retry: false, refetchOnWindowFocus: false });
  return (
    <Modal opened={opened} onClose={close} title={<strong>{t('orders:message.dialog-title', { channel })}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }} size="lg">
      {data ? (data.kinds.length === 0 ? <p>{t('orders:message.closed', { channel })}</p> : <Form orderId={orderId} channel={channel} kinds={data.kinds} language={data.language} most={data.mostCharacters} onSent={close} />) : error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <DetailSkeleton />}
    </Modal>
  );
}
