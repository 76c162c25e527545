import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ListingRules } from '#contract/selling.ts';
import { client, orpc } from '../../rpc/client.ts';
import { ErrorState } from '../../ui/states.tsx';
import { Foot, FormSkeleton, Group, PercentInput } from './form-parts.tsx';
import { useDraft } from './use-draft.ts';

const SPEEDS: readonly ListingRules['speed'][] = ['quick', 'usual', 'patient'];

/** How the first price of a listing is chosen. */
export function ListingsForm() {
  const { t } = useTranslation();
  const query = useQuery(orpc.listings.rules.queryOptions());
  const draft = useDraft<ListingRules>({ stored: query.data, queryKey: orpc.listings.rules.queryKey(), save: (input) => client.listings.setRules(input) });
  const { value } = draft;
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!value) return <FormSkeleton />;
  return (
    <form className="settings-form" onSubmit={(event) => { event.preventDefault(); draft.submit(); }}>
      <Group title={t('settings:listing.price')} note={t('settings:listing.price-note')}>
        <Select label={t('settings:listing.speed')} description={t(`settings:listing.speed.${value.speed}-note`)} allowDeselect={false} data={SPEEDS.map((speed) => ({ value: speed, label: t(`settings:listing.speed.${speed}`) }))} value={value.speed} onChange={(speed) => draft.set({ speed: speed as ListingRules['speed'] })} />
        <PercentInput label={t('settings:listing.targetMarginBp')} description={t('settings:listing.targetMarginBp-note')} value={value.targetMarginBp} max={80} onChange={(targetMarginBp) => draft.set({ targetMarginBp })} />
      </Group>
      <Foot dirty={draft.dirty} valid={draft.valid} busy={draft.busy} action={t('settings:listing.save')} onReset={draft.reset} />
    </form>
  );
}
