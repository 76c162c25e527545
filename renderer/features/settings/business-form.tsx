import { NumberInput, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Business } from '#contract/settings.ts';
import type { Money as Amount } from '#kernel/money.ts';
import { client, orpc } from '../../rpc/client.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Foot, FormSkeleton, Group, PercentInput } from './form-parts.tsx';
import { HomeCurrency } from './home-currency.tsx';
import { Rates } from './rates.tsx';
import { useDraft } from './use-draft.ts';

const STORES = ['none', 'starter', 'basic', 'premium', 'anchor', 'enterprise'] as const;
const ADDRESS = ['firstName', 'lastName', 'line1', 'line2', 'city', 'state', 'postcode', 'country', 'phone', 'email'] as const;

/** As the contract takes it: empty, or printable and without spaces. */
const CONTACT = /^(?:|[\x21-\x7e]{3,120})$/;

/** Facts of the business that the arithmetic needs, and where goods go. */
export function BusinessForm() {
  const { t } = useTranslation();
  const query = useQuery(orpc.settings.business.queryOptions());
  const draft = useDraft<Business>({ stored: query.data, queryKey: orpc.settings.business.queryKey(), save: (input) => client.settings.setBusiness(input) });
  const { value } = draft;
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!value) return <FormSkeleton />;
  const amount = (key: string, current: Amount, put: (next: Amount) => Partial<Business>) => (
    <MoneyInput key={`${key}-${draft.generation}`} label={t(`settings:business.${key}`)} value={current} currency={current.currency} onChange={(next, valid) => { draft.mark(key, valid); draft.set(next ? put(next) : {}); }} />
  );
  return (
    <form className="settings-form" onSubmit={(event) => { event.preventDefault(); draft.submit(); }}>
      <HomeCurrency currency={value.homeCurrency} />
      <Group title={t('settings:business.costs')} note={t('settings:business.costs-note')}>
        {amount('prepPerUnit', value.prepPerUnit, (prepPerUnit) => ({ prepPerUnit }))}
        {amount('outboundBase', value.outboundShipping.base, (base) => ({ outboundShipping: { ...value.outboundShipping, base } }))}
        {amount('outboundPerKg', value.outboundShipping.perKg, (perKg) => ({ outboundShipping: { ...value.outboundShipping, perKg } }))}
        <PercentInput label={t('settings:business.purchaseTaxBp')} value={value.purchaseTaxBp} max={50} onChange={(purchaseTaxBp) => draft.set({ purchaseTaxBp })} />
        <NumberInput label={t('settings:business.payoutDelayDays')} min={0} max={60} allowDecimal={false} value={value.payoutDelayDays} onChange={(v) => draft.set({ payoutDelayDays: Number(v) || 0 })} />
        <Select label={t('settings:business.ebayStore')} value={value.ebayStore} data={STORES.map((s) => ({ value: s, label: t(`settings:store.${s}`) }))} onChange={(v) => draft.set({ ebayStore: (v ?? 'none') as Business['ebayStore'] })} />
        {amount('openingCash', value.openingCash, (openingCash) => ({ openingCash }))}
      </Group>
      <Group title={t('settings:business.address')} note={t('settings:business.address-note')}>
        {ADDRESS.map((field) => <TextInput key={`${field}-${draft.generation}`} label={t(`settings:address.${field}`)} value={value.address[field]} maxLength={field === 'country' ? 2 : 120} error={field === 'country' && !/^[A-Z]{2}$/.test(value.address.country) ? t('settings:address.country-wrong') : null} onChange={(event) => { const text = field === 'country' ? event.currentTarget.value.toUpperCase() : event.currentTarget.value; if (field === 'country') draft.mark('country', /^[A-Z]{2}$/.test(text)); draft.set({ address: { ...value.address, [field]: text } }); }} />)}
      </Group>
      <Group title={t('settings:business.contact')} note={t('settings:business.contact-note')}>
        <TextInput key={`contact-${draft.generation}`} label={t('settings:business.contact-label')} value={value.contact ?? ''} maxLength={120} dir="ltr" error={CONTACT.test(value.contact ?? '') ? null : t('settings:business.contact-wrong')} onChange={(event) => { const text = event.currentTarget.value.trim(); draft.mark('contact', CONTACT.test(text)); draft.set({ contact: text === '' ? null : text }); }} />
      </Group>
      <Rates value={value} onChange={draft.set} onMark={draft.mark} />
      <Foot dirty={draft.dirty} valid={draft.valid} busy={draft.busy} action={t('settings:save-business')} onReset={draft.reset} />
    </form>
  );
}
