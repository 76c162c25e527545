import { Button, Modal, NumberInput, Select, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { paymentMethod, providerView } from '#contract/payments.ts';
import type { Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { describeError } from '../../rpc/describe-error.ts';
import { useFormat } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';

type Provider = z.infer<typeof providerView>;
type Method = z.infer<typeof paymentMethod>;
/** A direct sale in dollars, euros or where the provider is; what a provider cannot take it refuses by name. */
const CURRENCIES = ['USD', 'EUR', 'GBP', 'DZD', 'ZWG', 'CAD', 'AUD'];

interface Draft {
  readonly choice: string;
  readonly currency: string;
  readonly amount: Amount | null;
  readonly description: string;
  readonly lotId: string | null;
  readonly units: number;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly hours: number;
}

const choicesOf = (providers: readonly Provider[]) => providers.flatMap((provider) => provider.methods.map((method) => ({ provider, method, value: `${provider.id}/${method}` })));

const textOrNull = (value: string) => value.trim() || null;

/** Asks a customer for money: what for, how much, by which means; from stock where it is a sale of stock. */
export function AskForPayment({ providers, opened, onClose }: { readonly providers: readonly Provider[]; readonly opened: boolean; readonly onClose: (id: string | null) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const choices = choicesOf(providers);
  const first = choices[0]!;
  const [draft, setDraft] = useState<Draft>({ choice: first.value, currency: first.provider.currencies?.[0] ?? 'USD', amount: null, description: '', lotId: null, units: 1, name: '', email: '', phone: '', hours: 72 });
  const [tried, setTried] = useState(false);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const chosen = choices.find(({ value }) => value === draft.choice) ?? first;
  const needs = chosen.provider.needs[chosen.method] ?? [];
  const lots = useRows<{ id: string; title: string; onHand: number }>(useInfiniteQuery({ ...orpc.stock.list.infiniteOptions({ input: (cursor: string | undefined) => ({ state: 'on-hand' as const, ...cursorInput(cursor) }), ...PAGING }), enabled: opened }).data).rows;
  const lot = lots.find(({ id }) => id === draft.lotId);
  const request = useMutation(orpc.payments.request.mutationOptions({
    onSuccess: (payment) => { void queries.invalidateQueries({ queryKey: orpc.payments.key() }); notify({ message: t('payments:asked', { amount: format.money(payment.amount) }) }); onClose(payment.id); },
    onError: (error) => { if (describeError(error, t).code !== 'INVALID') notifyError(error, t); },
  }));
  const described = request.error ? describeError(request.error, t) : null;
  const refused = described?.code === 'INVALID' ? { field: String(described.data['field'] ?? ''), reason: String(described.data['reason'] ?? '') } : null;
  const missing = (text: string) => (tried && text.trim() === '' ? t('payments:missing') : null);
  const errorAt = (field: string, own: string | null = null) => own ?? (refused?.field === field ? refused.reason : null);
  const incomplete = draft.description.trim() === '' || draft.amount === null || draft.amount.minor <= 0 || (needs.includes('email') && draft.email.trim() === '') || (needs.includes('phone') && draft.phone.trim() === '');
  const submit = () => {
    setTried(true);
    if (incomplete) return;
    request.mutate({
      provider: chosen.provider.id, method: chosen.method as Method, amount: draft.amount!, description: draft.description.trim(), lotId: draft.lotId, units: draft.lotId === null ? null : draft.units,
      customer: { name: textOrNull(draft.name), email: textOrNull(draft.email), phone: textOrNull(draft.phone) }, hours: draft.hours,
    });
  };
  return (
    <Modal opened={opened} onClose={() => onClose(null)} title={<strong>{t('payments:ask-title')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }} size="md">
      <form className="stack" onSubmit={(event) => { event.preventDefault(); submit(); }}>
        <Select label={t('payments:lot')} description={t('payments:lot-note')} searchable clearable data={lots.map(({ id, title, onHand }) => ({ value: id, label: t('payments:lot-option', { title, count: onHand }) }))} value={draft.lotId}
          onChange={(lotId) => { const found = lots.find(({ id }) => id === lotId); change({ lotId, units: 1, ...(found && draft.description.trim() === '' ? { description: found.title.slice(0, 200) } : {}) }); }} comboboxProps={{ withinPortal: true }} />
        {lot ? <NumberInput label={t('payments:units')} min={1} max={lot.onHand} allowDecimal={false} value={draft.units} error={errorAt('units')} onChange={(units) => change({ units: Math.max(1, Number(units) || 1) })} /> : null}
        <TextInput label={t('payments:description')} value={draft.description} maxLength={200} data-autofocus error={errorAt('description', missing(draft.description))} onChange={(event) => change({ description: event.currentTarget.value })} />
        <Select label={t('payments:method')} data={choices.map(({ provider, method, value }) => ({ value, label: t('payments:choice', { provider: provider.name, method: t(`payments:method.${method}`) }) }))} value={draft.choice} allowDeselect={false} error={errorAt('method')}
          onChange={(choice) => { const next = choices.find(({ value }) => value === choice); if (next) change({ choice: next.value, ...(next.provider.currencies && !next.provider.currencies.includes(draft.currency) ? { currency: next.provider.currencies[0]!, amount: null } : {}) }); }} />
        <div className="row" style={{ alignItems: 'flex-start' }}>
          <div className="grow"><MoneyInput key={draft.currency} label={t('payments:amount')} value={draft.amount} currency={draft.currency} error={errorAt('amount', tried && (draft.amount === null || draft.amount.minor <= 0) ? t('payments:missing') : null)} onChange={(amount, valid) => change({ amount: valid ? amount : null })} /></div>
          <Select label={t('payments:currency')} w="6.5rem" data={[...(chosen.provider.currencies ?? CURRENCIES)]} value={draft.currency} allowDeselect={false} onChange={(currency) => { if (currency) change({ currency, amount: null }); }} />
        </div>
        <TextInput label={t('payments:name')} value={draft.name} maxLength={120} autoComplete="off" onChange={(event) => change({ name: event.currentTarget.value })} />
        <div className="row" style={{ alignItems: 'flex-start' }}>
          <TextInput className="grow" label={t('payments:email')} type="email" value={draft.email} maxLength={200} dir="ltr" autoComplete="off" error={errorAt('customer.email', needs.includes('email') ? missing(draft.email) : null)} onChange={(event) => change({ email: event.currentTarget.value })} />
          <TextInput className="grow" label={t('payments:phone')} type="tel" value={draft.phone} maxLength={40} dir="ltr" autoComplete="off" error={errorAt('customer.phone', needs.includes('phone') ? missing(draft.phone) : null)} onChange={(event) => change({ phone: event.currentTarget.value })} />
        </div>
        <NumberInput label={t('payments:hours')} min={1} max={1_440} allowDecimal={false} value={draft.hours} onChange={(hours) => change({ hours: Math.max(1, Number(hours) || 1) })} />
        <Button type="submit" loading={request.isPending} style={{ alignSelf: 'flex-end' }}>{draft.amount && draft.amount.minor > 0 ? t('payments:ask-action', { amount: format.money(draft.amount) }) : t('payments:ask')}</Button>
      </form>
    </Modal>
  );
}
