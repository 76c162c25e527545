import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DomainError } from '#kernel/errors.ts';
import { HOUR_MS, type Clock } from '#kernel/time.ts';
import type { IncomingText, MessageChannel, OutgoingText, SendAttempt } from '#engine/negotiation/ports.ts';
import type { Mailbox, ReadMail } from './imap/index.ts';
import type { SendGrid } from './sendgrid/index.ts';

export interface EmailOptions {
  readonly clock: Clock;
  readonly sendgrid: SendGrid;
  readonly mailbox: Mailbox;
  /** The verified sender, whose mailbox is read. */
  readonly address: () => Promise<string>;
}

/** How long the blind copy may take to come in; after that the mail did not go out. Assumption. */
const COPY_MS = 2 * HOUR_MS;
const addressSchema = z.email().max(200);
const TAG = /\+rd-([0-9a-f]{32})@/;

/** Made from the stored key: the same in every try. */
function messageIdOf(key: string, from: string): string {
  return `<rd.${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${from.split('@')[1] ?? 'localhost'}>`;
}

const tagged = (from: string, tag: string): string => from.replace('@', `+rd-${tag}@`);

function incomingOf(mail: ReadMail): IncomingText {
  const tag = mail.to.map((address) => TAG.exec(address)?.[1]).find((found) => found !== undefined) ?? null;
  return { externalId: mail.messageId, sender: mail.from, subject: mail.subject, text: mail.text, at: mail.at, tag, answers: mail.answers, automatic: mail.automatic };
}

/** Mail out by SendGrid, in by IMAP. */
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
      const answers = message.inReplyTo?.startsWith('<') ? { 'In-Reply-To': message.inReplyTo, References: message.inReplyTo } : {};
      await options.sendgrid.send({
        from: { email: from, name: message.senderName }, to: message.recipient, copyTo: from, replyTo: tagged(from, message.tag), subject: message.inReplyTo ? `Re: ${message.subject}` : message.subject, text: message.text,
        headers: { 'Message-ID': messageId, ...answers },
      }, signal);
      return { externalId: messageId, at: options.clock.now() };
    },
    async find(_message, { idempotencyKey, attemptedAt }) {
      const messageId = messageIdOf(idempotencyKey, await options.address());
      const at = await options.mailbox.find(messageId);
      if (at !== null) return { found: { externalId: messageId, at } };
      return options.clock.now() - attemptedAt > COPY_MS ? 'absent' : 'unknown';
    },
    async receive(cursor, senders) {
      const own = (await options.address()).toLowerCase();
      const known = senders === 'everyone' ? { has: () => true } : new Set(senders);
      const batch = await options.mailbox.receive(cursor);
      const messages = batch.mails.map(incomingOf).filter((mail) => mail.sender !== own && (mail.tag !== null || mail.answers.some((id) => id.startsWith('<rd.')) || known.has(mail.sender)));
      return { messages, cursor: batch.cursor };
    },
  };
}
