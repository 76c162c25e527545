import type { ChannelPolicies, ChannelPolicy } from '#engine/listings/ports.ts';
import type { EbayClient } from './ebay-client.ts';
import { fulfilmentPoliciesSchema, paymentPoliciesSchema, returnPoliciesSchema } from './schema.ts';

/** eBay marks the default per kind of category; vehicles are a kind of their own and not ours. */
const GENERAL_CATEGORIES = 'ALL_EXCLUDING_MOTORS_VEHICLES';

function policy(id: string, entry: { readonly name: string; readonly categoryTypes?: readonly { readonly name?: string | undefined; readonly default?: boolean | undefined }[] | null | undefined }): ChannelPolicy {
  return { id, name: entry.name, isDefault: entry.categoryTypes?.some((type) => type.name === GENERAL_CATEGORIES && type.default === true) ?? false };
}

export async function readPolicies(client: EbayClient, signal?: AbortSignal): Promise<ChannelPolicies> {
  const read = { method: 'GET', effect: 'read', query: { marketplace_id: client.site.marketplaceId }, signal } as const;
  const [fulfilment, payment, returns] = await Promise.all([
    client.send('sellAccount', { ...read, operation: 'read fulfilment policies', path: '/sell/account/v1/fulfillment_policy', schema: fulfilmentPoliciesSchema }),
    client.send('sellAccount', { ...read, operation: 'read payment policies', path: '/sell/account/v1/payment_policy', schema: paymentPoliciesSchema }),
    client.send('sellAccount', { ...read, operation: 'read return policies', path: '/sell/account/v1/return_policy', schema: returnPoliciesSchema }),
  ]);
  return {
    fulfilment: fulfilment.body.fulfillmentPolicies.map((entry) => policy(entry.fulfillmentPolicyId, entry)),
    payment: payment.body.paymentPolicies.map((entry) => policy(entry.paymentPolicyId, entry)),
    returns: returns.body.returnPolicies.map((entry) => policy(entry.returnPolicyId, entry)),
  };
}
