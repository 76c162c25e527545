import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { OpportunityDetail } from '#contract/opportunities.ts';
import type { Business } from '#contract/settings.ts';
import { sum } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { isMoney } from '../../ui/reason.tsx';
import { Waterfall, useLineName } from '../../ui/waterfall.tsx';

type Rate = Business['rates'][number];
/** What a line was in the currency that it is paid in. */
const originalOf = (detail: Readonly<Record<string, unknown>>) => (isMoney(detail['original']) ? detail['original'] : null);

/** The rates that are known for a currency, the one that is counted with first. */
export function ratesFor({ rates, rateKind, homeCurrency }: Pick<Business, 'rates' | 'rateKind' | 'homeCurrency'>, currency: string): readonly (Rate & { readonly used: boolean })[] {
  const known = rates.filter((r) => (r.from === currency && r.to === homeCurrency) || (r.from === homeCurrency && r.to === currency));
  const chosen = known.find((r) => r.kind === rateKind) ?? known[0];
  return known.map((r) => ({ ...r, used: r === chosen })).toSorted((a, b) => Number(b.used) - Number(a.used));
}

/** Official and parallel rate side by side: which is counted with, of which day and by whose word. */
function Rates({ currency }: { readonly currency: string }) {
  const { t } = useTranslation();
  const business = useQuery(orpc.settings.business.queryOptions()).data?.value;
  if (!business || business.homeCurrency === currency) return null;
  const rates = ratesFor(business, currency);
  const missing = (['official', 'parallel'] as const).filter((kind) => !rates.some((r) => r.kind === kind));
  return (
    <div className="stack" style={{ gap: '0.25rem', marginBlockStart: '0.5rem' }}>
      <h3>{t('opportunities:rates', { from: currency, to: business.homeCurrency })}</h3>
      <table className="plain-table">
        <thead><tr><th scope="col">{t('opportunities:rate.kind')}</th><th scope="col" data-align="end">{t('opportunities:rate.rate')}</th><th scope="col">{t('opportunities:rate.source')}</th><th scope="col">{t('opportunities:rate.day')}</th></tr></thead>
        <tbody>
          {rates.map((r) => <tr key={`${r.kind}-${r.from}`}><td>{t(`opportunities:rate.${r.kind}`)}{r.used ? <strong> · {t('opportunities:rate.used')}</strong> : null}</td><td data-align="end" className="num">1 {r.from} = {r.rate} {r.to}</td><td>{r.source || '–'}</td><td className="num">{r.asOf || '–'}</td></tr>)}
          {missing.map((kind) => <tr key={kind} className="muted"><td>{t(`opportunities:rate.${kind}`)}</td><td colSpan={3}>{t('opportunities:rate.missing')} <Link to="/settings" search={{ tab: 'business' } as never}>{t('opportunities:rate.set')}</Link></td></tr>)}
        </tbody>
      </table>
    </div>
  );
}

/** What never appears as a line is said to be nothing, so that nobody wonders whether it was forgotten. */
const EXPECTED = ['cost.shipping-in', 'cost.prep', 'cost.customs', 'cost.payment-fee', 'cost.tax'] as const;

/** One unit until it can be sold, every line with what it was paid in, its source, and the exchange rates. */
export function LandedCost({ detail }: { readonly detail: OpportunityDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = useLineName();
  const total = detail.costLines.length > 0 ? sum(detail.costLines.filter((line) => line.detail['counted'] !== false).map((line) => line.amount), detail.unitCost.currency) : detail.unitCost;
  const foreign = detail.costLines.flatMap((line) => { const original = originalOf(line.detail); return original && original.currency !== line.amount.currency ? [{ line, original }] : []; });
  const currency = foreign[0]?.original.currency ?? detail.offer.price.currency;
  const absent = EXPECTED.filter((code) => !detail.costLines.some((line) => line.code === code || (code === 'cost.tax' && line.code === 'cost.tax-recoverable')));
  if (detail.costLines.length === 0) return null;
  return (
    <details className="fold" open>
      <summary>{t('opportunities:cost-made-of')}</summary>
      <Waterfall plain site={{ host: URL.parse(detail.offer.url)?.host, name: detail.sourceName }} lines={detail.costLines} total={{ label: t('opportunities:landed-unit'), amount: total }} label={t('opportunities:cost-made-of')} />
      {foreign.length > 0 ? <p className="small muted">{foreign.map(({ line, original }) => t('opportunities:paid-in', { line: name(line.code), amount: format.money(original) })).join(' ')}</p> : null}
      {absent.length > 0 ? <p className="small muted">{t('opportunities:cost-absent', { lines: absent.map((code) => name(code)).join(', ') })}</p> : null}
      <Rates currency={currency} />
      <p className="small muted">{t('opportunities:landed-note')} <Money value={detail.unitCost} estimated /></p>
    </details>
  );
}
