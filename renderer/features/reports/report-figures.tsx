import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReportBrief, ReportSummary } from '#contract/reports.ts';
import { money, type Money as Amount } from '#kernel/money.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';

function Figure({ name, children, note }: { readonly name: string; readonly children: ReactNode; readonly note?: ReactNode }) {
  return <div className="report-figure"><span className="small muted">{name}</span><span className="report-figure-value">{children}</span>{note ? <span className="small muted">{note}</span> : null}</div>;
}

const FIGURES = ['revenue', 'refunds', 'fees', 'postage', 'cost', 'writeOff'] as const;

/** Against the period before: by how much, in amount and share. */
function Against({ now, before }: { readonly now: Amount; readonly before: Amount | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!before) return null;
  const by = money(now.minor - before.minor, now.currency);
  if (by.minor === 0) return <span>{t('reports:same')}</span>;
  const share = before.minor > 0 ? ` (${by.minor > 0 ? '+' : '−'}${format.percent(Math.round((Math.abs(by.minor) / before.minor) * 10_000), 1)})` : '';
  return <span className="num" title={t('reports:was', { amount: format.money(before) })}>{format.money(by, { sign: true })}{share}</span>;
}

/** The period's sums in the home currency, each beside the period before. */
export function ReportFigures({ data, earlier }: { readonly data: ReportSummary; readonly earlier: ReportBrief | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { figures } = data.home;
  const before = earlier?.home.figures;
  const roi = figures.cost.minor > 0 ? Math.round((figures.profit.minor / figures.cost.minor) * 10_000) : null;
  const { sold } = data;
  return (
    <section className="card report-card" aria-label={t('reports:figures')}>
      <div className="report-figures">
        <Figure name={t('reports:figure.profit')} note={<Against now={figures.profit} before={before?.profit} />}><Money value={figures.profit} result strong /></Figure>
        {FIGURES.map((figure) => <Figure key={figure} name={t(`reports:figure.${figure}`)} note={<Against now={figures[figure]} before={before?.[figure]} />}><Money value={figures[figure]} /></Figure>)}
        <Figure name={t('reports:figure.roi')}><span className="num">{roi === null ? '–' : format.percent(roi, 1)}</span></Figure>
        <Figure name={t('reports:figure.units')} note={earlier ? t('reports:was', { amount: format.number(earlier.units) }) : null}><span className="num">{format.number(sold.units)}</span></Figure>
        <Figure name={t('reports:figure.sell-through')}><span className="num" title={t('reports:sell-through-note')}>{data.sellThroughBp === null ? '–' : format.percent(data.sellThroughBp, 1)}</span></Figure>
        <Figure name={t('reports:figure.days')}><span className="num">{sold.daysToSell === null ? '–' : format.number(sold.daysToSell, 1)}</span></Figure>
        {sold.estimates.map(({ units, expected, outcome }) => (
          <Figure key={expected.currency} name={t('reports:figure.estimate')} note={t('reports:estimate-note', { expected: format.money(expected), count: units, shown: format.number(units) })}><Money value={money(outcome.minor - expected.minor, outcome.currency)} result /></Figure>
        ))}
      </div>
      {data.currencies.length > 1 || data.home.without.length > 0 ? <CurrencyTable data={data} /> : null}
    </section>
  );
}

/** What was booked in each currency: exact, where the sum in the home currency is at today's rate of the business. */
function CurrencyTable({ data }: { readonly data: ReportSummary }) {
  const { t } = useTranslation();
  return (
    <>
      <table className="plain-table small">
        <thead><tr><th>{t('reports:column.currency')}</th>{(['revenue', 'refunds', 'fees', 'postage', 'cost', 'profit'] as const).map((figure) => <th key={figure} data-align="end">{t(`reports:figure.${figure}`)}</th>)}</tr></thead>
        <tbody>{data.currencies.map((of) => <tr key={of.profit.currency}><td>{of.profit.currency}</td>{(['revenue', 'refunds', 'fees', 'postage', 'cost', 'profit'] as const).map((figure) => <td key={figure} data-align="end"><Money value={of[figure]} /></td>)}</tr>)}</tbody>
      </table>
      {data.home.rates.map((rate) => <p key={rate.currency} className="small muted">{t('reports:rate', { ...rate, home: data.homeCurrency })}</p>)}
      {data.home.without.length > 0 ? <p className="notice small">{t('reports:without', { currencies: data.home.without.join(', '), home: data.homeCurrency })}</p> : null}
    </>
  );
}
