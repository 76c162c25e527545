import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ReportSummary } from '#contract/reports.ts';
import { money } from '#kernel/money.ts';
import { taxOwedTo } from '../../ui/account-name.ts';
import { Money } from '../../ui/money.tsx';
import type { Period } from './period.ts';
import { useExport } from './use-export.ts';

/** Tax that came through the own account, by month and by whom it is owed to, with what is left to pay of each month. */
export function SalesTaxTable({ period, tax }: { readonly period: Period; readonly tax: ReportSummary['tax'] }) {
  const { t } = useTranslation();
  const make = useExport();
  const { salesTaxByMonth: rows, ordersWithoutTax } = tax;
  return (
    <section className="card report-card report-wide">
      <div className="row wrap"><h2 className="grow">{t('reports:tax.sales-tax')}</h2>
        {rows.length > 0 ? <Button size="compact-sm" variant="default" leftSection={<IconDownload size="0.875rem" />} loading={make.isPending} onClick={() => make.mutate({ from: period.from, to: period.to, by: 'month', what: 'sales-tax', format: 'csv' })}>{t('reports:tax.export-sales-tax')}</Button> : null}
      </div>
      <p className="small muted">{t(rows.length === 0 ? 'reports:tax.sales-tax-none' : 'reports:tax.sales-tax-note')}</p>
      {rows.length > 0 ? (
        <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('reports:tax.sales-tax')}>
          <table className="plain-table">
            <thead><tr><th scope="col">{t('reports:tax.month')}</th><th scope="col">{t('reports:tax.owed-to')}</th>{(['collected', 'back', 'paid', 'left'] as const).map((figure) => <th key={figure} scope="col" data-align="end">{t(`reports:tax.figure.${figure}`)}</th>)}</tr></thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.month} ${row.account} ${row.collected.currency}`}>
                  <td className="num">{row.month}</td><td>{taxOwedTo(row.account) ?? t('reports:tax.nobody-named')}</td><td data-align="end"><Money value={row.collected} /></td><td data-align="end"><Money value={row.back} /></td><td data-align="end"><Money value={row.paid} /></td>
                  <td data-align="end"><strong><Money value={money(row.collected.minor - row.back.minor - row.paid.minor, row.collected.currency)} /></strong></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {ordersWithoutTax > 0 ? <p className="small notice">{t('reports:tax.without', { count: ordersWithoutTax })}</p> : null}
    </section>
  );
}
