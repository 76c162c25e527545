import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ReorderDetail } from '#contract/reorder.ts';
import { orpc } from '../../rpc/client.ts';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { TermsForm } from './terms-form.tsx';
import './reorder.css';

/** What to do, in one sentence with its figures. */
function Answer({ row }: { readonly row: ReorderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useWordReason();
  const figures = { count: row.units, supplier: row.supplier?.name ?? '', cost: row.cost ? format.money(row.cost) : '', position: format.number(row.position), point: format.number(row.reorderPoint) };
  const key = row.units === 0 ? (row.position > row.reorderPoint ? 'enough' : 'none') : row.supplier ? (row.cost ? 'order-from' : 'order-from-unpriced') : 'order';
  return (
    <>
      <p className="reorder-answer">{t(`reorder:answer.${key}`, figures)}</p>
      {row.reasons.length > 0 ? <ul className="small muted">{row.reasons.map((reason) => <li key={reason.code}>{word(reason)}</li>)}</ul> : null}
    </>
  );
}

function Position({ row }: { readonly row: ReorderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { stock } = row;
  const parts = [['on-hand', row.onHand], ['inbound', stock.inbound], ['approved', stock.approved], ['ordered', stock.ordered], ['requested', -stock.requested], ['oversold', -stock.oversold], ['position', row.position]] as const;
  return (
    <section className="section">
      <h2>{t('reorder:section.position')}</h2>
      <div className="reorder-sum">{parts.map(([part, units]) => [<span key={part}>{t(`reorder:part.${part}`)}</span>, <span key={`${part}-units`} className="num" style={{ textAlign: 'end' }}>{units < 0 ? '−' : ''}{format.number(Math.abs(units))}</span>])}</div>
      {row.lots.length > 0 ? <p className="small muted">{t('reorder:places')} {row.lots.map((lot, i) => <span key={lot.id}>{i > 0 ? ', ' : ''}<Link to="/stock" search={{ open: lot.id } as never}>{t('reorder:place', { count: lot.onHand, location: lot.location, condition: t(`stock:hand.condition.${lot.condition}`, { defaultValue: lot.condition }) })}</Link></span>)}</p> : null}
    </section>
  );
}

function Demand({ row }: { readonly row: ReorderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const most = Math.max(1, ...row.weeks);
  return (
    <section className="section stack">
      <h2>{t('reorder:section.demand')}</h2>
      <p>{t('reorder:demand-text', { perDay: format.number(row.perDay, 2), method: t(`reorder:method.${row.method}`), sold: format.number(row.sold), count: row.days })}</p>
      {row.weeks.length > 1 ? <div className="reorder-weeks" role="img" aria-label={t('reorder:weeks', { count: row.weeks.length, most })}>{row.weeks.map((units, i) => <span key={i} style={{ blockSize: `${(units / most) * 100}%` }} />)}</div> : null}
      {row.weeks.length > 1 ? <p className="small muted">{t('reorder:weeks', { count: row.weeks.length, most })}</p> : null}
      {row.tests.length === 0 ? <p className="small muted">{t('reorder:no-test')}</p> : (
        <>
          <table className="plain-table">
            <thead><tr><th scope="col">{t('reorder:test.method')}</th><th scope="col" data-align="end">{t('reorder:test.rmse')}</th><th scope="col" data-align="end">{t('reorder:test.mase')}</th><th scope="col" data-align="end">{t('reorder:test.bias')}</th></tr></thead>
            <tbody>
              {row.tests.map((test) => (
                <tr key={test.method}>
                  <td>{test.method === row.method ? <strong>{t('reorder:test.chosen', { method: t(`reorder:method.${test.method}`) })}</strong> : t(`reorder:method.${test.method}`)}</td>
                  <td data-align="end" className="num">{format.number(test.rmse, 2)}</td><td data-align="end" className="num">{test.mase === null ? '–' : format.number(test.mase, 2)}</td><td data-align="end" className="num">{test.bias === null ? '–' : format.percent(Math.round(test.bias * 10_000))}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="small muted">{t('reorder:test.note', { count: row.origins, horizon: row.horizon })}</p>
        </>
      )}
    </section>
  );
}

function LeadTime({ row }: { readonly row: ReorderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { lead } = row;
  const days = (value: number | null) => (value === null ? '–' : t('reorder:days', { days: format.number(value, 1) }));
  return (
    <section className="section stack">
      <h2>{t('reorder:section.lead')}</h2>
      <p>{t(`reorder:lead-text.${row.leadFrom}`, { days: format.number(row.leadDays, 1), sd: format.number(row.leadSd, 1), supplier: row.supplier?.name ?? '' })}</p>
      <FieldList fields={[
        [t('reorder:lead.prior'), t('reorder:lead.prior-value', { days: format.number(lead.priorDays, 1), sd: format.number(lead.priorSd, 1), weight: lead.priorWeight })],
        [t('reorder:lead.all'), t('reorder:lead.seen', { count: lead.all, days: days(lead.allDays) })], [t('reorder:lead.own'), t('reorder:lead.seen', { count: lead.own, days: days(lead.ownDays) })],
      ]} />
    </section>
  );
}

function Point({ row }: { readonly row: ReorderDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const over = (stretch: { mean: number; sd: number }) => ({ mean: format.number(stretch.mean, 1), sd: format.number(stretch.sd, 1) });
  const service = format.percent(row.serviceBp, 1);
  return (
    <section className="section stack">
      <h2>{t('reorder:section.point')}</h2>
      <p>{t('reorder:point-text', { ...over(row.overLead), days: format.number(row.leadDays, 1), service, point: format.number(row.reorderPoint) })}</p>
      <p>{t('reorder:target-text', { ...over(row.overLeadAndReview), days: format.number(row.leadDays + row.reviewDays, 1), review: row.reviewDays, service, target: format.number(row.target) })}</p>
      <p>{row.units > 0 ? t(row.leastUnits > 0 ? 'reorder:units-text-least' : 'reorder:units-text', { target: format.number(row.target), position: format.number(row.position), caseUnits: format.number(row.caseUnits), least: format.number(row.leastUnits), units: format.number(row.units) }) : t('reorder:units-none', { position: format.number(row.position), point: format.number(row.reorderPoint) })}</p>
      <FieldList fields={[
        [t('reorder:field.case'), `${format.number(row.caseUnits)} · ${t(`reorder:case-from.${row.caseFrom}`)}`], [t('reorder:field.supplier'), row.supplier ? `${row.supplier.name} · ${t(`reorder:supplier-from.${row.supplier.from}`)}` : null],
        [t('reorder:field.unit'), row.supplier?.unit ? <Money key="v" value={row.supplier.unit} /> : null], [t('reorder:field.profit'), row.profitPerUnit ? <Money key="v" value={row.profitPerUnit} result /> : null],
      ]} />
    </section>
  );
}

/** Why so much of a product, or why not: each figure with what it follows from. */
export function ReorderPanel({ productId }: { readonly productId: string }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(orpc.reorder.get.queryOptions({ input: { productId } }));
  if (isPending) return <DetailSkeleton />;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <article className="detail">
      <header className="detail-head"><h2>{data.title}</h2></header>
      <div className="detail-body" tabIndex={0} role="region" aria-label={t('reorder:detail')}>
        <section className="section stack"><Answer row={data} /></section>
        <Position row={data} />
        <Point row={data} />
        <Demand row={data} />
        <LeadTime row={data} />
        <section className="section"><h2>{t('reorder:section.terms')}</h2><TermsForm key={data.terms.version} row={data} /></section>
      </div>
    </article>
  );
}
