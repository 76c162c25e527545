import { Button, Checkbox, Switch, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NoticeGroup, NoticeRules } from '#contract/notices.ts';
import { client, orpc } from '../../rpc/client.ts';
import { notify, notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Foot, FormSkeleton } from './form-parts.tsx';
import { useDraft } from './use-draft.ts';

const GROUPS: readonly NoticeGroup[] = ['orders', 'customers', 'purchases', 'stock', 'watch', 'desk'];
const asTime = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
function minuteOf(text: string): number | null {
  const [, hour, minute] = /^(\d\d):(\d\d)/.exec(text) ?? [];
  return hour === undefined || minute === undefined ? null : Number(hour) * 60 + Number(minute);
}
const isMail = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);

/** Where else a person is told of what needs them. */
export function NoticesForm() {
  const { t } = useTranslation();
  const query = useQuery(orpc.notices.get.queryOptions());
  const draft = useDraft<NoticeRules>({ stored: query.data, queryKey: orpc.notices.get.queryKey(), save: async (input) => { const saved = await client.notices.set(input); return { ...(query.data ?? { ways: { chats: 0, mail: false, told: 0, lastAt: null, failed: 0 } }), ...saved }; } });
  const [zone] = useState(() => new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC');
  const test = useMutation(orpc.notices.test.mutationOptions({
    onError: (error) => notifyError(error, t),
    onSuccess: ({ held, sent, failed }) => notify({ message: held ? t('settings:notices.test-held') : failed.length > 0 ? t('settings:notices.test-failed', { why: failed.join('; ') }) : t('settings:notices.test-sent', { count: sent }), ...(failed.length > 0 ? { closeMs: 15_000 } : {}) }),
  }));
  const { value } = draft;
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!value || !query.data) return <FormSkeleton />;
  const { ways } = query.data;
  const on = value.telegram || value.mail;
  const turn = (part: Partial<NoticeRules>) => draft.set({ ...part, ...(value.timeZone === 'UTC' && !on ? { timeZone: zone } : {}) });
  const mailWrong = !isMail(value.mailTo) && (value.mail || value.mailTo !== '');
  const time = (key: 'quietFromMinute' | 'quietToMinute') => <TextInput type="time" label={t(`settings:notices.${key}`)} value={asTime(value[key])} onChange={(event) => { const minute = minuteOf(event.currentTarget.value); if (minute !== null) draft.set({ [key]: minute }); }} />;
  return (
    <form className="settings-form" onSubmit={(event) => { event.preventDefault(); if (!mailWrong) draft.submit(); }}>
      <section className="card settings-group">
        <h2>{t('settings:notices.title')}</h2><p className="small muted">{t('settings:notices.note')}</p>
        <div className="settings-fields">
          <Switch label={t('settings:notices.telegram')} description={ways.chats > 0 ? t('settings:notices.chats', { count: ways.chats }) : t('settings:notices.no-chat')} checked={value.telegram} onChange={(event) => turn({ telegram: event.currentTarget.checked })} />
          <Switch label={t('settings:notices.mail')} description={t(ways.mail ? 'settings:notices.mail-ready' : 'settings:notices.no-mail')} checked={value.mail} onChange={(event) => turn({ mail: event.currentTarget.checked })} />
          <TextInput type="email" label={t('settings:notices.mail-to')} maxLength={200} value={value.mailTo} {...(mailWrong ? { error: t('settings:notices.mail-wrong') } : {})} onChange={(event) => draft.set({ mailTo: event.currentTarget.value.trim() })} />
          {time('quietFromMinute')}{time('quietToMinute')}
          <TextInput label={t('settings:notices.zone')} maxLength={60} value={value.timeZone} dir="ltr" onChange={(event) => draft.set({ timeZone: event.currentTarget.value.trim() })} />
        </div>
        <fieldset className="stack" style={{ border: 0, padding: 0, margin: 0, gap: '0.375rem' }}>
          <legend className="small" style={{ fontWeight: 600 }}>{t('settings:notices.about')}</legend>
          {GROUPS.map((group) => <Checkbox key={group} size="sm" label={t(`settings:notices.group.${group}`)} checked={value.about.includes(group)} onChange={(event) => draft.set({ about: GROUPS.filter((one) => (one === group ? event.currentTarget.checked : value.about.includes(one))) })} />)}
        </fieldset>
        <div className="row wrap"><Button size="sm" variant="default" disabled={draft.dirty || !on} loading={test.isPending} onClick={() => test.mutate({})}>{t('settings:notices.test')}</Button>
          {ways.lastAt === null ? null : <span className="small muted">{t('settings:notices.told', { count: ways.told })} <RelativeTime at={ways.lastAt} /></span>}
          {ways.failed > 0 ? <span className="small attention">{t('settings:notices.failed', { count: ways.failed })}</span> : null}</div>
      </section>
      {draft.dirty ? <Foot dirty={draft.dirty} valid={draft.valid && !mailWrong} busy={draft.busy} action={t('settings:notices.save')} onReset={draft.reset} /> : null}
    </form>
  );
}
