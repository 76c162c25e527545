import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { orderMessagesContract } from '#contract/order-messages.ts';
import type { SupportDeps } from '../deps.ts';
import type { OrderMessage } from './repo.ts';
import { askOpen, readMessages, settleMessage, writeToBuyer } from './write-message.ts';

const shown = ({ key: _key, orderId: _orderId, ...message }: OrderMessage) => message;

/** @param by whose doing it is. */
export function createOrderMessageProcedures(deps: SupportDeps, by: string) {
  const os = implement(orderMessagesContract).use(declaredErrors);
  return os.router({
    list: os.list.handler(async ({ input }) => {
      const { possible, messages } = await readMessages(deps, input.orderId);
      return { possible, messages: messages.map(shown) };
    }),
    open: os.open.handler(({ input }) => askOpen(deps, input.orderId)),
    send: os.send.handler(async ({ input }) => shown(await writeToBuyer(deps, { ...input, by }))),
    settle: os.settle.handler(async ({ input }) => shown(await settleMessage(deps, { ...input, by }))),
  });
}
