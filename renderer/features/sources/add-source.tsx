import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { detectedSite } from '#contract/sources.ts';
import { HOUR_MS } from '#kernel/time.ts';
import { orpc } from '../../rpc/client.ts';
import { notify, notifyError } from '../../ui/notify.tsx';
import { DetectedSite } from './detected-site.tsx';

type Detected = z.infer<typeof detectedSite>;
const KINDS = ['woocommerce', 'shopify', 'prestashop', 'structured-shop', 'ouedkniss', 'jumia'] as const;
export const INTERVALS = [null, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS] as const;

function readAddress(text: string): string | null {
  try {
    const url = new URL(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
    return (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname ? url.href : null;
  } catch {
    return null;
  }
}

/** The last step: what the source is called and how often it is looked at; of what kind only where looking did not tell. */
function Naming({ address, site, onAdded }: { readonly address: string; readonly site: Detected; readonly onAdded: (id: string) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [kind, setKind] = useState<(typeof KINDS)[number]>('structured-shop');
  const [name, setName] = useState(site.label);
  const [interval, setEvery] = useState('0');
  const add = useMutation(orpc.sources.add.mutationOptions({
    onSuccess: (source) => { onAdded(source.id); notify({ message: t('sources:added', { name: source.name }) }); },
    onError: (error) => notifyError(error, t),
    onSettled: () => queries.invalidateQueries({ queryKey: orpc.sources.key() }),
  }));
  const known = site.problems.some((p) => p.code === 'already-added');
  const submit = () => add.mutate({ kind: site.kind ?? kind, name: name.trim() || new URL(address).hostname, baseUrl: site.kind ? site.baseUrl : address, intervalMs: INTERVALS[Number(interval)] ?? null, ...(site.kind ? { settings: site.settings } : {}) });
  return (
    <form className="stack" style={{ gap: '0.75rem' }} onSubmit={(event) => { event.preventDefault(); submit(); }}>
      {site.kind ? null : <Select label={t('sources:column.kind')} description={t('sources:by-hand')} value={kind} onChange={(v) => setKind((v ?? 'structured-shop') as typeof kind)} data={KINDS.map((k) => ({ value: k, label: t(`sources:kind.${k}`) }))} />}
      <div className="source-naming">
        <TextInput label={t('sources:name')} placeholder={t('sources:name-note')} maxLength={120} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Select label={t('sources:interval')} value={interval} onChange={(v) => setEvery(v ?? '0')} data={INTERVALS.map((ms, index) => ({ value: String(index), label: t(`sources:every.${ms === null ? 'never' : ms / HOUR_MS}`) }))} />
      </div>
      <Button type="submit" variant={site.kind ? 'filled' : 'default'} disabled={known} loading={add.isPending} style={{ alignSelf: 'flex-end' }}>{t(site.kind ? 'sources:add-action' : 'sources:add-anyway')}</Button>
    </form>
  );
}

/** What ends the wizard: the site wants no programs, and adding it would bring runs that fail. */
const CLOSED: ReadonlySet<string> = new Set(['forbidden-by-robots', 'bot-wall']);

/** What may be done instead. A check for persons says so itself. */
function Closed({ site }: { readonly site: Detected }) {
  const { t } = useTranslation();
  return site.problems.some((p) => p.code === 'forbidden-by-robots') ? <p className="small muted">{t('sources:forbidden-note')}</p> : null;
}

/** A new source by its address: it is looked at, what was found is shown, and it is added as proposed and opened, to be run. */
export function AddSource({ opened, onClose, onAdded }: { readonly opened: boolean; readonly onClose: () => void; readonly onAdded: (id: string) => void }) {
  const { t } = useTranslation();
  const [address, setAddress] = useState('');
  const detect = useMutation(orpc.sources.detect.mutationOptions({ onError: (error) => notifyError(error, t) }));
  const url = readAddress(address.trim());
  const wrong = address.trim() !== '' && url === null;
  const added = (id: string) => { setAddress(''); detect.reset(); onAdded(id); };
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title={<strong>{t('sources:add')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <div className="stack" style={{ gap: '1rem' }}>
        <form className="stack" style={{ gap: '0.75rem' }} onSubmit={(event) => { event.preventDefault(); if (url) detect.mutate({ address: url }); }}>
          <TextInput label={t('sources:address')} description={t('sources:address-note')} placeholder="https://" value={address} onChange={(event) => { setAddress(event.currentTarget.value); detect.reset(); }} error={wrong ? t('sources:address-wrong') : null} data-autofocus dir="ltr" />
          {detect.data ? null : <p className="small muted">{t('sources:polite')}</p>}
          {detect.data ? null : <Button type="submit" disabled={!url} loading={detect.isPending} style={{ alignSelf: 'flex-end' }}>{t('sources:look')}</Button>}
        </form>
        {detect.isPending ? <p className="small muted" role="status">{t('sources:looking')}</p> : null}
        {detect.data && url ? <><DetectedSite site={detect.data} />{!detect.data.kind && detect.data.problems.some((p) => CLOSED.has(p.code)) ? <Closed site={detect.data} /> : <Naming key={detect.data.baseUrl} address={url} site={detect.data} onAdded={added} />}</> : null}
      </div>
    </Modal>
  );
}
