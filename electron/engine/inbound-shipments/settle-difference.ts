import { DomainError } from '#kernel/errors.ts';
import { writeOffUnits } from '../inventory/index.ts';
import type { InboundDeps } from './deps.ts';
import { wrongState } from './errors.ts';
import { changeLine, changeShipment, loadShipment, loadVersion } from './repo.ts';
import { differenceOf, unsettled, type InboundShipment } from './shipment.ts';
import { recordEvent, shift } from './shift-shipment.ts';

export interface Settlement {
  readonly id: string;
  readonly version: number;
  readonly lineId: string;
  readonly action: 'written-off' | 'accepted';
  readonly reason: string;
  readonly by: string;
}

/** A person has seen to a line whose count differs. With the last of them the shipment is closed. @throws DomainError NOT_FOUND, WRONG_STATE */
export async function settleDifference(deps: InboundDeps, given: Settlement): Promise<InboundShipment> {
  const { ctx } = deps;
  return ctx.db.transaction(async (tx) => {
    const shipment = await loadVersion(tx, given);
    if (shipment.state !== 'differs') throw wrongState(shipment.state);
    const line = unsettled(shipment.lines).find(({ id }) => id === given.lineId);
    if (!line) throw new DomainError('NOT_FOUND', 'This line does not differ, or was seen to.', { kind: 'inbound-shipment-line', id: given.lineId });
    const units = differenceOf(line);
    const at = ctx.clock.now();
    if (given.action === 'written-off') await writeOffUnits(deps.inventory, tx, { lotId: line.lotId!, units, ref: `inbound:${line.id}`, reason: `${shipment.number}: ${given.reason}` });
    await changeLine(tx, line.id, { settled: { units, action: given.action, reason: given.reason, at, by: given.by } });
    const now = await loadShipment(tx, shipment.id);
    const data = { lineId: line.id, units, action: given.action, reason: given.reason, by: given.by };
    if (unsettled(now.lines).length === 0) return shift(deps, tx, now, { to: 'closed', change: { endedAt: at }, data });
    await changeShipment(tx, now, { at });
    await recordEvent(deps, tx, now.id, { kind: 'settled', data });
    return loadShipment(tx, now.id);
  });
}
