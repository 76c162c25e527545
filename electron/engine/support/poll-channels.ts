/** Asks the channels for what customers wrote, and sweeps up what a talk's channel brought that belongs to no talk. */
import { z } from 'zod';
import { toNumber } from '#runtime/database.ts';
import { SENDING_CHANNELS, type SendingChannelId } from '../negotiation/index.ts';
import { putSetting, readSetting, type SettingKey } from '../settings/index.ts';
import type { SupportDeps } from './deps.ts';
import { shift } from './shift-ticket.ts';
import { toTicket } from './repo.ts';
import { takeIn } from './take-in.ts';

const SWEPT = 200;
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
      const classifier = await deps.classifier();
      // messages and cursor in one transaction: a crash in between reads the same again, and keeps each once
      await db.transaction(async (tx) => {
        for (const message of batch.messages) await takeIn({ deps, classifier, channel: id, message }, tx);
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

/** Texts that came in for the talks and belong to none: once they are part of a ticket, they stand there alone, sealed. */
async function sweep(deps: SupportDeps): Promise<void> {
  const { db, seal } = deps.ctx;
  const rows = await db.prisma.inboundText.findMany({ where: { negotiationId: null, text: { not: '' } }, orderBy: { receivedAt: 'asc' }, take: SWEPT });
  if (rows.length === 0 || !seal.ready) return;
  const classifier = await deps.classifier();
  await db.transaction(async (tx) => {
    for (const row of rows) {
      const message = { externalId: row.externalId, sender: row.sender, subject: row.subject, text: row.text, at: toNumber(row.receivedAt), tag: null, answers: [], automatic: false };
      await takeIn({ deps, classifier, channel: row.channel as SendingChannelId, message }, tx);
      if (await tx.ticketMessage.findUnique({ where: { channel_externalId: { channel: row.channel, externalId: row.externalId } }, select: { id: true } })) await tx.inboundText.update({ where: { channel_externalId: { channel: row.channel, externalId: row.externalId } }, data: { text: '', sender: '', subject: null } });
    }
  });
}

async function wakeSnoozed(deps: SupportDeps): Promise<void> {
  const { db, clock } = deps.ctx;
  const due = await db.prisma.ticket.findMany({ where: { state: 'snoozed', snoozedUntil: { lte: clock.now() } }, take: SWEPT });
  for (const row of due) await db.transaction((tx) => shift(deps, tx, toTicket(deps.ctx, row), { state: 'waiting-for-us', change: { dueAt: clock.now() }, event: 'woke' }));
}
