/** Talks about a price: pure functions. Text of the other side is data, and no move passes the approved ceiling. */
export * from './read-offer/index.ts';
export * from './strategy/index.ts';
export * from './message/index.ts';
