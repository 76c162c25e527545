import type { z } from 'zod';
import { noticeRules, type NoticeGroup, type NoticeRules } from '#contract/notices.ts';
import type { todayItem } from '#contract/system.ts';
import type { SettingKey } from '../../settings/index.ts';

export type Item = z.infer<typeof todayItem>;

/** Off until a person turns it on. */
export const NOTICES: SettingKey<NoticeRules> = {
  key: 'notices', schema: noticeRules, fallback: { telegram: false, mail: false, mailTo: '', about: ['orders', 'customers', 'purchases', 'stock', 'watch', 'desk'], quietFromMinute: 22 * 60, quietToMinute: 7 * 60, timeZone: 'UTC' },
};

/** What of Today is told, and in which words. Chances to buy have cards of their own in the chat (`approvals/chat-bot.ts`); what is not here is for the window alone. */
export const TOLD: Readonly<Record<string, { readonly group: NoticeGroup; readonly words: string }>> = {
  oversold: { group: 'orders', words: 'Sold more than there is' }, 'order-unreadable': { group: 'orders', words: 'An order cannot be read' }, ship: { group: 'orders', words: 'To send' }, claim: { group: 'orders', words: 'A buyer claims money back' },
  'customer-return': { group: 'orders', words: 'A return waits' }, 'not-shown': { group: 'orders', words: 'Done by hand, and the channel does not show it' }, 'buyer-message': { group: 'orders', words: 'A message to a buyer did not arrive' },
  ticket: { group: 'customers', words: 'A customer waits for an answer' }, talk: { group: 'customers', words: 'A talk with a seller needs you' },
  'purchase-stopped': { group: 'purchases', words: 'A purchase stopped' }, 'approve-second': { group: 'purchases', words: 'A second person has to agree' }, 'order-by-hand': { group: 'purchases', words: 'To order by hand' }, receive: { group: 'purchases', words: 'On its way, to be taken in' }, 'return-ends': { group: 'purchases', words: 'Can be sent back for three days more' },
  'warehouse-differs': { group: 'stock', words: 'The warehouse counts another number' }, inbound: { group: 'stock', words: 'A shipment to the warehouse waits' }, 'listing-stopped': { group: 'stock', words: 'A listing stopped' },
  watch: { group: 'watch', words: 'A watched offer changed' }, alert: { group: 'watch', words: 'A saved search found something' },
  'job-failed': { group: 'desk', words: 'Work failed' }, 'source-failing': { group: 'desk', words: 'A source cannot be read' }, 'source-drifting': { group: 'desk', words: 'Fields vanished from a source' },
};
const byTime = ({ id, at }: Item) => `${id}:${at}`;
const byReason = ({ id, reason }: Item) => [id, reason?.code, reason?.data['claimId']].filter((part) => part !== undefined).join(':');
/** What comes back under the same id with something new to say: that makes it another notice. */
const ABOUT: Readonly<Record<string, (item: Item) => string>> = {
  watch: byTime, alert: byTime, inbound: byTime, ticket: byTime, talk: byTime, 'purchase-stopped': byTime, 'approve-second': byTime, claim: byReason, 'customer-return': byReason, 'not-shown': byReason,
  // its id is a place in a list that moves up
  'order-unreadable': ({ title }) => title,
};

/** One notice, whatever the way: told once while it waits. */
export const keyOf = (item: Item): string => `${item.kind}:${ABOUT[item.kind]?.(item) ?? item.id}`;
