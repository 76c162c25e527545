import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { ChooseHome } from '../../ui/choose-home.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { ErrorState } from '../../ui/states.tsx';

/** In what the books are kept; to be chosen as long as nothing is booked, and why it is fixed afterwards. */
export function HomeCurrency({ currency }: { readonly currency: string }) {
  const { t } = useTranslation();
  const [choosing, setChoosing] = useState(false);
  const query = useQuery(orpc.homeCurrency.state.queryOptions());
  const state = query.data;
  const word = useWordReason();
  return (
    <section className="card settings-group" aria-labelledby="home-currency">
      <h2 id="home-currency">{t('home:title')}</h2>
      <p>{t('home:is', { currency })}</p>
      <p className="small muted">{t('home:others', { currency })}</p>
      {query.error && !state ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : null}
      {state?.fixed ? <p className="small">{word(state.fixed)} {t('home:why')}</p> : null}
      {state && !state.fixed ? (
        <>
          <p className="small">{t('home:open')}</p>
          <div><Button variant="default" size="sm" onClick={() => setChoosing(true)}>{t('home:choose')}</Button></div>
          <ChooseHome state={state} opened={choosing} onClose={() => setChoosing(false)} />
        </>
      ) : null}
    </section>
  );
}
