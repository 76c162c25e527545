import { Button, PasswordInput, TextInput } from '@mantine/core';
import { IconFlask, IconKey, IconLock } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { connectionView } from '#contract/settings.ts';
import { orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { StatusBadge, type StatusTone } from '../../ui/status-badge.tsx';
import { useChangeMarket } from '../../ui/use-change-market.ts';
import { FormSkeleton } from './form-parts.tsx';

type ConnectionView = z.infer<typeof connectionView>;
const TONES: Readonly<Record<ConnectionView['state'], StatusTone>> = { 'not-connected': 'idle', connected: 'done', failing: 'attention', practice: 'running' };

/** One vendor. A stored secret never comes back: a field only says that there is one, and an empty field leaves it. */
function Connection({ connection }: { readonly connection: ConnectionView }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const settle = { onError: (error: unknown) => notifyError(error, t), onSettled: () => queries.invalidateQueries({ queryKey: orpc.settings.connections.key() }) };
  const tell = (view: ConnectionView) => notify({ message: t(`settings:connection.told.${view.state}`, { name: view.name }) });
  const save = useMutation(orpc.settings.setConnection.mutationOptions({ ...settle, onSuccess: (view) => { setValues({}); tell(view); } }));
  const check = useMutation(orpc.settings.checkConnection.mutationOptions({ ...settle, onSuccess: tell }));
  const given = Object.fromEntries(Object.entries(values).filter(([, text]) => text.trim() !== ''));
  const stored = connection.fields.filter((field) => field.present);
  const forget = () => save.mutate({ id: connection.id, values: Object.fromEntries(stored.map((field) => [field.name, ''])) });
  return (
    <form className="card settings-group" autoComplete="off" onSubmit={(event) => { event.preventDefault(); if (Object.keys(given).length > 0) save.mutate({ id: connection.id, values: given }); }}>
      <header className="row wrap" style={{ justifyContent: 'space-between' }}>
        <h2>{connection.name}</h2>
        <StatusBadge tone={TONES[connection.state]} label={t(`settings:connection.state.${connection.state}`)} />
      </header>
      {connection.state === 'failing' && connection.lastError ? <div className="notice" role="note">{connection.lastError}</div> : null}
      <div className="settings-fields">
        {connection.fields.map((field) => {
          const shared = { label: field.label, value: values[field.name] ?? '', autoComplete: 'off', placeholder: field.present ? t('settings:connection.stored') : '', dir: 'ltr' as const, maxLength: 4_000 };
          const put = (text: string) => setValues((old) => ({ ...old, [field.name]: text }));
          return field.secret
            ? <PasswordInput key={field.name} {...shared} size="xs" leftSection={<IconLock size="0.875rem" aria-hidden="true" />} visibilityToggleButtonProps={{ 'aria-label': t('settings:connection.show') }} onChange={(event) => put(event.currentTarget.value)} />
            : <TextInput key={field.name} {...shared} onChange={(event) => put(event.currentTarget.value)} />;
        })}
      </div>
      <footer className="row wrap">
        {connection.fields.length === 0 ? null : <Button type="submit" disabled={Object.keys(given).length === 0} loading={save.isPending}>{t('settings:connection.save', { name: connection.name })}</Button>}
        <Button variant="default" loading={check.isPending} disabled={connection.state === 'not-connected'} onClick={() => check.mutate({ id: connection.id })}>{t('settings:connection.check')}</Button>
        {stored.length > 0 && connection.state !== 'practice' ? <Button variant="subtle" onClick={forget}>{t('settings:connection.forget')}</Button> : null}
        <span className="grow" />
        <span className="small muted">{connection.lastCheckedAt ? <>{t('settings:connection.checked')} <RelativeTime at={connection.lastCheckedAt} /></> : t('settings:connection.never-checked')}{connection.state === 'practice' ? null : <> · <span className="num">{connection.baseUrl}</span></>}</span>
      </footer>
    </form>
  );
}

/** Which market the desk works on, and the way to the other. Each keeps its own folder; nothing goes from one to the other. */
function MarketCard() {
  const { t } = useTranslation();
  const info = useQuery(orpc.system.info.queryOptions()).data;
  const [asking, ask] = useState(false);
  const change = useChangeMarket((mode) => { ask(false); notify({ message: t(`settings:market.changed.${mode}`) }); });
  if (!info) return null;
  const other = info.mode === 'practice' ? 'live' : 'practice';
  return (
    <section className="card settings-group">
      <header className="row wrap" style={{ justifyContent: 'space-between' }}>
        <h2>{t(`settings:market.${info.mode}.title`)}</h2>
        <Button variant="default" leftSection={other === 'live' ? <IconKey size="1rem" /> : <IconFlask size="1rem" />} onClick={() => ask(true)}>{t(`settings:market.${other}.go`)}</Button>
      </header>
      <p className="muted">{t(`settings:market.${info.mode}.text`)}</p>
      <Confirm opened={asking} onClose={() => ask(false)} onConfirm={() => change.mutate(other)} busy={change.isPending} title={t(`settings:market.${other}.ask`)} action={t(`settings:market.${other}.go`)}><p>{t(`settings:market.${other}.ask-text`)}</p></Confirm>
    </section>
  );
}

export function Connections() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(orpc.settings.connections.queryOptions());
  if (isPending) return <FormSkeleton />;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const practising = data.some((connection) => connection.state === 'practice');
  return <div className="settings-form"><MarketCard />{practising ? null : <p className="muted">{t('settings:connection.note')}</p>}{data.map((connection) => <Connection key={connection.id} connection={connection} />)}</div>;
}
