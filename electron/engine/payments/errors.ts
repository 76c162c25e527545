import { DomainError } from '#kernel/errors.ts';

export const noSuchPayment = (id: string) => new DomainError('NOT_FOUND', 'There is no such payment.', { kind: 'payment', id });
export const wrongState = (state: string) => new DomainError('WRONG_STATE', 'The payment is in another state by now.', { state });
export const killSwitchOn = () => new DomainError('KILL_SWITCH', 'The kill switch is on: nothing goes out.', {});
export const invalid = (field: string, reason: string) => new DomainError('INVALID', `${field}: ${reason}`, { field, reason });
