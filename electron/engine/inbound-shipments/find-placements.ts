import { z } from 'zod';
import { inboundPlacement, type InboundBox, type InboundPlacement } from '#contract/inbound-shipments.ts';
import type { WorkflowDefinition } from '#runtime/ports.ts';
import type { InboundDeps } from './deps.ts';
import { Stop } from './errors.ts';
import type { PlanItem } from './ports.ts';
import { loadShipment } from './repo.ts';
import type { InboundShipment } from './shipment.ts';
import { shift } from './shift-shipment.ts';
import { inboundWorkflow, type PlanWork } from './work-on-plan.ts';

const nothing = z.null();
const placementsSchema = z.array(inboundPlacement.pick({ placementOptionId: true, fee: true, until: true }).extend({ accepted: z.boolean(), shipmentIds: z.array(z.string()) }));

const itemOf = (shipment: InboundShipment, { sku, units }: InboundBox['contents'][number]): PlanItem => {
  const prep = shipment.lines.find((line) => line.sku === sku)?.prep;
  return { sku, units, prepBy: prep?.prepBy ?? 'seller', labelBy: prep?.labelBy ?? 'seller' };
};

async function standing({ channel, run, planId }: PlanWork, name: string) {
  return run.step(name, placementsSchema, async () => (await channel.placementOptions(planId, run.signal)).map(({ optionId, shipmentIds, ...rest }) => ({ ...rest, placementOptionId: optionId, shipmentIds: [...shipmentIds] })));
}

/** Boxes are told, once: a plan whose placement stands takes none any more. */
async function pack(work: PlanWork): Promise<void> {
  const { channel, run, planId, shipment } = work;
  const { optionId, groups } = shipment.packing!;
  const accepted = async () => (await channel.packingOptions(planId, run.signal)).some((option) => option.optionId === optionId && option.accepted);
  if (!(await run.step('packing-accepted', z.boolean(), accepted))) await work.effect('confirm-packing', () => channel.confirmPacking(planId, optionId, run.signal), accepted);
  await work.effect('set-packing', () => channel.setPacking(planId, groups.map(({ groupId }) => ({
    groupId, boxes: shipment.boxes.filter((box) => box.groupId === groupId).map(({ contents, weightG, lengthMm, widthMm, heightMm }) => ({ contents: contents.map((item) => itemOf(shipment, item)), weightG, lengthMm, widthMm, heightMm })),
  })), run.signal));
  await work.effect('generate-placement', () => channel.generatePlacement(planId, run.signal));
}

/** Boxes to the channel, and back what each placement would cost with each transport. Nothing is agreed to here; a placement that is agreed already stands alone. */
export function placingWorkflow(deps: InboundDeps): WorkflowDefinition<{ id: string; attempt: number }> {
  return inboundWorkflow(deps, 'placing', async (work) => {
    const { run, channel, planId, shipment } = work;
    const before = await standing(work, 'placements-before');
    if (!before.some(({ accepted }) => accepted)) await pack(work);
    const all = before.some(({ accepted }) => accepted) ? before : await standing(work, 'placements');
    const wanted = all.some(({ accepted }) => accepted) ? all.filter(({ accepted }) => accepted) : all;
    const placements: InboundPlacement[] = [];
    for (const [place, { accepted: _accepted, shipmentIds, ...placement }] of wanted.entries()) {
      await work.effect(`generate-transport-${place}`, () => channel.generateTransport(planId, { placementOptionId: placement.placementOptionId, shipmentIds, readyAt: Math.max(shipment.readyAt, deps.ctx.clock.now()), contact: shipment.from }, run.signal));
      placements.push(await run.step(`transports-${place}`, inboundPlacement, async () => {
        const transports = await channel.transportOptions(planId, placement.placementOptionId, run.signal);
        const shipments = [];
        for (const shipmentId of shipmentIds) {
          const [reading, items] = [await channel.delivery(planId, shipmentId, run.signal), await channel.shipmentItems(planId, shipmentId, run.signal)];
          shipments.push({ shipmentId, warehouse: reading.warehouse, items: items.map((item) => ({ ...item })), transports: transports.filter((option) => option.shipmentId === shipmentId).map(({ shipmentId: _shipment, ...option }) => option) });
        }
        return { ...placement, shipments };
      }));
    }
    const usable = placements.filter(({ shipments }) => shipments.length > 0 && shipments.every(({ transports }) => transports.length > 0));
    if (usable.length === 0) throw new Stop({ code: 'stock.inbound-no-options', data: {} });
    await run.transact('offered', nothing, async (tx) => {
      const now = await loadShipment(tx, shipment.id);
      await shift(deps, tx, now, { to: 'choosing', change: { options: { at: deps.ctx.clock.now(), placements: usable }, chosen: null }, data: { placements: usable.length } });
      return null;
    });
  });
}
