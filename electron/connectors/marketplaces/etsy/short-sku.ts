import { ConnectorError } from '#kernel/errors.ts';

/** What Etsy is known to take; its document does not say. */
const LONGEST = 32;
const PREFIX = 'RD';
/** A SKU of ours: the prefix and 32 digits of its id. */
const OWN = /^RD([0-9A-F]{32})$/;

/** Our SKU as Etsy takes it: without its prefix, which can be put back. @throws ConnectorError Rejected for one that is too long all the same. */
export function toEtsySku(sku: string): string {
  const short = OWN.exec(sku)?.[1] ?? sku;
  if (short.length <= LONGEST) return short;
  throw new ConnectorError({ kind: 'Rejected', connector: 'etsy', operation: 'write SKU', message: `the SKU ${sku} is longer than the ${LONGEST} characters that Etsy takes` });
}

export const fromEtsySku = (sku: string): string => (OWN.test(PREFIX + sku) ? PREFIX + sku : sku);
