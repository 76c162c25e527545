import { z } from 'zod';
import { money } from '#kernel/money.ts';
import { HOUR_MS } from '#kernel/time.ts';
import type { Tx, WorkflowDefinition } from '#runtime/ports.ts';
import { getLot, setAside } from '../inventory/index.ts';
import { CASH, post, POSTAGE } from '../ledger/index.ts';
import type { InboundDeps } from './deps.ts';
import { loadShipment } from './repo.ts';
import { atHome } from './report-sent.ts';
import type { InboundShipment } from './shipment.ts';
import { shift } from './shift-shipment.ts';
import { inboundWorkflow } from './work-on-plan.ts';

const nothing = z.null();

/** The units are where they were and for sale again. What was sold meanwhile stays sold. */
async function bringBack(deps: InboundDeps, tx: Tx, shipment: InboundShipment): Promise<void> {
  for (const line of shipment.lines) {
    if (line.lotId === null) continue;
    const lot = await getLot(tx, line.lotId);
    if (lot.onHand > 0) await setAside(deps.inventory, tx, { lotId: lot.id, units: lot.onHand, location: line.sourcePlace, reason: `${shipment.number} cancelled`, list: true });
  }
}

/** Transports that can't be given back any more are paid for all the same. */
async function bookForfeit(deps: InboundDeps, tx: Tx, shipment: InboundShipment): Promise<void> {
  const now = deps.ctx.clock.now();
  const lost = shipment.deliveries.length === 0 ? [] : (shipment.chosen?.transports ?? []).filter(({ cost, voidableUntil }) => cost !== null && voidableUntil !== null && voidableUntil < now);
  if (lost.length === 0) return;
  const { currency } = shipment.chosen!.total;
  const amount = await atHome(tx, money(lost.reduce((sum, { cost }) => sum + cost!.minor, 0), currency));
  if (!amount) return;
  await post(deps.inventory, tx, {
    key: `inbound:${shipment.id}:forfeit`, kind: 'inbound-freight', memo: `${shipment.number}: transport not given back in time`, ref: { kind: 'inbound-shipment', id: shipment.id }, at: now,
    lines: [{ account: POSTAGE, amount }, { account: CASH, amount: money(-amount.minor, amount.currency) }],
  });
}

/** Gives up a shipment that has not left: first the channel's plan, asked after before a repeat, then the units come back. */
export function cancellingWorkflow(deps: InboundDeps): WorkflowDefinition<{ id: string; attempt: number }> {
  return inboundWorkflow(deps, 'cancelling', async (work) => {
    const { run, channel, shipment } = work;
    // a try that stopped before it was heard of can have left a plan
    const planId = shipment.planId ?? (await run.step('find-plan', z.string().nullable(), async () => (await channel.findPlan(shipment.name, shipment.createdAt - HOUR_MS, run.signal))?.planId ?? null));
    if (planId !== null) {
      const gone = async () => (await channel.planState(planId, run.signal)) === 'cancelled';
      if (!(await run.step('cancelled-before', z.boolean(), gone))) await work.effect('cancel-plan', () => channel.cancelPlan(planId, run.signal), gone);
    }
    await run.transact('cancelled', nothing, async (tx) => {
      const now = await loadShipment(tx, shipment.id);
      await bookForfeit(deps, tx, now);
      await bringBack(deps, tx, now);
      await shift(deps, tx, now, { to: 'cancelled', change: { endedAt: deps.ctx.clock.now() } });
      return null;
    });
  });
}
