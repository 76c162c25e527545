/** What a talk needs of others: ways to write to a seller, the opportunity behind it, and somebody who may word it. */
import type { MessageLanguage } from '#kernel/detect-language.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';

export type ChannelId = 'email' | 'sms' | 'ebay' | 'by-hand';
export type SendingChannelId = Exclude<ChannelId, 'by-hand'>;

export interface OutgoingText {
  readonly recipient: string;
  /** For channels that have one. */
  readonly subject: string;
  readonly text: string;
  readonly senderName: string;
  /** Names the talk in what comes back: letters and digits. */
  readonly tag: string;
  /** The vendor's id of the message that is answered; null for the first. */
  readonly inReplyTo: string | null;
  /** The vendor's id of the thing that is talked about, where the channel has such. */
  readonly itemId: string | null;
}

export interface SendAttempt {
  /** Stored before the first call, and the same in every later one. */
  readonly idempotencyKey: string;
  /** When it was first handed to the vendor: nothing older can be it. */
  readonly attemptedAt: Instant;
  /** Vendor's ids of messages of ours that are known already: the same words may have gone out a moment before. */
  readonly known?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SentText {
  /** The vendor's id. */
  readonly externalId: string;
  readonly at: Instant;
}

/** A mail of ours that did not arrive, as the receiving side or the vendor says. */
export interface Bounce {
  readonly recipient: string;
  /** The vendor's id of what did not arrive, where that is told. */
  readonly original: string | null;
  /** RFC 3463: `5.1.1`; empty where none is told. */
  readonly status: string;
  readonly reason: string;
  /** Another mail there will not arrive either. */
  readonly isPermanent: boolean;
}

/** What the mail vendor tells by itself of a mail, of us or of others. */
export interface MailEvent {
  /** The vendor's number of the event. */
  readonly id: string;
  /** The vendor's word. */
  readonly kind: string;
  readonly recipient: string;
  /** As `SentText.externalId`; null where the vendor does not tell. */
  readonly messageId: string | null;
  /** The message is one that this program sends. */
  readonly isOwn: boolean;
  readonly at: Instant;
  readonly delivered: boolean;
  /** It did not arrive. */
  readonly bounce: Bounce | null;
  /** Whoever got it wants no more. */
  readonly optOut: boolean;
  /** It holds for the address, whichever mail it was about. */
  readonly everywhere: boolean;
}

export interface IncomingText {
  readonly externalId: string;
  /** As `OutgoingText.recipient` would name the sender. */
  readonly sender: string;
  readonly subject: string | null;
  readonly text: string;
  readonly at: Instant;
  /** The talk's tag, where the answer carries it. */
  readonly tag: string | null;
  /** Vendor's ids of messages that it answers. */
  readonly answers: readonly string[];
  /** Written by a program (out of office, bounced): shown, and never taken for an answer. */
  readonly automatic: boolean;
  /** The vendor's id of the thing that is written about, where the channel says. */
  readonly itemId?: string | null | undefined;
  /** It says that something of ours did not arrive, and nothing else. */
  readonly bounce?: Bounce | null | undefined;
}

export interface IncomingBatch {
  readonly messages: readonly IncomingText[];
  /** Where to go on; kept together with the messages, so that none is read twice. */
  readonly cursor: string;
}

/** What `send` throws says what is known: `OutcomeUnknown` when it may have gone out, anything else when it certainly did not. */
export interface MessageChannel {
  readonly id: SendingChannelId;
  send(message: OutgoingText, attempt: SendAttempt): Promise<SentText>;
  /** What became of an earlier `send`: looked up among what was sent. Never sends. */
  find(message: OutgoingText, attempt: SendAttempt): Promise<{ readonly found: SentText } | 'absent' | 'unknown'>;
  /** What has come in since the cursor, oldest first; from now on for null. @param senders whom talks are with: others' mail is none of the program's business. `everyone` for what customers write; the caller keeps what is its own. */
  receive(cursor: string | null, senders: readonly string[] | 'everyone', signal?: AbortSignal): Promise<IncomingBatch>;
  /** A notice that the vendor sent by itself: what came in, null for one about something else, `refused` for one that is not the vendor's. */
  readWebhook?(request: { readonly url: string; readonly raw: Uint8Array; readonly headers: Readonly<Record<string, string | undefined>> }): Promise<IncomingText | null | 'refused'>;
  /** A notice of what became of mails: null while no key for it was entered, `refused` for one that is not the vendor's. */
  readEvents?(request: { readonly raw: Uint8Array; readonly headers: Readonly<Record<string, string | undefined>> }): Promise<readonly MailEvent[] | null | 'refused'>;
  /** Addresses are compared in this form. @throws DomainError INVALID for what is no address here. */
  address(text: string): string;
}

export interface ChannelDirectory {
  /** Null while its account is not connected. */
  get(id: SendingChannelId): MessageChannel | null;
}

/** The opportunity as a talk needs it. Prices are for one offer, in its own currency. */
export interface TalkTerms {
  readonly opportunityId: string;
  readonly version: number;
  readonly open: boolean;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly sourceKind: string;
  readonly offerExternalId: string;
  readonly offerUrl: string;
  readonly title: string;
  readonly sellerName: string | null;
  readonly asked: Money;
  /** The dearest price at which the limits are still met, by today's estimate; null where none is. */
  readonly ceiling: Money | null;
  /** All that the person sees, JSON values only. */
  readonly evidence: Readonly<Record<string, unknown>>;
}

export interface TalkTermsPort {
  /** @throws DomainError NOT_FOUND. */
  terms(tx: Tx, opportunityId: string): Promise<TalkTerms>;
}

/** A move to be put into words. Holds no ceiling and no estimate: what is not told cannot be betrayed. */
export interface PhraseRequest {
  readonly kind: 'opening' | 'counter' | 'accept' | 'walk-away' | 'reminder';
  readonly language: MessageLanguage;
  /** As it has to stand in the text; null where no number may stand. */
  readonly amount: string | null;
  /** What the good is called in the text. */
  readonly item: string;
  /** The template's words, which say all that may be said. */
  readonly template: string;
}

/** Words of a language model. They are checked like any other text, and thrown away for the template when anything is wrong with them. */
export interface PhrasePort {
  /** Null: no words to be had now (no key, no budget). Without a signature: that is added. */
  phrase(request: PhraseRequest, signal?: AbortSignal): Promise<string | null>;
}
