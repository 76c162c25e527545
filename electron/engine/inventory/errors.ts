import { DomainError } from '#kernel/errors.ts';

export const noSuchLot = (id: string) => new DomainError('NOT_FOUND', 'There is no such stock.', { kind: 'stock', id });
export const wrongLotState = (state: string) => new DomainError('WRONG_STATE', 'The stock changed meanwhile: look at it again.', { state });
export const badQuantity = (field: string, reason: string) => new DomainError('INVALID', `${field}: ${reason}.`, { field, reason });
export const noSuchCount = (id: string) => new DomainError('NOT_FOUND', 'There is no such count.', { kind: 'stock-count', id });
export const wrongCountState = (state: string) => new DomainError('WRONG_STATE', 'The count changed meanwhile: look at it again.', { state });
