import { z } from 'zod';
import { inboundPacking, inboundPrep } from '#contract/inbound-shipments.ts';
import { HOUR_MS, MINUTE_MS } from '#kernel/time.ts';
import type { WorkflowDefinition, WorkflowRun } from '#runtime/ports.ts';
import { findByLots } from '../listings/index.ts';
import type { InboundDeps } from './deps.ts';
import { Stop } from './errors.ts';
import type { PackingOption } from './ports.ts';
import { changeLine, loadShipment } from './repo.ts';
import type { InboundShipment } from './shipment.ts';
import { shift } from './shift-shipment.ts';
import { inboundWorkflow, settle } from './work-on-plan.ts';

const nothing = z.null();
const listedSchema = z.strictObject({ ready: z.boolean(), stopped: z.string().nullable() });
const planSchema = z.strictObject({ planId: z.string(), operationId: z.string().nullable() });
const prepSchema = z.array(inboundPrep.extend({ sku: z.string() }));
/** A channel plans only what it has a listing for, made as the channel's to send; publishing one takes it a while. */
const LOOK_EVERY_MS = MINUTE_MS;
const MOST_LOOKS = 180;

/** Waits until every SKU is listed at the channel. */
async function listed(deps: InboundDeps, run: WorkflowRun, shipment: InboundShipment): Promise<void> {
  const lotIds = shipment.lines.flatMap(({ lotId }) => (lotId === null ? [] : [lotId]));
  for (let look = 1; look <= MOST_LOOKS; look++) {
    const { ready, stopped } = await run.step(`listed-${look}`, listedSchema, async () => {
      const here = (await findByLots(deps.ctx.db.prisma, lotIds)).filter(({ channel }) => channel === shipment.channel);
      const done = new Set(here.filter(({ state }) => state === 'active' || state === 'sold-out').map(({ lotId }) => lotId));
      return { ready: lotIds.every((id) => done.has(id)), stopped: here.find(({ state }) => state === 'stopped')?.title ?? null };
    });
    if (ready) return;
    if (stopped !== null) throw new Stop({ code: 'stock.inbound-listing-stopped', data: { title: stopped } });
    await run.waitUntil(`listed-wait-${look}`, deps.ctx.clock.now() + LOOK_EVERY_MS);
  }
  throw new Stop({ code: 'stock.inbound-not-listed', data: {} });
}

/** The cheapest that is still on offer. */
const cheapest = (options: readonly PackingOption[]): PackingOption | undefined => options.toSorted((a, b) => a.fee.minor - b.fee.minor)[0];

/** Plan and ways to pack. The plan is looked for by its name before it is made, whoever made it: there is never a second. */
export function planningWorkflow(deps: InboundDeps): WorkflowDefinition<{ id: string; attempt: number }> {
  return inboundWorkflow(deps, 'planning', async (work) => {
    const { run, channel, shipment, shows } = work;
    await listed(deps, run, shipment);
    const skus = shipment.lines.flatMap(({ sku }) => (sku === null ? [] : [sku]));
    const prep = await run.step('prep', prepSchema, async () => (await channel.prepDetails(skus, run.signal)).map(({ types, category, ...rest }) => ({ ...rest, category: category ?? '', types: [...types] })));
    const unsaid = shipment.lines.find(({ sku }) => (prep.find((one) => one.sku === sku)?.category ?? '') === '');
    if (unsaid) throw new Stop({ code: 'stock.inbound-prep-unknown', data: { title: unsaid.title, sku: unsaid.sku } });
    const items = shipment.lines.map((line) => ({ sku: line.sku!, units: line.units, prepBy: prep.find(({ sku }) => sku === line.sku)!.prepBy, labelBy: prep.find(({ sku }) => sku === line.sku)!.labelBy }));
    const find = () => channel.findPlan(shipment.name, shipment.createdAt - HOUR_MS, run.signal);
    const plan = await run.effect('create-plan', {
      output: planSchema,
      call: async ({ idempotencyKey }) => {
        shows.called(idempotencyKey);
        // an earlier try of the same shipment can have made it
        const standing = shipment.attempt > 1 ? await find() : null;
        return standing ? { planId: standing.planId, operationId: null } : channel.createPlan({ name: shipment.name, from: shipment.from, items }, run.signal);
      },
      reconcile: ({ idempotencyKey }) => shows.reconcile(idempotencyKey, async () => {
        const standing = await find();
        return standing && { planId: standing.planId, operationId: null };
      }),
    });
    const { planId } = plan;
    await settle(run, deps, { name: 'create-plan', channel, operationId: plan.operationId });
    await work.effect('generate-packing', () => channel.generatePacking(planId, run.signal));
    const packing = await run.step('packing-options', inboundPacking.nullable(), async () => {
      const option = cheapest(await channel.packingOptions(planId, run.signal));
      if (!option) return null;
      const groups = [];
      for (const groupId of option.groupIds) groups.push({ groupId, items: (await channel.groupItems(planId, groupId, run.signal)).map((item) => ({ ...item })) });
      return { optionId: option.optionId, fee: option.fee, groups };
    });
    if (packing === null) throw new Stop({ code: 'stock.inbound-no-options', data: {} });
    await run.transact('planned', nothing, async (tx) => {
      const now = await loadShipment(tx, shipment.id);
      for (const line of now.lines) {
        const { sku: _sku, ...said } = prep.find(({ sku }) => sku === line.sku)!;
        await changeLine(tx, line.id, { prep: said });
      }
      await shift(deps, tx, now, { to: 'packing', change: { planId, packing }, data: { planId } });
      return null;
    });
  });
}
