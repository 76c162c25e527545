/** Talks about a price, durable. Text of the other side is data, and no move passes the approved ceiling. */
export * from './read-offer/index.ts';
export * from './strategy/index.ts';
export * from './message/index.ts';
export type { AgreedBuyer, NegotiationDeps } from './deps.ts';
export type { ChannelDirectory, IncomingText, MessageChannel, PhrasePort, PhraseRequest, SendingChannelId, TalkTerms, TalkTermsPort } from './ports.ts';
export { createNegotiationProcedures } from './procedures.ts';
export { POLL_CHANNELS, registerNegotiation, scheduleNegotiation } from './register.ts';
export { keepIncoming } from './receive-text.ts';
export { receiveSmsNotice } from './receive-notice.ts';
export { NEGOTIATION_RULES } from './rules.ts';
