import { DomainError } from '#kernel/errors.ts';
import type { Money } from '#kernel/money.ts';

export const noSuchListing = (id: string) => new DomainError('NOT_FOUND', 'There is no such listing.', { kind: 'listing', id });
export const wrongState = (state: string) => new DomainError('WRONG_STATE', 'The listing is in another state by now.', { state });
export const belowFloor = (floor: Money) => new DomainError('BELOW_FLOOR', 'The price is below the floor.', { floor });
export const badPrice = (reason: string) => new DomainError('INVALID', `price: ${reason}.`, { field: 'price', reason });
export const badMeasure = (field: string, reason: string) => new DomainError('INVALID', `${field}: ${reason}.`, { field, reason });
export const badCategory = (reason: string) => new DomainError('INVALID', `categoryId: ${reason}.`, { field: 'categoryId', reason });
