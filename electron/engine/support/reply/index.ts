export { checkReply, type ReplyProblem, type ReplyTerms } from './check-reply.ts';
export { decideReply, letter, type DecidedReply, type ReplyDecision, type ReplyQuestion } from './decide-reply.ts';
export { factsOf, type Fact, type OrderFacts } from './facts.ts';
export { PROMISES, type PromiseKind, type ReplyKind } from './templates.ts';
export type { ReplyLanguage } from './write-values.ts';
