import type { AskingPricesPort, CatalogDeps, SoldCountPort, WordsIdentifier } from '#engine/catalog/index.ts';
import type { FeeCard } from '#engine/pricing/index.ts';
import type { EngineContext } from '#runtime/ports.ts';

export interface AskedMarket {
  readonly port: AskingPricesPort;
  /** What its figures are; `asks` unless told. */
  readonly kind?: 'asks' | 'buyback' | 'reference';
  /** Takes codes alone, words alone, or a code where there is one and else words (the rule). */
  readonly takes?: 'codes' | 'words';
  /** Only these; all unless told. */
  readonly accepts?: (product: { readonly gtin: string | null; readonly title: string }) => boolean;
  /** Only for products of these categories; null: for all. */
  readonly categories: RegExp | null;
}

/** How much a seller's record weighs: told, against, or in the way. */
export interface SellerSigns {
  readonly severity: 'info' | 'warning' | 'block';
}

export interface OpportunitiesDeps {
  readonly ctx: EngineContext;
  readonly catalog: CatalogDeps;
  readonly feeCards: readonly FeeCard[];
  /** Says what offers are whose codes do not; absent: such offers stay unidentified. */
  readonly words?: WordsIdentifier;
  /** Markets that can be asked what is asked there now; those that are connected. */
  readonly askedMarkets?: readonly AskedMarket[];
  /** What is known of each seller of a source by earlier orders; absent: nothing is asked. Joined in from above, because purchasing knows opportunities and not the other way round. */
  readonly sellerRisks?: (sourceId: string) => Promise<(sellerName: string | null) => SellerSigns | null>;
  /** Markets that say what was sold there. */
  readonly soldCounts?: readonly SoldCountPort[];
}
