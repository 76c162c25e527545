import type { TFunction } from 'i18next';
import type { WatchRow } from '#contract/watches.ts';
import { toDecimal } from '#kernel/money.ts';
import type { Column } from '../../ui/data-table.tsx';
import type { Formatter } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StatusBadge, type StatusTone } from '../../ui/status-badge.tsx';
import { eitherWay } from '../../ui/table-sort.ts';

export type Standing = 'paused' | 'failing' | 'changed' | 'sold-out' | 'undercut' | 'steady';
const TONES: Readonly<Record<Standing, StatusTone>> = { paused: 'ended', failing: 'attention', changed: 'attention', 'sold-out': 'ended', undercut: 'attention', steady: 'done' };

/** They ask less than we do for the same thing. */
export const undercuts = (row: WatchRow): boolean => row.price !== null && row.available !== false && row.mine !== null && row.mine.currency === row.price.currency && row.price.minor < row.mine.minor;

/** The one word that says most of a row. */
export function standing(row: WatchRow): Standing {
  if (row.state === 'paused') return 'paused';
  if (row.problem !== null) return 'failing';
  if (row.unseen > 0) return 'changed';
  if (row.price === null || row.available === false) return 'sold-out';
  return undercuts(row) ? 'undercut' : 'steady';
}

export function WatchBadge({ row, t }: { readonly row: WatchRow; readonly t: TFunction }) {
  const is = standing(row);
  return <StatusBadge tone={TONES[is]} label={t(`watch:standing.${is}`)} />;
}

/** A change with its sign: no colour, for a price of theirs is neither profit nor loss. */
export const changeText = (bp: number, format: Formatter): string => (bp === 0 ? format.percent(0, 1) : `${bp > 0 ? '+' : '−'}${format.percent(Math.abs(bp), 1)}`);

export function watchColumns(t: TFunction, format: Formatter): Column<WatchRow>[] {
  const name = (id: string) => t(`watch:column.${id}`);
  return [
    { id: 'title', header: name('title'), size: 320, ...eitherWay('title'), cell: (r) => <span dir="auto" title={r.title}>{r.title}</span>, csv: (r) => r.title },
    { id: 'standing', header: name('standing'), size: 150, cell: (r) => <WatchBadge row={r} t={t} />, csv: (r) => standing(r) },
    { id: 'place', header: name('place'), size: 150, cell: (r) => <span className="truncate" title={r.address}>{t(`listings:channel.${r.place}`, { defaultValue: r.place })}</span>, csv: (r) => r.address },
    { id: 'price', header: name('price'), size: 104, align: 'end', ...eitherWay('price'), cell: (r) => <Money value={r.price} />, csv: (r) => (r.price ? toDecimal(r.price) : '') },
    { id: 'change', header: name('change'), size: 92, align: 'end', ...eitherWay('change'), cell: (r) => (r.changeBp === null ? <span className="muted">–</span> : <span className="num">{changeText(r.changeBp, format)}</span>), csv: (r) => (r.changeBp === null ? '' : String(r.changeBp / 100)) },
    { id: 'mine', header: name('mine'), size: 104, align: 'end', cell: (r) => (r.mine ? <Money value={r.mine} /> : <span className="muted">–</span>), csv: (r) => (r.mine ? toDecimal(r.mine) : '') },
    { id: 'sellers', header: name('sellers'), size: 84, align: 'end', ...eitherWay('sellers', 'desc'), cell: (r) => <span className="num">{r.sellers === null ? '–' : format.number(r.sellers)}</span>, csv: (r) => (r.sellers === null ? '' : String(r.sellers)) },
    { id: 'checked', header: name('checked'), size: 120, ...eitherWay('checked', 'desc'), cell: (r) => <span className="muted"><RelativeTime at={r.checkedAt} /></span>, csv: (r) => (r.checkedAt ? new Date(r.checkedAt).toISOString() : '') },
    { id: 'below', header: name('below'), size: 104, align: 'end', optional: true, cell: (r) => (r.below ? <Money value={r.below} /> : <span className="muted">–</span>), csv: (r) => (r.below ? toDecimal(r.below) : '') },
  ];
}
