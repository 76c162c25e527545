import { DomainError } from '#kernel/errors.ts';
import { DAY_MS, MINUTE_MS, type Clock } from '#kernel/time.ts';
import type { IncomingText, MessageChannel } from '#engine/negotiation/ports.ts';
import type { EbayMessage, EbayMessages } from './message-client.ts';

/** A message shows in its conversation within this time. Assumption. */
const SHOWN_MS = MINUTE_MS;
const FIRST_LOOK_MS = DAY_MS;
const LISTING_ID = /^\d{9,15}$/;

const instantOf = (message: EbayMessage): number | null => {
  const at = Date.parse(message.createdDate ?? '');
  return Number.isNaN(at) ? null : at;
};
const isFrom = (message: EbayMessage, member: string) => message.senderUsername?.toLowerCase() === member;

export function createEbayMessageChannel({ messages: api, clock }: { readonly messages: EbayMessages; readonly clock: Clock }): MessageChannel {
  return {
    id: 'ebay',
    address(text) {
      const name = text.trim().toLowerCase();
      if (!/^[^\s@]{2,64}$/.test(name)) throw new DomainError('INVALID', "The seller's eBay user name.", { field: 'recipient', reason: 'username' });
      return name;
    },
    async send(message, { signal }) {
      const sent = await api.send({ to: message.recipient, text: message.text, listingId: message.itemId !== null && LISTING_ID.test(message.itemId) ? message.itemId : null }, signal);
      return { externalId: sent.messageId, at: clock.now() };
    },
    async find(message, { attemptedAt, signal }) {
      for (const conversation of await api.conversations({ since: attemptedAt - MINUTE_MS, with: message.recipient }, signal)) {
        const found = (await api.messages(conversation.conversationId, signal)).find((one) => one.messageBody === message.text && !isFrom(one, message.recipient) && (instantOf(one) ?? 0) >= attemptedAt - MINUTE_MS);
        if (found) return { found: { externalId: found.messageId, at: instantOf(found) ?? attemptedAt } };
      }
      return clock.now() - attemptedAt > SHOWN_MS ? 'absent' : 'unknown';
    },
    async receive(cursor, senders, signal) {
      const since = cursor === null ? clock.now() - FIRST_LOOK_MS : Number(cursor);
      const known = new Set(senders);
      const found: IncomingText[] = [];
      for (const conversation of await api.conversations({ since }, signal)) {
        for (const one of await api.messages(conversation.conversationId, signal)) {
          const sender = one.senderUsername?.toLowerCase() ?? '';
          const at = instantOf(one);
          if (at === null || at < since || !known.has(sender)) continue;
          found.push({ externalId: one.messageId, sender, subject: one.subject ?? null, text: one.messageBody ?? '', at, tag: null, answers: [], automatic: false });
        }
      }
      found.sort((a, b) => a.at - b.at);
      // a minute back, for what the vendor shows late: ids tell what is known
      return { messages: found, cursor: String(Math.max(since, (found.at(-1)?.at ?? since) - MINUTE_MS)) };
    },
  };
}
