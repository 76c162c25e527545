/**
 * A ticket: `open` it has come in and is being read; `waiting-for-us` a draft, or nothing, waits for the person; `escalated` only a person may answer, and soon; `waiting-for-customer` answered; `snoozed` put off;
 * `closed`. What the customer writes opens it again from anywhere.
 */
export type TicketState = 'open' | 'waiting-for-us' | 'waiting-for-customer' | 'snoozed' | 'escalated' | 'closed';

export const TICKET_TRANSITIONS: Readonly<Record<TicketState, readonly TicketState[]>> = {
  open: ['waiting-for-us', 'escalated', 'waiting-for-customer', 'snoozed', 'closed'],
  'waiting-for-us': ['open', 'escalated', 'waiting-for-customer', 'snoozed', 'closed'],
  escalated: ['open', 'waiting-for-us', 'waiting-for-customer', 'snoozed', 'closed'],
  'waiting-for-customer': ['open', 'escalated', 'waiting-for-us', 'snoozed', 'closed'],
  snoozed: ['open', 'waiting-for-us', 'escalated', 'waiting-for-customer', 'closed'],
  closed: ['open'],
};

export const canBecome = (from: TicketState, to: TicketState): boolean => from === to || TICKET_TRANSITIONS[from].includes(to);
/** An answer is owed. */
export const OWED: readonly TicketState[] = ['open', 'waiting-for-us', 'escalated'];
