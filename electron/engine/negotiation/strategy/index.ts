export { beliefFrom, chanceAccepted, emptyHistory, type AcceptanceHistory } from './belief.ts';
export { decideMove, priceStep, type Move, type MoveReason, type TalkView, type Turn } from './decide-move.ts';
export { canBecome, isEnd, TALK_TRANSITIONS, type TalkState } from './machine.ts';
export { advance, handBack, learnFrom, openTalk, receive, takeOver, timeOut, type NewTalk, type Talk } from './talk.ts';
