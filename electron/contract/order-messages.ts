import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, instantSchema } from './shared.ts';

/** What a message is for: a question before the order is sent, how it is delivered, a problem that keeps the order from being completed. */
export const orderMessageKind = z.enum(['order-details', 'delivery-details', 'unexpected-problem']);
export type OrderMessageKind = z.infer<typeof orderMessageKind>;

/** `unknown`: the channel's answer was lost, and it cannot be asked; a person looks there. */
export const orderMessageState = z.enum(['queued', 'sending', 'sent', 'failed', 'unknown']);
export const orderMessage = z.strictObject({ id: z.string(), kind: orderMessageKind, state: orderMessageState, text: z.string(), error: z.string().nullable(), createdAt: instantSchema, attemptedAt: instantSchema.nullable(), sentAt: instantSchema.nullable() });

const standing = { WRONG_STATE: { status: 409, message: 'A message of this kind is under way, or nobody knows whether it arrived.', data: z.strictObject({ state: z.string() }) } } as const;
const channel = { CHANNEL: { status: 502, message: 'The channel could not be asked.', data: z.strictObject({ message: z.string(), kind: z.string() }) } } as const;
const forbidden = { FORBIDDEN_CONTENT: { status: 422, message: 'The channel does not allow what the text holds.', data: z.strictObject({ problems: z.array(z.string()) }) } } as const;

/** First words to a buyer by a channel's own forms, where it has such (Amazon's templates). */
export const orderMessagesContract = {
  /** Without a word to the channel. `possible`: its market has such forms, and is connected. */
  list: oc.route({ method: 'GET', path: '/orders/{orderId}/messages' }).errors(commonErrors).input(z.strictObject({ orderId: z.string() })).output(z.strictObject({ possible: z.boolean(), messages: z.array(orderMessage) })),
  /** Asks the channel which forms are open for the order now, and in which language the buyer is to be written (`en-US`). */
  open: oc.route({ method: 'GET', path: '/orders/{orderId}/messages/open' }).errors({ ...commonErrors, ...channel }).input(z.strictObject({ orderId: z.string() })).output(z.strictObject({ kinds: z.array(orderMessageKind), language: z.string().nullable(), mostCharacters: z.int() })),
  /** Goes out once for a key. The channel is asked once more before it does. */
  send: oc.route({ method: 'POST', path: '/orders/{orderId}/messages' }).errors({ ...commonErrors, ...standing, ...forbidden })
    .input(z.strictObject({ orderId: z.string(), kind: orderMessageKind, text: z.string().trim().min(1).max(2_000), key: z.string().regex(/^[\w-]{8,80}$/) })).output(orderMessage),
  /** What a person found at the channel of a message of which nobody knew. */
  settle: oc.route({ method: 'POST', path: '/order-messages/{id}/settle' }).errors({ ...commonErrors, ...standing }).input(z.strictObject({ id: z.string(), arrived: z.boolean() })).output(orderMessage),
};
