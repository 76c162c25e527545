import { isConnectorError } from '#kernel/errors.ts';
import type { StockLocation } from '#engine/listings/ports.ts';
import type { EbayClient } from './ebay-client.ts';
import { locationSchema, nothingSchema } from './schema.ts';

async function locationExists(client: EbayClient, path: string, signal: AbortSignal | undefined): Promise<boolean> {
  return (await client.sendOrNull('sellInventory', { operation: 'read location', method: 'GET', path, effect: 'read', schema: locationSchema, signal })) !== null;
}

/** The key is ours and unique at eBay (a second create is refused with 409), so the create can always be checked first. */
export async function ensureLocation(client: EbayClient, location: StockLocation, signal?: AbortSignal): Promise<{ existed: boolean }> {
  const path = `/sell/inventory/v1/location/${encodeURIComponent(location.key)}`;
  if (await locationExists(client, path, signal)) return { existed: true };
  const { country, postalCode, city, stateOrProvince, addressLine } = location;
  try {
    await client.send('sellInventory', {
      operation: 'create location', method: 'POST', path, effect: 'once', schema: nothingSchema, body: 'none', signal,
      json: {
        name: location.name, locationTypes: ['WAREHOUSE'], merchantLocationStatus: 'ENABLED',
        location: { address: { country, postalCode, ...(city ? { city } : {}), ...(stateOrProvince ? { stateOrProvince } : {}), ...(addressLine ? { addressLine1: addressLine } : {}) } },
      },
    });
    return { existed: false };
  } catch (error) {
    if (isConnectorError(error, 'Rejected') && error.detail.httpStatus === 409) return { existed: true };
    if (isConnectorError(error, 'OutcomeUnknown') && (await locationExists(client, path, signal))) return { existed: false };
    throw error;
  }
}
