import { z } from 'zod';
import type { InboxItem } from '#contract/approvals.ts';
import { DomainError, isConnectorError, messageOf } from '#kernel/errors.ts';
import { formatMoney } from '#kernel/money.ts';
import { HOUR_MS, MINUTE_MS } from '#kernel/time.ts';
import { KILL_SWITCH, putSetting, readSetting, type SettingKey } from '../../settings/index.ts';
import { linkChannel, personBehind, type ChatUpdate, type LinkedPerson } from '../../team/index.ts';
import { decide } from './decide.ts';
import type { ApprovalsDeps } from './deps.ts';
import { readInbox } from './read-inbox.ts';
import { readHeldBack, setKillSwitch } from './set-kill-switch.ts';

const CHANNEL = 'telegram';
export const CHAT_JOB = 'approvals.chat-cards';
/** `unreadable`: what waits to be read once more. */
const offsetSchema = z.strictObject({ offset: z.int(), unreadable: z.strictObject({ updateId: z.int(), looks: z.int() }).optional() });
const OFFSET: SettingKey<z.infer<typeof offsetSchema>> = { key: 'chat-offset', schema: offsetSchema, fallback: { offset: 0 } };
/** What came garbled is asked for again; what is so every time is left behind, or nothing after it would ever be read. */
const MOST_LOOKS = 3;
/** Opportunities that a chat is shown at a time; the others are at the desk. */
const OPPORTUNITIES_SHOWN = 5;
/** A card whose sending left no trace is sent again after this. */
const RESEND_MS = 2 * MINUTE_MS;

const percent = (basisPoints: number) => `${(basisPoints / 100).toFixed(1)} %`;
const shown = (value: Exclude<InboxItem['drift'][number]['before'], never>) => (typeof value === 'number' ? String(value) : formatMoney(value, 'en'));

/** Amount and evidence in a few lines of plain text: no mark-up that a title could break out of. */
export function cardText(item: InboxItem, now: number): string {
  const heads = { opportunity: 'Worth buying', second: 'Needs a second person', again: 'Changed since it was approved' } as const;
  const lines = [
    heads[item.kind], item.title.replaceAll(/\s+/g, ' ').slice(0, 160), `${item.quantity} from ${item.sourceName}, at most ${formatMoney(item.total, 'en')}`,
    `Profit about ${item.profit ? formatMoney(item.profit, 'en') : 'unknown'}, ROI ${percent(item.roiBp)}, chance of a loss ${percent(item.lossChanceBp)}, about ${item.daysToSell} days to sell`,
    ...item.drift.map((drift) => `${drift.code}: ${shown(drift.before)} before, ${shown(drift.after)} now`),
    ...item.consents.map((consent) => `Agreed: ${consent.name}`),
    ...(item.expiresAt === null ? [] : [`Runs out in ${Math.max(0, Math.round((item.expiresAt - now) / HOUR_MS))} h`]),
  ];
  return lines.join('\n');
}

const buttonsOf = (cardId: string) => [{ text: 'Approve', data: `a:${cardId}` }, { text: 'Skip', data: `s:${cardId}` }, { text: 'Details', data: `d:${cardId}` }];
const keyOf = (item: Pick<InboxItem, 'kind' | 'id' | 'version'>) => `${item.kind} ${item.id} ${item.version}`;

/**
 * Makes the chats agree with the inbox: what waits has a card in every linked chat, and what was decided, wherever that was, has its card's buttons taken away.
 * Repeats harmlessly; a card has one row however often it is sent.
 */
export async function syncCards(deps: ApprovalsDeps): Promise<void> {
  const { ctx, chat } = deps;
  if (!chat.isConnected()) return;
  const { prisma } = ctx.db;
  const channels = await prisma.personChannel.findMany({ where: { kind: CHANNEL, revokedAt: null, person: { disabledAt: null } } });
  if (channels.length === 0) return;
  const open = await prisma.approvalCard.findMany({ where: { closedAt: null } });
  for (const channel of channels) {
    const inbox = (await readInbox(deps, channel.personId)).items.filter((item) => item.mayDecide);
    const wanted = [...inbox.filter((item) => item.kind !== 'opportunity'), ...inbox.filter((item) => item.kind === 'opportunity').slice(0, OPPORTUNITIES_SHOWN)];
    const stillThere = new Set(inbox.map(keyOf));
    const own = open.filter((card) => card.channelId === channel.id);
    for (const card of own) if (!stillThere.has(`${card.kind} ${card.subjectId} ${card.version}`)) await closeCard(deps, card, channel.address);
    for (const item of wanted) await sendCard(deps, { item, channelId: channel.id, chatId: channel.address });
  }
}

async function sendCard({ ctx, chat }: ApprovalsDeps, { item, channelId, chatId }: { readonly item: InboxItem; readonly channelId: string; readonly chatId: string }): Promise<void> {
  const { prisma } = ctx.db;
  const now = ctx.clock.now();
  const place = { channelId, kind: item.kind, subjectId: item.id, version: item.version };
  const known = await prisma.approvalCard.findUnique({ where: { channelId_kind_subjectId_version: place } });
  if (known && (known.closedAt !== null || known.messageId !== null || Number(known.sentAt) > now - RESEND_MS)) return;
  const text = cardText(item, now);
  const id = known?.id ?? ctx.ids.next('approvalCard');
  await ctx.db.transaction((tx) => tx.approvalCard.upsert({ where: { id }, update: { sentAt: now }, create: { id, ...place, text, sentAt: now } }));
  const { messageId } = await chat.send({ chatId, text, buttons: buttonsOf(id) });
  await ctx.db.transaction((tx) => tx.approvalCard.update({ where: { id }, data: { messageId } }));
}

interface Card { readonly id: string; readonly kind: string; readonly subjectId: string; readonly messageId: string | null; readonly text: string }

/** What became of it, as far as the books say. */
async function outcomeText({ ctx }: ApprovalsDeps, card: Card): Promise<string> {
  const { prisma } = ctx.db;
  const entry = await prisma.auditEntry.findFirst({
    where: { OR: [{ subject: card.subjectId }, ...(card.kind === 'opportunity' ? [{ subject: (await prisma.purchase.findFirst({ where: { opportunityId: card.subjectId }, orderBy: { createdAt: 'desc' }, select: { id: true } }))?.id ?? '-' }] : [])], action: { in: ['approval.given', 'approval.given-again', 'approval.second-given', 'approval.withdrawn', 'opportunity.refused'] } },
    orderBy: { seq: 'desc' },
  });
  if (!entry) return 'No longer open.';
  const name = (await prisma.person.findUnique({ where: { id: entry.actor }, select: { name: true } }))?.name ?? entry.actor;
  const said = entry.action === 'approval.withdrawn' || entry.action === 'opportunity.refused' ? 'Declined' : 'Approved';
  return `${said} by ${name} (${entry.channel}).`;
}

async function closeCard(deps: ApprovalsDeps, card: Card, chatId: string): Promise<void> {
  const { ctx, chat } = deps;
  if (card.messageId !== null) {
    try {
      await chat.edit({ chatId, messageId: card.messageId, text: `${card.text}\n\n${await outcomeText(deps, card)}` });
    } catch (error) {
      // too old to be edited, or deleted by the person: the buttons answer "already decided" all the same
      if (!isConnectorError(error, 'Rejected')) throw error;
    }
  }
  await ctx.db.transaction((tx) => tx.approvalCard.update({ where: { id: card.id }, data: { closedAt: ctx.clock.now() } }));
}

const HELP = 'Commands: /inbox shows what waits. /stop stops everything that would leave the desk. /release lets it go on.';

async function onCommand(deps: ApprovalsDeps, person: LinkedPerson, { chatId, text }: { readonly chatId: string; readonly text: string }): Promise<void> {
  const { chat } = deps;
  const say = (words: string) => chat.send({ chatId, text: words });
  const [command, argument] = text.trim().toLowerCase().split(/\s+/);
  const actor = { personId: person.personId, channel: CHANNEL };
  if (command === '/stop') {
    await setKillSwitch(deps, true, actor);
    await say('Stopped. Nothing is bought, listed, sent or paid until the switch is released.');
  } else if (command === '/release') {
    const held = await readHeldBack(deps);
    if (!held.on) await say('The switch is not on.');
    else if (argument === 'yes') {
      await setKillSwitch(deps, false, actor);
      await say('Released. What waited goes on.');
    } else await say(`On release these go on: ${held.waiting.map((group) => `${group.count} × ${group.kind}`).join(', ') || 'nothing'}. Send "/release yes" to release.`);
  } else if (command === '/inbox') {
    await syncCards(deps);
    const { waiting } = await readInbox(deps, person.personId);
    const { on } = (await readSetting(deps.ctx.db, KILL_SWITCH)).value;
    await say(`${waiting === 0 ? 'Nothing waits for you' : `${waiting} wait for a decision`}.${on ? ' Everything is stopped.' : ''}`);
  } else await say(HELP);
}

/** Codes of what may stand in the way, in words for a button's answer (200 characters at most). */
function refusalWords(error: unknown): string {
  if (!(error instanceof DomainError)) throw error;
  const reasons = error.data['reasons'];
  const codes = Array.isArray(reasons) ? reasons.map((reason) => String((reason as { code?: unknown }).code)).join(', ') : '';
  return `${error.message}${codes === '' ? '' : ` (${codes})`}`.slice(0, 200);
}

async function onPress(deps: ApprovalsDeps, person: LinkedPerson, press: Extract<ChatUpdate, { kind: 'press' }>): Promise<void> {
  const { ctx, chat } = deps;
  const [verb, cardId = ''] = press.data.split(':');
  const card = await ctx.db.prisma.approvalCard.findUnique({ where: { id: cardId } });
  // a button counts only in the chat that it was sent to
  if (!card || card.channelId !== person.channelId) return chat.answer(press.callbackId, 'This button is not yours.');
  if (verb === 'd') return chat.answer(press.callbackId, card.text.split('\n').slice(2).join('\n').slice(0, 200));
  if (card.closedAt !== null) return chat.answer(press.callbackId, 'This was decided already.');
  const kind = z.enum(['opportunity', 'second', 'again']).parse(card.kind);
  const words = { approved: 'Approved.', 'waits-for-second': 'Noted. Another person has to agree as well.', refused: 'Declined.', 'asks-again': 'It ran out meanwhile and asks again.' } as const;
  let said: string;
  try {
    said = words[(await decide(deps, { kind, id: card.subjectId, version: card.version, decision: verb === 'a' ? 'approve' : 'refuse' }, { personId: person.personId, channel: CHANNEL })).outcome];
  } catch (error) {
    said = refusalWords(error);
  }
  await chat.answer(press.callbackId, said);
  await syncCards(deps);
}

async function onUpdate(deps: ApprovalsDeps, update: ChatUpdate): Promise<void> {
  if (update.kind === 'other' || update.kind === 'unreadable') return;
  // in a group nobody knows who is meant; Telegram's private chat has the person's own id
  if (!update.isPrivate || update.fromId !== update.chatId) return;
  const person = await personBehind(deps.ctx.db.prisma, CHANNEL, update.chatId);
  if (update.kind === 'press') return person ? onPress(deps, person, update) : deps.chat.answer(update.callbackId, 'This chat is not linked.');
  const code = /^(?:\/start\s+)?([0-9A-Za-z -]{8,20})$/.exec(update.text.trim())?.[1];
  if (code && !update.text.trim().startsWith('/inbox')) {
    const linked = await linkChannel(deps, { code, kind: CHANNEL, address: update.chatId, label: update.name });
    await deps.chat.send({ chatId: update.chatId, text: linked ? `Linked to ${linked.name}. ${HELP}` : 'This code is not valid. The desk shows a new one under Settings, People.' });
    return linked ? syncCards(deps) : undefined;
  }
  if (person) return onCommand(deps, person, update);
  await deps.chat.send({ chatId: update.chatId, text: 'This chat is not linked. The desk shows a code under Settings, People: send it here.' });
}

/** Reads what came, once, oldest first, and remembers how far. What cannot be handled is logged and left behind: it must not hold up what comes after. */
export async function pollChat(deps: ApprovalsDeps, wait: { readonly waitSeconds: number; readonly signal: AbortSignal }): Promise<number> {
  const { ctx, chat } = deps;
  const { offset, unreadable } = (await readSetting(ctx.db, OFFSET)).value;
  const updates = await chat.updates({ offset, ...wait });
  for (const update of updates) {
    if (update.updateId < offset) continue;
    if (update.kind === 'unreadable') {
      const looks = (unreadable?.updateId === update.updateId ? unreadable.looks : 0) + 1;
      if (looks < MOST_LOOKS) {
        await ctx.db.transaction((tx) => putSetting(tx, OFFSET, { offset: update.updateId, unreadable: { updateId: update.updateId, looks } }, ctx.clock.now()));
        return updates.length;
      }
      ctx.log.error('a message from a chat cannot be read, and is left behind', { update: update.updateId, problem: update.problem });
    }
    try {
      await onUpdate(deps, update);
    } catch (error) {
      if (isConnectorError(error, 'Throttled', 'Retryable', 'SessionLost')) throw error;
      ctx.log.error('a message from a chat could not be handled', { update: update.updateId, error: messageOf(error) });
    }
    await ctx.db.transaction((tx) => putSetting(tx, OFFSET, { offset: update.updateId + 1 }, ctx.clock.now()));
  }
  return updates.length;
}

export function registerChat(deps: ApprovalsDeps): void {
  const { ctx } = deps;
  ctx.jobs.register({ kind: CHAT_JOB, payload: z.null(), run: () => syncCards(deps) });
  for (const topic of ['purchase.', 'opportunit', 'team.']) {
    ctx.outbox.subscribe(topic, async () => {
      if (deps.chat.isConnected()) await ctx.db.transaction((tx) => ctx.jobs.add(tx, { kind: CHAT_JOB, payload: null, uniqueKey: CHAT_JOB }));
    });
  }
}

export interface RunningChat {
  stop(): Promise<void>;
}

/** Listens as long as the desk runs: waits at the service for what comes, and waits longer after each failure. */
export function listenToChat(deps: ApprovalsDeps): RunningChat {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = (ms: number) => new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
  });
  const loop = async () => {
    let failures = 0;
    while (!signal.aborted) {
      if (!deps.chat.isConnected()) {
        await pause(15_000);
        continue;
      }
      try {
        await pollChat(deps, { waitSeconds: 25, signal });
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        if (failures === 1) deps.ctx.log.warn('the chat service cannot be asked', { error: messageOf(error) });
        await pause(Math.min(60_000, 1_000 * 2 ** failures));
      }
    }
  };
  const running = loop();
  return { stop: async () => { stopping.abort(); await running; } };
}
