import type { VendorResponse } from '../host.ts';

export type Domain = 'API_INVENTORY' | 'API_ACCOUNT' | 'API_FULFILLMENT' | 'API_TAXONOMY' | 'API_BROWSE' | 'API_MEDIA' | 'OAuth' | 'ACCESS';

export interface EbayError {
  readonly errorId: number;
  readonly message: string;
  readonly domain?: Domain;
  readonly category?: 'REQUEST' | 'BUSINESS' | 'APPLICATION';
  readonly parameters?: readonly { readonly name: string; readonly value: string }[];
}

export function errorEntry(error: EbayError) {
  const { errorId, message, domain = 'API_INVENTORY', category = 'REQUEST', parameters } = error;
  return { errorId, domain, ...(domain === 'API_INVENTORY' ? { subdomain: 'Selling' } : {}), category, message, longMessage: message, ...(parameters ? { parameters } : {}) };
}

/** eBay's body of a refusal. */
export function refuse(status: number, error: EbayError): VendorResponse {
  return { status, body: { errors: [errorEntry(error)] } };
}
