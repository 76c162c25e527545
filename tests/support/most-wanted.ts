import { HOUR_MS, type ManualClock } from '#kernel/time.ts';
import type { Channel, Product, Sale, World } from '#practice/world/types.ts';

/** Dear enough to leave something after fees and postage, cents. */
const WORTHWHILE_MINOR = 1_500;

/** What sells most in a practice world of what is worth selling, and eBay's going price of it in cents: sold a little cheaper, it finds a buyer in a day or two even in an own shop. */
export function mostWanted(world: World): { readonly product: Product; readonly goingMinor: number } {
  const at = world.now();
  const sold = (product: Product) => world.market.value(product.id, 'monthlySold', at) ?? 0;
  const [product] = world.catalog.products.filter(({ id, kind, gtin }) => kind === 'ordinary' && gtin !== null && (world.market.value(id, 'ebayNew', at) ?? 0) >= WORTHWHILE_MINOR).toSorted((a, b) => sold(b) - sold(a) || a.id - b.id);
  return { product: product!, goingMinor: world.market.value(product!.id, 'ebayNew', at)! };
}

/** Moves the clock until somebody has bought on the channel what nobody has sent yet. */
export function awaitSale(world: World, clock: ManualClock, channel: Channel): Sale {
  for (let hours = 0; hours < 24 * 14; hours++) {
    const sale = world.sales(channel).findLast(({ status }) => status === 'paid');
    if (sale) return sale;
    clock.advanceTo(clock.now() + HOUR_MS);
    world.now();
  }
  throw new Error(`nobody bought on ${channel} in a fortnight`);
}
