import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ConnectorError, DomainError, isConnectorError } from '#kernel/errors.ts';
import { DAY_MS, HOUR_MS, toIso, type Clock, type Instant } from '#kernel/time.ts';
import type { IncomingText, MessageChannel, OutgoingText, SendAttempt } from '#engine/negotiation/ports.ts';
import type { Mailbox, ReadMail } from './imap/index.ts';
import { eventKey, readMailEvents, type SendGrid, type SuppressedAddress } from './sendgrid/index.ts';

export interface EmailOptions {
  readonly clock: Clock;
  readonly sendgrid: SendGrid;
  readonly mailbox: Mailbox;
  /** The verified sender, whose mailbox is read. */
  readonly address: () => Promise<string>;
  /** SendGrid's verification key of its event webhook; null where none was entered. */
  readonly eventKey?: (() => Promise<string | null>) | undefined;
}

/** How long the blind copy may take to come in; after that the mail did not go out. Assumption. */
const COPY_MS = 2 * HOUR_MS;
const addressSchema = z.email().max(200);
const TAG = /\+rd-([0-9a-f]{32})@/;

const OWN_MESSAGE = '<rd.';
/** Made from the stored key: the same in every try. */
function messageIdOf(key: string, from: string): string {
  return `${OWN_MESSAGE}${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${from.split('@')[1] ?? 'localhost'}>`;
}

const tagged = (from: string, tag: string): string => from.replace('@', `+rd-${tag}@`);

function incomingOf(mail: ReadMail, own: string): IncomingText {
  const tag = mail.to.map((address) => TAG.exec(address)?.[1]).find((found) => found !== undefined) ?? null;
  return { externalId: mail.messageId, sender: mail.from, subject: mail.subject, text: mail.text, at: mail.at, tag, answers: mail.answers, automatic: mail.automatic || mail.loops.includes(own), bounce: mail.bounce };
}

/** How often the vendor is asked what bounced, and how far back: an entry may be there later than its time says. */
const BOUNCES_EVERY_MS = HOUR_MS;
const BOUNCES_BACK_MS = DAY_MS;

/** Where to go on: in the mailbox, and when bounces were asked for last. A cursor of the mailbox alone is an earlier one. */
const cursorSchema = z.union([
  z.strictObject({ mail: z.string(), bouncesAt: z.int() }),
  z.looseObject({ uidValidity: z.string() }).transform((mail) => ({ mail: JSON.stringify(mail), bouncesAt: 0 })),
]);

const bouncedOf = ({ email, at, reason, status }: SuppressedAddress): IncomingText => ({
  externalId: `bounce:${createHash('sha256').update(`${email}:${at}`).digest('hex')}`, sender: email, subject: null, text: '', at, tag: null, answers: [], automatic: true,
  bounce: { recipient: email, original: null, status, reason: reason.slice(0, 300), isPermanent: !status.startsWith('4') },
});

/** Mail out by SendGrid, in by IMAP; what did not arrive is told by both. */
export function createEmailChannel(options: EmailOptions): MessageChannel {
  return {
    id: 'email',
    address(text) {
      const parsed = addressSchema.safeParse(text.trim().toLowerCase());
      if (!parsed.success) throw new DomainError('INVALID', 'This is no email address.', { field: 'recipient', reason: 'email' });
      return parsed.data;
    },
    async send(message: OutgoingText, { idempotencyKey, signal }: SendAttempt) {
      const from = await options.address();
      const messageId = messageIdOf(idempotencyKey, from);
      // what cannot be looked up is sent: only what surely would be dropped is not
      const bounced = await options.sendgrid.bounceOf(message.recipient, signal).catch((error: unknown) => { if (isConnectorError(error)) return null; throw error; });
      if (bounced) throw new ConnectorError({ kind: 'Rejected', connector: 'sendgrid', operation: 'send mail', code: 'SUPPRESSED', message: `SendGrid drops mail to this address since it bounced on ${toIso(bounced.at).slice(0, 10)}: write another way, or take the address off its bounce list` });
      const answers = message.inReplyTo?.startsWith('<') ? { 'In-Reply-To': message.inReplyTo, References: message.inReplyTo } : {};
      await options.sendgrid.send({
        from: { email: from, name: message.senderName }, to: message.recipient, copyTo: from, replyTo: tagged(from, message.tag), subject: message.inReplyTo ? `Re: ${message.subject}` : message.subject, text: message.text,
        headers: { 'Message-ID': messageId, 'X-Loop': from.toLowerCase(), ...answers },
      }, signal);
      return { externalId: messageId, at: options.clock.now() };
    },
    async find(_message, { idempotencyKey, attemptedAt }) {
      const messageId = messageIdOf(idempotencyKey, await options.address());
      const at = await options.mailbox.find(messageId);
      if (at !== null) return { found: { externalId: messageId, at } };
      return options.clock.now() - attemptedAt > COPY_MS ? 'absent' : 'unknown';
    },
    async readEvents(request) {
      const text = (await options.eventKey?.()) ?? null;
      if (text === null) return null;
      const key = eventKey(text);
      const events = key === null ? 'refused' : readMailEvents({ ...request, now: options.clock.now() }, key);
      if (events === 'refused') return 'refused';
      const own = (await options.address()).toLowerCase();
      // the blind copy to ourselves is no news
      return events.filter((event) => event.recipient !== own).map((event) => ({ ...event, isOwn: event.messageId?.startsWith(OWN_MESSAGE) ?? false }));
    },
    async receive(cursor, senders, signal) {
      const own = (await options.address()).toLowerCase();
      const known = senders === 'everyone' ? { has: () => true } : new Set(senders);
      const before = cursor === null ? null : cursorSchema.parse(JSON.parse(cursor));
      const batch = await options.mailbox.receive(before?.mail ?? null);
      const mails = batch.mails.map((mail) => incomingOf(mail, own)).filter((mail) => mail.bounce || (mail.sender !== own && (mail.tag !== null || mail.answers.some((id) => id.startsWith(OWN_MESSAGE)) || known.has(mail.sender))));
      const bounced = await askBounces(options, before?.bouncesAt ?? 0, signal);
      return { messages: [...mails, ...bounced.messages], cursor: JSON.stringify({ mail: batch.cursor, bouncesAt: bounced.at }) };
    },
  };
}

/** A vendor that cannot be asked now is asked the next time; mail is read all the same. */
async function askBounces({ clock, sendgrid }: EmailOptions, askedAt: Instant, signal: AbortSignal | undefined): Promise<{ readonly messages: IncomingText[]; readonly at: Instant }> {
  const now = clock.now();
  if (now - askedAt < BOUNCES_EVERY_MS) return { messages: [], at: askedAt };
  try {
    return { messages: ((await sendgrid.bounces(Math.max(askedAt, now - 7 * DAY_MS) - BOUNCES_BACK_MS, signal)) ?? []).map(bouncedOf), at: now };
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    return { messages: [], at: askedAt };
  }
}
