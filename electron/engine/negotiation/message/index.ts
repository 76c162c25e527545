export { checkText, type TextProblem, type TextTerms } from './check-text.ts';
export { localMinute, maySend, type SendHistory, type SendPermission, type SendRules } from './may-send.ts';
export type { MessageKind } from './templates.ts';
export { amountText, plainTitle, writeMessage, type MessageInput, type WrittenMessage } from './write-message.ts';
