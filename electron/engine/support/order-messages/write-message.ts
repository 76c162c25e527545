/** What a person asks of messages about an order: which are open, send one, say what became of one. */
import { ConnectorError, DomainError } from '#kernel/errors.ts';
import type { OrderMessageKind } from '#contract/order-messages.ts';
import type { Tx } from '#runtime/ports.ts';
import type { SupportDeps } from '../deps.ts';
import type { OrderMessagePort } from '../ports.ts';
import { checkOrderMessage } from './check-text.ts';
import { findMessage, insertMessage, listMessages, updateMessage, type OrderMessage } from './repo.ts';
import { SEND_ORDER_MESSAGE } from './send-message.ts';

const UNDER_WAY: readonly OrderMessage['state'][] = ['queued', 'sending', 'unknown'];

interface AboutOrder {
  readonly order: { readonly id: string; readonly channel: string; readonly externalId: string; readonly tracking: string | null };
  readonly channel: OrderMessagePort | null;
}

async function aboutOrder({ orderMessages }: SupportDeps, tx: Tx, orderId: string): Promise<AboutOrder> {
  const order = await tx.order.findUnique({ where: { id: orderId }, select: { id: true, channel: true, externalId: true, tracking: true } });
  if (!order) throw new DomainError('NOT_FOUND', `There is no order ${orderId}.`, { kind: 'order', id: orderId });
  return { order, channel: orderMessages.get(order.channel) };
}

const noForms = ({ order }: AboutOrder) => new DomainError('INVALID', `channel: ${order.channel} takes no messages about an order from here, or is not connected.`, { field: 'channel', reason: 'no-messages' });
const standing = (state: string) => new DomainError('WRONG_STATE', 'A message of this kind is under way, was sent with these words, or nobody knows whether it arrived.', { state });

export async function readMessages(deps: SupportDeps, orderId: string): Promise<{ possible: boolean; messages: OrderMessage[] }> {
  const { prisma } = deps.ctx.db;
  const { channel } = await aboutOrder(deps, prisma, orderId);
  return { possible: channel !== null, messages: await listMessages(deps.ctx, prisma, [orderId]) };
}

/** @throws DomainError CHANNEL where it cannot be asked. */
export async function askOpen(deps: SupportDeps, orderId: string): Promise<{ kinds: OrderMessageKind[]; language: string | null; mostCharacters: number }> {
  const about = await aboutOrder(deps, deps.ctx.db.prisma, orderId);
  const { order, channel } = about;
  if (!channel) throw noForms(about);
  try {
    const kinds = [...(await channel.open(order.externalId))];
    return { kinds, language: kinds.length === 0 ? null : await channel.language(order.externalId), mostCharacters: channel.mostCharacters() };
  } catch (error) {
    if (error instanceof ConnectorError) throw new DomainError('CHANNEL', 'The channel could not be asked.', { message: error.detail.message, kind: error.kind });
    throw error;
  }
}

export interface WrittenMessage {
  readonly orderId: string;
  readonly kind: OrderMessageKind;
  readonly text: string;
  /** Of this asking: asked again with it, nothing more is sent. */
  readonly key: string;
  readonly by: string;
}

/** @throws DomainError NOT_FOUND, INVALID, FORBIDDEN_CONTENT, WRONG_STATE. */
export async function writeToBuyer(deps: SupportDeps, { orderId, kind, text, key, by }: WrittenMessage): Promise<OrderMessage> {
  const { ctx } = deps;
  return ctx.db.transaction(async (tx) => {
    const asked = await findMessage(ctx, tx, { key });
    if (asked && (asked.orderId !== orderId || asked.kind !== kind || asked.text !== text)) throw new DomainError('INVALID', 'key: it stands for another message.', { field: 'key', reason: 'used' });
    if (asked) return asked;
    const about = await aboutOrder(deps, tx, orderId);
    const { order, channel } = about;
    if (!channel) throw noForms(about);
    const problems = checkOrderMessage(text, { own: [order.externalId, ...(order.tracking?.split(/\s+/) ?? [])], mostCharacters: channel.mostCharacters() });
    if (problems.length > 0) throw new DomainError('FORBIDDEN_CONTENT', 'The channel does not allow what the text holds.', { problems });
    const before = (await listMessages(ctx, tx, [orderId])).find((one) => one.kind === kind && (UNDER_WAY.includes(one.state) || (one.state === 'sent' && one.text === text)));
    if (before) throw standing(before.state);
    const message: OrderMessage = { id: ctx.ids.next('message'), key, orderId, kind, state: 'queued', text, error: null, attemptedAt: null, sentAt: null, createdAt: ctx.clock.now() };
    await insertMessage(ctx, tx, message);
    await ctx.audit.append(tx, { actor: by, channel: 'desktop', action: 'order.message-written', subject: orderId, data: { messageId: message.id, kind, externalId: order.externalId } });
    await ctx.outbox.add(tx, 'order-message.queued', orderId, { messageId: message.id });
    await ctx.workflows.start(tx, SEND_ORDER_MESSAGE, `${SEND_ORDER_MESSAGE}:${message.id}`, { messageId: message.id });
    return message;
  });
}

/** A person has looked at the channel: it is there, or it is not and may be written again. */
export async function settleMessage({ ctx }: SupportDeps, { id, arrived, by }: { readonly id: string; readonly arrived: boolean; readonly by: string }): Promise<OrderMessage> {
  return ctx.db.transaction(async (tx) => {
    const message = await findMessage(ctx, tx, { id });
    if (!message) throw new DomainError('NOT_FOUND', `There is no message ${id}.`, { kind: 'order-message', id });
    if (!(await updateMessage(tx, id, ['unknown'], { state: arrived ? 'sent' : 'failed', sentAt: arrived ? message.attemptedAt : null, error: null }))) throw standing(message.state);
    await ctx.audit.append(tx, { actor: by, channel: 'desktop', action: 'order.message-settled', subject: message.orderId, data: { messageId: id, arrived } });
    await ctx.outbox.add(tx, 'order-message.settled', message.orderId, { messageId: id });
    return (await findMessage(ctx, tx, { id }))!;
  });
}
