import { NumberInput, TagsInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Limits } from '#contract/settings.ts';
import { client, orpc } from '../../rpc/client.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Foot, FormSkeleton, Group, PercentInput } from './form-parts.tsx';
import { LimitHistory } from './limit-history.tsx';
import { useDraft } from './use-draft.ts';

type CapKey = 'perPurchase' | 'perDay' | 'perWeek' | 'perMonth' | 'perSellerPerDay' | 'perCategoryPerMonth' | 'perSourcePerMonth' | 'twoPersonAbove';
type FloorKey = 'minProfit' | 'cashReserve';

/** What may be spent, on what, and what an opportunity must earn. */
export function LimitsForm() {
  const { t } = useTranslation();
  const query = useQuery(orpc.settings.limits.queryOptions());
  const draft = useDraft<Limits>({ stored: query.data, queryKey: orpc.settings.limits.queryKey(), save: (input) => client.settings.setLimits(input) });
  const { value } = draft;
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!value) return <FormSkeleton />;
  const currency = value.minProfit.currency;
  const cap = (key: CapKey) => <MoneyInput key={`${key}-${draft.generation}`} optional label={t(`settings:limit.${key}`)} value={value[key]} currency={currency} onChange={(amount, valid) => { draft.mark(key, valid); if (valid) draft.set({ [key]: amount }); else draft.set({}); }} />;
  const floor = (key: FloorKey) => <MoneyInput key={`${key}-${draft.generation}`} label={t(`settings:limit.${key}`)} value={value[key]} currency={currency} onChange={(amount, valid) => { draft.mark(key, valid); if (amount) draft.set({ [key]: amount }); else draft.set({}); }} />;
  return (
    <form className="settings-form" onSubmit={(event) => { event.preventDefault(); draft.submit(); }}>
      <Group title={t('settings:limit.spend')} note={t('settings:limit.spend-note')}>{cap('perPurchase')}{cap('perDay')}{cap('perWeek')}{cap('perMonth')}{cap('perSellerPerDay')}{cap('perCategoryPerMonth')}{cap('perSourcePerMonth')}{floor('cashReserve')}</Group>
      <Group title={t('settings:limit.earn')} note={t('settings:limit.earn-note')}>
        {floor('minProfit')}
        <PercentInput label={t('settings:limit.minRoiBp')} value={value.minRoiBp} max={10_000} onChange={(minRoiBp) => draft.set({ minRoiBp })} />
        <PercentInput label={t('settings:limit.minConfidenceBp')} value={value.minConfidenceBp} onChange={(minConfidenceBp) => draft.set({ minConfidenceBp })} />
        <PercentInput label={t('settings:limit.maxLossChanceBp')} value={value.maxLossChanceBp} onChange={(maxLossChanceBp) => draft.set({ maxLossChanceBp })} />
        <NumberInput label={t('settings:limit.maxDaysToSell')} min={1} max={3_650} allowDecimal={false} value={value.maxDaysToSell} onChange={(v) => { if (Number(v) >= 1) draft.set({ maxDaysToSell: Number(v) }); }} />
      </Group>
      <Group title={t('settings:limit.approval')} note={t('settings:limit.approval-note')}>
        <PercentInput label={t('settings:limit.priceDriftBp')} value={value.priceDriftBp} onChange={(priceDriftBp) => draft.set({ priceDriftBp })} />
        <PercentInput label={t('settings:limit.feeDriftBp')} value={value.feeDriftBp} onChange={(feeDriftBp) => draft.set({ feeDriftBp })} />
        <NumberInput label={t('settings:limit.approvalHours')} min={1} max={720} allowDecimal={false} value={value.approvalHours} onChange={(v) => { if (Number(v) >= 1) draft.set({ approvalHours: Number(v) }); }} />
      </Group>
      <Group title={t('settings:limit.two-person')} note={t('settings:limit.two-person-note')}>{cap('twoPersonAbove')}</Group>
      <Group title={t('settings:limit.never')}>
        <TagsInput label={t('settings:limit.blockedBrands')} value={value.blockedBrands} onChange={(blockedBrands) => draft.set({ blockedBrands })} placeholder={t('settings:type-enter')} clearButtonProps={{ 'aria-label': t('settings:clear') }} />
        <TagsInput label={t('settings:limit.blockedCategories')} value={value.blockedCategories} onChange={(blockedCategories) => draft.set({ blockedCategories })} placeholder={t('settings:type-enter')} clearButtonProps={{ 'aria-label': t('settings:clear') }} />
      </Group>
      <LimitHistory limits={value} />
      <Foot dirty={draft.dirty} valid={draft.valid} busy={draft.busy} action={t('settings:save-limits')} onReset={draft.reset} />
    </form>
  );
}
