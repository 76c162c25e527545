import { IconCheck, IconHelp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpportunityDetail } from '#contract/opportunities.ts';
import type { Reason } from '#contract/shared.ts';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { Histogram } from '../../ui/histogram.tsx';
import { DualMoney, Money } from '../../ui/money.tsx';
import { useWordReason, wordData } from '../../ui/reason.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { RiskList, savedAnswerId } from '../../ui/risk-list.tsx';
import { Waterfall } from '../../ui/waterfall.tsx';
import { cardDay } from './card-day.ts';
import { LandedCost } from './landed-cost.tsx';
import { Section } from './section.tsx';

interface SectionProps { readonly detail: OpportunityDetail }

export function Arithmetic({ detail }: SectionProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Section title={t('opportunities:arithmetic')} aside={<span className="small muted"><span title={detail.cardVersion}>{t('opportunities:card', { day: cardDay(detail.cardVersion, format) })}</span> · <RelativeTime at={detail.evaluatedAt} /></span>}>
      <Waterfall lines={detail.lines} total={{ label: t('opportunities:profit-unit'), amount: detail.profit }} label={t('opportunities:arithmetic')} site={{ host: URL.parse(detail.offer.url)?.host, name: detail.sourceName }} />
      <LandedCost detail={detail} />
    </Section>
  );
}

export function Distribution({ detail }: SectionProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Section title={t('opportunities:distribution')}>
      <Histogram quantiles={detail.profitQuantiles} currency={detail.profit.currency} mean={detail.profit} />
      <FieldList fields={[
        [t('opportunities:fact.sale'), <Money key="v" value={detail.salePrice} estimated />],
        [t('opportunities:fact.days'), <span key="v" className="num">≈ {format.number(detail.daysToSell)}</span>],
        [t('opportunities:fact.demand'), <span key="v" className="num">≈ {format.number(detail.demandPerMonth)}</span>],
        [t('opportunities:fact.roi'), <span key="v" className="num">≈ {format.percent(detail.roiBp)}</span>],
        [t('opportunities:fact.ceiling'), detail.ceiling ? <Money key="v" value={detail.ceiling} /> : null],
        [t('opportunities:fact.confidence'), <span key="v" className="num">{format.percent(detail.confidenceBp)}</span>],
      ]} />
    </Section>
  );
}

function ReasonLine({ reason, icon }: { readonly reason: Reason; readonly icon: ReactNode }) {
  const word = useWordReason();
  return <li className="reason">{icon}<span>{word(reason)}</span></li>;
}

/** Why it was decided so, what could go wrong, and what nobody knows. */
export function Why({ detail }: SectionProps) {
  const { t } = useTranslation();
  return (
    <>
      {detail.reasons.length > 0 ? <Section title={t('opportunities:why')}><ul className="stack">{detail.reasons.map((reason) => <ReasonLine key={reason.code} reason={reason} icon={<IconCheck size="1rem" className="muted" aria-hidden="true" />} />)}</ul></Section> : null}
      {detail.risks.length > 0 ? <Section title={t('opportunities:risks')}><RiskList risks={detail.risks} answers /></Section> : null}
      {detail.unknowns.length > 0 ? <Section title={t('opportunities:unknowns')}><ul className="stack">{detail.unknowns.map((reason) => <ReasonLine key={reason.code} reason={reason} icon={<IconHelp size="1rem" className="muted" aria-hidden="true" />} />)}</ul></Section> : null}
    </>
  );
}

export function Comparables({ detail }: SectionProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (detail.comparables.length === 0) return null;
  return (
    <Section title={t('opportunities:comparables')}>
      <table className="plain-table">
        <thead><tr><th scope="col">{t('opportunities:column.source')}</th><th scope="col" data-align="end">{t('opportunities:comparable.price')}</th><th scope="col" data-align="end">{t('opportunities:comparable.stock')}</th><th scope="col">{t('opportunities:comparable.seen')}</th></tr></thead>
        <tbody>
          {detail.comparables.map((c) => (
            <tr key={c.offerId}><td><a href={c.url} target="_blank" rel="noreferrer noopener" title={c.title}>{c.sourceName}</a></td><td data-align="end"><Money value={c.unitPrice} /></td><td data-align="end" className="num">{c.stock === null ? '–' : format.number(c.stock)}</td><td className="muted"><RelativeTime at={c.lastSeenAt} /></td></tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** The offer as its site showed it, and every answer of a vendor that the figures rest on. */
export function Evidence({ detail }: SectionProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { offer, product } = detail;
  return (
    <Section title={t('opportunities:evidence')}>
      <FieldList fields={[
        [t('opportunities:fact.offer-title'), offer.title],
        [t('opportunities:fact.price'), <DualMoney key="v" value={offer.price} home={detail.unitCost} />],
        [t('opportunities:fact.stock'), offer.stock === null ? null : format.number(offer.stock)],
        [t('opportunities:fact.pack'), format.number(offer.packSize)],
        [t('opportunities:fact.condition'), offer.condition],
        [t('opportunities:fact.seller'), offer.sellerName],
        [t('opportunities:fact.gtin'), product.gtin ?? offer.gtin],
        [t('opportunities:fact.asin'), product.asin ?? offer.asin],
        ...(offer.identifierNote ? [[t('opportunities:fact.identifier-note'), offer.identifierNote] as const] : []),
        [t('opportunities:fact.size'), product.dimensionsMm ? `${product.dimensionsMm.map((mm) => format.number(mm)).join(' × ')} mm${product.weightG === null ? '' : `, ${format.number(product.weightG)} g`}` : null],
        [t('opportunities:fact.first-seen'), <RelativeTime key="v" at={offer.firstSeenAt} />],
        [t('opportunities:fact.last-seen'), <RelativeTime key="v" at={offer.lastSeenAt} />],
      ]} />
      <div className="stack" style={{ marginBlockStart: '0.5rem' }}>
        {detail.evidence.map((item, at) => (
          <details key={`${item.kind}-${item.vendor}-${item.fetchedAt}`} id={detail.evidence.findIndex(({ kind }) => kind === item.kind) === at ? savedAnswerId(item.kind) : undefined} className="fold">
            <summary>{t(`opportunities:evidence-kind.${item.kind}`, { defaultValue: item.kind })} · {t(`opportunities:evidence-vendor.${item.vendor}`, { defaultValue: item.vendor })} · <RelativeTime at={item.fetchedAt} /></summary>
            <FieldList fields={Object.entries(wordData(item.data, format)).map(([name, value]) => [name, value.slice(0, 600)] as const)} />
          </details>
        ))}
      </div>
    </Section>
  );
}
