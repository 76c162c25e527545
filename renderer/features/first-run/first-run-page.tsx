import { Button } from '@mantine/core';
import { IconFlask, IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { ChooseHome } from '../../ui/choose-home.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useChangeMarket } from '../../ui/use-change-market.ts';
import './first-run.css';

interface ChoiceProps { readonly icon: ReactNode; readonly mode: 'practice' | 'live'; readonly primary: boolean; readonly busy: boolean; readonly disabled: boolean; readonly onChoose: () => void }

function Choice({ icon, mode, primary, busy, disabled, onChoose }: ChoiceProps) {
  const { t } = useTranslation();
  return (
    <section className="card choice" data-mode={mode} aria-labelledby={`choice-${mode}`}>
      <div className="choice-icon" aria-hidden="true">{icon}</div>
      <h2 id={`choice-${mode}`}>{t(`first-run:${mode}.title`)}</h2>
      <p className="muted">{t(`first-run:${mode}.text`)}</p>
      <ul>{(['a', 'b', 'c'] as const).map((point) => <li key={point}>{t(`first-run:${mode}.point-${point}`)}</li>)}</ul>
      <Button size="sm" variant={primary ? 'filled' : 'default'} loading={busy} disabled={disabled} onClick={onChoose}>{t(`first-run:${mode}.action`)}</Button>
    </section>
  );
}

/** In what the books are kept, as long as nothing is booked. */
function FirstHome() {
  const { t } = useTranslation();
  const [choosing, setChoosing] = useState(false);
  const state = useQuery(orpc.homeCurrency.state.queryOptions()).data;
  if (!state || state.fixed) return null;
  return (
    <section className="first-home" aria-label={t('home:title')}>
      <p>{t('home:first-text', { currency: state.currency })} <span className="muted">{t('home:first-note')}</span></p>
      <Button size="compact-sm" variant="default" onClick={() => setChoosing(true)}>{t('home:first-change')}</Button>
      <ChooseHome state={state} opened={choosing} onClose={() => setChoosing(false)} />
    </section>
  );
}

/** The first question: practise without risk, or connect own accounts. */
export function FirstRunPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const info = useQuery(orpc.system.info.queryOptions());
  const choose = useChangeMarket((mode) => void navigate(mode === 'practice' ? { to: '/' } : { to: '/settings', search: { tab: 'connections' } as never }));
  useEffect(() => { document.title = 'Resale Desk'; }, []);
  if (info.error && !info.data) return <ErrorState error={info.error} onRetry={() => void info.refetch()} />;
  if (info.data && !info.data.firstRun && !choose.isPending && !choose.isSuccess) return <Navigate to="/" replace />;
  const pending = choose.isPending ? choose.variables : null;
  return (
    <main className="first-run">
      <header><h1>{t('first-run:title')}</h1><p className="muted">{t('first-run:text')}</p></header>
      <div className="choices">
        <Choice mode="practice" primary icon={<IconFlask size="1.5rem" stroke={1.6} />} busy={pending === 'practice'} disabled={pending !== null} onChoose={() => choose.mutate('practice')} />
        <Choice mode="live" primary={false} icon={<IconKey size="1.5rem" stroke={1.6} />} busy={pending === 'live'} disabled={pending !== null} onChoose={() => choose.mutate('live')} />
      </div>
      <FirstHome />
      {pending === 'live' && info.data?.mode !== 'live' ? <p role="status">{t('first-run:live.starting')}</p> : null}
      <p className="small muted">{t('first-run:where', { dataDir: info.data?.dataDir ?? '…' })}</p>
    </main>
  );
}
