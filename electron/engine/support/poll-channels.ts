/** Asks the channels for what customers wrote, and sweeps up what a talk's channel brought that belongs to no talk. */
import { z } from 'zod';
import { DAY_MS } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { Tx } from '#runtime/ports.ts';
import { openInbound, SENDING_CHANNELS, type IncomingText, type SendingChannelId } from '../negotiation/index.ts';
import { putSetting, readSetting, type SettingKey } from '../settings/index.ts';
import type { SupportDeps } from './deps.ts';
import { shift } from './shift-ticket.ts';
import { toTicket } from './repo.ts';
import { isForgotten } from './forget-tickets.ts';
import { takeBounce } from './take-bounce.ts';
import { isWanted, takeIn } from './take-in.ts';

const SWEPT = 200;
const SWEPT_FOR_MS = 30 * DAY_MS;
type InboundRow = NonNullable<Awaited<ReturnType<Tx['inboundText']['findUnique']>>>;
const cursorOf = (channel: SendingChannelId): SettingKey<string | null> => ({ key: `support-cursor:${channel}`, schema: z.string().nullable(), fallback: null });

/** One channel's failure does not keep the others from being asked; it is thrown at the end. */
export async function pollTickets(deps: SupportDeps, signal: AbortSignal): Promise<void> {
  const { db, log, clock } = deps.ctx;
  let failure: unknown = null;
  for (const id of SENDING_CHANNELS) {
    const channel = deps.channels.get(id);
    if (!channel) continue;
    try {
      const before = (await readSetting(db, cursorOf(id))).value;
      const batch = await channel.receive(before, 'everyone', signal);
      if (batch.messages.length === 0 && batch.cursor === before) continue;
      const wanted = await wantedOf(deps, id, batch.messages);
      const classifier = wanted.length > 0 ? await deps.classifier() : null;
      // messages and cursor in one transaction: a crash in between reads the same again, and keeps each once
      await db.transaction(async (tx) => {
        for (const { bounce, at } of batch.messages) if (bounce) await takeBounce(deps, tx, { bounce, at });
        for (const message of wanted) await takeIn({ deps, classifier: classifier!, channel: id, message }, tx);
        await putSetting(tx, cursorOf(id), batch.cursor, clock.now());
      });
    } catch (error) {
      if (signal.aborted) throw error;
      log.warn('a channel could not be asked for what customers wrote', { channel: id, error });
      failure ??= error;
    }
  }
  await sweep(deps);
  await wakeSnoozed(deps);
  if (failure) throw failure;
}

/** A desk to which no customer writes never trains the classifier. */
async function wantedOf(deps: SupportDeps, channel: SendingChannelId, messages: readonly IncomingText[]): Promise<IncomingText[]> {
  const found: IncomingText[] = [];
  for (const message of messages) if (await isWanted({ deps, channel, message }, deps.ctx.db.prisma)) found.push(message);
  return found;
}

/** Texts that came in for the talks and belong to none: once they are part of a ticket, they stand there alone, sealed. What nobody wants is looked at for a while, because its order may come in later. */
async function sweep(deps: SupportDeps): Promise<void> {
  const { db, seal, clock } = deps.ctx;
  if (!seal.ready) return;
  for (let after: { receivedAt: bigint; externalId: string } | null = null; ;) {
    const rows: InboundRow[] = await db.prisma.inboundText.findMany({
      where: { negotiationId: null, text: { not: '' }, receivedAt: { gte: clock.now() - SWEPT_FOR_MS }, ...(after ? { OR: [{ receivedAt: { gt: after.receivedAt } }, { receivedAt: after.receivedAt, externalId: { gt: after.externalId } }] } : {}) },
      orderBy: [{ receivedAt: 'asc' }, { externalId: 'asc' }], take: SWEPT,
    });
    for (const row of rows) await sweepOne(deps, row);
    after = rows.at(-1) ?? null;
    if (rows.length < SWEPT) return;
  }
}

async function sweepOne(deps: SupportDeps, row: InboundRow): Promise<void> {
  const { ctx } = deps;
  const channel = row.channel as SendingChannelId;
  const message = { ...openInbound(ctx, row), externalId: row.externalId, at: toNumber(row.receivedAt), tag: null, answers: [], automatic: false };
  const classifier = (await isWanted({ deps, channel, message }, ctx.db.prisma)) ? await deps.classifier() : null;
  await ctx.db.transaction(async (tx) => {
    if (classifier) await takeIn({ deps, classifier, channel, message }, tx);
    const key = { channel_externalId: { channel, externalId: row.externalId } };
    const settled = (await isForgotten(ctx, tx, channel, row.externalId)) || (await tx.ticketMessage.findUnique({ where: key, select: { id: true } })) !== null;
    if (!settled) return;
    await tx.$queryRawUnsafe('PRAGMA secure_delete = ON');
    await tx.inboundText.update({ where: key, data: { text: '', sender: '', subject: null } });
  });
}

async function wakeSnoozed(deps: SupportDeps): Promise<void> {
  const { db, clock } = deps.ctx;
  const due = await db.prisma.ticket.findMany({ where: { state: 'snoozed', snoozedUntil: { lte: clock.now() } }, take: SWEPT });
  for (const row of due) await db.transaction((tx) => shift(deps, tx, toTicket(deps.ctx, row), { state: 'waiting-for-us', change: { dueAt: clock.now() }, event: 'woke' }));
}
