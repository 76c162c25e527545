import { createHash } from 'node:crypto';
import type { NoticeRules } from '#contract/notices.ts';
import { isConnectorError, messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { formatMoney, type Money } from '#kernel/money.ts';
import { DAY_MS, MINUTE_MS } from '#kernel/time.ts';
import { maySend } from '../../negotiation/index.ts';
import { readSetting } from '../../settings/index.ts';
import type { NoticesDeps } from './deps.ts';
import { keyOf, NOTICES, TOLD, type Item } from './rules.ts';

/** Lines of one message; the others are counted. All of them count as told. */
const MOST_LINES = 12;
const LONGEST_TITLE = 120;
const SENDER = 'Resale Desk';
/** No call takes so long: the program was killed in the middle of it, and nobody knows what became of it. */
const LONGEST_CALL_MS = 10 * MINUTE_MS;
/** What ended is told again when it comes back after this; before, it would be what flickers that is told. */
const FORGOTTEN_AFTER_MS = 7 * DAY_MS;
/** Of the program's own mail: whoever answers it answers nobody. */
const NO_TALK = '0'.repeat(32);

/** One place where a person is told. */
export interface Way {
  readonly id: string;
  readonly send: (message: { readonly subject: string; readonly text: string; readonly key: string }) => Promise<void>;
}

/** Linked chats, and the address for mail, as far as they are on and there is an account. */
export async function waysOf({ ctx, chat, mailChannel }: NoticesDeps, rules: NoticeRules): Promise<Way[]> {
  const ways: Way[] = [];
  if (rules.telegram && chat.isConnected()) {
    const linked = await ctx.db.prisma.personChannel.findMany({ where: { kind: 'telegram', revokedAt: null, person: { disabledAt: null } }, orderBy: { id: 'asc' } });
    for (const { address } of linked) ways.push({ id: `telegram:${address}`, send: async ({ text }) => void (await chat.send({ chatId: address, text })) });
  }
  const channel = rules.mail && rules.mailTo !== '' ? mailChannel() : null;
  if (channel) {
    ways.push({
      id: `mail:${rules.mailTo.toLowerCase()}`,
      send: async ({ subject, text, key }) => void (await channel.send({ recipient: rules.mailTo, subject, text, senderName: SENDER, tag: NO_TALK, inReplyTo: null, itemId: null }, { idempotencyKey: key, attemptedAt: ctx.clock.now() })),
    });
  }
  return ways;
}

const amountIn = (value: unknown): string | null => (typeof value === 'object' && value !== null && 'minor' in value && 'currency' in value ? formatMoney(value as Money, 'en') : null);

/** What a watched offer did; other reasons are for the window. */
function newsOf({ reason }: Item): string {
  const [before, now] = [amountIn(reason?.data['from'] ?? reason?.data['before']), amountIn(reason?.data['to'] ?? reason?.data['price'] ?? reason?.data['now'])];
  const moved = before && now ? ` (${before} → ${now})` : now ? ` (${now})` : '';
  const said: Readonly<Record<string, string>> = { 'watch.fell': 'it became cheaper', 'watch.below': 'it is at or below your mark', 'watch.undercut': 'it goes below your price', 'watch.sold-out': 'it is sold out', 'watch.back': 'it is back', 'watch.unreadable': 'it cannot be read any more' };
  return reason && said[reason.code] ? `: ${said[reason.code]}${moved}` : '';
}

/** Plain text: no mark-up that a title could break out of. */
export function noticeText(items: readonly Item[]): { subject: string; text: string } {
  const lines = items.slice(0, MOST_LINES).map((item) => `• ${TOLD[item.kind]!.words}: ${item.title.replaceAll(/\s+/g, ' ').slice(0, LONGEST_TITLE)}${item.kind === 'watch' ? newsOf(item) : item.amount ? ` (${formatMoney(item.amount, 'en')})` : ''}`);
  const subject = items.length === 1 ? 'Resale Desk: one thing needs you' : `Resale Desk: ${items.length} things need you`;
  return { subject, text: [subject, ...lines, ...(items.length > MOST_LINES ? [`and ${items.length - MOST_LINES} more`] : []), 'All of it is under Today at the desk.'].join('\n') };
}

/**
 * One message by one way, at most once: what it tells is kept as told before the call. Only where the service surely did not take it, it is told again at the next look; where nobody knows, it is not. False: it did not go.
 */
async function tellBy(deps: NoticesDeps, way: Way, items: readonly Item[]): Promise<boolean> {
  const { db, clock, killSwitch, log } = deps.ctx;
  const at = clock.now();
  const fresh = await db.transaction(async (tx) => {
    const known = new Set((await tx.notice.findMany({ where: { way: way.id, key: { in: items.map(keyOf) } }, select: { key: true } })).map(({ key }) => key));
    const found = items.filter((item) => !known.has(keyOf(item)));
    if (found.length > 0) await tx.notice.createMany({ data: found.map((item) => ({ key: keyOf(item), way: way.id, state: 'sending', attemptedAt: at })) });
    return found;
  });
  if (fresh.length === 0) return false;
  const keys = fresh.map(keyOf);
  const end = (state: 'sent' | 'refused' | 'unknown' | null) => db.transaction((tx) => (state === null ? tx.notice.deleteMany({ where: { way: way.id, key: { in: keys } } }) : tx.notice.updateMany({ where: { way: way.id, key: { in: keys } }, data: { state } })));
  if (killSwitch.isOnNow()) {
    await end(null);
    return false;
  }
  try {
    await way.send({ ...noticeText(fresh), key: `notice:${way.id}:${createHash('sha256').update(keys.join('\n')).digest('hex')}` });
  } catch (error) {
    await end(isConnectorError(error, 'Throttled', 'Retryable', 'SessionLost') ? null : isConnectorError(error, 'Rejected', 'Critical') ? 'refused' : 'unknown');
    log.warn('a person could not be told', { way: way.id.slice(0, way.id.indexOf(':')), things: fresh.length, error: maskText(messageOf(error)).slice(0, 200) });
    return false;
  }
  await end('sent');
  return true;
}

/** Calls that a kill cut off are counted among those that nobody knows of; what was told and waits no more is forgotten. */
async function tidy({ ctx: { db, clock } }: NoticesDeps, waiting: readonly Item[]): Promise<void> {
  const now = clock.now();
  await db.transaction(async (tx) => {
    await tx.notice.updateMany({ where: { state: 'sending', attemptedAt: { lt: now - LONGEST_CALL_MS } }, data: { state: 'unknown' } });
    await tx.$executeRawUnsafe('DELETE FROM "Notice" WHERE attemptedAt < ? AND key NOT IN (SELECT value FROM json_each(?))', now - FORGOTTEN_AFTER_MS, JSON.stringify(waiting.map(keyOf)));
  });
}

/** Tells what waits for a person and was not told yet, outside of quiet hours and while nothing is stopped. How many messages went. */
export async function tellPeople(deps: NoticesDeps): Promise<number> {
  const { ctx } = deps;
  const rules = (await readSetting(ctx.db, NOTICES)).value;
  const ways = await waysOf(deps, rules);
  if (ways.length === 0 || (await ctx.killSwitch.isOn())) return 0;
  const quiet = { fromMinute: rules.quietFromMinute, toMinute: rules.quietToMinute };
  if (!maySend(ctx.clock.now(), { quiet, timeZone: rules.timeZone, leastGapMs: 0, mostPerDay: Number.MAX_SAFE_INTEGER }, { optedOut: false, sentAt: [], unanswered: 0 }).ok) return 0;
  const waiting = await deps.items();
  await tidy(deps, waiting);
  const items = waiting.filter(({ kind }) => TOLD[kind] !== undefined && rules.about.includes(TOLD[kind].group));
  let sent = 0;
  for (const way of ways) if (items.length > 0 && (await tellBy(deps, way, items))) sent += 1;
  return sent;
}
