import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HOUR_MS } from '#kernel/time.ts';
import { orpc } from '../../rpc/client.ts';
import { notify, notifyError } from '../../ui/notify.tsx';

const KINDS = ['woocommerce', 'structured-shop', 'ouedkniss'] as const;
export const INTERVALS = [null, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS] as const;

function readAddress(text: string): string | null {
  try {
    const url = new URL(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
    return (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname ? url.href : null;
  } catch {
    return null;
  }
}

/** A new source: what it is, where it is, how often it is looked at. */
export function AddSource({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [kind, setKind] = useState<(typeof KINDS)[number]>('woocommerce');
  const [address, setAddress] = useState('');
  const [name, setName] = useState('');
  const [interval, setEvery] = useState('0');
  const add = useMutation(orpc.sources.add.mutationOptions({
    onSuccess: (source) => { setAddress(''); setName(''); onClose(); notify({ message: t('sources:added', { name: source.name }) }); },
    onError: (error) => notifyError(error, t),
    onSettled: () => queries.invalidateQueries({ queryKey: orpc.sources.key() }),
  }));
  const baseUrl = readAddress(address.trim());
  const wrong = address.trim() !== '' && baseUrl === null;
  const submit = () => { if (baseUrl) add.mutate({ kind, name: name.trim() || new URL(baseUrl).hostname, baseUrl, intervalMs: INTERVALS[Number(interval)] ?? null }); };
  return (
    <Modal opened={opened} onClose={onClose} title={<strong>{t('sources:add')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form className="stack" style={{ gap: '0.75rem' }} onSubmit={(event) => { event.preventDefault(); submit(); }}>
        <TextInput label={t('sources:address')} placeholder="https://" value={address} onChange={(event) => setAddress(event.currentTarget.value)} error={wrong ? t('sources:address-wrong') : null} data-autofocus dir="ltr" />
        <Select label={t('sources:column.kind')} value={kind} onChange={(v) => setKind((v ?? 'woocommerce') as typeof kind)} data={KINDS.map((k) => ({ value: k, label: t(`sources:kind.${k}`) }))} />
        <TextInput label={t('sources:name')} description={t('sources:name-note')} maxLength={120} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Select label={t('sources:interval')} value={interval} onChange={(v) => setEvery(v ?? '0')} data={INTERVALS.map((ms, index) => ({ value: String(index), label: t(`sources:every.${ms === null ? 'never' : ms / HOUR_MS}`) }))} />
        <p className="small muted">{t('sources:polite')}</p>
        <Button type="submit" disabled={!baseUrl} loading={add.isPending} style={{ alignSelf: 'flex-end' }}>{t('sources:add-action')}</Button>
      </form>
    </Modal>
  );
}
