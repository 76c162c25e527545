import { columnOrderingFeature, columnResizingFeature, columnSizingFeature, columnVisibilityFeature, tableFeatures, useTable, type ColumnDef } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { memo, useEffect, useMemo, useRef, type CSSProperties, type KeyboardEvent, type MouseEvent, type ReactNode, type RefObject, type TouchEvent } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { useRemScale } from './rem-scale.ts';
import { useShortcuts } from './shortcuts.ts';
import { ErrorState, TableSkeleton } from './states.tsx';
import { directionOf, nextText, sortsBy, type ColumnSort } from './table-sort.ts';
import { useTableLayout, type TableLayout } from './table-layout.ts';
import './data-table.css';

/** Sizes are px at a 16 px root and grow with the text. */
export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly size: number;
  readonly align?: 'end';
  readonly cell: (row: Row) => ReactNode;
  /** Plain value for a copy as CSV; without it the column is left out. */
  readonly csv?: (row: Row) => string;
  /** The currency of an amount that `csv` gives as a plain number: a column of its own in the copy, so that amounts of two currencies are not added up. */
  readonly csvCurrency?: (row: Row) => string;
  /** The server's sort that this column stands for, and its first or only direction. */
  readonly sort?: ColumnSort;
  /** Hidden until chosen. */
  readonly optional?: boolean;
}

export interface TablePages {
  readonly isPending: boolean;
  readonly error: unknown;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
  readonly refetch: () => unknown;
}

/** Rows that are chosen to be acted on together, beside the one that the cursor is on. */
export interface TableSelection<Row> {
  readonly ids: ReadonlySet<string>;
  readonly onChange: (ids: ReadonlySet<string>) => void;
  /** What choosing the row is called. */
  readonly label: (row: Row) => string;
}

export interface DataTableProps<Row> {
  /** Columns, order and widths are remembered under this name. */
  readonly id: string;
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  readonly total?: number | undefined;
  readonly pages: TablePages;
  readonly activeId: string | null;
  readonly onActive: (id: string) => void;
  readonly onOpen: (id: string) => void;
  readonly sort?: string | undefined;
  /** Orders what `sort` holds equal. */
  readonly second?: string | undefined;
  /** `second`: the person held Shift, and wants it after the first. */
  readonly onSort?: (key: string, second: boolean) => void;
  readonly selection?: TableSelection<Row> | undefined;
  readonly empty: ReactNode;
  /** A row that asks for a person or fades: `data-tone` on the row. */
  readonly tone?: (row: Row) => 'attention' | 'faded' | undefined;
}

/** How far the first column grows into room that nothing else takes. */
const MOST_GROWN = 2;

/** Rows drawn beyond the window on each side. More would not show sooner: a jump draws them all anew anyway, and each costs. */
const OVERSCAN = 4;

const features = tableFeatures({ columnSizingFeature, columnResizingFeature, columnVisibilityFeature, columnOrderingFeature });
type Features = typeof features;
const DEFAULT_COLUMN = { minSize: 48, maxSize: 900 } as const;

/** Columns of numbers are sized for English, which writes an amount shortest: `$1.00` is `1.00 US$` elsewhere. */
const ELSEWHERE = 1.25;

function useGrid<Row extends object>(props: DataTableProps<Row>, layout: TableLayout) {
  const { columns, rows } = props;
  const { i18n: { language } } = useTranslation();
  const wider = language.startsWith('en') ? 1 : ELSEWHERE;
  const defs = useMemo(() => columns.map((c): ColumnDef<Features, Row> => ({ id: c.id, header: c.header, size: c.align === 'end' ? c.size * wider : c.size })), [columns, wider]);
  return useTable({
    features, columns: defs, data: rows as Row[], defaultColumn: DEFAULT_COLUMN, getRowId: props.rowId, columnResizeMode: 'onChange', columnResizeDirection: document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr',
    state: { columnSizing: layout.sizing, columnVisibility: layout.visibility, columnOrder: layout.order },
    onColumnSizingChange: layout.setSizing, onColumnVisibilityChange: layout.setVisibility, onColumnOrderChange: layout.setOrder,
  });
}

function useRowKeys<Row>({ rows, rowId, activeId, onActive, onOpen, selection }: DataTableProps<Row>): void {
  const { t } = useTranslation();
  const move = (by: number) => {
    const at = rows.findIndex((row) => rowId(row) === activeId);
    const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next) onActive(rowId(next));
  };
  /** The rows that the cursor leaves and enters join the selection. */
  const extend = (by: number) => {
    if (!selection) return;
    const at = rows.findIndex((row) => rowId(row) === activeId);
    const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))];
    if (!next) return;
    selection.onChange(new Set([...selection.ids, ...(activeId && at >= 0 ? [activeId] : []), rowId(next)]));
    onActive(rowId(next));
  };
  const toggle = () => { if (selection && activeId) selection.onChange(toggled(selection.ids, activeId)); };
  useShortcuts([
    { keys: ['x'], shown: 'X', label: t('common:keys.select'), run: toggle },
    { keys: ['shift+ArrowDown'], shown: '⇧ ↓', label: t('common:keys.select-next'), run: () => extend(1) },
    { keys: ['shift+ArrowUp'], shown: '⇧ ↑', label: t('common:keys.select-previous'), run: () => extend(-1) },
    { keys: ['mod+a'], shown: 'Ctrl A', label: t('common:keys.select-all'), run: () => selection?.onChange(new Set(rows.map(rowId))) },
  ], selection !== undefined);
  useShortcuts([
    { keys: ['Escape'], shown: 'Esc', label: t('common:keys.select-none'), run: () => selection?.onChange(new Set()) },
  ], selection !== undefined && selection.ids.size > 0);
  useShortcuts([
    { keys: ['j', 'ArrowDown'], shown: 'J', label: t('common:keys.next'), run: () => move(1) },
    { keys: ['k', 'ArrowUp'], shown: 'K', label: t('common:keys.previous'), run: () => move(-1) },
    { keys: ['Home'], shown: 'Home', label: t('common:keys.first'), run: () => move(-rows.length) },
    { keys: ['Enter'], shown: 'Enter', label: t('common:keys.open'), run: () => { if (activeId) onOpen(activeId); } },
  ]);
}

const toggled = (ids: ReadonlySet<string>, id: string) => { const next = new Set(ids); if (!next.delete(id)) next.add(id); return next; };

interface RowProps<Row> {
  readonly row: Row;
  readonly id: string;
  readonly index: number;
  readonly top: number;
  readonly active: boolean;
  /** Undefined: rows of this table cannot be selected. */
  readonly selected: boolean | undefined;
  readonly selectLabel: (row: Row) => string;
  readonly onSelect: (id: string, through: boolean) => void;
  readonly tone: string | undefined;
  readonly columns: readonly Column<Row>[];
  readonly onOpen: (id: string) => void;
}

function GridRow<Row>({ row, id, index, top, active, selected, selectLabel, onSelect, tone, columns, onOpen }: RowProps<Row>) {
  return (
    <div role="row" id={`row-${id}`} className="grid-row" aria-rowindex={index + 2} aria-selected={active} data-tone={tone} data-chosen={selected} style={{ transform: `translateY(${top}px)` }} onClick={(event) => (selected !== undefined && (event.ctrlKey || event.metaKey || event.shiftKey) ? onSelect(id, event.shiftKey) : onOpen(id))}>
      {columns.map((column, place) => (
        <div key={column.id} role="gridcell" className="grid-cell" data-align={column.align}>
          {place === 0 && selected !== undefined ? <input type="checkbox" className="grid-check" tabIndex={-1} checked={selected} aria-label={selectLabel(row)} onClick={(event) => { event.stopPropagation(); onSelect(id, event.shiftKey); }} onChange={() => {}} /> : null}
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}
const MemoRow = memo(GridRow) as typeof GridRow;

function useNearEnd(pages: TablePages, last: number, count: number): void {
  useEffect(() => {
    if (last >= count - 25 && pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage();
  }, [last, count, pages]);
}

function HeaderCell<Row extends object>({ table, column, props, scale }: { readonly table: ReturnType<typeof useGrid<Row>>; readonly column: Column<Row>; readonly props: DataTableProps<Row>; readonly scale: number }) {
  const { t } = useTranslation();
  const header = table.getFlatHeaders().find((h) => h.column.id === column.id);
  const sorted = sortsBy(column.sort, props.sort);
  const second = !sorted && sortsBy(column.sort, props.second);
  const now = sorted ? props.sort : second ? props.second : undefined;
  const direction = column.sort && now !== undefined ? directionOf(column.sort, now) : undefined;
  /** A column that had grown with the window is first given the width that it shows: a drag goes on from there. */
  const shownWidth = (event: { readonly currentTarget: HTMLElement }) => Math.round((event.currentTarget.parentElement?.offsetWidth ?? column.size * scale) / scale);
  const resize = (event: MouseEvent<HTMLElement> | TouchEvent<HTMLElement>) => {
    const width = shownWidth(event);
    flushSync(() => table.setColumnSizing((old) => ({ ...old, [column.id]: width })));
    header?.getResizeHandler()(event);
  };
  const nudge = (event: KeyboardEvent<HTMLElement>, by: number) => { const width = shownWidth(event); table.setColumnSizing((old) => ({ ...old, [column.id]: Math.max(48, width + by) })); };
  return (
    <div role="columnheader" className="grid-head" data-align={column.align} aria-sort={sorted ? (direction === 'asc' ? 'ascending' : 'descending') : undefined}>
      {column.sort && props.onSort ? (
        <button type="button" className="grid-sort" data-sorted={sorted || second} title={t(column.sort.either ? 'common:sort-hint' : 'common:sort-hint-one-way')} onClick={(event) => props.onSort?.(nextText(column.sort!, now), event.shiftKey)}>
          <span className="truncate">{column.header}</span>
          {direction ? (direction === 'asc' ? <IconArrowUp size="0.75rem" aria-hidden="true" /> : <IconArrowDown size="0.75rem" aria-hidden="true" />) : null}{second ? <span className="grid-second" aria-hidden="true">2</span> : null}
        </button>
      ) : <span className="truncate" title={column.header}>{column.header}</span>}
      <span className="grid-resize" role="separator" aria-orientation="vertical" aria-label={t('common:resize-column', { column: column.header })} aria-valuenow={Math.round((header?.getSize() ?? column.size) * scale)} tabIndex={-1}
        onMouseDown={resize} onTouchStart={resize} onDoubleClick={() => header?.column.resetSize()} onKeyDown={(e) => { if (e.key === 'ArrowRight') nudge(e, 12); if (e.key === 'ArrowLeft') nudge(e, -12); }} />
    </div>
  );
}

function useWindow<Row>(scroller: RefObject<HTMLDivElement | null>, props: DataTableProps<Row>, rowPx: number) {
  const { rows, rowId, activeId, pages } = props;
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowPx, overscan: OVERSCAN, scrollPaddingStart: rowPx, scrollPaddingEnd: rowPx });
  const items = virtual.getVirtualItems();
  useNearEnd(pages, items.at(-1)?.index ?? 0, rows.length);
  useEffect(() => { virtual.measure(); }, [rowPx, virtual]);
  // not anew with every row that comes into sight: a list may have tens of thousands
  const activeIndex = useMemo(() => (activeId === null ? -1 : rows.findIndex((row) => rowId(row) === activeId)), [rows, rowId, activeId]);
  useEffect(() => {
    if (activeIndex >= 0) virtual.scrollToIndex(activeIndex, { align: 'auto' });
    // Only a move of the cursor scrolls; rows that come in above it do not.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [activeId]);
  return { virtual, items };
}

interface BodyProps<Row> { readonly props: DataTableProps<Row>; readonly columns: readonly Column<Row>[]; readonly scroller: RefObject<HTMLDivElement | null>; readonly rowPx: number }

/** The rows that are seen: the only part that is drawn anew while the list scrolls. */
function GridBody<Row extends object>({ props, columns, scroller, rowPx }: BodyProps<Row>) {
  const { rows, rowId, activeId, onOpen, tone } = props;
  const { virtual, items } = useWindow(scroller, props, rowPx);
  const open = useRef(onOpen);
  open.current = onOpen;
  const stableOpen = useMemo(() => (id: string) => open.current(id), []);
  const { selection } = props;
  const select = useRef<(id: string, through: boolean) => void>(() => {});
  select.current = (id, through) => {
    if (!selection) return;
    const [from, to] = [rows.findIndex((row) => rowId(row) === activeId), rows.findIndex((row) => rowId(row) === id)];
    selection.onChange(through && from >= 0 ? new Set([...selection.ids, ...rows.slice(Math.min(from, to), Math.max(from, to) + 1).map(rowId)]) : toggled(selection.ids, id));
    props.onActive(id);
  };
  const stableSelect = useMemo(() => (id: string, through: boolean) => select.current(id, through), []);
  const label = useRef<(row: Row) => string>(rowId);
  if (selection) label.current = selection.label;
  const stableLabel = useMemo(() => (row: Row) => label.current(row), []);
  const drawn = activeId !== null && items.some((item) => rows[item.index] !== undefined && rowId(rows[item.index]!) === activeId);
  useEffect(() => {
    if (drawn) scroller.current?.setAttribute('aria-activedescendant', `row-${activeId}`);
    else scroller.current?.removeAttribute('aria-activedescendant');
  }, [drawn, activeId, scroller]);
  const slots = useRef(0);
  slots.current = Math.max(slots.current, items.length);
  return (
    <div role="rowgroup" className="grid-body" style={{ blockSize: virtual.getTotalSize() }}>
      {items.map((item) => {
        const row = rows[item.index];
        if (!row) return null;
        const id = rowId(row);
        // A row that leaves hands its elements to the one that comes: new text in old boxes costs half of new boxes.
        return <MemoRow key={item.index % slots.current} row={row} id={id} index={item.index} top={item.start} active={id === activeId} selected={selection ? selection.ids.has(id) : undefined} selectLabel={stableLabel} onSelect={stableSelect} tone={tone?.(row)} columns={columns} onOpen={stableOpen} />;
      })}
    </div>
  );
}

/** A list of any length: rows are drawn only where they are seen, pages come as the end is neared. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { rows, pages, label, total } = props;
  const { t } = useTranslation();
  const layout = useTableLayout(props.id, props.columns);
  const table = useGrid(props, layout);
  const scroller = useRef<HTMLDivElement>(null);
  const { scale, rowPx } = useRemScale();
  useRowKeys(props);
  const visible = table.getVisibleLeafColumns();
  const order = visible.map((column) => column.id).join();
  const columns = useMemo(() => order.split(',').flatMap((id) => props.columns.find((c) => c.id === id) ?? []), [order, props.columns]);
  // One value for all rows: a width on each cell would be a style of its own for each, to be worked out anew with every row that comes into sight.
  const sizes = visible.map((column) => Math.round(column.getSize() * scale));
  // What a thing is called comes first, and gets what room is left, until the person says how wide it is to be.
  const grows = visible[0] !== undefined && layout.sizing[visible[0].id] === undefined;
  const widths = { '--columns': sizes.map((px, place) => (place === 0 && grows ? `minmax(${px}px, ${Math.round(px * MOST_GROWN)}px)` : `${px}px`)).join(' '), '--columns-sum': `${sizes.reduce((all, px) => all + px, 0)}px` } as CSSProperties;

  if (pages.isPending) return <TableSkeleton columns={Math.min(columns.length, 7)} />;
  if (pages.error && rows.length === 0) return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />;
  if (rows.length === 0) return <>{props.empty}</>;
  return (
    <div className="grid" role="grid" aria-label={label} aria-rowcount={(total ?? rows.length) + 1} aria-busy={pages.isFetchingNextPage} tabIndex={0} ref={scroller} style={widths}>
      <div role="rowgroup" className="grid-header">
        <div role="row" aria-rowindex={1} className="grid-header-row">{columns.map((column) => <HeaderCell key={column.id} table={table} column={column} props={props} scale={scale} />)}</div>
      </div>
      <GridBody props={props} columns={columns} scroller={scroller} rowPx={rowPx} />
      {pages.isFetchingNextPage ? <div className="grid-more small muted" role="presentation">{t('common:loading-more')}</div> : null}
    </div>
  );
}
