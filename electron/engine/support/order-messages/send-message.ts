/** Carries one message out: asked for once, sent at most once. The channel takes no key and lists nothing that was sent, so that a lost answer ends in `unknown`, and a person looks. */
import { z } from 'zod';
import { ConnectorError, isConnectorError, messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import type { EffectCall, Tx, WorkflowDefinition, WorkflowRun } from '#runtime/ports.ts';
import type { SupportDeps } from '../deps.ts';
import type { OrderMessagePort } from '../ports.ts';
import { note } from '../repo.ts';
import { findMessage, updateMessage, type OrderMessage } from './repo.ts';

export const SEND_ORDER_MESSAGE = 'support.order-message';
const inputSchema = z.strictObject({ messageId: z.string() });
const sentSchema = z.strictObject({ outcome: z.enum(['sent', 'unknown']), at: z.int() });
type Sent = z.infer<typeof sentSchema>;

export function orderMessageWorkflow(deps: SupportDeps): WorkflowDefinition<z.infer<typeof inputSchema>> {
  return { kind: SEND_ORDER_MESSAGE, input: inputSchema, run: (run, { messageId }) => carryOut(deps, run, messageId), failed: (tx, { messageId }, error) => failed(deps, tx, messageId, error) };
}

interface Destination {
  readonly message: OrderMessage;
  readonly channel: OrderMessagePort;
  /** The channel's number of the order. */
  readonly orderId: string;
}

/** Null: the message is gone, its buyer was erased. */
async function destinationOf({ ctx, orderMessages }: SupportDeps, messageId: string): Promise<Destination | null> {
  const message = await findMessage(ctx, ctx.db.prisma, { id: messageId });
  const order = message && (await ctx.db.prisma.order.findUnique({ where: { id: message.orderId }, select: { channel: true, externalId: true } }));
  if (!message || !order) return null;
  const channel = orderMessages.get(order.channel);
  if (!channel) throw new ConnectorError({ kind: 'SessionLost', connector: order.channel, operation: 'message the buyer', message: 'the channel is not connected: enter its account in the settings' });
  return { message, channel, orderId: order.externalId };
}

async function carryOut(deps: SupportDeps, run: WorkflowRun, messageId: string): Promise<void> {
  const isOpen = await run.step('ask', z.boolean(), async () => {
    const to = await destinationOf(deps, messageId);
    return to !== null && (await to.channel.open(to.orderId, run.signal)).includes(to.message.kind);
  });
  const leaves = await run.transact('leave', z.boolean(), (tx) => updateMessage(tx, messageId, ['queued', 'sending'], { state: 'sending' }));
  if (!leaves) return;
  if (!isOpen) throw new ConnectorError({ kind: 'Rejected', connector: 'order-messages', operation: 'message the buyer', message: 'the channel does not take this message for the order (any more)' });
  const sent = await run.effect('send', effectOf(deps, messageId, run.signal));
  await run.transact('record', z.null(), async (tx) => {
    await record(deps, tx, messageId, sent);
    return null;
  });
}

/** The attempt is stored before the call, and taken back only on an answer that says that nothing was sent. */
function effectOf(deps: SupportDeps, messageId: string, signal: AbortSignal): EffectCall<Sent> {
  const { db, clock } = deps.ctx;
  return {
    output: sentSchema,
    call: async () => {
      const to = await destinationOf(deps, messageId);
      const attemptedAt = clock.now();
      const stands = to !== null && (await db.transaction((tx) => updateMessage(tx, messageId, ['sending'], { attemptedAt })));
      if (!stands) throw new ConnectorError({ kind: 'Rejected', connector: 'order-messages', operation: 'message the buyer', message: 'the message was taken back before it went out' });
      try {
        await to.channel.send(to.orderId, { kind: to.message.kind, text: to.message.text }, signal);
        return { outcome: 'sent', at: clock.now() };
      } catch (error) {
        if (isConnectorError(error, 'OutcomeUnknown')) return { outcome: 'unknown', at: attemptedAt };
        if (isConnectorError(error)) await db.transaction((tx) => updateMessage(tx, messageId, ['sending'], { attemptedAt: null }));
        throw error;
      }
    },
    reconcile: async () => {
      const kept = await findMessage(deps.ctx, db.prisma, { id: messageId });
      // no attempt was kept: it ended before anything could go out
      return kept === null || kept.attemptedAt === null ? 'absent' : { found: { outcome: 'unknown', at: kept.attemptedAt } };
    },
  };
}

async function record(deps: SupportDeps, tx: Tx, messageId: string, { outcome, at }: Sent): Promise<void> {
  const { ctx } = deps;
  if (!(await updateMessage(tx, messageId, ['sending'], { state: outcome, sentAt: outcome === 'sent' ? at : null, error: null }))) return;
  const message = (await findMessage(ctx, tx, { id: messageId }))!;
  await ctx.outbox.add(tx, `order-message.${outcome}`, message.orderId, { messageId });
  await noteOnTickets(deps, tx, message);
}

/** Nothing went out, or nobody can tell: a person looks. */
async function failed(deps: SupportDeps, tx: Tx, messageId: string, error: unknown): Promise<void> {
  const kept = await findMessage(deps.ctx, tx, { id: messageId });
  const state = kept !== null && kept.attemptedAt !== null ? 'unknown' : 'failed';
  if (!kept || !(await updateMessage(tx, messageId, ['queued', 'sending'], { state, error: maskText(messageOf(error)).slice(0, 300) }))) return;
  await deps.ctx.outbox.add(tx, `order-message.${state}`, kept.orderId, { messageId });
  await noteOnTickets(deps, tx, { ...kept, state });
}

/** Whoever answers the buyer sees what was written besides. */
async function noteOnTickets({ ctx }: SupportDeps, tx: Tx, message: OrderMessage): Promise<void> {
  const tickets = await tx.ticket.findMany({ where: { orderId: message.orderId, state: { not: 'closed' } }, select: { id: true }, take: 10 });
  for (const { id } of tickets) await note(ctx, tx, id, `order-message-${message.state}`, { kind: message.kind });
}
