import type { TFunction } from 'i18next';
import type { OpportunityDetail } from '#contract/opportunities.ts';
import type { Formatter } from '../../ui/format.ts';
import { cardDay } from './card-day.ts';

export interface FigureRow {
  readonly id: string;
  readonly name: string;
  readonly texts: readonly string[];
  /** Which are the best; none where all are equal or nothing can be best. */
  readonly best: readonly boolean[];
  readonly differs: boolean;
}

type Better = 'high' | 'low' | null;
interface Figure { readonly id: string; readonly better: Better; readonly value: (d: OpportunityDetail) => number | string | null; readonly text: (d: OpportunityDetail, f: Formatter, t: TFunction) => string }

const amount = (id: string, better: Better, of: (d: OpportunityDetail) => { minor: number; currency: string } | null): Figure => ({ id, better, value: (d) => of(d)?.minor ?? null, text: (d, f) => { const value = of(d); return value ? f.money(value) : '–'; } });
const plain = (id: string, of: (d: OpportunityDetail) => string | null): Figure => ({ id, better: null, value: of, text: (d) => of(d) ?? '–' });

const FIGURES: readonly Figure[] = [
  { id: 'decision', better: null, value: (d) => d.decision, text: (d, _f, t) => t(`opportunities:decision.${d.decision}`) },
  amount('profit', 'high', (d) => d.profit), amount('compare.low', 'high', (d) => d.profitLow), amount('compare.high', 'high', (d) => d.profitHigh),
  { id: 'roi', better: 'high', value: (d) => d.roiBp, text: (d, f) => f.percent(d.roiBp) },
  { id: 'cashday', better: 'high', value: (d) => d.profitPerCashDayMilli, text: (d, f) => f.money({ minor: Math.round(d.profitPerCashDayMilli / 1_000), currency: d.profit.currency }) },
  { id: 'loss', better: 'low', value: (d) => d.lossChanceBp, text: (d, f) => f.percent(d.lossChanceBp) },
  { id: 'days', better: 'low', value: (d) => d.daysToSell, text: (d, f) => f.number(d.daysToSell) },
  { id: 'demand', better: 'high', value: (d) => d.demandPerMonth, text: (d, f) => f.number(d.demandPerMonth) },
  { id: 'confidence', better: 'high', value: (d) => d.confidenceBp, text: (d, f) => f.percent(d.confidenceBp) },
  amount('cost', 'low', (d) => d.unitCost), amount('sale', null, (d) => d.salePrice), amount('compare.total', null, (d) => d.approval.total), amount('compare.ceiling', null, (d) => d.ceiling),
  { id: 'quantity', better: null, value: (d) => d.quantity, text: (d, f) => f.number(d.quantity) },
  { id: 'compare.stock', better: null, value: (d) => d.offer.stock, text: (d, f) => (d.offer.stock === null ? '–' : f.number(d.offer.stock)) },
  plain('source', (d) => d.sourceName), { id: 'compare.channel', better: null, value: (d) => d.channel, text: (d, _f, t) => t(`listings:channel.${d.channel}`, { defaultValue: d.channel }) }, plain('brand', (d) => d.brand), plain('category', (d) => d.category), { id: 'compare.condition', better: null, value: (d) => d.offer.condition, text: (d, _f, t) => t(`stock:hand.condition.${d.offer.condition}`, { defaultValue: d.offer.condition }) },
  { id: 'compare.pack', better: null, value: (d) => d.offer.packSize, text: (d, f) => f.number(d.offer.packSize) },
  { id: 'compare.weight', better: null, value: (d) => d.product.weightG, text: (d, f) => (d.product.weightG === null ? '–' : `${f.number(d.product.weightG)} g`) },
  { id: 'compare.card', better: null, value: (d) => d.cardVersion, text: (d, f) => cardDay(d.cardVersion, f) },
];

const nameKey = (id: string) => (id.startsWith('compare.') ? `opportunities:${id}` : `opportunities:column.${id}`);

/** What differs first, in the order above; what is the same for all comes after. Amounts are all in the home currency, but for the total, which is never judged. */
export function compareFigures(details: readonly OpportunityDetail[], t: TFunction, format: Formatter): { readonly differing: readonly FigureRow[]; readonly same: readonly FigureRow[] } {
  const rows = FIGURES.map(({ id, better, value, text }): FigureRow => {
    const values = details.map(value);
    const differs = new Set(values).size > 1;
    const known = values.filter((v): v is number => typeof v === 'number');
    const top = better === null || !differs || known.length < 2 ? null : better === 'high' ? Math.max(...known) : Math.min(...known);
    return { id, name: t(nameKey(id)), texts: details.map((d) => text(d, format, t)), best: values.map((v) => top !== null && v === top), differs };
  });
  return { differing: rows.filter((row) => row.differs), same: rows.filter((row) => !row.differs) };
}
