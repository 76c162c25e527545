import { Trans, useTranslation } from 'react-i18next';
import type { OpportunityRow } from '#contract/opportunities.ts';
import type { Money as Amount } from '#kernel/money.ts';
import { earnsKey } from './earns-key.ts';
import { Money } from './money.tsx';
import { useFormat } from './format.ts';
import './verdict.css';

type VerdictFacts = Pick<OpportunityRow, 'decision' | 'verdict' | 'quantity' | 'unitCost' | 'salePrice' | 'profit' | 'profitLow' | 'profitHigh' | 'daysToSell' | 'lossChanceBp'> & { readonly ceiling?: Amount | null };

/** The decision as one sentence with its figures, and whether it would earn at all. A profit that is too close to call is not coloured. */
export function Verdict({ facts }: { readonly facts: VerdictFacts }) {
  const { t } = useTranslation();
  const format = useFormat();
  const key = facts.decision === 'negotiate' && !facts.ceiling ? 'negotiate-open' : facts.decision;
  const earns = earnsKey(facts);
  return (
    <p className="verdict" data-decision={facts.decision}>
      <Trans t={t} i18nKey={`common:verdict.${key}`} count={facts.quantity}
        values={{ low: format.money(facts.profitLow), high: format.money(facts.profitHigh), days: format.number(facts.daysToSell), loss: format.percent(facts.lossChanceBp), quantity: format.number(facts.quantity) }}
        components={{ b: <strong />, cost: <Money value={facts.unitCost} strong />, profit: <Money value={facts.profit} result={facts.verdict !== 'unsure'} strong estimated />, ceiling: <Money value={facts.ceiling ?? null} strong /> }} />
      {earns ? <> {t(`common:verdict.earns-${earns}`)}</> : null}
    </p>
  );
}
