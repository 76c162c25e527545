import { Button, Group, Modal, Select, TextInput } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HomeCurrencyProposal, HomeCurrencyState } from '#contract/home-currency.ts';
import { client, orpc } from '../rpc/client.ts';
import { Money } from './money.tsx';
import { notify, notifyError } from './notify.tsx';
import { ErrorState } from './states.tsx';
import './choose-home.css';

const KINDS = ['official', 'parallel'] as const;
type Kind = (typeof KINDS)[number];
/** As the contract takes it. */
const isRate = (text: string) => /^\d{1,9}(?:\.\d{1,6})?$/.test(text) && Number(text) > 0;
/** Money, and no metals, funds or codes for tests. */
const isMoneyCode = (code: string) => !code.startsWith('X') || ['XAF', 'XOF', 'XPF', 'XCD'].includes(code);

/** Codes with their names in the desk's language. */
function useCurrencies(except: string): { value: string; label: string }[] {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const names = new Intl.DisplayNames([i18n.language], { type: 'currency', fallback: 'code' });
    return [...new Set([...Intl.supportedValuesOf('currency'), 'ZWG'])].filter((code) => isMoneyCode(code) && code !== except).toSorted().map((code) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }));
  }, [i18n.language, except]);
}

function Amounts({ proposal }: { readonly proposal: HomeCurrencyProposal }) {
  const { t } = useTranslation();
  return (
    <div className="home-scroll">
      <table className="plain-table">
        <thead><tr><th scope="col">{t('home:amount')}</th><th scope="col" data-align="end">{t('home:now')}</th><th scope="col" data-align="end">{t('home:then')}</th></tr></thead>
        <tbody>{proposal.amounts.map(({ field, before, after }) => (
          <tr key={field}><td>{field.startsWith('limits.') ? t(`settings:limit.${field.slice(7)}`) : t(`settings:business.${field.slice(9)}`)}</td><td data-align="end"><Money value={before} /></td><td data-align="end"><Money value={after} /></td></tr>
        ))}</tbody>
      </table>
      <h3>{t('home:rates')}</h3>
      <table className="plain-table">
        <tbody>{proposal.rates.map((rate) => <tr key={`${rate.from}-${rate.to}-${rate.kind}`}><td className="num">{rate.from} → {rate.to}</td><td>{t(`settings:rate-kind.${rate.kind}`)}</td><td data-align="end" className="num">{rate.rate}</td><td className="small muted">{rate.source}</td></tr>)}</tbody>
      </table>
    </div>
  );
}

interface ChooseHomeProps {
  readonly state: HomeCurrencyState;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Another home currency while nothing is booked: its rate is asked for, and all that would be converted is shown before it is. */
export function ChooseHome({ state, opened, onClose }: ChooseHomeProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const currencies = useCurrencies(state.currency);
  const ratesTo = (code: string | null) => state.known.filter(({ from, to }) => from === state.currency && to === code);
  const [currency, setCurrency] = useState<string | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [kind, setKind] = useState<Kind>('official');
  const known = ratesTo(currency).find((rate) => rate.kind === kind);
  const rate = typed ?? known?.rate ?? '';
  const asked = { currency: currency ?? '', rate, kind, source: typed === null && known ? known.source : t('settings:rate.typed') };
  const ready = currency !== null && isRate(rate);
  const proposal = useQuery({ ...orpc.homeCurrency.propose.queryOptions({ input: asked, placeholderData: keepPreviousData }), enabled: opened && ready });
  const choosing = useMutation({
    mutationFn: ({ businessVersion, limitsVersion }: HomeCurrencyProposal) => client.homeCurrency.choose({ ...asked, businessVersion, limitsVersion }),
    onSuccess: (next) => { setCurrency(null); queries.removeQueries({ queryKey: orpc.homeCurrency.propose.key() }); void queries.invalidateQueries(); notify({ message: t('home:chosen', { currency: next.currency }) }); onClose(); },
    onError: (error) => { notifyError(error, t); void queries.invalidateQueries(); },
  });
  const pick = (code: string | null) => {
    const [first, ...others] = ratesTo(code);
    // what is known of one kind alone is proposed as that, and as no other
    if (first && others.length === 0) setKind(first.kind);
    setCurrency(code);
    setTyped(null);
  };
  return (
    <Modal opened={opened} onClose={onClose} title={<strong>{t('home:choose')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }} size="lg">
      <div className="stack" style={{ gap: '0.75rem' }}>
        <p>{t('home:choose-text')}</p>
        <div className="home-fields">
          <Select label={t('home:currency')} searchable nothingFoundMessage={t('home:none-found')} value={currency} data={currencies} onChange={pick} data-autofocus />
          <TextInput label={t('home:one-is', { from: state.currency, to: currency ?? '…' })} value={rate} dir="ltr" disabled={currency === null} error={rate === '' || isRate(rate) ? null : t('settings:rate.number-wrong')} onChange={(event) => setTyped(event.currentTarget.value.trim())} />
          <Select label={t('settings:rate.kind')} allowDeselect={false} value={kind} data={KINDS.map((one) => ({ value: one, label: t(`settings:rate-kind.${one}`) }))} onChange={(next) => setKind((next ?? 'official') as Kind)} />
        </div>
        {ready ? null : <p className="small muted">{t('home:rate-note', { currency: state.currency })}</p>}
        {ready && proposal.error ? <ErrorState error={proposal.error} onRetry={() => void proposal.refetch()} /> : ready && proposal.data ? <Amounts proposal={proposal.data} /> : null}
      </div>
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={onClose}>{t('home:keep', { currency: state.currency })}</Button>
        <Button disabled={!ready || !proposal.data || proposal.isPlaceholderData} loading={choosing.isPending} onClick={() => proposal.data && choosing.mutate(proposal.data)}>{currency === null ? t('home:choose') : t('home:take', { currency })}</Button>
      </Group>
    </Modal>
  );
}
