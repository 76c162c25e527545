import type { z } from 'zod';
import type { listFacets } from '#contract/shared.ts';
import type { FilteredList } from '#contract/words.ts';

const of = (values: Readonly<Record<string, readonly string[]>>, currencies: readonly string[] = ['USD', 'DZD']): z.infer<typeof listFacets> => ({
  choices: Object.fromEntries(Object.entries(values).map(([choice, keys]) => [choice, keys.map((text, n) => { const [key = '', name = null] = text.split('='); return { key, name, count: 400 >> n }; })])), currencies: [...currencies],
});
const SOURCES = ['src_1=Oran Tools', 'src_2=Atlas Wholesale'];
const CATEGORIES = ['tools', 'toys', 'books'];

/** What the lists of the fixture can be narrowed by. */
export const FACETS: Readonly<Record<FilteredList, z.infer<typeof listFacets>>> = {
  orders: of({ channel: ['ebay', 'amazon-us'], category: CATEGORIES, source: SOURCES }), purchases: of({ source: SOURCES, category: CATEGORIES }), stock: of({ location: ['A-01', 'A-02'], condition: ['new', 'used-good'], category: CATEGORIES, source: SOURCES }, ['USD']),
  listings: of({ channel: ['ebay-us', 'amazon-us'], category: CATEGORIES }, ['USD']), watches: of({ source: SOURCES }), ledger: of({ account: ['assets:cash', 'income:sales'], kind: ['sale', 'payout'] }), support: of({ channel: ['email', 'ebay'], language: ['en', 'fr'] }, []),
  payments: of({ provider: ['stripe=Stripe', 'chargily=Chargily Pay'] }), negotiations: of({ channel: ['email', 'sms'], source: SOURCES }), 'purchase-orders': of({ supplier: ['atlas-wholesale=Atlas Wholesale', 'harbor-freight=Harbor Freight'] }), inbound: of({ channel: ['amazon-us'] }, []), 'price-lists': of({ supplier: ['harbor-freight=Harbor Freight'] }, []),
};

interface Asked { readonly channel?: string | undefined; readonly least?: number | undefined; readonly most?: number | undefined; readonly currency?: string | undefined }

/** Whether a row has what is asked: its channel, and its total in the currency. */
export function hasAsked(row: object, { channel, least, most, currency }: Asked): boolean {
  if (channel !== undefined && 'channel' in row && row.channel !== channel) return false;
  if (currency === undefined || !('total' in row) || typeof row.total !== 'object' || row.total === null) return true;
  const total = row.total as { readonly minor: number; readonly currency: string };
  return total.currency === currency && total.minor >= (least ?? -Infinity) && total.minor <= (most ?? Infinity);
}
