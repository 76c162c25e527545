import { Button, Skeleton } from '@mantine/core';
import { IconDownload, IconReportMoney } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { money, type Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { accountName } from '../../ui/account-name.ts';
import { Money } from '../../ui/money.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import type { Period } from './period.ts';
import { SalesTaxTable } from './sales-tax-table.tsx';
import { TaxPayments } from './tax-payments.tsx';
import { useExport } from './use-export.ts';

const minus = (amount: Amount) => money(-amount.minor, amount.currency);

interface Line { readonly key: string; readonly name: string; readonly amount: Amount; readonly sum?: boolean }

function Lines({ title, note, lines }: { readonly title: string; readonly note?: string; readonly lines: readonly Line[] }) {
  return (
    <section className="card report-card"><h2>{title}</h2>{note ? <p className="small muted">{note}</p> : null}
      <table className="plain-table"><tbody>{lines.map((line) => <tr key={line.key} className={line.sum ? 'report-sum' : undefined}><td>{line.name}</td><td data-align="end"><Money value={line.amount} /></td></tr>)}</tbody></table>
    </section>
  );
}

/** What a tax return asks for, as the ledger has it: what came in, what was bought, what it took. */
export function TaxView({ period }: { readonly period: Period }) {
  const { t } = useTranslation();
  const make = useExport();
  const { data, error, isPending, refetch } = useQuery(orpc.reports.summary.queryOptions({ input: { from: period.from, to: period.to }, placeholderData: keepPreviousData }));
  if (isPending) return <div className="page-inner"><Skeleton height="14rem" /></div>;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const { stock, expenses } = data.tax;
  if (data.currencies.length === 0 && stock.opening.minor === 0 && stock.closing.minor === 0) return <EmptyState icon={<IconReportMoney size="1.75rem" stroke={1.5} />} title={t('reports:tax.empty.title')} action={<Button component={Link} to="/opportunities">{t('reports:empty.action')}</Button>}>{t('reports:empty.text')}</EmptyState>;
  const income: Line[] = data.currencies.flatMap((of) => [{ key: `r${of.profit.currency}`, name: t('reports:tax.sales', { currency: of.profit.currency }), amount: of.revenue }, { key: `f${of.profit.currency}`, name: t('reports:tax.refunds', { currency: of.profit.currency }), amount: minus(of.refunds) }]);
  const line = (key: keyof typeof stock, amount: Amount, sum = false): Line => ({ key, name: t(`reports:tax.stock.${key}`), amount, sum });
  return (
    <div className="page-scroll" tabIndex={0} role="region" aria-label={t('reports:view.tax')}>
      <div className="page-inner">
        <div className="row wrap"><p className="small muted grow">{t('reports:tax.note')}</p><Button variant="default" leftSection={<IconDownload size="0.875rem" />} loading={make.isPending} onClick={() => make.mutate({ from: period.from, to: period.to, by: 'month', what: 'accounts', format: 'xlsx' })}>{t('reports:tax.export')}</Button></div>
        <div className="report-grid">
          <Lines title={t('reports:tax.income')} lines={income} />
          <Lines title={t('reports:tax.purchases')} note={t('reports:tax.purchases-note')} lines={[line('opening', stock.opening, true), line('bought', stock.bought), line('prepared', stock.prepared), line('returnedToSupplier', minus(stock.returnedToSupplier)), line('sold', minus(stock.sold)), line('writtenOff', minus(stock.writtenOff)), ...(stock.other.minor === 0 ? [] : [line('other', stock.other)]), line('closing', stock.closing, true)]} />
          <Lines title={t('reports:tax.expenses')} lines={expenses.map(({ account, amount }) => ({ key: `${account} ${amount.currency}`, name: accountName(t, account), amount }))} />
          <SalesTaxTable period={period} tax={data.tax} />
          <TaxPayments />
        </div>
      </div>
    </div>
  );
}
