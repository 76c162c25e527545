import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toDecimal, type Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Money } from '../../ui/money.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';

interface Rejected { readonly line: number; readonly field: string; readonly severity: 'row' | 'field'; readonly reason: string; readonly raw: string }
interface Gone { readonly line: number; readonly identifier: string | null; readonly title: string | null; readonly unitCost: Amount }
const rejectId = (r: Rejected) => `${r.line}-${r.field}`;
const goneId = (r: Gone) => String(r.line);

/** What could not be read: row, field, why, and what stood there. */
export function RejectedRows({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const [active, setActive] = useState<string | null>(null);
  const query = useInfiniteQuery(orpc.priceLists.rejects.infiniteOptions({ input: (cursor: string | undefined) => ({ id, ...cursorInput(cursor) }), ...PAGING }));
  const { rows } = useRows<Rejected>(query.data);
  const columns = useMemo((): Column<Rejected>[] => [
    { id: 'line', header: t('price-lists:result.line'), size: 90, align: 'end', cell: (r) => <span className="num">{r.line}</span>, csv: (r) => String(r.line) },
    { id: 'field', header: t('price-lists:bad.field'), size: 160, cell: (r) => t(`price-lists:role.${r.field}`, { defaultValue: r.field }), csv: (r) => r.field },
    { id: 'reason', header: t('price-lists:bad.reason'), size: 440, cell: (r) => <span title={t(`price-lists:why.${r.reason}`, { defaultValue: r.reason })}>{t(`price-lists:why.${r.reason}`, { defaultValue: r.reason })}</span>, csv: (r) => r.reason },
    { id: 'severity', header: t('price-lists:bad.severity'), size: 170, cell: (r) => <span className={r.severity === 'row' ? 'attention' : 'muted'}>{t(`price-lists:severity.${r.severity}`)}</span>, csv: (r) => r.severity },
    { id: 'raw', header: t('price-lists:bad.raw'), size: 260, cell: (r) => <span className="muted" title={r.raw} dir="auto">{r.raw}</span>, csv: (r) => r.raw },
  ], [t]);
  return <DataTable id="price-list-bad" label={t('price-lists:filter.bad')} columns={columns} rows={rows} rowId={rejectId} activeId={active} onActive={setActive} onOpen={setActive} pages={query} empty={<EmptyState title={t('price-lists:no-bad')} />} />;
}

/** What the supplier's list before had, and this one has not. */
export function GoneRows({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const [active, setActive] = useState<string | null>(null);
  const query = useInfiniteQuery(orpc.priceLists.gone.infiniteOptions({ input: (cursor: string | undefined) => ({ id, ...cursorInput(cursor) }), ...PAGING }));
  const { rows } = useRows<Gone>(query.data);
  const columns = useMemo((): Column<Gone>[] => [
    { id: 'title', header: t('price-lists:result.title'), size: 360, cell: (r) => <span dir="auto">{r.title ?? '–'}</span>, csv: (r) => r.title ?? '' },
    { id: 'identifier', header: t('price-lists:result.identifier'), size: 160, cell: (r) => <span className="num">{r.identifier ?? '–'}</span>, csv: (r) => r.identifier ?? '' },
    { id: 'cost', header: t('price-lists:result.cost'), size: 110, align: 'end', cell: (r) => <Money value={r.unitCost} />, csv: (r) => toDecimal(r.unitCost) },
    { id: 'line', header: t('price-lists:result.line'), size: 90, align: 'end', cell: (r) => <span className="num">{r.line}</span>, csv: (r) => String(r.line) },
  ], [t]);
  return <DataTable id="price-list-gone" label={t('price-lists:filter.gone')} columns={columns} rows={rows} rowId={goneId} activeId={active} onActive={setActive} onOpen={setActive} pages={query} empty={<EmptyState title={t('price-lists:no-gone')} />} />;
}
