import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { ROW_FILTERS } from '#contract/words.ts';
import type { priceListRow } from '#contract/price-lists.ts';
import { toDecimal } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { useFormat, type Formatter } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { StateFilter } from '../../ui/state-filter.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { TableMenu } from '../../ui/table-menu.tsx';
import { Total } from '../../ui/total.tsx';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';
import type { ListView } from './use-actions.ts';
import { GoneRows, RejectedRows } from './other-rows.tsx';
import { FILTERS, type ListSearch, type SearchChange } from './search.ts';
import { saveExport } from '../../rpc/upload-list.ts';

type Row = z.infer<typeof priceListRow>;
const rowId = (row: Row) => String(row.row);
const decimal = (value: Row['cost'] | null | undefined) => (value ? toDecimal(value) : '');

/** Who said what the row sells for, and since when. */
function PriceBy({ row: { asked, first } }: { readonly row: Row }) {
  const { t } = useTranslation();
  if (asked?.figures) return <span>{t('price-lists:by.asked')} <span className="muted">· <RelativeTime at={asked.at} /></span></span>;
  if (!first) return <span className="muted">–</span>;
  const words = first.by === 'market' ? t(`price-lists:by.market.${first.of}`, { defaultValue: t('price-lists:by.market') }) : first.by === 'own-sales' ? t('price-lists:by.own-sales', { count: first.count ?? 0 }) : t(`price-lists:by.${first.by}`);
  return <span title={first.by === 'cards' ? (first.of ?? '') : undefined} className={first.by === 'list' ? 'muted' : ''}>{words}{first.at === null ? null : <span className="muted"> · <RelativeTime at={first.at} /></span>}</span>;
}

/** @param compared whether there is a list before that the rows are held against */
function columnsOf(t: TFunction, format: Formatter, compared: boolean): Column<Row>[] {
  const name = (id: string) => t(`price-lists:result.${id}`);
  const count = (value: number | null | undefined) => <span className="num">{value === null || value === undefined ? '–' : format.number(value)}</span>;
  const percent = (bp: number | null | undefined) => <span className="num">{bp === null || bp === undefined ? '–' : format.percent(bp)}</span>;
  return [
    { id: 'title', header: name('title'), size: 300, cell: (r) => <span title={r.title ?? ''} dir="auto">{r.title ?? '–'}</span>, csv: (r) => r.title ?? '' },
    { id: 'standing', header: name('standing'), size: 130, cell: (r) => <span className={r.standing === 'known' ? '' : 'muted'}>{t(r.asked ? `price-lists:asked.${r.asked.state}` : `price-lists:standing.${r.standing}`)}</span>, csv: (r) => r.asked?.state ?? r.standing },
    { id: 'identifier', header: name('identifier'), size: 150, cell: (r) => <span className="num" title={r.code ?? ''}>{r.identifier ?? (r.code ? <span className="muted">{r.code}</span> : '–')}{r.repairs.length > 0 ? <span className="attention" title={r.repairs.map((repair) => t(`price-lists:repair.${repair}`, { defaultValue: repair })).join(', ')}> ✎<span className="visually-hidden">{t('price-lists:figure.repaired')}</span></span> : null}</span>, csv: (r) => r.identifier ?? r.code ?? '' },
    { id: 'cost', header: name('cost'), size: 100, align: 'end', sort: { key: 'cost', direction: 'asc' }, cell: (r) => <Money value={r.unitCost} />, csv: (r) => decimal(r.unitCost) },
    { id: 'profit', header: name('profit'), size: 110, align: 'end', sort: { key: 'profit', direction: 'desc' }, cell: (r) => <Money value={r.asked?.figures?.profit ?? r.first?.profit} result estimated />, csv: (r) => decimal(r.asked?.figures?.profit ?? r.first?.profit) },
    ...(!compared ? [] : [{ id: 'change', header: name('change'), size: 130, cell: (r: Row) => (r.change ? <span>{t(`price-lists:change.${r.change.kind}`)} {r.change.was ? <span className="muted"><Money value={r.change.was} /></span> : null}</span> : <span className="muted">–</span>), csv: (r: Row) => r.change?.kind ?? '' } satisfies Column<Row>]),
    { id: 'sale', header: name('sale'), size: 100, align: 'end', cell: (r) => <Money value={r.asked?.figures?.sale ?? r.first?.sale} estimated />, csv: (r) => decimal(r.asked?.figures?.sale ?? r.first?.sale) },
    { id: 'by', header: name('by'), size: 190, cell: (r) => <PriceBy row={r} />, csv: (r) => (r.asked?.figures ? 'estimate' : (r.first?.by ?? '')) },
    { id: 'fees', header: name('fees'), size: 90, align: 'end', cell: (r) => <Money value={r.asked?.figures?.fees ?? r.first?.fees} estimated />, csv: (r) => decimal(r.asked?.figures?.fees ?? r.first?.fees) },
    { id: 'range', header: name('range'), size: 150, align: 'end', cell: (r) => (r.asked?.figures ? <span className="num muted"><Money value={r.asked.figures.profitLow} /> … <Money value={r.asked.figures.profitHigh} /></span> : <span className="muted">–</span>), csv: (r) => (r.asked?.figures ? `${toDecimal(r.asked.figures.profitLow)} to ${toDecimal(r.asked.figures.profitHigh)}` : '') },
    { id: 'roi', header: name('roi'), size: 80, align: 'end', sort: { key: 'roi', direction: 'desc' }, cell: (r) => percent(r.asked?.figures?.roiBp ?? r.first?.roiBp), csv: (r) => String(r.asked?.figures?.roiBp ?? r.first?.roiBp ?? '') },
    { id: 'loss', header: name('loss'), size: 90, align: 'end', cell: (r) => percent(r.asked?.figures?.lossChanceBp), csv: (r) => String(r.asked?.figures?.lossChanceBp ?? '') },
    { id: 'days', header: name('days'), size: 80, align: 'end', cell: (r) => count(r.asked?.figures?.daysToSell), csv: (r) => String(r.asked?.figures?.daysToSell ?? '') },
    { id: 'stock', header: name('stock'), size: 80, align: 'end', cell: (r) => count(r.quantity), csv: (r) => String(r.quantity ?? '') },
    { id: 'line', header: name('line'), size: 80, align: 'end', sort: { key: 'line', direction: 'asc' }, cell: (r) => count(r.line), csv: (r) => String(r.line) },
    { id: 'brand', header: name('brand'), size: 130, optional: true, cell: (r) => r.brand, csv: (r) => r.brand ?? '' }, { id: 'category', header: name('category'), size: 130, optional: true, cell: (r) => r.category, csv: (r) => r.category ?? '' },
    { id: 'mpn', header: name('mpn'), size: 120, optional: true, cell: (r) => r.mpn, csv: (r) => r.mpn ?? '' }, { id: 'list-cost', header: name('list-cost'), size: 120, align: 'end', optional: true, cell: (r) => <span><Money value={r.cost} /> <span className="muted num">/ {r.units}</span></span>, csv: (r) => decimal(r.cost) },
    { id: 'pack', header: name('pack'), size: 80, align: 'end', optional: true, cell: (r) => count(r.pack), csv: (r) => String(r.pack ?? '') }, { id: 'case', header: name('case'), size: 80, align: 'end', optional: true, cell: (r) => count(r.case), csv: (r) => String(r.case ?? '') },
    { id: 'map', header: name('map'), size: 90, align: 'end', optional: true, cell: (r) => <Money value={r.map} />, csv: (r) => decimal(r.map) }, { id: 'tax', header: name('tax'), size: 80, align: 'end', optional: true, cell: (r) => percent(r.taxBp), csv: (r) => String(r.taxBp ?? '') },
    { id: 'landed', header: name('landed'), size: 100, align: 'end', optional: true, cell: (r) => <Money value={r.asked?.figures?.unitCost} />, csv: (r) => decimal(r.asked?.figures?.unitCost) }, { id: 'demand', header: name('demand'), size: 90, align: 'end', optional: true, cell: (r) => count(r.asked?.figures?.demandPerMonth), csv: (r) => String(r.asked?.figures?.demandPerMonth ?? '') },
  ];
}

function ExportButtons({ list, filter }: { readonly list: ListView; readonly filter: (typeof ROW_FILTERS)[number] }) {
  const { t } = useTranslation();
  const make = useMutation(orpc.priceLists.export.mutationOptions({ onSuccess: (made) => saveExport(made), onError: (error) => notifyError(error, t) }));
  return (['xlsx', 'csv'] as const).map((format) => <Button key={format} variant="default" leftSection={<IconDownload size="0.875rem" />} loading={make.isPending && make.variables?.format === format} onClick={() => make.mutate({ id: list.id, format, filter })}>{t('price-lists:export', { format: format.toUpperCase() })}</Button>);
}

/** Every row with its figures. */
export function ResultsStep({ list, search, onChange }: { readonly list: ListView; readonly search: ListSearch; readonly onChange: (part: SearchChange, replace?: boolean) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [active, setActive] = useState<string | null>(null);
  const filter = ROW_FILTERS.find((name) => name === (search.filter ?? 'all'));
  const sort = search.sort ?? 'profit';
  const input = { id: list.id, filter: filter ?? ('all' as const), sort, ...(search.q ? { search: search.q } : {}) };
  const query = useInfiniteQuery(orpc.priceLists.rows.infiniteOptions({ input: (cursor: string | undefined) => ({ ...input, ...cursorInput(cursor) }), ...PAGING, enabled: filter !== undefined }));
  const { rows: pages, total } = useRows<Row>(query.data);
  // While the rest runs rows move between pages: one that comes twice is shown once.
  const rows = useMemo(() => [...new Map(pages.map((row) => [row.row, row])).values()], [pages]);
  const columns = useMemo(() => columnsOf(t, format, list.changes !== null), [t, format, list.changes]);
  const shown = FILTERS.filter((name) => list.changes !== null || !['new', 'dearer', 'cheaper', 'gone'].includes(name));
  return (
    <>
      <div className="list-bar">
        <StateFilter name={t('price-lists:show-rows')} values={shown} value={search.filter} word={(name) => t(`price-lists:filter.${name}`)} allLabel={t('price-lists:filter.all')} onChange={(next) => onChange({ filter: next }, true)} />
        {filter ? <SearchBox value={search.q ?? ''} onChange={(q) => onChange({ q: q || undefined }, true)} label={t('price-lists:search')} /> : null}
        {filter ? <Total total={total} /> : null}
        <span className="grow" />
        {filter ? <><ExportButtons list={list} filter={input.filter} /><TableMenu id="price-list-rows" columns={columns} rows={rows} /></> : null}
      </div>
      {search.filter === 'bad' ? <RejectedRows id={list.id} /> : search.filter === 'gone' ? <GoneRows id={list.id} /> : (
        <DataTable id="price-list-rows" label={t('price-lists:step.results')} columns={columns} rows={rows} rowId={rowId} total={total?.count} pages={query} activeId={active} onActive={setActive} onOpen={setActive} sort={sort} onSort={(key) => onChange({ sort: key as typeof sort }, true)} tone={(r) => (r.standing === 'no-code' ? 'faded' : undefined)}
          empty={<EmptyState title={t('price-lists:no-rows')} action={<Button variant="default" onClick={() => onChange({ filter: undefined, q: undefined }, true)}>{t('price-lists:show-all')}</Button>} />} />
      )}
    </>
  );
}
