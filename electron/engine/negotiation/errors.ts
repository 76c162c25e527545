import { DomainError } from '#kernel/errors.ts';

export const noSuchTalk = (id: string) => new DomainError('NOT_FOUND', 'There is no such talk.', { kind: 'negotiation', id });
export const wrongTalkState = (state: string) => new DomainError('WRONG_STATE', 'The talk has moved on by now.', { state });
export const badTalkField = (field: string, reason: string) => new DomainError('INVALID', `${field}: ${reason}.`, { field, reason });
