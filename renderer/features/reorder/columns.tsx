import type { TFunction } from 'i18next';
import type { ReorderRow } from '#contract/reorder.ts';
import { toDecimal } from '#kernel/money.ts';
import type { Column } from '../../ui/data-table.tsx';
import type { Formatter } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { eitherWay, type SortValues } from '../../ui/table-sort.ts';
import type { ReorderSort } from './search.ts';

/** Below this chance that the stock lasts, a person is asked to look. */
const SOON_BP = 5_000;

/** How a row stands, in a word. */
export function standing(row: ReorderRow): 'order' | 'loses' | 'drafted' | 'enough' {
  if (row.units > 0) return row.drafted >= row.units ? 'drafted' : 'order';
  return row.reasons.some((reason) => reason.code === 'reorder.no-profit') && row.position <= row.reorderPoint ? 'loses' : 'enough';
}
const TONES = { order: 'attention', drafted: 'running', loses: 'ended', enough: 'done' } as const;

export function reorderColumns(t: TFunction, format: Formatter): Column<ReorderRow>[] {
  const name = (id: string) => t(`reorder:column.${id}`);
  const figure = (value: number, digits = 0) => <span className="num">{format.number(value, digits)}</span>;
  return [
    { id: 'title', header: name('title'), size: 240, ...eitherWay('title'), cell: (r) => <span dir="auto" title={r.title}>{r.title}</span>, csv: (r) => r.title },
    { id: 'standing', header: name('standing'), ...eitherWay('standing'), size: 120, cell: (r) => <StatusBadge tone={TONES[standing(r)]} label={t(`reorder:standing.${standing(r)}`)} />, csv: standing },
    { id: 'lasts', header: name('lasts'), size: 76, align: 'end', ...eitherWay('urgency'), cell: (r) => <span className={`num${r.lastsBp < SOON_BP ? ' attention' : ''}`}>{format.percent(r.lastsBp)}</span>, csv: (r) => String(r.lastsBp / 10_000) },
    { id: 'units', header: name('units'), size: 72, align: 'end', ...eitherWay('units', 'desc'), cell: (r) => (r.units > 0 ? <strong className="num">{format.number(r.units)}</strong> : <span className="muted">–</span>), csv: (r) => String(r.units) },
    { id: 'cost', header: name('cost'), size: 96, align: 'end', ...eitherWay('cost', 'desc'), cell: (r) => (r.cost && r.units > 0 ? <Money value={r.cost} estimated /> : <span className="muted">–</span>), csv: (r) => (r.cost ? toDecimal(r.cost) : '') },
    { id: 'supplier', header: name('supplier'), ...eitherWay('supplier'), size: 150, cell: (r) => (r.supplier ? <span className="truncate" title={r.supplier.name}>{r.supplier.name}</span> : <span className="muted">{t('reorder:no-supplier')}</span>), csv: (r) => r.supplier?.name ?? '' },
    { id: 'position', header: name('position'), ...eitherWay('position'), size: 110, align: 'end', cell: (r) => <span className="num" title={t('reorder:position-title', { onHand: r.onHand, onOrder: r.onOrder, reserved: r.reserved })}>{format.number(r.position)} {r.onOrder > 0 ? <span className="muted small">{t('reorder:position-short', { onOrder: r.onOrder })}</span> : null}</span>, csv: (r) => String(r.position) },
    { id: 'point', header: name('point'), size: 84, align: 'end', cell: (r) => figure(r.reorderPoint), csv: (r) => String(r.reorderPoint) },
    { id: 'perday', header: name('perday'), size: 84, align: 'end', ...eitherWay('perday', 'desc'), cell: (r) => figure(r.perDay, 2), csv: (r) => r.perDay.toFixed(3) },
    { id: 'method', header: name('method'), size: 170, cell: (r) => <span className="small">{t(`reorder:method.${r.method}`)} <span className="muted num">{r.error === null || r.naiveError === null ? t('reorder:untested') : t('reorder:error-short', { error: format.number(r.error, 1), naive: format.number(r.naiveError, 1) })}</span></span>, csv: (r) => `${r.method} ${r.error ?? ''} ${r.naiveError ?? ''}` },
    { id: 'lead', header: name('lead'), ...eitherWay('lead', 'desc'), size: 110, align: 'end', cell: (r) => <span className="num" title={t(`reorder:lead-from.${r.leadFrom}`)}>{t('reorder:lead-short', { days: format.number(r.leadDays, 1), sd: format.number(r.leadSd, 1) })}</span>, csv: (r) => r.leadDays.toFixed(2) },
    { id: 'profit', header: name('profit'), size: 100, align: 'end', optional: true, ...eitherWay('profit', 'desc'), cell: (r) => (r.profitPerUnit ? <Money value={r.profitPerUnit} result /> : <span className="muted">–</span>), csv: (r) => (r.profitPerUnit ? toDecimal(r.profitPerUnit) : '') },
    { id: 'sold', header: name('sold'), ...eitherWay('sold', 'desc'), size: 80, align: 'end', optional: true, cell: (r) => figure(r.sold), csv: (r) => String(r.sold) },
  ];
}

const STANDINGS = ['order', 'loses', 'drafted', 'enough'];

/** `urgency` is the order in which the engine gives them. */
export const reorderValues = (rows: readonly ReorderRow[]): SortValues<ReorderSort, ReorderRow> => {
  const places = new Map(rows.map((row, place) => [row.productId, place]));
  return {
    urgency: (r) => places.get(r.productId)!, title: (r) => r.title, standing: (r) => STANDINGS.indexOf(standing(r)), perday: (r) => r.perDay, units: (r) => r.units, cost: (r) => (r.units > 0 ? (r.cost?.minor ?? null) : null), profit: (r) => r.profitPerUnit?.minor ?? null,
    supplier: (r) => r.supplier?.name ?? null, position: (r) => r.position, lead: (r) => r.leadDays, sold: (r) => r.sold,
  };
};
