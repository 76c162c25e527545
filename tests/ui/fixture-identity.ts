import type { IdentityQuestion } from '#contract/identity.ts';
import type { OpportunityRow } from '#contract/opportunities.ts';
import { FIXTURE_NOW } from './fixture-data.ts';

/** Unsure pairs made of the fixture's products: the offer names them in other words, every third in another pack. */
export function identityQuestions(rows: readonly OpportunityRow[], state: IdentityQuestion['state']): IdentityQuestion[] {
  return rows.slice(0, 12).map((row, i) => ({
    id: `idy_${i}`, state, probabilityBp: 8_400 - 350 * i, packUnknown: i % 3 === 0, askedAt: FIXTURE_NOW - i * 3_600_000, decidedAt: state === 'open' ? null : FIXTURE_NOW, decidedBy: state === 'open' ? null : 'person', version: 1,
    opinion: i === 1 ? { verdict: 'unsure', why: 'The colour is not named by the shop.' } : null,
    offer: { id: `off_${i}`, title: `NEW ${row.title.split(' ').slice(0, 4).join(' ')} ${i % 3 === 0 ? 'x3' : ''} FREE SHIPPING`, brand: row.brand, mpn: null, gtin: null, packSize: i % 3 === 0 ? 3 : 1, price: row.unitCost, url: 'https://shop.example/p', imageUrl: null, sourceName: row.sourceName },
    product: { id: `prd_${i}`, title: row.title, brand: row.brand, mpn: 'QX-3696H', asin: `B0${String(i).padStart(8, '0')}`, gtin: null, packSize: 1, category: row.category, imageUrl: null },
  }));
}
