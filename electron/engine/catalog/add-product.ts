import type { EngineContext, Tx } from '#runtime/ports.ts';
import { findByCodes, insertIdentifiers, upsertProducts } from './repo.ts';

/** The product that a GTIN names, or a new one by a person's words. Its source is the person, so that a catalogue's word stands above it later. */
export async function ensureProductByHand({ ctx }: { readonly ctx: Pick<EngineContext, 'ids' | 'clock'> }, tx: Tx, given: { readonly gtin: string | null; readonly title: string; readonly brand: string | null }): Promise<string> {
  const { gtin, title, brand } = given;
  const known = gtin === null ? undefined : (await findByCodes(tx, 'gtin', [gtin])).get(gtin);
  if (known !== undefined) return known;
  const id = ctx.ids.next('product');
  const taken = gtin !== null && (await tx.product.findUnique({ where: { gtin }, select: { id: true } })) !== null;
  await upsertProducts(tx, [{ id, gtin: taken ? null : gtin, asin: null, title, brand, category: null, lengthMm: null, widthMm: null, heightMm: null, weightG: null, imageUrl: null, attributes: { kind: 'standard', addedBy: 'person' } }], ctx.clock.now());
  if (gtin !== null && !taken) await insertIdentifiers(tx, [{ kind: 'gtin', value: gtin, productId: id, source: 'person' }]);
  return id;
}
