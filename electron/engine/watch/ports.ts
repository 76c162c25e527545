import type { Money } from '#kernel/money.ts';

/** What a product's page says of it now. */
export interface WatchedPage {
  readonly title: string;
  readonly price: Money;
  /** Null: the page does not say. */
  readonly available: boolean | null;
  readonly quantity: number | null;
  /** GTINs and ISBNs that the page names, as found. */
  readonly codes: readonly string[];
}

/** Reads one page of a product, whoever's it is, within robots.txt and the pace of its host. */
export interface PageReaderPort {
  /** @throws ConnectorError Rejected, with a sentence for a person, where the page shows no one product with a sure price; any other kind for what the site does wrong. */
  read(url: string, signal: AbortSignal): Promise<WatchedPage>;
}
