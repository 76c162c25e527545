import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { ChooseHome } from '../../ui/choose-home.tsx';
import { usePreference } from '../../ui/preferences.ts';

/** On own accounts, before anything was said of the business and while nothing is booked: is this the currency of the books? */
export function HomeNotice() {
  const { t } = useTranslation();
  const live = useQuery(orpc.system.info.queryOptions()).data?.mode === 'live';
  const business = useQuery({ ...orpc.settings.business.queryOptions(), enabled: live }).data;
  const [answered, setAnswered] = usePreference('home-currency-kept', false);
  const asks = live && !answered && business?.version === 0;
  const state = useQuery({ ...orpc.homeCurrency.state.queryOptions(), enabled: asks }).data;
  const [choosing, setChoosing] = useState(false);
  if (!asks || !state || state.fixed) return null;
  return (
    <section className="card home-notice" aria-labelledby="home-notice">
      <div><h2 id="home-notice">{t('home:live-title', { currency: state.currency })}</h2><p className="small muted">{t('home:live-text')}</p></div>
      <div className="row" style={{ gap: '0.5rem' }}>
        <Button size="sm" variant="default" onClick={() => setChoosing(true)}>{t('home:choose')}</Button>
        <Button size="sm" variant="subtle" onClick={() => setAnswered(true)}>{t('home:keep', { currency: state.currency })}</Button>
      </div>
      <ChooseHome state={state} opened={choosing} onClose={() => setChoosing(false)} />
    </section>
  );
}
