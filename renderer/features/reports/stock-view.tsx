import { Button, Skeleton } from '@mantine/core';
import { IconPackage } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { money } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';

/** What lies there now, at cost, by age, beside what the ledger holds. */
export function StockView() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, isPending, refetch } = useQuery(orpc.reports.stock.queryOptions());
  if (isPending) return <div className="page-inner"><Skeleton height="14rem" /></div>;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data.units === 0 && data.inbound.units === 0) return <EmptyState icon={<IconPackage size="1.75rem" stroke={1.5} />} title={t('reports:stock.empty.title')} action={<Button component={Link} to="/stock">{t('reports:stock.empty.action')}</Button>}>{t('reports:stock.empty.text')}</EmptyState>;
  const open = money(data.booked.minor - data.value.minor - data.inbound.value.minor, data.booked.currency);
  const most = Math.max(1, ...data.ages.map(({ value }) => value.minor));
  return (
    <div className="page-scroll" tabIndex={0} role="region" aria-label={t('reports:view.stock')}>
      <div className="page-inner"><div className="report-grid">
        <section className="card report-card">
          <h2>{t('reports:stock.ages')}</h2>
          <table className="plain-table">
            <thead><tr><th>{t('reports:stock.age')}</th><th aria-hidden="true" style={{ inlineSize: '28%' }} /><th data-align="end">{t('reports:stock.lots')}</th><th data-align="end">{t('reports:stock.units')}</th><th data-align="end">{t('reports:stock.value')}</th></tr></thead>
            <tbody>
              {data.ages.map((age) => <tr key={age.fromDays}><td>{age.toDays === null ? t('reports:stock.from-days', { from: age.fromDays }) : t('reports:stock.days', { from: age.fromDays, to: age.toDays })}</td><td aria-hidden="true">{age.value.minor > 0 ? <span className="report-share" style={{ inlineSize: `${(age.value.minor / most) * 100}%` }} /> : null}</td><td data-align="end">{format.number(age.lots)}</td><td data-align="end">{format.number(age.units)}</td><td data-align="end"><Money value={age.value} /></td></tr>)}
              <tr className="report-sum"><td>{t('reports:stock.on-hand')}</td><td /><td data-align="end">{format.number(data.lots)}</td><td data-align="end">{format.number(data.units)}</td><td data-align="end"><Money value={data.value} /></td></tr>
              <tr><td>{t('reports:stock.inbound')}</td><td /><td /><td data-align="end">{format.number(data.inbound.units)}</td><td data-align="end"><Money value={data.inbound.value} /></td></tr>
              <tr className="report-sum"><td>{t('reports:stock.booked')}</td><td /><td /><td /><td data-align="end"><Money value={data.booked} /></td></tr>
            </tbody>
          </table>
          {open.minor === 0 ? <p className="small muted">{t('reports:stock.agrees')}</p> : <p className="notice small">{t('reports:stock.differs', { amount: format.money(open, { sign: true }) })}</p>}
        </section>
        <section className="card report-card">
          <h2>{t('reports:stock.oldest')}</h2>
          <table className="plain-table"><thead><tr><th>{t('reports:by.item')}</th><th data-align="end">{t('reports:stock.age')}</th><th data-align="end">{t('reports:stock.units')}</th><th data-align="end">{t('reports:stock.value')}</th></tr></thead>
            <tbody>{data.oldest.map((lot) => <tr key={lot.lotId}><td><Link to="/stock" search={{ open: lot.lotId }}><span dir="auto">{lot.title}</span></Link></td><td data-align="end">{t('reports:stock.days-old', { count: lot.days, shown: format.number(lot.days) })}</td><td data-align="end">{format.number(lot.units)}</td><td data-align="end"><Money value={lot.value} /></td></tr>)}</tbody></table>
        </section>
      </div></div>
    </div>
  );
}
