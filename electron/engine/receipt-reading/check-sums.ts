/** Whether the figures of a receipt bear one another out. A sum that does not hold is told; no figure is changed to make it hold. */
import type { FoundItem } from './read-items.ts';
import type { FoundSums } from './read-totals.ts';

export interface Check {
  readonly code: 'items' | 'total';
  readonly holds: boolean;
  readonly expectedMinor: number;
  readonly foundMinor: number;
}

export interface Checked {
  readonly items: readonly FoundItem[];
  readonly checks: readonly Check[];
  readonly taxIncluded: boolean;
}

/** A till rounds each line's tax by itself. */
const ROUNDING = 1;
const near = (a: number, b: number): boolean => Math.abs(a - b) <= ROUNDING;
const totalOf = (items: readonly FoundItem[]): number => items.reduce((sum, { totalMinor }) => sum + totalMinor, 0);

/** Where a count and one amount stand in a line, the amount may be that of each: which of the two, only the sum can say. */
function asEach(items: readonly FoundItem[]): readonly FoundItem[] | null {
  if (!items.some(({ eachOrAll }) => eachOrAll)) return null;
  return items.map((item) => (item.eachOrAll ? { ...item, unitMinor: item.totalMinor, totalMinor: item.totalMinor * item.quantity } : item));
}

export function checkSums(found: readonly FoundItem[], { sums, taxIncluded }: FoundSums): Checked {
  const minor = (label: keyof typeof sums) => sums[label]?.minor ?? 0;
  const { subtotal, total } = sums;
  const extras = minor('shipping') + minor('fees') - minor('discount');
  const ways = [taxIncluded, !taxIncluded].map((included) => ({ included, extras: extras + (included ? 0 : minor('tax')) }));
  /** What the goods have to come to; a subtotal may be told before the discount or after it, before the tax or with it. */
  const targets = [...(subtotal ? [subtotal.minor, subtotal.minor + minor('discount'), ...(taxIncluded ? [subtotal.minor + minor('tax')] : [])] : []), ...(total ? ways.map((way) => total.minor - way.extras) : [])];
  const fits = (items: readonly FoundItem[]) => targets.some((target) => near(totalOf(items), target));
  const each = found.length > 0 && !fits(found) ? asEach(found) : null;
  const items = each && fits(each) ? each : found;
  const goods = items.length > 0 ? totalOf(items) : null;
  const checks: Check[] = [];
  if (goods !== null && subtotal) {
    const expected = [goods, goods - minor('discount'), ...(sums.tax ? [goods - minor('tax'), goods - minor('discount') - minor('tax')] : [])];
    checks.push({ code: 'items', holds: expected.some((one) => near(one, subtotal.minor)), expectedMinor: goods, foundMinor: subtotal.minor });
  }
  const bases = [...(subtotal ? [subtotal.minor, subtotal.minor + minor('discount')] : []), ...(goods === null ? [] : [goods])];
  if (!total || bases.length === 0) return { items, checks, taxIncluded };
  // only a tax whose words leave it open is taken for a part of the prices
  const may = sums.tax ? ways : ways.slice(0, 1);
  const way = may.find(({ extras: more }) => bases.some((base) => near(base + more, total.minor)));
  checks.push({ code: 'total', holds: way !== undefined, expectedMinor: bases[0]! + ways[0]!.extras, foundMinor: total.minor });
  return { items, checks, taxIncluded: way?.included ?? taxIncluded };
}
