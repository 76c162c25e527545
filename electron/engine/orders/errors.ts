import { DomainError } from '#kernel/errors.ts';

export const noSuchOrder = (id: string) => new DomainError('NOT_FOUND', 'There is no such order.', { kind: 'order', id });
export const wrongState = (state: string) => new DomainError('WRONG_STATE', 'The order is in another state by now.', { state });
export const badTracking = (reason: string) => new DomainError('INVALID', `tracking: ${reason}.`, { field: 'tracking', reason });
