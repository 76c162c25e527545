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

const writerOfFirst = (written: readonly EbayMessage[]) => written.toSorted((a, b) => (instantOf(a) ?? 0) - (instantOf(b) ?? 0))[0]?.senderUsername?.toLowerCase() ?? null;

export function createEbayMessageChannel({ messages: api, clock }: { readonly messages: EbayMessages; readonly clock: Clock }): MessageChannel {
  // only the answer to a message of ours says who we are; else we are who takes part in two conversations with different members
  let ownName: string | null = null;
  let before: ReadonlySet<string> | null = null;
  const learnOwnName = (written: readonly EbayMessage[]) => {
    if (ownName !== null) return;
    const names = new Set(written.flatMap((one) => [one.senderUsername, one.recipientUsername]).flatMap((name) => (name ? [name.toLowerCase()] : [])));
    if (names.size !== 2) return;
    const shared = before === null ? [] : [...names].filter((name) => before!.has(name));
    if (shared.length === 1) ownName = shared[0]!;
    before = names;
  };
  return {
    id: 'ebay',
    address(text) {
      const name = text.trim().toLowerCase();
      if (!/^[^\s@]{2,64}$/.test(name)) throw new DomainError('INVALID', "The seller's eBay user name.", { field: 'recipient', reason: 'username' });
      return name;
    },
    async send(message, { signal }) {
      const sent = await api.send({ to: message.recipient, text: message.text, listingId: message.itemId !== null && LISTING_ID.test(message.itemId) ? message.itemId : null }, signal);
      ownName ??= sent.senderUserName?.toLowerCase() ?? null;
      return { externalId: sent.messageId, at: clock.now() };
    },
    async find(message, { attemptedAt, known = [], signal }) {
      for (const conversation of await api.conversations({ since: attemptedAt - MINUTE_MS, with: message.recipient }, signal)) {
        const found = (await api.messages(conversation.conversationId, signal)).find((one) => one.messageBody === message.text && !known.includes(one.messageId) && !isFrom(one, message.recipient) && (instantOf(one) ?? 0) >= attemptedAt - MINUTE_MS);
        if (found) return { found: { externalId: found.messageId, at: instantOf(found) ?? attemptedAt } };
      }
      return clock.now() - attemptedAt > SHOWN_MS ? 'absent' : 'unknown';
    },
    async receive(cursor, senders, signal) {
      const since = cursor === null ? clock.now() - FIRST_LOOK_MS : Number(cursor);
      const known = senders === 'everyone' ? null : new Set(senders);
      const found: IncomingText[] = [];
      for (const conversation of await api.conversations({ since }, signal)) {
        const written = await api.messages(conversation.conversationId, signal);
        if (!known) learnOwnName(written);
        const other = ownName === null ? writerOfFirst(written) : null;
        for (const one of written) {
          const sender = one.senderUsername?.toLowerCase() ?? '';
          if (!known && (ownName === null ? sender !== other : sender === ownName)) continue;
          const at = instantOf(one);
          if (at === null || at < since || sender === '' || (known !== null && !known.has(sender))) continue;
          found.push({ externalId: one.messageId, sender, subject: one.subject ?? null, text: one.messageBody ?? '', at, tag: null, answers: [], automatic: false, itemId: conversation.referenceId ?? null });
        }
      }
      found.sort((a, b) => a.at - b.at);
      // a minute back, for what the vendor shows late: ids tell what is known
      return { messages: found, cursor: String(Math.max(since, (found.at(-1)?.at ?? since) - MINUTE_MS)) };
    },
  };
}
