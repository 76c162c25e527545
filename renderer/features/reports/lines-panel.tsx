import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ReportLine } from '#contract/reports.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { Total } from '../../ui/total.tsx';
import { PAGING, useRows } from '../../ui/use-pages.ts';
import type { Days } from './period.ts';
import type { Split } from './search.ts';

const PAGES: Readonly<Record<string, '/orders' | '/stock' | '/purchases'>> = { order: '/orders', stock: '/stock', purchase: '/purchases' };

/** The orders and other bookings behind a row, with the part of each that is the row's. */
export function LinesPanel({ days, by, name, rowKey }: { readonly days: Days; readonly by: Split; readonly name: string; readonly rowKey: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const input = { from: days.from, to: days.to, by, key: rowKey };
  const query = useInfiniteQuery(orpc.reports.lines.infiniteOptions({ input: (cursor: string | undefined) => ({ ...input, limit: 50, ...(cursor === undefined ? {} : { cursor }) }), ...PAGING }));
  const { rows, total } = useRows<ReportLine>(query.data);
  if (query.isPending) return <DetailSkeleton />;
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className="report-detail">
      <header><h2 dir="auto">{name}</h2><Total total={total} /></header>
      <table className="plain-table small">
        <thead><tr><th>{t('reports:line.what')}</th><th>{t('reports:line.day')}</th><th data-align="end">{t('reports:column.units')}</th><th data-align="end">{t('reports:figure.revenue')}</th><th data-align="end">{t('reports:figure.profit')}</th></tr></thead>
        <tbody>{rows.map((line) => {
          const page = PAGES[line.refKind];
          const words = <span dir="auto">{line.title}</span>;
          return (
            <tr key={`${line.refKind} ${line.refId}`}>
              <td>{page ? <Link to={page} search={{ open: line.refId } as never}>{words}</Link> : words}<div className="muted">{[t(`ledger:ref.${line.refKind}`, { defaultValue: line.refKind }), line.detail].filter(Boolean).join(' · ')}</div></td>
              <td className="num">{format.day(new Date(line.at).toISOString().slice(0, 10))}</td><td data-align="end" className="num">{line.units === 0 ? '–' : format.number(line.units)}</td>
              <td data-align="end">{line.figures.map((of) => <div key={of.profit.currency}><Money value={of.revenue} /></div>)}</td><td data-align="end">{line.figures.map((of) => <div key={of.profit.currency}><Money value={of.profit} result /></div>)}</td>
            </tr>
          );
        })}</tbody>
      </table>
      {query.hasNextPage ? <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('reports:line.more')}</Button> : null}
    </div>
  );
}
