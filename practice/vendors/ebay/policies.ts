import type { VendorRequest, VendorResponse } from '../host.ts';
import { refuse } from './errors.ts';

const MARKETPLACE = 'EBAY_US';
const general = (isDefault: boolean) => [{ name: 'ALL_EXCLUDING_MOTORS_VEHICLES', default: isDefault }];
const usd = (value: string) => ({ value, currency: 'USD' });

interface ShippingTerms {
  readonly id: string;
  readonly name: string;
  /** What the buyer pays per order, in cents. */
  readonly chargeMinor: number;
  readonly isDefault: boolean;
}

/** The account's standing shipping terms. */
const SHIPPING: readonly ShippingTerms[] = [
  { id: '6196932000', name: 'Free standard shipping', chargeMinor: 0, isDefault: true },
  { id: '6196933000', name: 'Buyer pays 5.99', chargeMinor: 599, isDefault: false },
];
export const PAYMENT_POLICY_ID = '5458323000';
export const RETURN_POLICY_ID = '5458324000';

/** What a buyer pays for shipping under a policy; undefined when the account has no such policy. */
export function shippingCharge(policyId: string): number | undefined {
  return SHIPPING.find((terms) => terms.id === policyId)?.chargeMinor;
}

function fulfilment(terms: ShippingTerms) {
  return {
    fulfillmentPolicyId: terms.id, name: terms.name, marketplaceId: MARKETPLACE, categoryTypes: general(terms.isDefault), handlingTime: { value: 1, unit: 'DAY' },
    globalShipping: false, pickupDropOff: false, freightShipping: false, localPickup: false,
    shippingOptions: [{
      optionType: 'DOMESTIC', costType: 'FLAT_RATE',
      shippingServices: [{ sortOrder: 1, shippingCarrierCode: 'USPS', shippingServiceCode: 'USPSGroundAdvantage', freeShipping: terms.chargeMinor === 0, shippingCost: usd((terms.chargeMinor / 100).toFixed(2)) }],
    }],
  };
}

const PAYMENT = { paymentPolicyId: PAYMENT_POLICY_ID, name: 'Managed payments, at once', marketplaceId: MARKETPLACE, categoryTypes: general(true), immediatePay: true };
const RETURNS = {
  returnPolicyId: RETURN_POLICY_ID, name: '30 days, buyer pays', marketplaceId: MARKETPLACE, categoryTypes: general(true), returnsAccepted: true,
  returnPeriod: { value: 30, unit: 'DAY' }, refundMethod: 'MONEY_BACK', returnShippingCostPayer: 'BUYER',
};

const LISTS = { fulfillmentPolicies: SHIPPING.map(fulfilment), paymentPolicies: [PAYMENT], returnPolicies: [RETURNS] } as const;

/** `GET /sell/account/v1/{fulfillment,payment,return}_policy`. */
export function listPolicies(kind: keyof typeof LISTS, request: VendorRequest): VendorResponse {
  if (request.query.get('marketplace_id') !== MARKETPLACE) return refuse(400, { errorId: 20403, domain: 'API_ACCOUNT', message: 'Invalid marketplace_id. The practice market has EBAY_US only.' });
  return { status: 200, body: { href: request.path, total: LISTS[kind].length, limit: 100, offset: 0, [kind]: LISTS[kind] } };
}
