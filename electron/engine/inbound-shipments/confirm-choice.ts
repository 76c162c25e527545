import { z } from 'zod';
import { inboundDelivery } from '#contract/inbound-shipments.ts';
import type { WorkflowDefinition } from '#runtime/ports.ts';
import type { InboundDeps } from './deps.ts';
import { Stop } from './errors.ts';
import { loadShipment } from './repo.ts';
import { shift } from './shift-shipment.ts';
import { inboundWorkflow, type PlanWork } from './work-on-plan.ts';

const nothing = z.null();

/** The first window that is open; a channel's own carrier needs none. */
async function chooseWindow(work: PlanWork, shipmentId: string): Promise<void> {
  const { channel, run, planId } = work;
  const chosen = async () => (await channel.delivery(planId, shipmentId, run.signal)).windowOptionId !== null;
  if (await run.step(`window-chosen-${shipmentId}`, z.boolean(), chosen)) return;
  await work.effect(`generate-windows-${shipmentId}`, () => channel.generateWindows(planId, shipmentId, run.signal));
  const optionId = await run.step(`windows-${shipmentId}`, z.string().nullable(), async () => (await channel.windows(planId, shipmentId, run.signal)).filter(({ open }) => open).toSorted((a, b) => a.from - b.from)[0]?.optionId ?? null);
  if (optionId === null) throw new Stop({ code: 'stock.inbound-no-window', data: {} });
  await work.effect(`confirm-window-${shipmentId}`, () => channel.confirmWindow(planId, { shipmentId, optionId }, run.signal), chosen);
}

/** What is charged is what was agreed to: an option that is gone or dearer by now stops here, before anything is ordered. */
async function stillOffered(work: PlanWork): Promise<void> {
  const { channel, run, planId, shipment } = work;
  const chosen = shipment.chosen!;
  const same = await run.step('still-offered', z.boolean(), async () => {
    const now = await channel.transportOptions(planId, chosen.placementOptionId, run.signal);
    return chosen.transports.every((agreed) => now.some((option) => option.optionId === agreed.optionId && option.shipmentId === agreed.shipmentId && (option.cost?.minor ?? 0) <= (agreed.cost?.minor ?? 0) && (option.cost?.currency ?? agreed.cost?.currency) === agreed.cost?.currency));
  });
  if (!same) throw new Stop({ code: 'stock.inbound-price-changed', data: {} });
}

/** Carries out what a person agreed to: placement, delivery windows, transports. Each is asked after before a repeat; then the labels can be printed. */
export function confirmingWorkflow(deps: InboundDeps): WorkflowDefinition<{ id: string; attempt: number }> {
  return inboundWorkflow(deps, 'confirming', async (work) => {
    const { run, channel, planId, shipment } = work;
    const { placementOptionId, transports, placementFee } = shipment.chosen!;
    const placed = async () => (await channel.placementOptions(planId, run.signal)).some(({ optionId, accepted }) => optionId === placementOptionId && accepted);
    const ordered = async () => {
      for (const { shipmentId } of transports) if ((await channel.delivery(planId, shipmentId, run.signal)).transportOptionId === null) return false;
      return true;
    };
    const done = await run.step('ordered-before', z.boolean(), async () => (await placed()) && ordered());
    if (!done) {
      await stillOffered(work);
      if (!(await run.step('placed-before', z.boolean(), placed))) {
        const dearer = await run.step('placement-dearer', z.boolean(), async () => (await channel.placementOptions(planId, run.signal)).every(({ optionId, fee }) => optionId !== placementOptionId || fee.minor > placementFee.minor));
        if (dearer) throw new Stop({ code: 'stock.inbound-price-changed', data: {} });
        await work.effect('confirm-placement', () => channel.confirmPlacement(planId, placementOptionId, run.signal), placed);
      }
      for (const { shipmentId, needsWindow } of transports) if (needsWindow) await chooseWindow(work, shipmentId);
      await work.effect('confirm-transport', () => channel.confirmTransport(planId, { transports: transports.map(({ shipmentId, optionId }) => ({ shipmentId, optionId })), contact: shipment.from }, run.signal), ordered);
    }
    const deliveries = await run.step('deliveries', z.array(inboundDelivery), async () => {
      const found = [];
      for (const { shipmentId, solution, carrier } of transports) {
        const [reading, boxes] = [await channel.delivery(planId, shipmentId, run.signal), await channel.boxes(planId, shipmentId, run.signal)];
        if (reading.confirmationId === null || boxes.length === 0) throw new Stop({ code: 'stock.inbound-slow', data: {} });
        found.push({ shipmentId, confirmationId: reading.confirmationId, warehouse: reading.warehouse, solution, carrier, status: reading.status, boxes: boxes.map((boxId) => ({ boxId, tracking: reading.tracking.find((entry) => entry.boxId === boxId)?.number ?? null })) });
      }
      return found;
    });
    await run.transact('confirmed', nothing, async (tx) => {
      await shift(deps, tx, await loadShipment(tx, shipment.id), { to: 'ready', change: { deliveries }, data: { deliveries: deliveries.map(({ confirmationId }) => confirmationId) } });
      return null;
    });
  });
}
