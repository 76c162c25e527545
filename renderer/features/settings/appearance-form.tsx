import { Input, SegmentedControl, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Appearance } from '#contract/settings.ts';
import { orpc } from '../../rpc/client.ts';
import { notifyError } from '../../ui/notify.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { FormSkeleton, Group } from './form-parts.tsx';

const SCHEMES = ['auto', 'light', 'dark'] as const;
const DENSITIES = ['normal', 'compact'] as const;
const LOCALES = ['en', 'fr', 'ar'] as const;

/** Takes effect at once: there is nothing to save. */
export function AppearanceForm() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const query = useQuery(orpc.settings.appearance.queryOptions());
  const key = orpc.settings.appearance.queryKey();
  const save = useMutation(orpc.settings.setAppearance.mutationOptions({
    onMutate: ({ value }) => { const before = queries.getQueryData(key); if (before) queries.setQueryData(key, { ...before, value }); return { before }; },
    onSuccess: (saved) => queries.setQueryData(key, saved),
    onError: (error, _input, context) => { if (context?.before) queries.setQueryData(key, context.before); notifyError(error, t); },
  }));
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <FormSkeleton />;
  const { value, version } = query.data;
  const set = (part: Partial<Appearance>) => save.mutate({ value: { ...value, ...part }, version });
  return (
    <div className="settings-form">
      <Group title={t('settings:appearance.title')}>
        <Input.Wrapper label={t('settings:appearance.scheme')} labelElement="div"><SegmentedControl fullWidth size="xs" value={value.scheme} onChange={(v) => set({ scheme: v as Appearance['scheme'] })} data={SCHEMES.map((s) => ({ value: s, label: t(`settings:scheme.${s}`) }))} aria-label={t('settings:appearance.scheme')} /></Input.Wrapper>
        <Input.Wrapper label={t('settings:appearance.density')} labelElement="div"><SegmentedControl fullWidth size="xs" value={value.density} onChange={(v) => set({ density: v as Appearance['density'] })} data={DENSITIES.map((d) => ({ value: d, label: t(`settings:density.${d}`) }))} aria-label={t('settings:appearance.density')} /></Input.Wrapper>
        <Select label={t('settings:appearance.locale')} description={t('settings:appearance.locale-note')} inputWrapperOrder={['label', 'input', 'description']} value={value.locale} onChange={(v) => set({ locale: (v ?? 'en') as Appearance['locale'] })} data={LOCALES.map((l) => ({ value: l, label: t(`settings:locale.${l}`) }))} />
      </Group>
    </div>
  );
}
