import type { ProductRecord } from '#engine/catalog/index.ts';
import { resolveCategory, type FeeCard } from '#engine/pricing/index.ts';

/** What most things are charged at where a card names no category of its own for them. */
const GENERAL = 'everything';

/** The card's category of a product: by the words of its category path, last ones first, then by our own key. Null when nothing is known about what it is. */
export function feeCategoryOf(card: FeeCard, product: Pick<ProductRecord, 'category' | 'attributes'>): string | null {
  const path = Array.isArray(product.attributes['categoryPath']) ? (product.attributes['categoryPath'] as unknown[]).filter((p): p is string => typeof p === 'string') : [];
  if (product.category !== null && product.category in card.categories) return product.category;
  // a department that names several things ("Clothing, Shoes & Jewelry") does not say which of them it is, where we know
  const telling = product.category === null ? path : path.filter((word) => !/[,&]/.test(word));
  const words = [...telling.toReversed(), product.category?.replaceAll('-', ' ') ?? ''].filter((w) => w !== '');
  for (const word of words) {
    const found = resolveCategory(card, word);
    if (found !== null) return found;
  }
  return words.length > 0 && GENERAL in card.categories ? GENERAL : null;
}
