import type { InboundState } from '#contract/inbound-shipments.ts';

/**
 * `planning`, `placing`, `confirming`, `reporting` and `cancelling` are worked on by a workflow; `draft`, `packing`, `choosing`, `ready`, `differs` and `stopped` wait for a person; `sent` and `receiving` for the channel.
 * `stopped` goes back to what it was stopped in, or is cancelled.
 */
export const INBOUND_TRANSITIONS: Readonly<Record<InboundState, readonly InboundState[]>> = {
  draft: ['planning', 'cancelled'],
  planning: ['packing', 'stopped'],
  packing: ['placing', 'cancelling'],
  placing: ['choosing', 'stopped'],
  choosing: ['confirming', 'placing', 'cancelling'],
  confirming: ['ready', 'stopped'],
  ready: ['reporting', 'cancelling'],
  reporting: ['sent', 'stopped'],
  sent: ['receiving', 'closed', 'differs'],
  receiving: ['closed', 'differs'],
  differs: ['closed'],
  stopped: ['planning', 'placing', 'confirming', 'reporting', 'cancelling'],
  cancelling: ['cancelled', 'stopped'],
  closed: [],
  cancelled: [],
};

export const canGo = (from: InboundState, to: InboundState): boolean => INBOUND_TRANSITIONS[from].includes(to);
/** A workflow is at work in these; a stop comes from one of them. */
export const WORKED_ON = ['planning', 'placing', 'confirming', 'reporting', 'cancelling'] as const satisfies readonly InboundState[];
export type WorkedOn = (typeof WORKED_ON)[number];
export const UNDER_WAY: readonly InboundState[] = ['sent', 'receiving'];
