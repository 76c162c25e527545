import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Business } from '#contract/settings.ts';

type Rate = Business['rates'][number];
const KINDS = ['official', 'parallel'] as const;
/** As the contract takes them. */
const NUMBER = /^\d{1,9}(?:\.\d{1,6})?$/;
const CODE = /^[A-Z]{3}$/;
const isRate = (text: string) => NUMBER.test(text) && Number(text) > 0;
const keyOf = ({ from, to, kind }: Pick<Rate, 'from' | 'to' | 'kind'>) => `${from}-${to}-${kind}`;
/** Both ways round it is the same pair. */
const samePair = (a: Pick<Rate, 'from' | 'to' | 'kind'>, b: Pick<Rate, 'from' | 'to' | 'kind'>) => a.kind === b.kind && [a.from, a.to].toSorted().join() === [b.from, b.to].toSorted().join();
const today = () => new Date().toISOString().slice(0, 10);

/** A currency that is not counted yet: its code, and what one unit of the home currency is in it, or the other way round. */
function AddRate({ home, rates, onAdd }: { readonly home: string; readonly rates: readonly Rate[]; readonly onAdd: (rate: Omit<Rate, 'source' | 'asOf'>) => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const [kind, setKind] = useState<Rate['kind']>('official');
  const [rate, setRate] = useState('');
  const [perHome, setPerHome] = useState(false);
  const [from, to] = perHome ? [home, code] : [code, home];
  const known = rates.some((one) => samePair(one, { from, to, kind }));
  const wrong = code === '' ? null : !CODE.test(code) ? t('settings:rate.code-wrong') : code === home ? t('settings:rate.code-home', { currency: home }) : known ? t('settings:rate.code-known') : null;
  const ready = CODE.test(code) && wrong === null && isRate(rate);
  const shown = CODE.test(code) ? code : t('settings:rate.unit');
  const add = () => {
    if (!ready) return;
    onAdd({ from, to, kind, rate });
    setCode('');
    setRate('');
  };
  return (
    <fieldset className="rate-add">
      <legend className="small">{t('settings:rate.add-title')}</legend>
      <TextInput label={t('settings:rate.currency')} w="7rem" value={code} maxLength={3} dir="ltr" placeholder="EUR" error={wrong} onChange={(event) => setCode(event.currentTarget.value.trim().toUpperCase())} />
      <Select label={t('settings:rate.kind')} w="10rem" allowDeselect={false} value={kind} data={KINDS.map((one) => ({ value: one, label: t(`settings:rate-kind.${one}`) }))} onChange={(next) => setKind((next ?? 'official') as Rate['kind'])} />
      <Select label={t('settings:rate.way')} w="11rem" allowDeselect={false} value={perHome ? 'home' : 'other'} data={[{ value: 'other', label: t('settings:rate.way-of', { from: shown, to: home }) }, { value: 'home', label: t('settings:rate.way-of', { from: home, to: shown }) }]} onChange={(next) => setPerHome(next === 'home')} />
      <TextInput label={t('settings:rate.rate')} w="8rem" value={rate} dir="ltr" placeholder="1.08" error={rate === '' || isRate(rate) ? null : t('settings:rate.number-wrong')} onChange={(event) => setRate(event.currentTarget.value.trim())} onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); add(); } }} />
      <Button variant="default" leftSection={<IconPlus size="1rem" />} disabled={!ready} onClick={add}>{t('settings:rate.add')}</Button>
    </fieldset>
  );
}

interface RatesProps {
  readonly value: Business;
  readonly onChange: (part: Partial<Business>) => void;
  readonly onMark: (field: string, valid: boolean) => void;
}

/** By what amounts in other currencies are counted. A rate that is typed carries that day. */
export function Rates({ value, onChange, onMark }: RatesProps) {
  const { t } = useTranslation();
  const { rates, homeCurrency } = value;
  const typed = (index: number, rate: Rate, text: string) => {
    onMark(`rate-${keyOf(rate)}`, isRate(text));
    onChange({ rates: rates.with(index, { ...rate, rate: text, source: t('settings:rate.typed'), asOf: today() }) });
  };
  const drop = (index: number, rate: Rate) => {
    onMark(`rate-${keyOf(rate)}`, true);
    onChange({ rates: rates.toSpliced(index, 1) });
  };
  return (
    <section className="card settings-group" aria-label={t('settings:business.rates')}>
      <h2>{t('settings:business.rates')}</h2>
      <p className="small muted">{t('settings:business.rates-note', { currency: homeCurrency })}</p>
      <Select label={t('settings:business.rateKind')} w="14rem" allowDeselect={false} value={value.rateKind} data={KINDS.map((k) => ({ value: k, label: t(`settings:rate-kind.${k}`) }))} onChange={(v) => onChange({ rateKind: (v ?? 'official') as Business['rateKind'] })} />
      {rates.length === 0 ? <p className="muted">{t('settings:business.rates-none')}</p> : (
        <table className="plain-table">
          <thead><tr><th scope="col">{t('settings:rate.pair')}</th><th scope="col">{t('settings:rate.kind')}</th><th scope="col" data-align="end">{t('settings:rate.rate')}</th><th scope="col">{t('settings:rate.source')}</th><th scope="col">{t('settings:rate.asOf')}</th><th aria-hidden="true" /></tr></thead>
          <tbody>{rates.map((rate, index) => (
            <tr key={keyOf(rate)}><td className="num">{rate.from} → {rate.to}</td><td>{t(`settings:rate-kind.${rate.kind}`)}</td>
              <td data-align="end"><TextInput aria-label={t('settings:rate.of', { from: rate.from, to: rate.to })} w="8rem" ml="auto" value={rate.rate} dir="ltr" error={isRate(rate.rate) ? null : true} onChange={(event) => typed(index, rate, event.currentTarget.value.trim())} /></td>
              <td>{rate.source}</td><td className="num">{rate.asOf}</td>
              <td><ActionIcon variant="subtle" color="gray" aria-label={t('settings:rate.remove', { from: rate.from, to: rate.to })} onClick={() => drop(index, rate)}><IconTrash size="1rem" /></ActionIcon></td></tr>
          ))}</tbody>
        </table>
      )}
      <AddRate home={homeCurrency} rates={rates} onAdd={(rate) => onChange({ rates: [...rates, { ...rate, source: t('settings:rate.typed'), asOf: today() }] })} />
    </section>
  );
}
