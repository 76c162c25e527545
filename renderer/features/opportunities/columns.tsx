import { IconArrowsExchange, IconCircleMinus, IconShoppingCartPlus } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import type { ComponentType } from 'react';
import { toDecimal } from '#kernel/money.ts';
import type { OpportunityRow } from '#contract/opportunities.ts';
import type { Column } from '../../ui/data-table.tsx';
import type { Formatter } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { RangeBar } from '../../ui/range-bar.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

const DECISION_ICONS = { purchase: IconShoppingCartPlus, negotiate: IconArrowsExchange, skip: IconCircleMinus } as const;

export function Decision({ decision, t }: { readonly decision: OpportunityRow['decision']; readonly t: TFunction }) {
  const Icon = DECISION_ICONS[decision];
  return <span className="row" style={{ gap: '0.3125rem' }}><Icon size="0.9375rem" stroke={1.8} className="muted" aria-hidden="true" />{t(`opportunities:decision.${decision}`)}</span>;
}

/** One scale for all range bars of a list: from the worst low to the best high of the middle nine tenths, zero included. */
export function profitScale(rows: readonly OpportunityRow[]): { readonly min: number; readonly max: number } {
  if (rows.length === 0) return { min: 0, max: 1 };
  const lows = rows.map((r) => r.profitLow.minor).toSorted((a, b) => a - b);
  const highs = rows.map((r) => r.profitHigh.minor).toSorted((a, b) => a - b);
  return { min: Math.min(0, lows[Math.floor(lows.length * 0.05)]!), max: Math.max(1, highs[Math.min(highs.length - 1, Math.floor(highs.length * 0.95))]!) };
}

interface Context { /** Draws the price of the last quarter, as soon as it is known. */ readonly Spark: ComponentType<{ readonly id: string; readonly label: string }>; readonly t: TFunction; readonly format: Formatter; readonly scale: { readonly min: number; readonly max: number } }

export function opportunityColumns({ t, format, scale, Spark }: Context): Column<OpportunityRow>[] {
  const name = (id: string) => t(`opportunities:column.${id}`);
  const trend = t('opportunities:trend-90');
  const word = (m: OpportunityRow['profit']) => format.money(m);
  return [
    { id: 'title', header: name('title'), size: 300, cell: (r) => <span dir="auto" title={r.title}>{r.title}</span>, csv: (r) => r.title },
    { id: 'profit', header: name('profit'), size: 104, align: 'end', sort: { key: 'profit', direction: 'desc' }, cell: (r) => <Money value={r.profit} result={r.verdict !== 'unsure'} estimated />, csv: (r) => toDecimal(r.profit) },
    { id: 'range', header: name('range'), size: 120, cell: (r) => <RangeBar low={r.profitLow.minor} expected={r.profit.minor} high={r.profitHigh.minor} min={scale.min} max={scale.max} label={t('opportunities:range', { low: word(r.profitLow), high: word(r.profitHigh) })} />, csv: (r) => `${toDecimal(r.profitLow)} to ${toDecimal(r.profitHigh)}` },
    { id: 'roi', header: name('roi'), size: 76, align: 'end', sort: { key: 'roi', direction: 'desc' }, cell: (r) => <span className="num">≈ {format.percent(r.roiBp)}</span>, csv: (r) => String(r.roiBp / 100) },
    { id: 'cost', header: name('cost'), size: 92, align: 'end', cell: (r) => <Money value={r.unitCost} />, csv: (r) => toDecimal(r.unitCost) },
    { id: 'sale', header: name('sale'), size: 100, align: 'end', cell: (r) => <Money value={r.salePrice} estimated />, csv: (r) => toDecimal(r.salePrice) },
    { id: 'days', header: name('days'), size: 84, align: 'end', sort: { key: 'days', direction: 'asc' }, cell: (r) => <span className="num">≈ {format.number(r.daysToSell)}</span>, csv: (r) => String(r.daysToSell) },
    { id: 'loss', header: name('loss'), size: 84, align: 'end', cell: (r) => <span className="num">{format.percent(r.lossChanceBp)}</span>, csv: (r) => String(r.lossChanceBp / 100) },
    { id: 'trend', header: name('trend'), size: 92, cell: (r) => <Spark id={r.id} label={trend} /> },
    { id: 'quantity', header: name('quantity'), size: 76, align: 'end', cell: (r) => <span className="num">{format.number(r.quantity)}</span>, csv: (r) => String(r.quantity) },
    { id: 'decision', header: name('decision'), size: 112, cell: (r) => <Decision decision={r.decision} t={t} />, csv: (r) => r.decision },
    { id: 'earns', header: name('earns'), size: 124, cell: (r) => t(`opportunities:earns.${r.verdict}`), csv: (r) => r.verdict },
    { id: 'source', header: name('source'), size: 140, cell: (r) => <span className="truncate" title={r.sourceName}>{r.sourceName}</span>, csv: (r) => r.sourceName },
    { id: 'seen', header: name('seen'), size: 112, sort: { key: 'newest', direction: 'desc' }, cell: (r) => <span className="muted"><RelativeTime at={r.seenAt} /></span>, csv: (r) => new Date(r.seenAt).toISOString() },
    { id: 'demand', header: name('demand'), size: 90, align: 'end', optional: true, cell: (r) => <span className="num">≈ {format.number(r.demandPerMonth)}</span>, csv: (r) => String(r.demandPerMonth) },
    { id: 'cashday', header: name('cashday'), size: 110, align: 'end', optional: true, sort: { key: 'score', direction: 'desc' }, cell: (r) => <Money value={{ minor: Math.round(r.profitPerCashDayMilli / 1_000), currency: r.profit.currency }} estimated />, csv: (r) => String(r.profitPerCashDayMilli) },
    { id: 'confidence', header: name('confidence'), size: 96, align: 'end', optional: true, cell: (r) => <span className="num">{format.percent(r.confidenceBp)}</span>, csv: (r) => String(r.confidenceBp / 100) },
    { id: 'brand', header: name('brand'), size: 120, optional: true, cell: (r) => <span className="truncate">{r.brand ?? '–'}</span>, csv: (r) => r.brand ?? '' },
    { id: 'category', header: name('category'), size: 130, optional: true, cell: (r) => <span className="truncate">{r.category ?? '–'}</span>, csv: (r) => r.category ?? '' },
  ];
}
