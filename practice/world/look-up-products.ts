import { PROFILES, profileOf } from './categories.ts';
import type { GeneratedCatalog } from './create-catalog.ts';
import { toGtin14 } from './identifiers.ts';
import type { Catalog, Product } from './types.ts';

const partKey = (brand: string, mpn: string): string => `${brand.toLowerCase()}|${mpn.toLowerCase()}`;
const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Word → ids in ascending order. */
function indexWords(products: readonly Product[]): Map<string, number[]> {
  const index = new Map<string, number[]>();
  for (const product of products) {
    for (const word of new Set(wordsOf(`${product.title} ${product.brand} ${product.mpn} ${product.author ?? ''}`))) {
      const ids = index.get(word);
      if (ids) ids.push(product.id);
      else index.set(word, [product.id]);
    }
  }
  return index;
}

function createSearch(products: readonly Product[]): Catalog['search'] {
  let words: Map<string, number[]> | null = null;
  return (keywords, { brand, limit = 20, offset = 0 } = {}) => {
    words ??= indexWords(products);
    const wanted = [...new Set(wordsOf(keywords))];
    const scores = new Map<number, number>();
    for (const word of wanted) {
      const ids = words.get(word) ?? [];
      // A rare word says more than a common one.
      const weight = ids.length > 0 ? 1 + Math.log(products.length / ids.length) : 0;
      for (const id of ids) scores.set(id, (scores.get(id) ?? 0) + weight);
    }
    const best = wanted.reduce((total, word) => total + (words!.get(word)?.length ? 1 + Math.log(products.length / words!.get(word)!.length) : 0), 0);
    const hits = [...scores].filter(([id, score]) => score >= best * 0.5 && (!brand || products[id]!.brand.toLowerCase() === brand.toLowerCase()));
    hits.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    return { total: hits.length, products: hits.slice(offset, offset + limit).map(([id]) => products[id]!) };
  };
}

/** Look-ups over the generated products. Indexes by words and by part number are built when first asked for. */
export function createCatalog(generated: GeneratedCatalog): Catalog {
  const { products } = generated;
  const byAsin = new Map<string, Product>();
  const byGtin = new Map<string, Product>();
  const children = new Map<string, Product[]>();
  for (const product of products) {
    byAsin.set(product.asin, product);
    if (product.gtin) byGtin.set(product.gtin.padStart(14, '0'), product);
    if (product.parentAsin) children.set(product.parentAsin, [...(children.get(product.parentAsin) ?? []), product]);
  }
  let byPart: Map<string, Product> | null = null;
  const gtin = (text: string) => {
    const key = toGtin14(text);
    return key ? byGtin.get(key) : undefined;
  };
  return {
    products, brands: generated.brands,
    categories: PROFILES,
    category: profileOf,
    byId: (id) => {
      const product = products[id];
      if (!product) throw new RangeError(`no product ${id}`);
      return product;
    },
    byAsin: (asin) => byAsin.get(asin.toUpperCase()),
    byGtin: gtin,
    childrenOf: (parentAsin) => children.get(parentAsin) ?? [],
    search: createSearch(products),
    identify: ({ gtins = [], asin, brand, mpn }) => {
      for (const text of gtins) {
        const product = gtin(text);
        if (product) return product;
      }
      const known = asin ? byAsin.get(asin.toUpperCase()) : undefined;
      if (known && known.kind !== 'parent') return known;
      if (!brand || !mpn) return undefined;
      byPart ??= new Map(products.filter((p) => p.mpn && p.kind !== 'parent').map((p) => [partKey(p.brand, p.mpn), p]));
      return byPart.get(partKey(brand, mpn));
    },
  };
}
