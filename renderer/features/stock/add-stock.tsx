import { Button, Checkbox, Modal, NumberInput, Radio, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CodeFound } from '#contract/stock-by-hand.ts';
import { HAND_CONDITIONS } from '#contract/words.ts';
import { money, type Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { ReadCode } from './read-code.tsx';

type Condition = (typeof HAND_CONDITIONS)[number];

function Found({ codes, chosen, onChoose }: { readonly codes: readonly CodeFound[]; readonly chosen: CodeFound | null; readonly onChoose: (code: CodeFound) => void }) {
  const { t } = useTranslation();
  if (codes.length === 0) return null;
  return (
    <Radio.Group label={t('stock:hand.found', { count: codes.length })} value={chosen?.text ?? null} onChange={(text) => { const code = codes.find((one) => one.text === text); if (code) onChoose(code); }}>
      <div className="stack" style={{ gap: '0.375rem', marginTop: '0.25rem' }}>
        {codes.map((code) => <Radio key={code.text} value={code.text} label={<><span className="num" dir="ltr">{code.text}</span> <span className="muted">{code.product ? code.product.title : code.gtin ? t('stock:hand.unknown') : t('stock:hand.no-product-code')}</span></>} />)}
      </div>
    </Radio.Group>
  );
}

function Form({ currency, onClose }: { readonly currency: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const key = useMemo(() => crypto.randomUUID(), []);
  const [codes, setCodes] = useState<readonly CodeFound[]>([]);
  const [code, setCode] = useState<CodeFound | null>(null);
  const [title, setTitle] = useState('');
  const [condition, setCondition] = useState<Condition>('used-good');
  const [quantity, setQuantity] = useState(1);
  const [cost, setCost] = useState<Amount | null>(null);
  const [sale, setSale] = useState<Amount | null>(null);
  const [location, setLocation] = useState('main');
  const [booking, setBooking] = useState<'opening' | 'cash'>('cash');
  const [receipt, setReceipt] = useState('');
  const [list, setList] = useState(true);
  const choose = (chosen: CodeFound) => { setCode(chosen); if (chosen.product) setTitle(chosen.product.title); };
  const add = useMutation(orpc.stockByHand.add.mutationOptions({
    onError: (error) => notifyError(error, t),
    onSuccess: (answer) => { notify({ message: t(answer.existed ? 'stock:hand.existed' : list ? 'stock:hand.added-listed' : 'stock:hand.added') }); onClose(); },
    onSettled: () => { void queries.invalidateQueries({ queryKey: orpc.stock.key() }); void queries.invalidateQueries({ queryKey: orpc.ledger.key() }); },
  }));
  const total = cost && money(cost.minor * quantity, currency);
  const ready = title.trim().length >= 2 && quantity >= 1 && cost !== null && cost.minor >= 0 && sale !== null && sale.minor > 0 && location.trim() !== '';
  const submit = () => {
    if (!ready || !total) return;
    add.mutate({ key, productId: code?.product?.id ?? null, gtin: code?.gtin ?? null, title: title.trim(), brand: code?.product?.brand ?? null, condition, quantity, totalCost: total, location: location.trim(), booking, receipt: receipt.trim() || null, salePrice: sale, list });
  };
  return (
    <div className="stack" style={{ gap: '0.875rem' }}>
      <ReadCode onFound={(read) => { setCodes(read); const first = read.find((one) => one.product) ?? read.find((one) => one.gtin) ?? read[0]; if (first) choose(first); }} />
      <Found codes={codes} chosen={code} onChoose={choose} />
      <form className="stack" style={{ gap: '0.875rem' }} onSubmit={(event) => { event.preventDefault(); submit(); }}>
        <TextInput label={t('stock:hand.title')} withAsterisk value={title} maxLength={200} disabled={Boolean(code?.product)} description={code?.product ? t('stock:hand.title-known') : null} onChange={(event) => setTitle(event.currentTarget.value)} />
        <div className="row wrap" style={{ alignItems: 'flex-start' }}>
          <Select label={t('stock:column.condition')} w="12rem" allowDeselect={false} value={condition} data={HAND_CONDITIONS.map((value) => ({ value, label: t(`stock:hand.condition.${value}`) }))} onChange={(value) => setCondition((value ?? 'used-good') as Condition)} />
          <NumberInput label={t('stock:hand.quantity')} w="6rem" min={1} max={100_000} allowDecimal={false} value={quantity} onChange={(value) => setQuantity(Math.max(1, Number(value) || 1))} />
          <TextInput label={t('stock:column.location')} w="9rem" value={location} maxLength={60} onChange={(event) => setLocation(event.currentTarget.value)} />
        </div>
        <div className="row wrap" style={{ alignItems: 'flex-start' }}>
          <MoneyInput label={t('stock:hand.cost')} value={null} currency={currency} onChange={setCost} description={total && quantity > 1 ? t('stock:hand.total', { total: format.money(total) }) : undefined} />
          <MoneyInput label={t('stock:hand.sale')} value={null} currency={currency} onChange={setSale} />
        </div>
        <Radio.Group label={t('stock:hand.booking')} value={booking} onChange={(value) => setBooking(value === 'opening' ? 'opening' : 'cash')}>
          <div className="stack" style={{ gap: '0.375rem', marginTop: '0.25rem' }}><Radio value="cash" label={t('stock:hand.booking.cash')} /><Radio value="opening" label={t('stock:hand.booking.opening')} /></div>
        </Radio.Group>
        <TextInput label={t('stock:hand.receipt')} value={receipt} maxLength={120} onChange={(event) => setReceipt(event.currentTarget.value)} />
        <Checkbox label={t('stock:hand.list')} checked={list} onChange={(event) => setList(event.currentTarget.checked)} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>{t('stock:hand.cancel')}</Button>
          <Button type="submit" disabled={!ready} loading={add.isPending}>{t('stock:hand.add', { count: quantity })}</Button>
        </div>
      </form>
    </div>
  );
}

/** Goods that the desk did not buy, by their code or by hand. */
export function AddStock({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(orpc.settings.business.queryOptions({ enabled: opened }));
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title={<strong>{t('stock:hand.heading')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }}>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : data ? <Form currency={data.value.homeCurrency} onClose={onClose} /> : <p className="muted small">{t('common:loading')}</p>}
    </Modal>
  );
}
