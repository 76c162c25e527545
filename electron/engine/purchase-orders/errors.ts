import { DomainError } from '#kernel/errors.ts';

export const noSuchOrder = (id: string) => new DomainError('NOT_FOUND', 'There is no such purchase order.', { kind: 'purchase-order', id });
export const noSuchReceipt = (id: string) => new DomainError('NOT_FOUND', 'There is no such receipt of this purchase order.', { kind: 'purchase-order-receipt', id });
export const wrongState = (state: string) => new DomainError('WRONG_STATE', 'The purchase order is in another state by now.', { state });
export const badField = (field: string, reason: string) => new DomainError('INVALID', `${field}: ${reason}.`, { field, reason });
