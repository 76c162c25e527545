import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { orderMessagesContract } from '#contract/order-messages.ts';

/** Orders of the fixture whose number ends in 4 take messages as Amazon's do; one was sent, and of one nobody knows. */
export function orderMessageProcedures(calls: string[], now: number) {
  const os = implement(orderMessagesContract).use(declaredErrors);
  const sent = { id: 'msg_1', kind: 'order-details' as const, state: 'sent' as const, text: 'Good day, which of the two colours would you like? Kind regards, Resale Desk', error: null, createdAt: now - 7_200_000, attemptedAt: now - 7_200_000, sentAt: now - 7_200_000 };
  const unknown = { ...sent, id: 'msg_2', kind: 'delivery-details' as const, state: 'unknown' as const, text: 'Good day, is there somebody at home on weekdays to take the parcel in?', sentAt: null, createdAt: now - 3_600_000, attemptedAt: now - 3_600_000 };
  return os.router({
    list: os.list.handler(({ input }) => (input.orderId.endsWith('4') ? { possible: true, messages: [sent, unknown] } : { possible: false, messages: [] })),
    open: os.open.handler(() => ({ kinds: ['order-details', 'unexpected-problem'] as ('order-details' | 'unexpected-problem')[], language: 'fr-FR', mostCharacters: 2_000 })),
    send: os.send.handler(({ input, errors }) => {
      calls.push(`order-message:${input.kind}`);
      if (/www\./.test(input.text)) throw errors.FORBIDDEN_CONTENT({ data: { problems: ['link', 'marketing:discount'] } });
      return { ...sent, id: 'msg_3', kind: input.kind, state: 'queued' as const, text: input.text, sentAt: null, attemptedAt: null };
    }),
    settle: os.settle.handler(({ input }) => { calls.push(`settle:${input.id}:${input.arrived}`); return { ...unknown, state: input.arrived ? ('sent' as const) : ('failed' as const) }; }),
  });
}
