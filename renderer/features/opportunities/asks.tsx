import { Button } from '@mantine/core';
import { IconRefresh, IconWorldSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { money } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { Section } from './section.tsx';

const FIRST_SHOWN = 5;

function MarketAsks({ market }: { readonly market: { market: string; query: string; byCode: boolean; total: number | null; unread: number; error: string | null; at: number; asks: readonly { listingId: string; url: string; title: string; price: { minor: number; currency: string }; shipping: { minor: number; currency: string } | null; condition: string; sale: string; sellerName: string | null; sellerFeedback: { positiveBp: number; score: number; isPoor: boolean } | null }[] } }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [all, setAll] = useState(false);
  const name = t(`opportunities:market.${market.market}`, { defaultValue: market.market });
  const asks = all ? market.asks : market.asks.slice(0, FIRST_SHOWN);
  return (
    <div className="stack" style={{ gap: '0.25rem' }}>
      <h3 className="row" style={{ justifyContent: 'space-between' }}>
        <span>{name} <span className="small muted" style={{ fontWeight: 400 }}>· {t(market.byCode ? 'opportunities:asked-code' : 'opportunities:asked-words', { query: market.query })}</span></span>
        {market.total === null ? null : <span className="small muted num" style={{ fontWeight: 400 }}>{t('opportunities:asks-found', { count: market.total })}</span>}
      </h3>
      {market.error ? <p className="small attention">{t('opportunities:asks-failed', { message: market.error })}</p> : market.asks.length === 0 ? <p className="small muted">{t('opportunities:asks-none')}</p> : (
        <table className="plain-table">
          <thead><tr><th scope="col">{t('opportunities:ask.listing')}</th><th scope="col">{t('opportunities:fact.condition')}</th><th scope="col" data-align="end">{t('opportunities:ask.price')}</th><th scope="col" data-align="end">{t('opportunities:ask.delivered')}</th></tr></thead>
          <tbody>
            {asks.map((ask) => (
              <tr key={ask.listingId}>
                <td><a href={ask.url} target="_blank" rel="noreferrer noopener" className="truncate" style={{ display: 'block', maxInlineSize: '22rem' }} title={ask.title}>{ask.title}</a>{ask.sellerName && ask.sellerFeedback ? <span className={ask.sellerFeedback.isPoor ? 'small attention' : 'small muted'}>{t('opportunities:ask.seller', { name: ask.sellerName, share: format.percent(ask.sellerFeedback.positiveBp, 1), score: format.number(ask.sellerFeedback.score) })}</span> : null}</td>
                <td>{ask.condition}{ask.sale === 'auction' ? ` · ${t('opportunities:ask.auction')}` : ''}</td>
                <td data-align="end"><Money value={ask.price} /></td>
                <td data-align="end">{ask.shipping && ask.shipping.currency === ask.price.currency ? <Money value={money(ask.price.minor + ask.shipping.minor, ask.price.currency)} /> : <span className="muted">{t('opportunities:ask.shipping-unknown')}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="row small muted" style={{ justifyContent: 'space-between' }}>
        <span><RelativeTime at={market.at} />{market.unread > 0 ? ` · ${t('opportunities:asks-unread', { count: market.unread })}` : ''}</span>
        {market.asks.length > FIRST_SHOWN ? <Button size="compact-xs" variant="subtle" onClick={() => setAll(!all)}>{all ? t('opportunities:asks-fewer') : t('opportunities:asks-all', { count: market.asks.length, shown: format.number(market.asks.length) })}</Button> : null}
      </div>
    </div>
  );
}

/** What others ask for the same thing now. It costs the markets' quotas, so it is asked only on a click. */
export function Asks({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const [asked, ask] = useState(false);
  const { data, error, isFetching, refetch } = useQuery({ ...orpc.opportunities.asks.queryOptions({ input: { id } }), enabled: asked, staleTime: Number.POSITIVE_INFINITY, retry: false });
  return (
    <Section title={t('opportunities:asks')} aside={asked ? <Button size="compact-sm" variant="default" loading={isFetching} leftSection={<IconRefresh size="0.875rem" />} onClick={() => void refetch()}>{t('opportunities:asks-again')}</Button> : null}>
      {!asked ? (
        <div className="stack" style={{ alignItems: 'flex-start' }}>
          <p className="small muted">{t('opportunities:asks-note')}</p>
          <Button variant="default" leftSection={<IconWorldSearch size="0.9375rem" />} onClick={() => ask(true)}>{t('opportunities:asks-ask')}</Button>
        </div>
      ) : error ? <ErrorState error={error} onRetry={() => void refetch()} /> : !data ? <DetailSkeleton /> : data.markets.length === 0 ? <p className="small muted">{t('opportunities:asks-no-market')}</p> : (
        <div className="stack" style={{ gap: '0.875rem' }}>{data.markets.map((market) => <MarketAsks key={market.market} market={market} />)}<p className="small muted">{t('opportunities:asks-note')}</p></div>
      )}
    </Section>
  );
}
