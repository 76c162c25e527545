import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { VendorCost } from '#contract/sources.ts';
import { orpc } from '../../rpc/client.ts';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ErrorState } from '../../ui/states.tsx';

type Spent = VendorCost['cost'];

function Vendors({ vendors }: { readonly vendors: readonly VendorCost[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const range = ({ expected, most }: Spent, text: (n: number) => string = format.number) => (expected === most ? text(expected) : t('sources:cost.range', { expected: text(expected), most: text(most) }));
  const duration = (ms: number) => (ms < 1_000 ? t('sources:cost.at-once') : format.duration(ms / 1_000));
  const words = (v: VendorCost) => t('sources:cost.of', { vendor: t(`sources:cost.vendor.${v.connector}`, { defaultValue: v.connector }), unit: t(`sources:cost.unit.${v.operation}`, { defaultValue: v.operation }) });
  return (
    <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('sources:cost')}>
      <table className="plain-table">
        <thead><tr><th scope="col">{t('sources:cost.what')}</th><th scope="col" data-align="end">{t('sources:cost.takes')}</th><th scope="col" data-align="end">{t('sources:cost.left')}</th><th scope="col" data-align="end">{t('sources:cost.refill')}</th><th scope="col" data-align="end">{t('sources:cost.time')}</th></tr></thead>
        <tbody>
          {vendors.map((v) => (
            <tr key={`${v.connector} ${v.operation}`}>
              <td>{words(v)}{v.error ? <><br /><span className="small attention">{v.error}</span></> : null}</td>
              <td data-align="end" className="num">{range(v.cost)}</td>
              <td data-align="end" className="num">{v.available === null ? <span className="muted">{t('sources:cost.unknown')}</span> : format.number(v.available)}</td>
              <td data-align="end" className="num" title={t(`sources:cost.basis.${v.basis}`)}>{v.refillPerMinute === null ? <span className="muted">–</span> : t('sources:cost.per-minute', { count: v.refillPerMinute, n: format.number(v.refillPerMinute, v.refillPerMinute < 10 ? 1 : 0) })}</td>
              <td data-align="end" className="num">{v.durationMs === null ? <span className="muted">–</span> : range(v.durationMs, duration)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What a run would spend at the data vendors and how long that takes, before it is started. */
export function ScanCost({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, refetch } = useQuery(orpc.sources.cost.queryOptions({ input: { id } }));
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <p className="muted small">{t('common:loading')}</p>;
  const duration = (ms: number) => (ms < 1_000 ? t('sources:cost.at-once') : format.duration(ms / 1_000));
  const { basis, offers, lookups, durationMs, vendors, requests, notConnected } = data;
  const asOf = vendors.map((v) => v.asOf).toSorted((a, b) => a - b)[0];
  return (
    <div className="stack" style={{ gap: '0.75rem' }}>
      <p className="small muted">{basis === 'per-thousand' ? t('sources:cost.per-thousand') : t('sources:cost.last-runs', { offers: format.number(offers.expected), most: format.number(offers.most), lookups: format.number(lookups.expected) })}</p>
      {notConnected.map((vendor) => <div key={vendor} className="notice" role="note">{t('sources:cost.not-connected', { vendor: t(`sources:cost.vendor.${vendor}`, { defaultValue: vendor }) })}</div>)}
      {vendors.length > 0 ? <Vendors vendors={vendors} /> : null}
      <FieldList fields={[
        [t('sources:cost.whole'), durationMs === null ? t('sources:cost.unknown') : durationMs.expected === durationMs.most ? duration(durationMs.expected) : t('sources:cost.range', { expected: duration(durationMs.expected), most: duration(durationMs.most) })],
        ...(requests === null ? [] : [[t('sources:cost.requests'), format.number(requests)] as const]),
        ...(asOf === undefined ? [] : [[t('sources:cost.as-of'), <RelativeTime key="v" at={asOf} />] as const]),
      ]} />
    </div>
  );
}
