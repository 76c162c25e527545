import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { coverageView, detectedSite } from '#contract/sources.ts';
import { useFormat } from '../../ui/format.ts';
import { StatusBadge } from '../../ui/status-badge.tsx';

type Detected = z.infer<typeof detectedSite>;
export const COVERED = ['title', 'price', 'currency', 'stock', 'identifiers', 'brand', 'image'] as const;
/** Below this share a field is worth a warning. */
const POOR_BP = 5_000;

/** How much of what was read has each field. */
export function Coverage({ fields }: { readonly fields: z.infer<typeof coverageView> }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ul className="coverage" aria-label={t('sources:coverage')}>
      {COVERED.map((field) => (
        <li key={field} data-poor={fields[field] < POOR_BP || undefined}>
          <span>{t(`sources:field.${field}`)}</span><span className="num">{format.percent(fields[field], 0)}</span>
          <span className="coverage-bar" aria-hidden="true"><span style={{ inlineSize: `${Math.round(fields[field] / 100)}%` }} /></span>
        </li>
      ))}
    </ul>
  );
}

function Sample({ sample }: { readonly sample: Detected['sample'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div style={{ maxBlockSize: '11.5rem', overflow: 'auto' }} tabIndex={0} role="region" aria-label={t('sources:sample')}>
      <table className="plain-table">
        <thead><tr><th scope="col">{t('sources:field.title')}</th><th scope="col">{t('sources:field.identifiers')}</th><th scope="col" data-align="end">{t('sources:field.price')}</th></tr></thead>
        <tbody>
          {sample.map((offer) => (
            <tr key={`${offer.url}${offer.title}`}>
              <td><bdi>{offer.title}</bdi>{offer.available === false ? <span className="small muted"> · {t('sources:sold-out')}</span> : null}</td>
              <td className="num small">{offer.identifiers[0] ?? '–'}</td><td data-align="end" className="num">{format.money(offer.price)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What stands at the address: the platform, a sample, and what it is missing; or why it cannot be read. */
export function DetectedSite({ site }: { readonly site: Detected }) {
  const { t } = useTranslation();
  const poor = site.problems.filter((p) => p.code === 'field-missing').map((p) => p.field).filter((f) => f !== null);
  const others = site.problems.filter((p) => p.code !== 'field-missing');
  return (
    <div className="stack" style={{ gap: '0.75rem' }} role="status">
      <StatusBadge tone={site.kind ? 'done' : 'attention'} label={site.kind ? t('sources:detected', { kind: t(`sources:kind.${site.kind}`) }) : t('sources:not-detected')} />
      {others.map((problem) => <p key={problem.code} className="notice"><strong>{t(`sources:problem.${problem.code}`)}</strong> <span className="small">{problem.message}</span></p>)}
      {site.kind ? (
        <>
          <Coverage fields={site.coverage} />
          {poor.length > 0 ? <p className="small muted">{t('sources:poor-fields', { fields: poor.map((f) => t(`sources:field.${f}`)).join(', ') })}</p> : null}
          <Sample sample={site.sample} />
        </>
      ) : null}
      {site.rejected.length > 0 ? <details><summary className="small">{t('sources:sample-unread', { count: site.rejected.length })}</summary><ul className="small muted">{site.rejected.slice(0, 5).map((r) => <li key={`${r.where}${r.reason}`}>{r.where}: {r.reason}</li>)}</ul></details> : null}
      <p className="small muted">{t('sources:looked', { count: site.requests })}</p>
    </div>
  );
}
