import type { TFunction } from 'i18next';
import type { ReportFigures, ReportRow } from '#contract/reports.ts';
import { money, toDecimal } from '#kernel/money.ts';
import type { Column } from '../../ui/data-table.tsx';
import type { Formatter } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { rowName } from './row-name.ts';
import type { Split } from './search.ts';

/** The sum of what is beyond the rows that are shown. */
export const OTHERS = 'others';
export type TableRow = ReportRow & { readonly id: string; readonly others?: number };

/** The rows of the period before. `all`: a row that is not there was nothing; else it may be among those that are summed up. */
export interface Before { readonly rows: ReadonlyMap<string, ReportRow>; readonly all: boolean }

interface Given { readonly t: TFunction; readonly format: Formatter; readonly language: string; readonly by: Split; readonly before: Before | null }

export function columnsOf({ t, format, language, by, before }: Given): Column<TableRow>[] {
  const name = (row: TableRow) => (row.others === undefined ? rowName(t, language, row, by) : t('reports:others', { count: row.others }));
  const figure = (of: keyof ReportFigures, size = 112): Column<TableRow> => ({ id: of, header: t(`reports:figure.${of}`), size, align: 'end', cell: (r) => <Money value={r.home[of]} result={of === 'profit'} />, csv: (r) => toDecimal(r.home[of]) });
  const number = (id: string, value: (row: TableRow) => number | null, digits = 0): Column<TableRow> => ({ id, header: t(`reports:column.${id}`), size: 92, align: 'end', cell: (r) => <span className="num">{value(r) === null ? '–' : format.number(value(r)!, digits)}</span>, csv: (r) => String(value(r) ?? '') });
  const judged = (row: TableRow) => row.sold.estimates.find(({ expected }) => expected.currency === row.home.profit.currency);
  const was = (row: TableRow) => {
    const earlier = before?.rows.get(row.key);
    if (before === null || row.others !== undefined || (!earlier && !before.all)) return null;
    return money(row.home.profit.minor - (earlier?.home.profit.minor ?? 0), row.home.profit.currency);
  };
  return [
    { id: 'name', header: t(`reports:by.${by}`), size: 270, cell: (r) => <span className={`truncate${r.label === null && r.key === '' ? ' muted' : ''}`} title={name(r)} dir="auto">{name(r)}</span>, csv: name },
    figure('revenue'), figure('profit'),
    ...(by === 'month' ? [] : [{ id: 'change', header: t('reports:column.change'), size: 112, align: 'end' as const, cell: (r: TableRow) => { const moved = was(r); return moved === null ? <span className="muted">–</span> : <span className="num muted">{format.money(moved, { sign: true })}</span>; }, csv: (r: TableRow) => { const moved = was(r); return moved === null ? '' : toDecimal(moved); } }]),
    { id: 'roi', header: t('reports:figure.roi'), size: 84, align: 'end', cell: (r) => <span className="num">{r.roiBp === null ? '–' : format.percent(r.roiBp, 1)}</span>, csv: (r) => String(r.roiBp === null ? '' : r.roiBp / 100) },
    number('units', (r) => r.sold.units), number('orders', (r) => r.sold.orders), figure('fees', 104), figure('postage', 104), figure('cost', 112), figure('refunds', 100),
    { id: 'estimate', header: t('reports:column.estimate'), size: 120, align: 'end', cell: (r) => { const one = judged(r); return one ? <span title={t('reports:estimate-note', { expected: format.money(one.expected), count: one.units, shown: format.number(one.units) })}><Money value={money(one.outcome.minor - one.expected.minor, one.outcome.currency)} result /></span> : <span className="muted">–</span>; }, csv: (r) => { const one = judged(r); return one ? toDecimal(money(one.outcome.minor - one.expected.minor, one.outcome.currency)) : ''; } },
    number('days', (r) => r.sold.daysToSell, 1), { ...figure('writeOff', 104), optional: true },
  ];
}
