import type { CodeFound } from '#contract/stock-by-hand.ts';
import { isRestrictedCirculation, parseIdentifier } from '#kernel/identifiers.ts';
import type { Tx } from '#runtime/ports.ts';
import { findByCodes, findProduct } from '../../catalog/index.ts';

/** What a code names here. A shop's own number (for things weighed at the counter) names nothing elsewhere. */
export async function findCode(tx: Tx, read: { readonly text: string; readonly format: string }): Promise<CodeFound> {
  const text = read.text.trim().slice(0, 300);
  // a link in a QR code may end in digits that are no product's
  const identifier = /^[\dXx\s-]{8,20}$/.test(text) ? parseIdentifier(text) : null;
  const gtin = identifier?.gtin14 && !isRestrictedCirculation(identifier.gtin14) ? identifier.gtin14 : null;
  const productId = gtin === null ? undefined : (await findByCodes(tx, 'gtin', [gtin])).get(gtin);
  const product = productId === undefined ? null : await findProduct(tx, productId);
  return { text, format: read.format, gtin, product: product && { id: product.id, title: product.title, brand: product.brand } };
}
