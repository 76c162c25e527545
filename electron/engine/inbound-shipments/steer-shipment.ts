import type { InboundBox, InboundChosen } from '#contract/inbound-shipments.ts';
import { money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { BUSINESS, readSetting } from '../settings/index.ts';
import type { InboundDeps } from './deps.ts';
import { badField, wrongState } from './errors.ts';
import type { WorkedOn } from './machine.ts';
import { loadVersion } from './repo.ts';
import { atHome } from './report-sent.ts';
import type { InboundShipment } from './shipment.ts';
import { shift } from './shift-shipment.ts';

interface Seen {
  readonly id: string;
  readonly version: number;
}

const inOne = (deps: InboundDeps, seen: Seen, run: (tx: Tx, shipment: InboundShipment) => Promise<InboundShipment>): Promise<InboundShipment> => deps.ctx.db.transaction(async (tx) => run(tx, await loadVersion(tx, seen)));

/** All units of each group lie in its boxes, each once. @throws DomainError INVALID */
function checkBoxes({ packing, lines }: InboundShipment, boxes: readonly InboundBox[]): void {
  for (const { groupId, items } of packing!.groups) {
    const packed = new Map<string, number>();
    for (const { sku, units } of boxes.filter((box) => box.groupId === groupId).flatMap(({ contents }) => contents)) packed.set(sku, (packed.get(sku) ?? 0) + units);
    for (const sku of new Set([...items.map((item) => item.sku), ...packed.keys()])) {
      const [wanted, given] = [items.find((item) => item.sku === sku)?.units ?? 0, packed.get(sku) ?? 0];
      if (wanted !== given) throw badField('boxes', `of ${lines.find((line) => line.sku === sku)?.title ?? sku} ${given} lie in boxes, and ${wanted} have to`);
    }
  }
  if (boxes.some(({ groupId }) => !packing!.groups.some((group) => group.groupId === groupId))) throw badField('boxes', 'a box is of no group');
}

/** Agrees to the boxes, and to the fee for packing where there is one. */
export function packShipment(deps: InboundDeps, input: Seen & { readonly boxes: readonly InboundBox[]; readonly by: string }): Promise<InboundShipment> {
  return inOne(deps, input, async (tx, shipment) => {
    if (shipment.state !== 'packing') throw wrongState(shipment.state);
    checkBoxes(shipment, input.boxes);
    return shift(deps, tx, shipment, { to: 'placing', change: { boxes: input.boxes }, data: { boxes: input.boxes.length, packingFee: shipment.packing!.fee, by: input.by } });
  });
}

function choiceOf(shipment: InboundShipment, input: { readonly placementOptionId: string; readonly transports: readonly { readonly shipmentId: string; readonly optionId: string }[] }): Omit<InboundChosen, 'at' | 'by'> {
  const placement = shipment.options?.placements.find((option) => option.placementOptionId === input.placementOptionId);
  if (!placement) throw badField('placementOptionId', 'it is not offered any more');
  const transports = placement.shipments.map(({ shipmentId, transports: offered }) => {
    const option = offered.find(({ optionId }) => optionId === input.transports.find((chosen) => chosen.shipmentId === shipmentId)?.optionId);
    if (!option) throw badField('transports', `none is chosen for ${shipmentId}`);
    const { solution, carrier, cost, voidableUntil, needsWindow } = option;
    return { shipmentId, optionId: option.optionId, solution, carrier, cost, voidableUntil, needsWindow };
  });
  const packingFee = shipment.packing!.fee;
  const { currency } = placement.fee;
  const total = money(packingFee.minor + placement.fee.minor + transports.reduce((sum, { cost }) => sum + (cost?.minor ?? 0), 0), currency);
  if ([packingFee, ...transports.flatMap(({ cost }) => (cost ? [cost] : []))].some((amount) => amount.currency !== currency)) throw badField('transports', 'costs are in several currencies');
  return { placementOptionId: placement.placementOptionId, packingFee, placementFee: placement.fee, transports, total };
}

/** A person agrees to what was shown, to the cent; it is frozen with the offer that it was chosen from, and nothing dearer is confirmed. @throws DomainError INVALID, WRONG_STATE */
export function agreeToCosts(deps: InboundDeps, input: Seen & { readonly placementOptionId: string; readonly transports: readonly { readonly shipmentId: string; readonly optionId: string }[]; readonly total: Money; readonly by: string }): Promise<InboundShipment> {
  return inOne(deps, input, async (tx, shipment) => {
    if (shipment.state !== 'choosing') throw wrongState(shipment.state);
    const choice = choiceOf(shipment, input);
    if (choice.total.minor !== input.total.minor || choice.total.currency !== input.total.currency) throw badField('total', 'it is not the sum of what is offered');
    if ((await atHome(tx, choice.total)) === null) throw badField('total', `there is no rate from ${choice.total.currency}: set one`);
    const at = deps.ctx.clock.now();
    const { until } = shipment.options!.placements.find(({ placementOptionId }) => placementOptionId === input.placementOptionId)!;
    if (until !== null && until <= at) throw badField('placementOptionId', 'the offer has run out: ask again');
    const chosen: InboundChosen = { ...choice, at, by: input.by };
    await deps.ctx.audit.append(tx, { actor: input.by, channel: 'desktop', action: 'inbound-shipment.costs-agreed', subject: shipment.id, data: { number: shipment.number, chosen, offered: shipment.options } });
    return shift(deps, tx, shipment, { to: 'confirming', change: { chosen }, data: { total: chosen.total, by: input.by } });
  });
}

export const askAgain = (deps: InboundDeps, seen: Seen): Promise<InboundShipment> => inOne(deps, seen, (tx, shipment) => {
  if (shipment.state !== 'choosing') throw wrongState(shipment.state);
  return shift(deps, tx, shipment, { to: 'placing' });
});

/** The boxes are with the carrier. A box that goes with a carrier of one's own needs its number. */
export function sendShipment(deps: InboundDeps, input: Seen & { readonly tracking: readonly { readonly boxId: string; readonly number: string }[]; readonly ownCost: Money; readonly by: string }): Promise<InboundShipment> {
  return inOne(deps, input, async (tx, shipment) => {
    if (shipment.state !== 'ready') throw wrongState(shipment.state);
    const { homeCurrency } = (await readSetting(tx, BUSINESS)).value;
    if (input.ownCost.currency !== homeCurrency || input.ownCost.minor < 0) throw badField('ownCost', `must be in ${homeCurrency}, and not below zero`);
    const numbers = new Map(input.tracking.map(({ boxId, number }) => [boxId, number.trim()]));
    const deliveries = shipment.deliveries.map((delivery) => (delivery.solution === 'own' ? { ...delivery, boxes: delivery.boxes.map((box) => ({ ...box, tracking: numbers.get(box.boxId) ?? box.tracking })) } : delivery));
    const without = deliveries.filter(({ solution }) => solution === 'own').flatMap(({ boxes }) => boxes).find(({ tracking }) => tracking === null);
    if (without) throw badField('tracking', `box ${without.boxId} has no tracking number`);
    return shift(deps, tx, shipment, { to: 'reporting', change: { deliveries }, data: { ownCost: input.ownCost, by: input.by } });
  });
}

/** Goes on from where it stopped; prices that changed are asked for anew. */
export const retryShipment = (deps: InboundDeps, seen: Seen): Promise<InboundShipment> => inOne(deps, seen, (tx, shipment) => {
  if (shipment.state !== 'stopped' || shipment.failedFrom === null) throw wrongState(shipment.state);
  const to = shipment.stopReason?.code === 'stock.inbound-price-changed' ? 'placing' : (shipment.failedFrom as WorkedOn);
  return shift(deps, tx, shipment, { to });
});

/** Up to the carrier. A draft ends at once; else the channel's plan is given up first. */
export const cancelShipment = (deps: InboundDeps, seen: Seen): Promise<InboundShipment> => inOne(deps, seen, (tx, shipment) => {
  if (shipment.state === 'stopped' && shipment.failedFrom === 'reporting') throw wrongState(shipment.state);
  return shipment.state === 'draft' ? shift(deps, tx, shipment, { to: 'cancelled', change: { endedAt: deps.ctx.clock.now() } }) : shift(deps, tx, shipment, { to: 'cancelling' });
});
