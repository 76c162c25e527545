import { Autocomplete, Button, Checkbox, NumberInput, SegmentedControl, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { AiSettings, aiStatus } from '#contract/assistant.ts';
import { client, orpc } from '../../rpc/client.ts';
import { codeOf } from '../../rpc/describe-error.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { PURPOSES } from './search.ts';

type Status = z.infer<typeof aiStatus>;
const PROVIDERS = ['off', 'openai', 'anthropic'] as const;

/** What is asked, of whom, for how much. Takes effect once it is saved. */
export function Controls({ stored, status }: { readonly stored: { readonly value: AiSettings; readonly version: number }; readonly status: Status }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<AiSettings>(stored.value);
  const [valid, setValid] = useState(true);
  const [busy, setBusy] = useState(false);
  const [generation, setGeneration] = useState(0);
  useEffect(() => { setDraft(stored.value); setValid(true); setGeneration((n) => n + 1); }, [stored.version, stored.value]);
  const connections = useQuery(orpc.settings.connections.queryOptions());
  const account = connections.data?.find((one) => one.id === draft.provider);
  const dirty = JSON.stringify(draft) !== JSON.stringify(stored.value);
  const set = (part: Partial<AiSettings>) => setDraft((old) => ({ ...old, ...part }));
  const save = async (value: AiSettings) => {
    setBusy(true);
    try {
      const saved = await client.assistant.setSettings({ value, version: stored.version });
      queries.setQueryData(orpc.assistant.settings.queryKey(), saved);
      notify({ message: t('assistant:saved') });
    } catch (error) {
      notifyError(error, t);
      if (codeOf(error) === 'CONFLICT') void queries.invalidateQueries({ queryKey: orpc.assistant.settings.key() });
    }
    setBusy(false);
    void queries.invalidateQueries({ queryKey: orpc.assistant.key() });
  };
  const vendor = draft.provider === 'off' ? null : draft.provider;
  return (
    <form className="card ai-card" onSubmit={(event) => { event.preventDefault(); if (dirty && valid) void save(draft); }}>
      <header className="row wrap" style={{ justifyContent: 'space-between' }}>
        <h2>{t('assistant:controls')}</h2>
        <SegmentedControl size="xs" value={draft.provider} onChange={(value) => set({ provider: value as AiSettings['provider'] })} data={PROVIDERS.map((value) => ({ value, label: t(`assistant:provider.${value}`) }))} aria-label={t('assistant:provider-label')} />
      </header>
      {vendor === null ? <p className="muted">{t('assistant:off-text')}</p> : (
        <>
          <div className="ai-fields">
            <Autocomplete size="xs" label={t('assistant:model')} value={draft.models[vendor]} onChange={(value) => set({ models: { ...draft.models, [vendor]: value } })} data={status.knownModels.filter((one) => one.vendor === vendor).map((one) => one.model)} error={draft.models[vendor].trim() === '' ? t('assistant:model-missing') : null} dir="ltr" />
            <MoneyInput key={`budget-${generation}`} label={t('assistant:budget')} value={draft.budgetPerDay} currency={status.currency} onChange={(amount, ok) => { setValid(ok && amount !== null && amount.minor >= 0); if (ok && amount) set({ budgetPerDay: amount }); }} />
            {vendor === 'openai' ? <TextInput label={t('assistant:base-url')} description={t('assistant:base-url-note')} placeholder="https://api.openai.com/v1" value={draft.baseUrl ?? ''} onChange={(event) => set({ baseUrl: event.currentTarget.value.trim() === '' ? null : event.currentTarget.value.trim() })} dir="ltr" /> : null}
          </div>
          <Checkbox size="xs" label={t('assistant:own-price')} checked={draft.ownPrice !== null} onChange={(event) => set({ ownPrice: event.currentTarget.checked ? { inputPerMillionMinor: status.price?.inputPerMillionMinor ?? 0, outputPerMillionMinor: status.price?.outputPerMillionMinor ?? 0 } : null })} />
          {draft.ownPrice ? (
            <div className="ai-fields">
              {(['inputPerMillionMinor', 'outputPerMillionMinor'] as const).map((key) => <NumberInput key={key} label={t(`assistant:price.${key}`, { currency: status.currency })} min={0} max={100_000} decimalScale={2} value={draft.ownPrice![key] / 100} onChange={(value) => { const number = Number(value); if (Number.isFinite(number)) set({ ownPrice: { ...draft.ownPrice!, [key]: Math.round(number * 100) } }); }} />)}
            </div>
          ) : status.price && status.provider === draft.provider ? <p className="small muted">{t('assistant:price-text', { input: (status.price.inputPerMillionMinor / 100).toFixed(2), output: (status.price.outputPerMillionMinor / 100).toFixed(2), currency: status.currency, source: status.price.source, version: status.price.version })}</p> : null}
          <Checkbox.Group size="xs" label={t('assistant:purposes')} value={draft.purposes} onChange={(value) => set({ purposes: PURPOSES.filter((one) => value.includes(one)) })}>
            <div className="row wrap" style={{ gap: '0.375rem 1rem', marginBlockStart: '0.375rem' }}>{PURPOSES.map((value) => <Checkbox key={value} size="xs" value={value} label={t(`assistant:purpose.${value}`)} />)}</div>
          </Checkbox.Group>
          {account && account.state === 'not-connected' ? <p className="notice small">{t('assistant:no-key')} <Link to="/settings" search={{ tab: 'connections' } as never}>{t('assistant:enter-key')}</Link></p> : null}
        </>
      )}
      <footer className="row wrap">
        <Button type="submit" size="xs" disabled={!dirty || !valid} loading={busy}>{t('assistant:save')}</Button>
        {dirty ? <Button size="xs" variant="subtle" onClick={() => { setDraft(stored.value); setGeneration((n) => n + 1); setValid(true); }}>{t('settings:discard')}</Button> : null}
        <span className="grow" />
        {stored.value.provider !== 'off' ? <Button size="xs" variant="default" loading={busy} onClick={() => void save({ ...stored.value, provider: 'off' })}>{t('assistant:switch-off')}</Button> : null}
      </footer>
    </form>
  );
}
