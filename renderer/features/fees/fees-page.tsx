import { Button } from '@mantine/core';
import { IconArrowBackUp, IconCheck, IconReceiptTax } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RecomputePreview } from '#contract/fees.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { Page } from '../../ui/page.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { DetailSkeleton, EmptyState, ErrorState } from '../../ui/states.tsx';

function Listings({ preview }: { readonly preview: RecomputePreview }) {
  const { t } = useTranslation();
  if (preview.listings.length === 0) return <EmptyState icon={<IconReceiptTax size="1.75rem" stroke={1.5} />} title={t('fees:none.title')} action={<Button component={Link} to="/listings" variant="default">{t('fees:none.action')}</Button>}>{t('fees:none.text', { count: preview.checked })}</EmptyState>;
  return (
    <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('fees:listings')}>
      <table className="plain-table">
        <thead><tr><th scope="col">{t('fees:listing')}</th><th scope="col">{t('fees:sku')}</th><th scope="col" data-align="end">{t('fees:floor-before')}</th><th scope="col" data-align="end">{t('fees:floor-after')}</th><th scope="col" data-align="end">{t('fees:price-before')}</th><th scope="col" data-align="end">{t('fees:price-after')}</th></tr></thead>
        <tbody>
          {preview.listings.map((l) => (
            <tr key={l.id}>
              <td><Link to="/listings" search={{ open: l.id } as never}>{l.title}</Link></td><td className="num">{l.sku}</td><td data-align="end"><Money value={l.floorBefore} /></td><td data-align="end"><Money value={l.floorAfter} strong /></td>
              <td data-align="end"><Money value={l.priceBefore} /></td><td data-align="end">{l.priceAfter.minor === l.priceBefore.minor ? <span className="muted">{t('fees:unchanged')}</span> : <span className="attention"><Money value={l.priceAfter} strong /></span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What the fee cards of today change for what is on sale and for what might be bought: shown before it is applied, and undone afterwards. */
export function FeesPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useWordReason();
  const queries = useQueryClient();
  const { data: preview, error, isPending, isFetching, refetch } = useQuery({ ...orpc.fees.preview.queryOptions(), staleTime: 0 });
  const settle = { onError: (failure: unknown) => notifyError(failure, t), onSettled: () => { for (const area of [orpc.fees, orpc.listings, orpc.opportunities]) void queries.invalidateQueries({ queryKey: area.key() }); } };
  const undo = useMutation(orpc.fees.undo.mutationOptions({ ...settle, onSuccess: ({ changed, refused }) => notify({ message: t('fees:undone', { count: changed }) + (refused.length > 0 ? ` ${t('fees:kept', { count: refused.length })}` : '') }) }));
  const apply = useMutation(orpc.fees.apply.mutationOptions({ ...settle, onSuccess: ({ id, changed, refused }) => notify({ message: t('fees:applied', { count: changed }) + (refused.length > 0 ? ` ${t('fees:kept', { count: refused.length })}` : ''), action: { label: t('common:undo'), run: () => undo.mutate({ id }) } }) }));
  const older = preview?.opportunities.filter((o) => !o.current).reduce((sum, o) => sum + o.count, 0) ?? 0;
  const judged = preview?.opportunities.reduce((sum, o) => sum + o.count, 0) ?? 0;
  return (
    <Page title={t('frame:page.fees')} scroll tools={<><span className="grow" />{preview?.last ? <Button variant="default" loading={undo.isPending} leftSection={<IconArrowBackUp size="0.9375rem" />} onClick={() => undo.mutate({ id: preview.last!.id })}>{t('fees:undo', { count: preview.last.listings })}</Button> : null}</>}>
      {isPending ? <DetailSkeleton /> : error && !preview ? <ErrorState error={error} onRetry={() => void refetch()} /> : (
        <div className="stack" style={{ gap: '1rem' }}>
          <section className="card" style={{ padding: '0.875rem 1.125rem' }}>
            <h2>{t('fees:cards')}</h2>
            <table className="plain-table">
              <thead><tr><th scope="col">{t('fees:channel')}</th><th scope="col">{t('fees:card')}</th><th scope="col">{t('fees:from')}</th><th scope="col">{t('fees:sure')}</th><th scope="col">{t('fees:source')}</th></tr></thead>
              <tbody>{preview.cards.map((card) => <tr key={card.channel}><td>{t(`listings:channel.${card.channel}`, { defaultValue: card.channel })}</td><td className="num muted">{card.version}</td><td className="num">{format.day(card.effectiveFrom)}</td><td>{t(`common:confidence.${card.confidence}`)}</td><td className="small muted" style={{ maxInlineSize: '34rem' }}>{card.source} · {t('fees:read', { day: format.day(card.retrievedAt) })}</td></tr>)}</tbody>
            </table>
            {preview.last ? <p className="small muted" style={{ marginBlockStart: '0.5rem' }}>{t('fees:last')} <RelativeTime at={preview.last.at} /></p> : null}
          </section>
          <section className="card" style={{ padding: '0.875rem 1.125rem' }}>
            <header className="row" style={{ justifyContent: 'space-between', marginBlockEnd: '0.5rem' }}>
              <div><h2>{t('fees:listings')}</h2><p className="small muted">{t('fees:listings-note', { count: preview.checked })}</p></div>
              {preview.listings.length === 0 && older === 0 ? null : <Button loading={apply.isPending || isFetching} leftSection={<IconCheck size="1rem" />} onClick={() => apply.mutate({ items: preview.listings })}>{t(preview.listings.length === 0 ? 'fees:apply-opportunities' : 'fees:apply', { count: preview.listings.length })}</Button>}
            </header>
            <Listings preview={preview} />
            {preview.unpriced.length > 0 ? <details className="fold"><summary>{t('fees:unpriced', { count: preview.unpriced.length })}</summary><ul className="stack">{preview.unpriced.map((l) => <li key={l.id}>{l.title} <span className="small muted">{word(l.reason)}</span></li>)}</ul></details> : null}
          </section>
          <section className="card" style={{ padding: '0.875rem 1.125rem' }}>
            <h2>{t('fees:opportunities')}</h2>
            <p>{older === 0 ? t('fees:all-current', { count: judged, shown: format.number(judged) }) : t('fees:some-older', { count: older, shown: format.number(older), all: format.number(judged) })}</p>
          </section>
        </div>
      )}
    </Page>
  );
}
