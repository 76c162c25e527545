import type { InboundState } from '#contract/inbound-shipments.ts';
import { isConnectorError, messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import type { Tx } from '#runtime/ports.ts';
import type { InboundDeps } from './deps.ts';
import { Stop, wrongState } from './errors.ts';
import { canGo, WORKED_ON, type WorkedOn } from './machine.ts';
import { changeShipment, loadShipment, type ShipmentChange } from './repo.ts';
import type { InboundShipment } from './shipment.ts';

export interface Shift {
  readonly to: InboundState;
  readonly change?: ShipmentChange;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The workflow that works on a state. */
export const workflowOf = (state: WorkedOn): string => `inbound-${state}`;

export async function recordEvent({ ctx }: InboundDeps, tx: Tx, shipmentId: string, event: { readonly kind: string; readonly data: Readonly<Record<string, unknown>> }): Promise<void> {
  await tx.inboundShipmentEvent.create({ data: { id: ctx.ids.next('event'), shipmentId, kind: event.kind, data: JSON.stringify(event.data), at: ctx.clock.now() } });
  await ctx.outbox.add(tx, `inbound-shipment.${event.kind}`, shipmentId, event.data);
}

/** A step of the machine in the caller's transaction; a state that is worked on starts its workflow there too. @throws DomainError WRONG_STATE. */
export async function shift(deps: InboundDeps, tx: Tx, shipment: InboundShipment, { to, change = {}, data = {} }: Shift): Promise<InboundShipment> {
  if (!canGo(shipment.state, to)) throw wrongState(shipment.state);
  const worked = (WORKED_ON as readonly InboundState[]).includes(to);
  const attempt = shipment.attempt + (worked ? 1 : 0);
  await changeShipment(tx, shipment, { ...(to === 'stopped' ? {} : { stopReason: null, failedFrom: null }), ...change, state: to, attempt, at: deps.ctx.clock.now() });
  await recordEvent(deps, tx, shipment.id, { kind: to, data: { from: shipment.state, ...data } });
  if (worked) await deps.ctx.workflows.start(tx, workflowOf(to as WorkedOn), `${workflowOf(to as WorkedOn)}:${shipment.id}:${attempt}`, { id: shipment.id, attempt });
  return loadShipment(tx, shipment.id);
}

/** What went wrong, in a reason that a person can act on. */
export async function stopShipment(deps: InboundDeps, tx: Tx, { id, attempt }: { readonly id: string; readonly attempt: number }, error: unknown): Promise<void> {
  const shipment = await loadShipment(tx, id);
  if (shipment.attempt !== attempt || !canGo(shipment.state, 'stopped')) return;
  const reason = error instanceof Stop ? error.reason : { code: isConnectorError(error) ? 'stock.inbound-refused' : 'stock.inbound-failed', data: { message: maskText(messageOf(error)).slice(0, 500) } };
  await shift(deps, tx, shipment, { to: 'stopped', change: { stopReason: reason, failedFrom: shipment.state }, data: { reason } });
}
