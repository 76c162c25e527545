import { NumberInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { TalkRules } from '#contract/negotiations.ts';
import { HOUR_MS, MINUTE_MS } from '#kernel/time.ts';
import { client, orpc } from '../../rpc/client.ts';
import { ErrorState } from '../../ui/states.tsx';
import { Foot, FormSkeleton, Group } from './form-parts.tsx';
import { useDraft } from './use-draft.ts';

const asTime = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
function minuteOf(text: string): number | null {
  const [, hour, minute] = /^(\d\d):(\d\d)/.exec(text) ?? [];
  return hour === undefined || minute === undefined ? null : Number(hour) * 60 + Number(minute);
}

/** When sellers are written to, how often, and how long an answer is waited for. */
export function TalksForm() {
  const { t } = useTranslation();
  const query = useQuery(orpc.negotiations.rules.queryOptions());
  const draft = useDraft<TalkRules>({ stored: query.data, queryKey: orpc.negotiations.rules.queryKey(), save: (input) => client.negotiations.setRules(input) });
  const { value } = draft;
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!value) return <FormSkeleton />;
  const time = (key: 'quietFromMinute' | 'quietToMinute') => <TextInput type="time" label={t(`settings:talks.${key}`)} value={asTime(value[key])} onChange={(event) => { const minute = minuteOf(event.currentTarget.value); if (minute !== null) draft.set({ [key]: minute }); }} />;
  const number = (key: Exclude<keyof TalkRules, 'quietFromMinute' | 'quietToMinute'>, { unit, min, max }: { readonly unit: number; readonly min: number; readonly max: number }) => (
    <NumberInput label={t(`settings:talks.${key}`)} min={min} max={max} allowDecimal={false} value={Math.round(value[key] / unit)} onChange={(v) => { const given = Number(v); if (v !== '' && given >= min && given <= max) draft.set({ [key]: given * unit }); }} />
  );
  return (
    <form className="settings-form" onSubmit={(event) => { event.preventDefault(); draft.submit(); }}>
      <Group title={t('settings:talks.quiet')} note={t('settings:talks.quiet-note')}>{time('quietFromMinute')}{time('quietToMinute')}</Group>
      <Group title={t('settings:talks.pace')}>{number('leastGapMs', { unit: MINUTE_MS, min: 0, max: 1_440 })}{number('mostPerDay', { unit: 1, min: 1, max: 50 })}{number('mostOffers', { unit: 1, min: 1, max: 20 })}</Group>
      <Group title={t('settings:talks.waits')} note={t('settings:talks.waits-note')}>{number('replyWaitMs', { unit: HOUR_MS, min: 1, max: 720 })}{number('closeWaitMs', { unit: HOUR_MS, min: 1, max: 720 })}{number('approvalDays', { unit: 1, min: 1, max: 60 })}</Group>
      <Foot dirty={draft.dirty} valid={draft.valid} busy={draft.busy} action={t('settings:talks.save')} onReset={draft.reset} />
    </form>
  );
}
