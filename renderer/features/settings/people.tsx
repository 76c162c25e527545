import { Button, CopyButton, Modal, TextInput } from '@mantine/core';
import { IconBrandTelegram, IconDeviceMobile } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { personView } from '#contract/approvals.ts';
import { orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { useFormat } from '../../ui/format.ts';
import { notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { FormSkeleton } from './form-parts.tsx';
import { NoticesForm } from './notices-form.tsx';

type Person = z.infer<typeof personView>;
type Kind = 'telegram' | 'phone';
const ICONS = { telegram: IconBrandTelegram, phone: IconDeviceMobile } as const;

interface Issued { readonly kind: Kind; readonly name: string; readonly code: string; readonly expiresAt: number }

/** A loopback address is this machine alone. */
const isLoopback = (host: string) => host === 'localhost' || host === '[::1]' || host.startsWith('127.');

/** The phone page's address with the code in it, for a phone's camera. Dark on white in both schemes: that is what cameras read. */
function PairingPicture({ code }: { readonly code: string }) {
  const { t } = useTranslation();
  const served = /^https?:$/.test(location.protocol);
  const address = `${location.origin}/phone`;
  const picture = useQuery(orpc.approvals.pairingPicture.queryOptions({ input: { address: `${address}#code=${code}` }, enabled: served, staleTime: Infinity }));
  if (!served || isLoopback(location.hostname)) return <p className="notice small" role="note">{t('settings:people.code-loopback')}</p>;
  const rows = picture.data?.rows ?? [];
  if (rows.length === 0) return null;
  const side = rows.length + 8;
  return (
    <figure className="pairing-picture">
      <svg viewBox={`0 0 ${side} ${side}`} role="img" aria-label={t('settings:people.code-picture')} shapeRendering="crispEdges"><rect width={side} height={side} fill="#fff" /><path fill="#000" d={rows.flatMap((row, y) => [...row].flatMap((dark, x) => (dark === '1' ? `M${x + 4} ${y + 4}h1v1h-1z` : []))).join('')} /></svg>
      <figcaption className="small muted">{t('settings:people.code-camera', { address })}</figcaption>
    </figure>
  );
}

function CodeDialog({ issued, onClose }: { readonly issued: Issued | null; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Modal opened={issued !== null} onClose={onClose} title={<strong>{issued ? t(`settings:people.code-title.${issued.kind}`, { name: issued.name }) : ''}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }}>
      {issued ? (
        <div className="stack" style={{ gap: '0.75rem' }}>
          <p>{t(`settings:people.code-text.${issued.kind}`)}</p>
          {issued.kind === 'phone' ? <PairingPicture code={issued.code} /> : null}
          <output className="pairing-code num" dir="ltr">{issued.code.slice(0, 5)} {issued.code.slice(5)}</output>
          <CopyButton value={issued.code}>{({ copied, copy }) => <Button variant="default" onClick={copy}>{t(copied ? 'settings:people.copied' : 'settings:people.copy')}</Button>}</CopyButton>
          <p className="small muted">{t('settings:people.code-expires', { at: format.dateTime(issued.expiresAt) })}</p>
        </div>
      ) : null}
    </Modal>
  );
}

function PersonCard({ person, onIssued }: { readonly person: Person; readonly onIssued: (issued: Issued) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [removing, remove] = useState(false);
  const settle = { onSuccess: (people: Person[]) => { queries.setQueryData(orpc.approvals.people.queryKey(), people); remove(false); }, onError: (error: unknown) => notifyError(error, t) };
  const issue = useMutation(orpc.approvals.issueCode.mutationOptions({ onSuccess: (answer, { kind }) => onIssued({ ...answer, kind, name: person.name }), onError: (error) => notifyError(error, t) }));
  const removal = useMutation(orpc.approvals.removePerson.mutationOptions(settle));
  const unlink = useMutation(orpc.approvals.unlink.mutationOptions(settle));
  return (
    <section className="card settings-group" aria-label={person.name}>
      <h2>{person.name} <span className="small muted">{t(`settings:people.role.${person.role}`)}</span></h2>
      {person.channels.length === 0 && person.role !== 'owner' ? <p className="small muted">{t('settings:people.no-channel')}</p> : null}
      <ul className="channel-list">
        {person.channels.map((channel) => {
          const Icon = ICONS[channel.kind];
          return <li key={channel.id}><Icon size="1rem" aria-hidden="true" /><span>{t(`settings:people.kind.${channel.kind}`)} · {channel.label}</span><span className="small muted">{t('settings:people.linked')} <RelativeTime at={channel.linkedAt} /></span><Button size="xs" variant="subtle" onClick={() => unlink.mutate({ id: channel.id })} aria-label={t('settings:people.unlink-of', { label: channel.label })}>{t('settings:people.unlink')}</Button></li>;
        })}
      </ul>
      <footer className="person-foot">
        {(['telegram', 'phone'] as const).map((kind) => <Button key={kind} variant="default" onClick={() => issue.mutate({ personId: person.id, kind })}>{t(`settings:people.link.${kind}`)}</Button>)}
        {person.role === 'owner' ? null : <Button variant="subtle" onClick={() => remove(true)}>{t('settings:people.remove')}</Button>}
      </footer>
      <Confirm opened={removing} onClose={() => remove(false)} title={t('settings:people.remove-title', { name: person.name })} action={t('settings:people.remove')} busy={removal.isPending} onConfirm={() => removal.mutate({ id: person.id })}><p>{t('settings:people.remove-text')}</p></Confirm>
    </section>
  );
}

/** Who may decide, and the chats and phones that they decide on. */
export function People() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const query = useQuery(orpc.approvals.people.queryOptions());
  const [name, setName] = useState('');
  const [issued, showCode] = useState<Issued | null>(null);
  const add = useMutation(orpc.approvals.addPerson.mutationOptions({ onSuccess: (people) => { queries.setQueryData(orpc.approvals.people.queryKey(), people); setName(''); }, onError: (error) => notifyError(error, t) }));
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <FormSkeleton />;
  return (
    <div className="settings-form">
      <p className="muted">{t('settings:people.note')}</p>
      {query.data.filter((person) => person.disabledAt === null).map((person) => <PersonCard key={person.id} person={person} onIssued={showCode} />)}
      <form className="card settings-group" onSubmit={(event) => { event.preventDefault(); if (name.trim()) add.mutate({ name: name.trim() }); }}>
        <h2>{t('settings:people.add')}</h2>
        <div className="person-foot"><TextInput aria-label={t('settings:people.name')} placeholder={t('settings:people.name')} value={name} maxLength={80} onChange={(event) => setName(event.currentTarget.value)} /><Button type="submit" variant="default" disabled={name.trim() === ''} loading={add.isPending}>{t('settings:people.add')}</Button></div>
      </form>
      <CodeDialog issued={issued} onClose={() => { showCode(null); void query.refetch(); }} />
      <NoticesForm />
    </div>
  );
}
