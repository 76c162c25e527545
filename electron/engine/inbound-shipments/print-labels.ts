import { isConnectorError } from '#kernel/errors.ts';
import type { InboundDeps } from './deps.ts';
import { badField, wrongState } from './errors.ts';
import { loadShipment } from './repo.ts';
import { channelOf } from './work-on-plan.ts';

export interface LabelSheet {
  readonly name: string;
  readonly mediaType: string;
  readonly contentBase64: string;
}

const PDF = '%PDF';

/** Labels as the channel makes them, anew with each call: of the units from the plan on, of the boxes once their transport is confirmed. @throws DomainError NOT_FOUND, WRONG_STATE, INVALID */
export async function printLabels(deps: InboundDeps, given: { readonly id: string; readonly kind: 'item' | 'box'; readonly shipmentId?: string | undefined }, signal?: AbortSignal): Promise<LabelSheet> {
  const shipment = await loadShipment(deps.ctx.db.prisma, given.id);
  const channel = await channelOf(deps, shipment.channel);
  const delivery = shipment.deliveries.find(({ shipmentId }) => shipmentId === given.shipmentId);
  if (shipment.planId === null || (given.kind === 'box' && shipment.deliveries.length === 0)) throw wrongState(shipment.state);
  if (given.kind === 'box' && !delivery) throw badField('shipmentId', 'there is no such shipment');
  const wanted = shipment.lines.filter(({ prep, sku }) => prep?.labelBy === 'seller' && sku !== null).map(({ sku, units }) => ({ sku: sku!, units }));
  if (given.kind === 'item' && wanted.length === 0) throw badField('kind', 'none of these units needs a label of yours');
  try {
    const bytes = given.kind === 'item' ? await channel.itemLabels(wanted, signal) : await channel.boxLabels(delivery!.confirmationId, delivery!.boxes.map(({ boxId }) => boxId), signal);
    const content = Buffer.from(bytes);
    const pdf = content.subarray(0, PDF.length).toString('latin1') === PDF;
    const about = given.kind === 'item' ? `${shipment.number}-units` : delivery!.confirmationId;
    return { name: `${about}.${pdf ? 'pdf' : 'bin'}`, mediaType: pdf ? 'application/pdf' : 'application/octet-stream', contentBase64: content.toString('base64') };
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    throw badField('labels', error.detail.message);
  }
}
