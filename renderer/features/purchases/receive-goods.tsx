import { Button, Checkbox, Modal, NumberInput, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { purchaseDetail } from '#contract/purchases.ts';
import { orpc } from '../../rpc/client.ts';
import { notify, notifyError } from '../../ui/notify.tsx';

type PurchaseDetail = z.infer<typeof purchaseDetail>;

/** A parcel is opened: what is in it, what is not right with it, and whether more is to come. */
export function ReceiveGoods({ purchase, opened, onClose }: { readonly purchase: PurchaseDetail; readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const left = purchase.units - purchase.arrivals.reduce((sum, arrival) => sum + arrival.good + arrival.damaged + arrival.wrong, 0);
  const [counted, setCounted] = useState({ units: left, damaged: 0, wrong: 0 });
  const [notes, setNotes] = useState('');
  const [more, setMore] = useState(false);
  const { units, damaged, wrong } = counted;
  const good = units - damaged - wrong;
  const receive = useMutation(orpc.purchases.receive.mutationOptions({
    onSuccess: () => { onClose(); notify({ message: moreToCome ? t('purchases:parcel-notice', { count: units }) : t('purchases:received-notice', { count: good + purchase.arrivals.reduce((sum, arrival) => sum + arrival.good, 0) }) }); },
    onError: (error) => notifyError(error, t),
  }));
  const moreToCome = more && units < left;
  const valid = good >= 0 && units <= left && (!moreToCome || units > 0);
  const field = (name: keyof typeof counted) => ({ min: 0, allowDecimal: false, value: counted[name], onChange: (value: string | number) => setCounted((before) => ({ ...before, [name]: Number(value) || 0 })) });
  const submit = () => receive.mutate({ id: purchase.id, version: purchase.version, ...counted, moreToCome, ...(notes.trim() ? { notes: notes.trim() } : {}) });
  return (
    <Modal opened={opened} onClose={onClose} title={<strong>{t('purchases:receive-title')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }} size="sm">
      <form className="stack" onSubmit={(event) => { event.preventDefault(); if (valid) submit(); }}>
        <NumberInput label={t('purchases:receive-units')} description={t(purchase.arrivals.length === 0 ? 'purchases:receive-expected' : 'purchases:receive-left', { count: left })} {...field('units')} error={units > left ? t('purchases:receive-above', { count: left }) : null} data-autofocus />
        <NumberInput label={t('purchases:receive-damaged')} {...field('damaged')} error={good >= 0 ? null : t('purchases:receive-too-many')} />
        <NumberInput label={t('purchases:receive-wrong')} {...field('wrong')} />
        {units < left ? <Checkbox label={t('purchases:receive-more')} description={t(more ? 'purchases:receive-more-yes' : 'purchases:receive-more-no', { count: left - units })} checked={more} onChange={(event) => setMore(event.currentTarget.checked)} /> : null}
        <Textarea label={t('purchases:receive-notes')} value={notes} maxLength={2_000} autosize minRows={2} onChange={(event) => setNotes(event.currentTarget.value)} />
        <Button type="submit" loading={receive.isPending} disabled={!valid} style={{ alignSelf: 'flex-end' }}>{t('purchases:receive-action', { count: units })}</Button>
      </form>
    </Modal>
  );
}
