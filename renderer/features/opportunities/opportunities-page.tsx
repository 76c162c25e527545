import { Button } from '@mantine/core';
import { IconTargetArrow } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpportunityRow } from '#contract/opportunities.ts';
import { orpc } from '../../rpc/client.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { useFormat } from '../../ui/format.ts';
import { BulkBar } from './bulk-bar.tsx';
import { Page } from '../../ui/page.tsx';
import { readPreference, writePreference } from '../../ui/preferences.ts';
import { SearchBox } from '../../ui/search-box.tsx';
import { compact } from '../../ui/search-params.ts';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { SplitView } from '../../ui/split-view.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { TableMenu } from '../../ui/table-menu.tsx';
import { Total } from '../../ui/total.tsx';
import { useHomeCurrency } from '../../ui/use-home-value.ts';
import { PAGING, cursorInput, useRows } from '../../ui/use-pages.ts';
import { opportunityColumns, profitScale } from './columns.tsx';
import { useDecisions, type Decisions } from './decide.ts';
import { OpportunityFilters } from './filters.tsx';
import { OpportunityPanel } from './opportunity-panel.tsx';
import { RowSpark } from './use-sparklines.tsx';
import { listInput, opportunitySearch, viewQuery, type OpportunitySearch } from './search.ts';

const route = getRouteApi('/frame/opportunities');
const rowId = (row: OpportunityRow) => row.id;

/** The rows that are chosen together; what leaves the list leaves the choice. */
function useChosen(rows: readonly OpportunityRow[]) {
  const { t } = useTranslation();
  const [ids, choose] = useState<ReadonlySet<string>>(() => new Set());
  const chosen = useMemo(() => (ids.size === 0 ? [] : rows.filter((row) => ids.has(row.id))), [rows, ids]);
  const selection = useMemo(() => ({ ids, onChange: choose, label: (row: OpportunityRow) => t('opportunities:bulk.choose', { title: row.title }) }), [ids, t]);
  return { rows: chosen, selection, clear: () => choose(new Set()) };
}

/** A click orders by the column alone; with Shift it orders what the first holds equal. */
function nextSort(search: OpportunitySearch, key: string, second: boolean): Partial<Record<keyof OpportunitySearch, unknown>> {
  const first = search.sort ?? 'score';
  if (!second) return { sort: key === 'score' ? undefined : key, second: undefined };
  return { second: key === first || key === search.second ? undefined : key };
}

function useOpportunities(search: OpportunitySearch) {
  const input = listInput(search);
  const query = useInfiniteQuery(orpc.opportunities.list.infiniteOptions({ input: (cursor: string | undefined) => ({ ...input, ...cursorInput(cursor) }), ...PAGING }));
  return { query, ...useRows<OpportunityRow>(query.data) };
}

/** The address of the page: changes of filter or sort replace it, opening and closing the detail are steps of their own (back works). */
function useAddress() {
  const search: OpportunitySearch = route.useSearch();
  const navigate = useNavigate({ from: '/opportunities' });
  const go = (next: OpportunitySearch, replace = true) => void navigate({ to: '/opportunities', search: compact(next), replace });
  useEffect(() => {
    const bare = Object.keys(search).length === 0;
    const remembered = bare ? opportunitySearch(readPreference<Record<string, unknown>>('filters:opportunities', {})) : {};
    if (bare && Object.keys(remembered).length > 0) go(remembered);
    // Remembered filters come back once, when the page opens without any.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return {
    search,
    change: (part: Partial<Record<keyof OpportunitySearch, unknown>>) => { const next = { ...search, ...part } as OpportunitySearch; writePreference('filters:opportunities', compact(viewQuery(next))); go(next); },
    pick: (next: OpportunitySearch) => { writePreference('filters:opportunities', compact(viewQuery(next))); go(next); },
    open: (id: string, replace: boolean) => go({ ...search, open: id }, replace),
    close: () => { const { open: _open, ...rest } = search; go(rest, false); },
  };
}

function useDecisionKeys(row: OpportunityRow | undefined, decisions: Decisions, advance: () => void): void {
  const { t } = useTranslation();
  const onOpenRow = (act: (r: OpportunityRow) => void) => () => { if (row?.state === 'open') { advance(); act(row); } };
  useShortcuts([
    { keys: ['a'], shown: 'A', label: t('common:keys.approve'), run: onOpenRow((r) => decisions.approve(r)) },
    { keys: ['s'], shown: 'S', label: t('common:keys.skip'), run: onOpenRow((r) => decisions.skip(r)) },
    { keys: ['mod+z', 'u'], shown: 'U', label: t('common:keys.undo'), run: decisions.undoLast },
  ]);
}

function Empty({ filtered, onClear, onAll }: { readonly filtered: boolean; readonly onClear: () => void; readonly onAll: () => void }) {
  const { t } = useTranslation();
  const facets = useQuery(orpc.opportunities.facets.queryOptions({ staleTime: 30_000 })).data;
  const others = !filtered && facets?.decisions.some((d) => d.key !== 'purchase' && d.count > 0);
  if (others) return <EmptyState icon={<IconTargetArrow size="1.75rem" stroke={1.5} />} title={t('opportunities:empty-decision.title')} action={<Button variant="default" onClick={onAll}>{t('opportunities:empty-decision.action')}</Button>}>{t('opportunities:empty-decision.text')}</EmptyState>;
  return filtered
    ? <EmptyState icon={<IconTargetArrow size="1.75rem" stroke={1.5} />} title={t('opportunities:empty-filtered.title')} action={<Button variant="default" onClick={onClear}>{t('opportunities:empty-filtered.action')}</Button>}>{t('opportunities:empty-filtered.text')}</EmptyState>
    : <EmptyState icon={<IconTargetArrow size="1.75rem" stroke={1.5} />} title={t('opportunities:empty.title')} action={<Button component={Link} to="/sources">{t('opportunities:empty.action')}</Button>}>{t('opportunities:empty.text')}</EmptyState>;
}

export function OpportunitiesPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const address = useAddress();
  const { search } = address;
  const { query, rows, total } = useOpportunities(search);
  const [cursor, setCursor] = useState<string | null>(search.open ?? null);
  const decisions = useDecisions();
  const scale = useMemo(() => profitScale(rows.slice(0, 400)), [rows]);
  const stableScale = useRef(scale);
  if (stableScale.current.max === 1 && scale.max !== 1) stableScale.current = scale;
  const columns = useMemo(() => opportunityColumns({ t, format, scale: stableScale.current, Spark: RowSpark }), [t, format, stableScale.current]);
  const activeId = search.open ?? cursor;
  const active = rows.find((row) => row.id === activeId);

  const show = (id: string) => { setCursor(id); address.open(id, search.open !== undefined); };
  const move = (id: string) => { setCursor(id); if (search.open !== undefined) address.open(id, true); };
  /** The next row takes the place of one that is decided. */
  const advance = () => {
    const at = rows.findIndex((row) => row.id === activeId);
    const next = rows[at + 1] ?? rows[at - 1];
    if (next) move(next.id); else if (search.open !== undefined) address.close();
  };
  useDecisionKeys(active, decisions, advance);
  const chosen = useChosen(rows);
  const navigate = useNavigate();
  const home = useHomeCurrency();
  const currency = rows[0]?.profit.currency ?? home;

  return (
    <Page title={t('frame:page.opportunities')} tools={<><SearchBox value={search.q ?? ''} onChange={(q) => address.change({ q: q || undefined })} label={t('opportunities:search')} /><Total total={total} /><span className="grow" /><TableMenu id="opportunities" columns={columns} rows={rows} /></>} filters={<OpportunityFilters search={search} change={address.change} onPick={address.pick} currency={currency} />}>
      {chosen.rows.length > 0 ? <BulkBar rows={chosen.rows} onClear={chosen.clear} onUndo={decisions.remember} onCompare={(ids) => void navigate({ to: '/compare', search: { ids: ids.join(',') } as never })} /> : null}
      <SplitView id="opportunities" detailLabel={t('opportunities:detail')} onClose={address.close} detail={search.open === undefined ? null : <OpportunityPanel key={search.open} id={search.open} decisions={decisions} onDecided={advance} keys={chosen.rows.length === 0} />}>
        <DataTable id="opportunities" label={t('frame:page.opportunities')} columns={columns} rows={rows} rowId={rowId} total={total?.count} pages={query} activeId={activeId} onActive={move} onOpen={show}
          sort={search.sort ?? 'score'} second={search.second} onSort={(sort, second) => address.change(nextSort(search, sort, second))} selection={chosen.selection} empty={<Empty filtered={Object.keys(viewQuery(search)).length > 0} onClear={() => address.pick({})} onAll={() => address.pick({ decision: 'all' })} />} />
      </SplitView>
    </Page>
  );
}
