import type { Reason } from '#contract/shared.ts';
import { DomainError } from '#kernel/errors.ts';

export const noSuchPurchase = (id: string) => new DomainError('NOT_FOUND', 'There is no such purchase.', { kind: 'purchase', id });
export const wrongState = (state: string) => new DomainError('WRONG_STATE', 'The purchase is in another state by now.', { state });
export const limitReached = (reasons: readonly Reason[]) => new DomainError('LIMIT', 'A limit does not allow this purchase.', { reasons });
/** For procedures that declare no LIMIT. */
export const limitedAgain = (reasons: readonly Reason[]) => new DomainError('INVALID', 'A limit does not allow this purchase.', { field: 'limits', reason: reasons[0]?.code ?? 'limit', reasons });
export const killSwitchOn = () => new DomainError('KILL_SWITCH', 'The kill switch is on: nothing goes out.', {});
export const samePerson = () => new DomainError('SAME_PERSON', 'You agreed already: this amount needs another person as well.', {});
export const badField = (field: string, reason: string) => new DomainError('INVALID', `${field}: ${reason}.`, { field, reason });
