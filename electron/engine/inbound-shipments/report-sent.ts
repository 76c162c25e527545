import { z } from 'zod';
import { moneySchema } from '#contract/shared.ts';
import { allocate, convert, money, type Money } from '#kernel/money.ts';
import type { Tx, WorkflowDefinition } from '#runtime/ports.ts';
import { addLandedCost } from '../inventory/index.ts';
import { BUSINESS, homeRate, readSetting } from '../settings/index.ts';
import type { InboundDeps } from './deps.ts';
import { Stop } from './errors.ts';
import { loadShipment } from './repo.ts';
import type { InboundShipment } from './shipment.ts';
import { shift } from './shift-shipment.ts';
import { inboundWorkflow } from './work-on-plan.ts';

const nothing = z.null();
const sentSchema = z.object({ ownCost: moneySchema });

/** An amount of the channel in the home currency; null where nobody has set a rate. */
export async function atHome(tx: Tx, amount: Money): Promise<Money | null> {
  const business = (await readSetting(tx, BUSINESS)).value;
  if (amount.currency === business.homeCurrency) return amount;
  const rate = homeRate(business, amount.currency);
  return rate && convert(amount, rate.rate);
}

/** What a person said was paid beside the channel's charges: it stands with the event by which the boxes left. */
async function ownCostOf(tx: Tx, shipment: InboundShipment): Promise<Money> {
  const event = await tx.inboundShipmentEvent.findFirst({ where: { shipmentId: shipment.id, kind: 'reporting' }, orderBy: { id: 'asc' } });
  return sentSchema.parse(JSON.parse(event?.data ?? 'null')).ownCost;
}

/** Charges and own costs become part of what the units cost, shared out by units. Amazon takes its charges from the account: to the books it is cash. */
async function bookCosts(deps: InboundDeps, tx: Tx, shipment: InboundShipment): Promise<Money> {
  const charges = await atHome(tx, shipment.chosen!.total);
  if (!charges) throw new Stop({ code: 'stock.inbound-no-rate', data: { currency: shipment.chosen!.total.currency } });
  const total = money(charges.minor + (await ownCostOf(tx, shipment)).minor, charges.currency);
  const shares = allocate(total, shipment.lines.map(({ units }) => units));
  for (const [place, line] of shipment.lines.entries()) {
    await addLandedCost(deps.inventory, tx, { lotId: line.lotId!, amount: shares[place]!, key: `inbound:${line.id}:freight`, kind: 'inbound-freight', memo: `${shipment.number}: ${line.units} × ${line.title}` });
  }
  return total;
}

/** The boxes are with the carrier: tracking numbers of own carriers go to the channel, and what it all cost into the books. */
export function reportingWorkflow(deps: InboundDeps): WorkflowDefinition<{ id: string; attempt: number }> {
  return inboundWorkflow(deps, 'reporting', async (work) => {
    const { run, channel, planId, shipment } = work;
    for (const { shipmentId, solution, boxes } of shipment.deliveries) {
      if (solution !== 'own') continue;
      const given = boxes.flatMap(({ boxId, tracking }) => (tracking === null ? [] : [{ boxId, number: tracking }]));
      await work.effect(`report-tracking-${shipmentId}`, () => channel.reportTracking(planId, { shipmentId, boxes: given }, run.signal));
    }
    await run.transact('sent', nothing, async (tx) => {
      const now = await loadShipment(tx, shipment.id);
      const cost = await bookCosts(deps, tx, now);
      await shift(deps, tx, now, { to: 'sent', change: { sentAt: deps.ctx.clock.now() }, data: { cost } });
      return null;
    });
  });
}
