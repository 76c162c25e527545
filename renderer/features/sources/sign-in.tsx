import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { notify, notifyError } from '../../ui/notify.tsx';

function CookieForm({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const [cookies, setCookies] = useState('');
  const signIn = useMutation(orpc.sources.signIn.mutationOptions({
    // What was typed is gone from the window once it is kept.
    onSuccess: () => { setCookies(''); notify({ message: t('sources:signed-in-done') }); onDone(); },
    onError: (error) => notifyError(error, t),
  }));
  return (
    <form className="stack" style={{ gap: '0.5rem' }} onSubmit={(event) => { event.preventDefault(); signIn.mutate({ id, cookies }); }}>
      <ol className="small muted sign-in-steps"><li>{t('sources:sign-in-step-1')}</li><li>{t('sources:sign-in-step-2')}</li><li>{t('sources:sign-in-step-3')}</li></ol>
      <Textarea label={t('sources:sign-in-cookies')} description={t('sources:sign-in-kept')} value={cookies} onChange={(event) => setCookies(event.currentTarget.value)} minRows={2} autosize maxRows={4} dir="ltr" autoComplete="off" spellCheck={false} />
      <Button type="submit" disabled={cookies.trim().length < 3} loading={signIn.isPending} style={{ alignSelf: 'flex-end' }}>{t('sources:sign-in')}</Button>
    </form>
  );
}

/** The sign-in that a source is read with: none, one that holds, or one that the site has ended. @param likely it may be what is missing: how to give one is shown. */
export function SignIn({ id, session, likely = false }: { readonly id: string; readonly session: 'none' | 'signed-in' | 'lost'; readonly likely?: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: orpc.sources.key() });
  const signOut = useMutation(orpc.sources.signOut.mutationOptions({ onSuccess: () => notify({ message: t('sources:signed-out') }), onError: (error) => notifyError(error, t), onSettled: refresh }));
  if (session === 'signed-in') {
    return (
      <div className="row wrap" style={{ justifyContent: 'space-between' }}>
        <span className="small">{t('sources:signed-in')}</span>
        <Button size="compact-sm" variant="default" loading={signOut.isPending} onClick={() => signOut.mutate({ id })}>{t('sources:sign-out')}</Button>
      </div>
    );
  }
  if (session === 'lost') return <div className="notice stack" role="note" style={{ gap: '0.5rem' }}><strong>{t('sources:sign-in-again')}</strong><CookieForm id={id} onDone={refresh} /></div>;
  return <details open={likely}><summary className="small">{t('sources:sign-in-needed')}</summary><CookieForm id={id} onDone={refresh} /></details>;
}
