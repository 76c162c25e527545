import { Button, TextInput } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboundDetail } from '#contract/inbound-shipments.ts';
import { money, type Money as Amount } from '#kernel/money.ts';
import { client, orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { useStep } from './use-step.ts';

/** Hands the sheet of labels to the person as a file, to be printed. */
async function saveLabels(input: { readonly id: string; readonly kind: 'item' | 'box'; readonly shipmentId?: string }): Promise<string> {
  const { name, mediaType, contentBase64 } = await client.inboundShipments.labels(input);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([Uint8Array.from(atob(contentBase64), (sign) => sign.charCodeAt(0))], { type: mediaType }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return name;
}

export function Labels({ shipment }: { readonly shipment: InboundDetail }) {
  const { t } = useTranslation();
  const save = useMutation({ mutationFn: saveLabels, onError: (error) => notifyError(error, t), onSuccess: (name) => notify({ message: t('inbound:labels-saved', { name }) }) });
  const labelled = shipment.lineItems.some(({ prep }) => prep?.labelBy === 'seller');
  return (
    <div className="row wrap">
      {labelled ? <Button size="compact-sm" variant="default" leftSection={<IconPrinter size="1rem" />} loading={save.isPending} onClick={() => save.mutate({ id: shipment.id, kind: 'item' })}>{t('inbound:labels-units')}</Button> : null}
      {shipment.deliveries.map((delivery) => <Button key={delivery.shipmentId} size="compact-sm" variant="default" leftSection={<IconPrinter size="1rem" />} loading={save.isPending} onClick={() => save.mutate({ id: shipment.id, kind: 'box', shipmentId: delivery.shipmentId })}>{t('inbound:labels-boxes', { name: delivery.confirmationId })}</Button>)}
    </div>
  );
}

/** The boxes are with the carrier: their numbers, and what was paid beside the channel's charges. */
export function SendForm({ shipment }: { readonly shipment: InboundDetail }) {
  const { t } = useTranslation();
  const step = useStep();
  const currency = useQuery(orpc.settings.business.queryOptions()).data?.value.homeCurrency;
  const [numbers, setNumbers] = useState<Readonly<Record<string, string>>>({});
  const [cost, setCost] = useState<Amount | null>(null);
  const [valid, setValid] = useState(true);
  const [asking, ask] = useState(false);
  const send = useMutation(orpc.inboundShipments.send.mutationOptions({ ...step, onSettled: () => { ask(false); step.onSettled(); } }));
  const own = shipment.deliveries.filter(({ solution }) => solution === 'own').flatMap(({ boxes }) => boxes);
  const ready = valid && currency !== undefined && own.every(({ boxId }) => (numbers[boxId] ?? '').trim().length >= 4);
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (ready) ask(true); }}>
      {own.map(({ boxId }) => <TextInput key={boxId} label={t('inbound:tracking-of', { box: boxId })} withAsterisk maxLength={60} value={numbers[boxId] ?? ''} onChange={(event) => { const { value } = event.currentTarget; setNumbers((before) => ({ ...before, [boxId]: value })); }} />)}
      {currency ? <MoneyInput label={t('inbound:own-cost')} description={t('inbound:own-cost-note')} currency={currency} optional placeholder={t('inbound:own-cost-none')} value={cost} onChange={(value, fine) => { setCost(value); setValid(fine); }} /> : null}
      <div className="row" style={{ justifyContent: 'flex-end' }}><Button type="submit" disabled={!ready}>{t('inbound:send')}</Button></div>
      <Confirm opened={asking} onClose={() => ask(false)} title={t('inbound:send-title')} action={t('inbound:send')} busy={send.isPending} onConfirm={() => send.mutate({ id: shipment.id, version: shipment.version, tracking: own.map(({ boxId }) => ({ boxId, number: numbers[boxId]!.trim() })), ownCost: cost ?? money(0, currency!) })}><p>{t('inbound:send-text')}</p></Confirm>
    </form>
  );
}
