import { implement } from '@orpc/server';
import { channelChargesContract } from '#contract/channel-charges.ts';
import { declaredErrors } from '#contract/errors.ts';
import type { Tx } from '#runtime/ports.ts';
import { rowOf, toCharge, type Charge } from './charge.ts';
import type { ChargesDeps } from './deps.ts';
import { explainCharge } from './explain-charge.ts';

async function shown(tx: Tx, charges: readonly Charge[]) {
  const ids = [...new Set(charges.flatMap(({ shipmentId }) => shipmentId ?? []))];
  const numbers = new Map((ids.length === 0 ? [] : await tx.inboundShipment.findMany({ where: { id: { in: ids } }, select: { id: true, number: true } })).map(({ id, number }) => [id, number]));
  return charges.map((charge) => rowOf(charge, numbers));
}

/** `by`: the person at the desk. */
export function createChargeProcedures(deps: ChargesDeps, by: string) {
  const os = implement(channelChargesContract).use(declaredErrors);
  const { db } = deps.ctx;
  return os.router({
    list: os.list.handler(async ({ input }) => {
      const where = { ...(input.shipmentId === undefined ? {} : { shipmentId: input.shipmentId }), ...(input.open ? { kind: 'unknown', explained: null } : {}), ...(input.cursor === undefined ? {} : { id: { lt: input.cursor } }) };
      const found = (await db.prisma.channelCharge.findMany({ where, orderBy: { id: 'desc' }, take: input.limit + 1 })).map(toCharge);
      const items = found.slice(0, input.limit);
      return { items: await shown(db.prisma, items), nextCursor: found.length > input.limit ? (items.at(-1)?.id ?? null) : null };
    }),
    explain: os.explain.handler(async ({ input }) => (await shown(db.prisma, [await db.transaction((tx) => explainCharge(deps, tx, { ...input, by }))]))[0]!),
  });
}
