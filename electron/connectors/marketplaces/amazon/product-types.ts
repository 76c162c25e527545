import type { CataloguePage, CategoryAspect, CategoryPort, DemandedMeasures, ListingContent } from '#engine/listings/ports.ts';
import { HOUR_MS, type Instant } from '#kernel/time.ts';
import type { SpClient } from '../../data/amazon-sp-api/index.ts';
import { identifiersIn } from './find-pages.ts';
import { measuredOf, measuredValue } from './measured-attributes.ts';
import { attributesSchema, definitionSchema, productTypesSchema, type SpAttribute } from './schema.ts';
import type { SellerAccount } from './seller-account.ts';
import { OWN_ATTRIBUTES, type Attributes } from './write-attributes.ts';

const MOST_REMEMBERED = 50;
/** A page that was found is believed this long: it is asked for whenever a listing is looked at. */
const PAGE_HOLDS_MS = HOUR_MS;
const MOST_PAGES = 2_000;
const MOST_WORDS = 120;

interface ProductCodes {
  readonly gtins: readonly string[];
  readonly knownPage: string | null;
}

interface Definition {
  /** Required attributes that are not written from the content itself, by name. */
  readonly required: readonly (readonly [name: string, attribute: SpAttribute])[];
  readonly measures: DemandedMeasures;
}

const valueOf = (attribute: SpAttribute) => attribute.items?.properties?.['value'];

const texts = (list: readonly unknown[] | null | undefined) => (list ?? []).filter((entry) => typeof entry === 'string' || typeof entry === 'number' || typeof entry === 'boolean').map(String);

/** Words to choose from; Amazon states them as a list, or as a list beside free text. */
function optionsOf(attribute: SpAttribute): { readonly values: string[]; readonly closed: boolean } {
  const value = valueOf(attribute);
  const closed = texts(value?.enum);
  return closed.length > 0 ? { values: closed, closed: true } : { values: (value?.anyOf ?? []).flatMap((choice) => texts(choice.enum)), closed: false };
}

const titleOf = (name: string, attribute: SpAttribute) => attribute.title ?? name.replaceAll('_', ' ');

function typed(attribute: SpAttribute, text: string): unknown {
  const type = valueOf(attribute)?.type;
  const kinds = Array.isArray(type) ? type : [type];
  if (kinds.includes('boolean') && /^(?:true|false|yes|no)$/i.test(text)) return /^(?:true|yes)$/i.test(text);
  return (kinds.includes('number') || kinds.includes('integer')) && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Amazon's product types as categories, and what each asks of a product that has no page yet. */
export class ProductTypes {
  readonly #account: SellerAccount;
  readonly #definitions = new Map<string, Definition>();
  readonly #found = new Map<string, { readonly pages: readonly CataloguePage[]; readonly until: Instant }>();

  constructor(account: SellerAccount) {
    this.#account = account;
  }

  /** Aspects in the channel's words become attributes; one that the product type does not ask for, or whose value is no single text, number, size or weight, is left out. */
  async attributesFrom(productType: string, aspects: ListingContent['aspects'], signal?: AbortSignal): Promise<Attributes> {
    const { required } = await this.#definition(productType, signal);
    const given = new Map(Object.entries(aspects).map(([name, values]) => [name.toLowerCase(), values]));
    return Object.fromEntries(required.flatMap(([name, attribute]) => {
      const values = given.get(titleOf(name, attribute).toLowerCase()) ?? given.get(name) ?? [];
      const properties = attribute.items?.properties ?? {};
      const measured = measuredOf(attribute) !== null;
      const said = measured ? values.map((text) => measuredValue(attribute, text)).filter((one) => one !== null) : 'value' in properties ? values.map((text) => ({ value: typed(attribute, text) })) : [];
      if (said.length === 0) return [];
      return [[name, said.map((one) => ({
        ...one, ...('language_tag' in properties ? { language_tag: 'en_US' } : {}), ...('marketplace_id' in properties ? { marketplace_id: this.#account.client.marketplaceId } : {}),
      }))] as const];
    }));
  }

  asCategories(): CategoryPort {
    const { client } = this.#account;
    return {
      connector: client.connector, market: client.market,
      pagesOf: (product, call) => this.#pages(product, call?.signal),
      tree: async (call) => ({ id: client.marketplaceId, version: (await this.#search('', call?.signal)).productTypeVersion }),
      suggest: async (_treeId, words, call) => {
        const found = await this.#search(words.slice(0, MOST_WORDS), call?.signal);
        return { treeVersion: found.productTypeVersion, suggestions: found.productTypes.map(({ name, displayName }) => ({ id: name, name: displayName, path: [] })) };
      },
      aspects: async (_treeId, productType, call) => {
        const definition = await this.#definition(productType, call?.signal).catch((error: unknown) => {
          if ((error as { detail?: { httpStatus?: number } }).detail?.httpStatus === 404) return null;
          throw error;
        });
        return definition?.required.map(([name, attribute]): CategoryAspect => {
          const { values, closed } = optionsOf(attribute);
          return { name: titleOf(name, attribute), required: true, recommended: false, chosenFromValues: closed, many: (attribute.maxUniqueItems ?? attribute.maxItems ?? 1) > 1, longest: valueOf(attribute)?.maxLength ?? null, values, measured: measuredOf(attribute) };
        }) ?? null;
      },
      measures: async (productType, call) => (await this.#definition(productType, call?.signal)).measures,
    };
  }

  async #pages(product: ProductCodes, signal: AbortSignal | undefined): Promise<readonly CataloguePage[]> {
    const { client } = this.#account;
    const key = [product.knownPage ?? '', ...product.gtins].join(' ');
    const known = this.#found.get(key);
    if (known && client.now() < known.until) return known.pages;
    const pages = await pagesOf(client, product, signal);
    if (this.#found.size >= MOST_PAGES) this.#found.clear();
    if (pages.length > 0) this.#found.set(key, { pages, until: client.now() + PAGE_HOLDS_MS });
    return pages;
  }

  #search(words: string, signal: AbortSignal | undefined) {
    const { client } = this.#account;
    return client.call('searchDefinitionsProductTypes', {
      operation: 'search product types', method: 'GET', path: '/definitions/2020-09-01/productTypes', schema: productTypesSchema, signal,
      query: { marketplaceIds: client.marketplaceId, ...(words === '' ? {} : { itemName: words }) },
    });
  }

  async #definition(productType: string, signal: AbortSignal | undefined): Promise<Definition> {
    const known = this.#definitions.get(productType);
    if (known) return known;
    const { client, sellerId } = this.#account;
    const found = await client.call('getDefinitionsProductType', {
      operation: 'read product type', method: 'GET', path: `/definitions/2020-09-01/productTypes/${encodeURIComponent(productType)}`, schema: definitionSchema, signal,
      query: { marketplaceIds: client.marketplaceId, sellerId: await sellerId(), requirements: 'LISTING', requirementsEnforced: 'ENFORCED', locale: 'en_US' },
    });
    const { required = [], properties } = await client.fetchLinked(found.schema.link.resource, { operation: 'read the product type’s schema', schema: attributesSchema, signal });
    const definition = { required: required.filter((name) => !OWN_ATTRIBUTES.has(name)).map((name) => [name, properties[name] ?? {}] as const), measures: { size: required.includes('item_package_dimensions'), weight: required.includes('item_package_weight') } };
    if (this.#definitions.size >= MOST_REMEMBERED) this.#definitions.clear();
    this.#definitions.set(productType, definition);
    return definition;
  }
}

async function pagesOf(client: SpClient, product: ProductCodes, signal: AbortSignal | undefined): Promise<CataloguePage[]> {
  const known = product.knownPage === null ? [] : await identifiersIn(client, { type: 'ASIN', values: [product.knownPage] }, signal);
  return known.length > 0 || product.gtins.length === 0 ? known : identifiersIn(client, { type: 'GTIN', values: product.gtins }, signal);
}
