import type { OrderMessageKind, OrderMessagePort } from '#engine/support/ports.ts';
import quotas from '../../../../resources/quotas/amazon-sp-api.json' with { type: 'json' };
import type { SpClient, SpOperation } from '../../data/amazon-sp-api/sp-client.ts';
import { messageActionsSchema, messageAttributesSchema, messageSentSchema } from './schema.ts';

/** Amazon's names: of the action as it is listed and in the path, and of the operation. The other actions (customisation, services, warranty, keys, documents, feedback) are none of a reseller's. */
const ACTIONS: Readonly<Record<OrderMessageKind, { readonly name: string; readonly operation: SpOperation }>> = {
  'order-details': { name: 'confirmOrderDetails', operation: 'createConfirmOrderDetails' },
  'delivery-details': { name: 'confirmDeliveryDetails', operation: 'createConfirmDeliveryDetails' },
  'unexpected-problem': { name: 'unexpectedProblem', operation: 'createUnexpectedProblem' },
};
const KINDS = Object.keys(ACTIONS) as OrderMessageKind[];

const pathOf = (orderId: string) => `/messaging/v1/orders/${encodeURIComponent(orderId)}`;

/** Messages about one order (Messaging v1). Amazon lists none that were sent and takes no key: `send` is `once`, and what became of a lost answer can't be asked. */
export function createOrderMessages(client: SpClient): OrderMessagePort {
  const query = () => ({ marketplaceIds: client.marketplaceId });
  return {
    market: client.market,
    mostCharacters: () => quotas.messaging.textCharacters,
    async open(orderId, signal) {
      const body = await client.callOrNull('getMessagingActionsForOrder', { operation: 'ask which messages are open', method: 'GET', path: pathOf(orderId), query: query(), schema: messageActionsSchema, signal });
      const names = new Set((body?.['_links']?.actions ?? []).map((link) => link.name ?? nameIn(link.href)));
      return KINDS.filter((kind) => names.has(ACTIONS[kind].name));
    },
    async language(orderId, signal) {
      const body = await client.callOrNull('getAttributes', { operation: 'read the buyer’s language', method: 'GET', path: `${pathOf(orderId)}/attributes`, query: query(), schema: messageAttributesSchema, signal });
      return body?.buyer?.locale ?? null;
    },
    async send(orderId, { kind, text }, signal) {
      const { name, operation } = ACTIONS[kind];
      await client.call(operation, { operation: 'message the buyer', method: 'POST', path: `${pathOf(orderId)}/messages/${name}`, query: query(), effect: 'once', json: { text }, schema: messageSentSchema, signal });
    },
  };
}

/** A link's name is not required: its path ends with it. */
const nameIn = (href: string): string => /\/messages\/([A-Za-z]+)(?:\?|$)/.exec(href)?.[1] ?? '';
