import type { Reason } from '#contract/shared.ts';
import type { Instant } from '#kernel/time.ts';
import type { SendingChannelId } from '../negotiation/index.ts';
import type { TicketState } from './machine.ts';
import type { ReplyLanguage } from './reply/index.ts';

export interface Ticket {
  readonly id: string;
  readonly state: TicketState;
  readonly channel: SendingChannelId;
  /** Opened. */
  readonly recipient: string;
  readonly handleMark: string;
  readonly itemId: string | null;
  readonly customerId: string | null;
  readonly orderId: string | null;
  /** Opened. */
  readonly subject: string | null;
  readonly intent: string;
  readonly language: ReplyLanguage;
  readonly confidenceBp: number;
  readonly urgency: number;
  readonly handOff: Reason | null;
  readonly dueAt: Instant | null;
  readonly snoozedUntil: Instant | null;
  readonly satisfaction: 'good' | 'bad' | null;
  readonly openedAt: Instant;
  readonly lastInAt: Instant;
  readonly firstReplyAt: Instant | null;
  readonly lastOutAt: Instant | null;
  readonly closedAt: Instant | null;
  readonly version: number;
}

export type MessageState = 'received' | 'repeated' | 'draft' | 'queued' | 'sending' | 'sent' | 'failed' | 'dropped';

export interface TicketText {
  readonly id: string;
  readonly ticketId: string;
  readonly channel: string;
  readonly direction: 'in' | 'out';
  readonly state: MessageState;
  readonly author: 'customer' | 'person' | 'template' | 'ai';
  /** Opened, as the three below. */
  readonly text: string;
  readonly proposed: string | null;
  readonly subject: string | null;
  /** What the draft may say: facts, template and promises. */
  readonly basis: string | null;
  readonly externalId: string | null;
  readonly intent: string | null;
  readonly confidenceBp: number | null;
  readonly attemptedAt: Instant | null;
  readonly sentAt: Instant | null;
  /** When the receiving side took it in, where the vendor says. */
  readonly deliveredAt: Instant | null;
  readonly error: string | null;
  readonly createdAt: Instant;
}

/** Stands in the address that a customer answers to. */
export const tagOf = (id: string): string => id.replace(/^[a-z]+_/, '').replaceAll('-', '').slice(0, 32);
export const idOfTag = (tag: string): string => `tkt_${tag.slice(0, 8)}-${tag.slice(8, 12)}-${tag.slice(12, 16)}-${tag.slice(16, 20)}-${tag.slice(20)}`;
