import { Button, NumberInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboundDetail } from '#contract/inbound-shipments.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { useStep } from './use-step.ts';
import './inbound.css';

interface Draft { readonly key: number; readonly groupId: string; readonly units: Readonly<Record<string, number>>; readonly kg: number; readonly cm: readonly [number, number, number] }

/** What lies in which box. The first box of a group holds all of it until a person says otherwise. */
export function BoxForm({ shipment }: { readonly shipment: InboundDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { groups, fee } = shipment.packing!;
  const [boxes, setBoxes] = useState<readonly Draft[]>(() => groups.map(({ groupId, items }, key) => ({ key, groupId, units: Object.fromEntries(items.map(({ sku, units }) => [sku, units])), kg: 0, cm: [0, 0, 0] })));
  const pack = useMutation(orpc.inboundShipments.pack.mutationOptions(useStep()));
  const change = (key: number, next: Partial<Draft>) => setBoxes(boxes.map((box) => (box.key === key ? { ...box, ...next } : box)));
  const titleOf = (sku: string) => shipment.lineItems.find((line) => line.sku === sku)?.title ?? sku;
  const left = groups.flatMap(({ groupId, items }) => items.map(({ sku, units }) => ({ sku, units: units - boxes.filter((box) => box.groupId === groupId).reduce((sum, box) => sum + (box.units[sku] ?? 0), 0) }))).filter(({ units }) => units !== 0);
  const ready = left.length === 0 && boxes.every((box) => box.kg > 0 && box.cm.every((side) => side > 0) && Object.values(box.units).some((units) => units > 0));
  const side = (box: Draft, place: 0 | 1 | 2, value: number): Draft['cm'] => { const next: [number, number, number] = [...box.cm]; next[place] = value; return next; };
  return (
    <form className="stack" onSubmit={(event) => {
      event.preventDefault();
      if (ready) pack.mutate({ id: shipment.id, version: shipment.version, boxes: boxes.map(({ groupId, units, kg, cm }) => ({ groupId, contents: Object.entries(units).flatMap(([sku, count]) => (count > 0 ? [{ sku, units: count }] : [])), weightG: Math.round(kg * 1_000), lengthMm: Math.round(cm[0] * 10), widthMm: Math.round(cm[1] * 10), heightMm: Math.round(cm[2] * 10) })) });
    }}>
      {boxes.map((box, number) => (
        <fieldset key={box.key} className="inbound-box stack">
          <legend>{t('inbound:box', { number: number + 1 })}</legend>
          <table className="plain-table"><tbody>{groups.find(({ groupId }) => groupId === box.groupId)!.items.map(({ sku, units }) => (
            <tr key={sku}><td dir="auto">{titleOf(sku)}</td><td data-align="end" style={{ inlineSize: '9rem' }}><NumberInput size="xs" w="6rem" ml="auto" min={0} max={units} allowDecimal={false} aria-label={t('inbound:box-units', { title: titleOf(sku), number: number + 1 })} value={box.units[sku] ?? 0} onChange={(value) => change(box.key, { units: { ...box.units, [sku]: Number(value) || 0 } })} /></td></tr>
          ))}</tbody></table>
          <div className="row wrap" style={{ alignItems: 'flex-end' }}>
            <NumberInput label={t('inbound:weight')} w="7rem" min={0} max={500} decimalScale={3} value={box.kg || ''} onChange={(value) => change(box.key, { kg: Number(value) || 0 })} />
            {([0, 1, 2] as const).map((place) => <NumberInput key={place} label={t(`inbound:side.${place}`)} w="6rem" min={0} max={1_000} decimalScale={1} value={box.cm[place] || ''} onChange={(value) => change(box.key, { cm: side(box, place, Number(value) || 0) })} />)}
            <span className="grow" />
            {boxes.filter(({ groupId }) => groupId === box.groupId).length > 1 ? <Button size="compact-sm" variant="subtle" leftSection={<IconTrash size="1rem" />} onClick={() => setBoxes(boxes.filter(({ key }) => key !== box.key))}>{t('inbound:box-remove')}<span className="visually-hidden"> {number + 1}</span></Button> : null}
          </div>
        </fieldset>
      ))}
      <div className="row wrap">{groups.map(({ groupId }, place) => <Button key={groupId} size="compact-sm" variant="default" leftSection={<IconPlus size="1rem" />} onClick={() => setBoxes([...boxes, { key: Math.max(...boxes.map(({ key }) => key)) + 1, groupId, units: {}, kg: 0, cm: [0, 0, 0] }])}>{groups.length > 1 ? t('inbound:box-add-to', { number: place + 1 }) : t('inbound:box-add')}</Button>)}</div>
      {left.length > 0 ? <p className="small attention" role="status">{left.map(({ sku, units }) => t(units > 0 ? 'inbound:left-over' : 'inbound:too-many', { count: Math.abs(units), title: titleOf(sku) })).join(' ')}</p> : null}
      {fee.minor > 0 ? <p className="notice" role="note">{t('inbound:packing-fee', { fee: format.money(fee) })}</p> : null}
      <div className="row" style={{ justifyContent: 'flex-end' }}><Button type="submit" disabled={!ready} loading={pack.isPending}>{t('inbound:pack')}</Button></div>
    </form>
  );
}
