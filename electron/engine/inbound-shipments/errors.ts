import type { Reason } from '#contract/shared.ts';
import { DomainError } from '#kernel/errors.ts';

export const noSuchShipment = (id: string) => new DomainError('NOT_FOUND', 'There is no such shipment.', { kind: 'inbound-shipment', id });
export const wrongState = (state: string) => new DomainError('WRONG_STATE', 'The shipment is in another state by now.', { state });
export const badField = (field: string, reason: string) => new DomainError('INVALID', `${field}: ${reason}.`, { field, reason });

/** Ends a workflow for good with a reason that a person can act on. */
export class Stop extends DomainError {
  readonly reason: Reason;
  constructor(reason: Reason) {
    super('STOPPED', reason.code, { reason });
    this.name = 'Stop';
    this.reason = reason;
  }
}
