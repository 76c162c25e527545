import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { sourceHealth } from '#contract/sources.ts';
import { orpc } from '../../rpc/client.ts';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { useWordReason } from '../../ui/reason.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Coverage } from './detected-site.tsx';
import { RepairSource } from './repair-source.tsx';
import { SignIn } from './sign-in.tsx';

/** The answer that the last failed run stopped at, as text: nothing of it is run or loaded. */
function ErrorPage({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const page = useQuery(orpc.sources.errorPage.queryOptions({ input: { id }, enabled: open }));
  return (
    <>
      <Button size="compact-sm" variant="default" aria-expanded={open} loading={open && page.isPending} onClick={() => setOpen(!open)} style={{ alignSelf: 'flex-start' }}>{t(open ? 'sources:hide-page' : 'sources:show-page')}</Button>
      {open && page.data ? <pre className="error-page small" tabIndex={0} dir="ltr" aria-label={t('sources:error-page')}>{page.data.text ?? t('sources:no-page')}</pre> : null}
    </>
  );
}

type PassedOverCounts = z.infer<typeof sourceHealth>['passedOver'];

/** Why offers of the source are not among the opportunities. */
function PassedOver({ counts }: { readonly counts: PassedOverCounts }) {
  const { t } = useTranslation();
  const format = useFormat();
  const wordReason = useWordReason();
  if (counts.length === 0) return null;
  const rates = counts.filter((c) => c.reason.code === 'screen.no-rate');
  return (
    <section className="stack" style={{ gap: '0.5rem' }}>
      <h3>{t('sources:passed')}</h3>
      {rates.map(({ reason, count }) => <div key={JSON.stringify(reason)} className="notice" role="note">{wordReason(reason)} <span className="small">{t('sources:passed-rate-offers', { count, n: format.number(count) })} <Link to="/settings" search={{ tab: 'business' } as never}>{t('sources:passed-rate')}</Link></span></div>)}
      <p className="small muted">{t('sources:passed-note')}</p>
      <FieldList fields={counts.map(({ reason, count }) => [t(`sources:passed.${reason.code}`, { currency: String(reason.data['currency'] ?? ''), defaultValue: wordReason(reason) }), <span key="n" className="num">{format.number(count)}</span>] as const)} />
    </section>
  );
}

const HOURS_TOLD = 48;

/** Of what the source gives, what it lost, what it costs its site, and what the site permits. */
export function SourceHealth({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, refetch } = useQuery(orpc.sources.health.queryOptions({ input: { id } }));
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <p className="muted small">{t('common:loading')}</p>;
  const { drift, coverage, permits } = data;
  const staleHours = Math.round(data.staleAfterMs / 3_600_000);
  return (
    <div className="stack" style={{ gap: '0.75rem' }}>
      {drift.map((d) => <div key={d.field} className="notice" role="note"><strong>{t('sources:drift', { field: t(`sources:field.${d.field}`) })}</strong> {t('sources:drift-figures', { before: format.percent(d.beforeBp, 0), now: format.percent(d.nowBp, 0) })}<br /><span className="small">{t('sources:drift-note')}</span></div>)}
      {data.session === 'lost' ? <SignIn id={id} session="lost" /> : null}
      {data.repairable && drift.length > 0 ? <RepairSource id={id} urgent /> : null}
      {data.error?.hasPage ? <ErrorPage id={id} /> : null}
      {coverage ? <><p className="small muted">{t('sources:coverage-of', { count: coverage.products, n: format.number(coverage.products) })}</p><Coverage fields={coverage.fields} /></> : <p className="muted small">{t('sources:no-coverage')}</p>}
      <PassedOver counts={data.passedOver} />
      <FieldList fields={[
        ...(data.crawl ? [[t('sources:crawl'), t('sources:crawl-text', { done: format.number(data.crawl.done), queued: format.number(data.crawl.queued), failed: format.number(data.crawl.failed) })] as const] : []),
        [t('sources:requests-day'), format.number(data.requests.day)], [t('sources:requests-run'), format.number(data.requests.lastRun)],
        [t('sources:stale-after'), staleHours > HOURS_TOLD ? t('sources:days', { count: Math.round(staleHours / 24) }) : t('sources:hours', { count: staleHours })],
        ...(data.error ? [[t('sources:failed-at'), <RelativeTime key="v" at={data.error.at} />] as const] : []),
        ...(permits ? [[t('sources:permits'), t('sources:permits-text', { scan: t(`sources:permission.${permits.scan}`), buy: t(`sources:permission.${permits.buy}`) })] as const, [t('sources:permits-source'), `${permits.source} (${permits.asOf})`] as const] : []),
      ]} />
      {data.repairable && drift.length === 0 ? <RepairSource id={id} urgent={false} /> : null}
      {data.session === 'lost' ? null : <SignIn id={id} session={data.session} likely={data.error !== null && data.ageMs === null} />}
    </div>
  );
}
