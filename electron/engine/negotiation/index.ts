/** Talks about a price, durable. Text of the other side is data, and no move passes the approved ceiling. */
export * from './read-offer/index.ts';
export * from './strategy/index.ts';
export * from './message/index.ts';
export type { AgreedBuyer, NegotiationDeps } from './deps.ts';
export type { Bounce, ChannelDirectory, IncomingBatch, IncomingText, MailEvent, MessageChannel, PhrasePort, OutgoingText, PhraseRequest, SendingChannelId, SentText, TalkTerms, TalkTermsPort } from './ports.ts';
export { createNegotiationProcedures } from './procedures.ts';
export { POLL_CHANNELS, registerNegotiation, scheduleNegotiation } from './register.ts';
export { belongsToTalk, keepIncoming, openInbound, SENDING_CHANNELS } from './receive-text.ts';
export { stripQuoted } from './strip-quoted.ts';
export { receiveSmsNotice } from './receive-notice.ts';
export { isOwnText, takeMailEvent } from './take-mail-event.ts';
export { NEGOTIATION_RULES } from './rules.ts';
export { errorOf as bounceError, reasonOf as bounceReason, sentWithin } from './take-bounce.ts';
