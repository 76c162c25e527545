import { Button, Radio, Select } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboundDetail, InboundPlacement } from '#contract/inbound-shipments.ts';
import { money } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { useStep } from './use-step.ts';
import './inbound.css';

type Transport = InboundPlacement['shipments'][number]['transports'][number];
/** The channel's own carrier first, the cheaper before the dearer: what it costs is known. */
const usual = (options: readonly Transport[]): Transport => options.toSorted((a, b) => Number(a.cost === null) - Number(b.cost === null) || (a.cost?.minor ?? 0) - (b.cost?.minor ?? 0))[0]!;

/** What each placement costs with its transports, and the sum that is agreed to. */
export function ChooseForm({ shipment }: { readonly shipment: InboundDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const step = useStep();
  const { placements } = shipment.options!;
  const [picked, pick] = useState<Readonly<Record<string, string>>>({});
  const [asking, ask] = useState(false);
  const chosenOf = ({ shipments }: InboundPlacement) => shipments.map((one) => ({ shipmentId: one.shipmentId, option: one.transports.find(({ optionId }) => optionId === picked[one.shipmentId]) ?? usual(one.transports) }));
  const totalOf = (placement: InboundPlacement) => money(shipment.packing!.fee.minor + placement.fee.minor + chosenOf(placement).reduce((sum, { option }) => sum + (option.cost?.minor ?? 0), 0), placement.fee.currency);
  const [placementId, place] = useState(() => placements.toSorted((a, b) => totalOf(a).minor - totalOf(b).minor)[0]!.placementOptionId);
  const placement = placements.find(({ placementOptionId }) => placementOptionId === placementId) ?? placements[0]!;
  const agree = useMutation(orpc.inboundShipments.agree.mutationOptions({ ...step, onSettled: () => { ask(false); step.onSettled(); } }));
  const again = useMutation(orpc.inboundShipments.askAgain.mutationOptions(step));
  const total = totalOf(placement);
  const own = chosenOf(placement).some(({ option }) => option.cost === null);
  return (
    <div className="stack">
      <Radio.Group value={placement.placementOptionId} onChange={place} label={t('inbound:placement')}>
        <div className="stack" style={{ marginBlockStart: '0.5rem' }}>{placements.map((option) => (
          <div key={option.placementOptionId} className="inbound-choice stack" data-chosen={option === placement}>
            <div className="row"><Radio value={option.placementOptionId} label={t('inbound:warehouses', { count: option.shipments.length, names: option.shipments.map(({ warehouse }) => warehouse).join(', ') })} /><span className="grow" /><Money value={totalOf(option)} strong /></div>
            <table className="plain-table"><tbody>
              <tr><td>{t('inbound:placement-fee')}</td><td data-align="end"><Money value={option.fee} /></td></tr>
              {shipment.packing!.fee.minor === 0 ? null : <tr><td>{t('inbound:packing-cost')}</td><td data-align="end"><Money value={shipment.packing!.fee} /></td></tr>}
              {option.shipments.map((one) => {
                const chosen = one.transports.find(({ optionId }) => optionId === picked[one.shipmentId]) ?? usual(one.transports);
                const units = one.items.reduce((sum, item) => sum + item.units, 0);
                return (
                  <tr key={one.shipmentId}>
                    <td><Select size="xs" aria-label={t('inbound:transport-to', { warehouse: one.warehouse })} value={chosen.optionId} data={one.transports.map((transport) => ({ value: transport.optionId, label: t(`inbound:solution.${transport.solution}`, { carrier: transport.carrier, cost: transport.cost ? format.money(transport.cost) : '' }) }))} onChange={(value) => { if (value !== null) pick((before) => ({ ...before, [one.shipmentId]: value })); }} /><span className="small muted">{t('inbound:goes-to', { count: units, warehouse: one.warehouse })}</span></td>
                    <td data-align="end">{chosen.cost ? <Money value={chosen.cost} /> : <span className="muted">{t('inbound:own-carrier')}</span>}</td>
                  </tr>
                );
              })}
            </tbody></table>
            {option.until === null ? null : <p className="small muted">{t('inbound:until', { at: format.dateTime(option.until) })}</p>}
          </div>
        ))}</div>
      </Radio.Group>
      <div className="row" style={{ justifyContent: 'flex-end' }}><Button variant="default" loading={again.isPending} onClick={() => again.mutate({ id: shipment.id, version: shipment.version })}>{t('inbound:ask-again')}</Button><Button onClick={() => ask(true)}>{t('inbound:agree', { total: format.money(total) })}</Button></div>
      <Confirm opened={asking} onClose={() => ask(false)} title={t('inbound:agree-title', { total: format.money(total) })} action={t('inbound:agree', { total: format.money(total) })} busy={agree.isPending} onConfirm={() => agree.mutate({ id: shipment.id, version: shipment.version, placementOptionId: placement.placementOptionId, transports: chosenOf(placement).map(({ shipmentId, option }) => ({ shipmentId, optionId: option.optionId })), total })}>
        <p>{t('inbound:agree-text')}</p>{own ? <p className="muted">{t('inbound:agree-own')}</p> : null}
      </Confirm>
    </div>
  );
}
