import { Checkbox, NumberInput, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RepriceRule } from '#contract/repricing.ts';
import { REPRICE_STRATEGIES } from '#contract/words.ts';

type Share = 'minRoiBp' | 'ceilingBp' | 'undercutBp' | 'marginBp' | 'clearanceBp' | 'holdingBpPerYear' | 'leastChangeBp';
type Whole = 'sellWithinDays' | 'leastHours' | 'changesPerDay';

/** Bounds as the contract has them: percent, and whole numbers. */
const SHARES: Readonly<Record<Share, readonly [least: number, most: number]>> = { minRoiBp: [0, 1_000], ceilingBp: [100, 300], undercutBp: [0, 20], marginBp: [0, 1_000], clearanceBp: [0, 100], holdingBpPerYear: [0, 200], leastChangeBp: [0.1, 20] };
const WHOLES: Readonly<Record<Whole, readonly [least: number, most: number]>> = { sellWithinDays: [7, 365], leastHours: [1, 168], changesPerDay: [1, 24] };

interface RuleFormProps {
  readonly value: RepriceRule;
  readonly onChange: (value: RepriceRule) => void;
}

/** One rule set: what it follows, how far it may go, how often. Fields that the strategy does not read are not shown. */
export function RuleForm({ value, onChange }: RuleFormProps) {
  const { t } = useTranslation();
  const share = (key: Share) => (
    <NumberInput key={key} label={t(`repricing:rule.${key}`)} description={t(`repricing:rule.${key}-note`)} suffix=" %" decimalScale={1} min={SHARES[key][0]} max={SHARES[key][1]} clampBehavior="strict" value={value[key] / 100}
      onChange={(entered) => { if (entered !== '' && Number(entered) >= SHARES[key][0]) onChange({ ...value, [key]: Math.round(Number(entered) * 100) }); }} />
  );
  const whole = (key: Whole) => (
    <NumberInput key={key} label={t(`repricing:rule.${key}`)} description={t(`repricing:rule.${key}-note`)} allowDecimal={false} min={WHOLES[key][0]} max={WHOLES[key][1]} value={value[key]}
      onChange={(entered) => { const number = Number(entered); if (entered !== '' && number >= WHOLES[key][0] && number <= WHOLES[key][1]) onChange({ ...value, [key]: number }); }} />
  );
  const { strategy } = value;
  return (
    <div className="reprice-fields">
      <Select label={t('repricing:rule.strategy')} description={t(`repricing:strategy.${strategy}-note`)} allowDeselect={false} data={REPRICE_STRATEGIES.map((option) => ({ value: option, label: t(`repricing:strategy.${option}`) }))} value={strategy} onChange={(entered) => { if (entered) onChange({ ...value, strategy: entered }); }} />
      {strategy === 'undercut' ? share('undercutBp') : null}
      {strategy === 'fixed-margin' ? share('marginBp') : null}
      {share('minRoiBp')}
      {share('ceilingBp')}
      {strategy === 'optimise' ? <>{whole('sellWithinDays')}{share('clearanceBp')}{share('holdingBpPerYear')}</> : null}
      {share('leastChangeBp')}
      {whole('leastHours')}
      {whole('changesPerDay')}
      {strategy === 'optimise' ? <Checkbox label={t('repricing:rule.search')} description={t('repricing:rule.search-note')} checked={value.search} onChange={(event) => onChange({ ...value, search: event.currentTarget.checked })} /> : null}
    </div>
  );
}
