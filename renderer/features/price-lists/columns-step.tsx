import { Button, Select, TextInput } from '@mantine/core';
import { IconArrowBackUp, IconPlayerPlay } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { COLUMN_ROLES, LIST_DELIMITERS, LIST_ENCODINGS } from '#contract/words.ts';
import type { listLayout, listPreview } from '#contract/price-lists.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { ErrorState, TableSkeleton } from '../../ui/states.tsx';
import { useListActions, type ListView } from './use-actions.ts';

type Layout = z.infer<typeof listLayout>;
type Preview = z.infer<typeof listPreview>;
type Role = Layout['columns'][number]['role'];
type ReadAs = { encoding?: Exclude<Layout['encoding'], null> | undefined; delimiter?: (typeof LIST_DELIMITERS)[number] | undefined; sheet?: string | undefined; headerLine?: number | null | undefined };

const CURRENCIES = ['USD', 'EUR', 'GBP', 'CAD', 'AUD', 'DZD', 'MAD', 'TND', 'EGP', 'AED', 'SAR', 'NGN', 'KES', 'ZAR', 'CHF', 'SEK', 'PLN', 'TRY', 'CNY', 'JPY', 'INR', 'MXN', 'BRL'];

/** A role has one column: who takes it takes it from the other. */
const withRole = (layout: Layout, index: number, role: Role): Layout => ({ ...layout, columns: layout.columns.map((c) => (c.index === index ? { ...c, role, weight: 1 } : role !== null && c.role === role ? { ...c, role: null, weight: 0 } : c)) });
const withMark = (layout: Layout, mark: '.' | ',' | null): Layout => ({ ...layout, columns: layout.columns.map((c) => (c.role === 'cost' || c.role === 'map' || c.role === 'retail' ? { ...c, decimalMark: mark } : c)) });

interface Draft { readonly layout: Layout; readonly readAs: ReadAs | null; readonly dirty: boolean }

function ReadingFields({ draft, preview, onReadAs, onLayout }: { readonly draft: Draft; readonly preview: Preview; readonly onReadAs: (as: ReadAs) => void; readonly onLayout: (layout: Layout) => void }) {
  const { t } = useTranslation();
  const { layout } = draft;
  const base: ReadAs = { encoding: layout.encoding ?? undefined, delimiter: layout.dialect?.delimiter, sheet: layout.sheet ?? undefined };
  const cost = layout.columns.find((c) => c.role === 'cost');
  return (
    <div className="list-fields">
      {layout.format === 'text' ? <Select label={t('price-lists:encoding')} allowDeselect={false} data={LIST_ENCODINGS.map((value) => ({ value, label: value.toUpperCase() }))} value={layout.encoding} onChange={(v) => onReadAs({ ...base, encoding: LIST_ENCODINGS.find((known) => known === v) })} /> : null}
      {layout.format === 'text' ? <Select label={t('price-lists:delimiter')} allowDeselect={false} data={LIST_DELIMITERS.map((value) => ({ value, label: t(`price-lists:delimiter.${value === '\t' ? 'tab' : value === ',' ? 'comma' : value === ';' ? 'semicolon' : 'bar'}`) }))} value={layout.dialect?.delimiter ?? null} onChange={(v) => onReadAs({ ...base, delimiter: LIST_DELIMITERS.find((known) => known === v) })} /> : null}
      {preview.sheets.length > 0 ? <Select label={t('price-lists:sheet')} allowDeselect={false} data={[...preview.sheets]} value={layout.sheet} onChange={(v) => onReadAs({ sheet: v ?? undefined })} /> : null}
      <Select label={t('price-lists:header-line')} allowDeselect={false} data={[{ value: 'none', label: t('price-lists:header-none') }, ...preview.raw.slice(0, 40).map(({ line }) => ({ value: String(line), label: t('price-lists:line', { line }) }))]} value={layout.headerLine === null ? 'none' : String(layout.headerLine)} onChange={(v) => onReadAs({ ...base, headerLine: v === 'none' || v === null ? null : Number(v) })} />
      <Select label={t('price-lists:currency')} searchable data={CURRENCIES} value={layout.currency} placeholder={t('price-lists:currency-own')} error={preview.missing.includes('currency')} onChange={(currency) => onLayout({ ...layout, currency })} />
      <Select label={t('price-lists:basis')} allowDeselect={false} data={(['unit', 'pack', 'case'] as const).map((value) => ({ value, label: t(`price-lists:basis.${value}`) }))} value={layout.costBasis} onChange={(v) => onLayout({ ...layout, costBasis: (v ?? 'unit') as Layout['costBasis'] })} />
      <Select label={t('price-lists:decimals')} allowDeselect={false} data={[{ value: 'auto', label: t('price-lists:decimals.auto') }, { value: '.', label: '1,234.50' }, { value: ',', label: '1.234,50' }]} value={cost?.decimalMark ?? 'auto'} onChange={(v) => onLayout(withMark(layout, v === '.' || v === ',' ? v : null))} />
    </div>
  );
}

function RawTable({ layout, preview, onRole }: { readonly layout: Layout; readonly preview: Preview; readonly onRole: (index: number, role: Role) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const bad = useMemo(() => new Set(preview.problems.map((p) => p.line)), [preview.problems]);
  const partOf = (line: number) => (layout.headerLine !== null && line < layout.headerLine ? 'junk' : line === layout.headerLine ? 'header' : bad.has(line) ? 'bad' : 'data');
  const roles = [{ value: '', label: t('price-lists:role.none') }, ...COLUMN_ROLES.map((value) => ({ value, label: t(`price-lists:role.${value}`) }))];
  return (
    <div className="list-scroll" tabIndex={0} role="region" aria-label={t('price-lists:sample')}>
      <table className="list-raw">
        <thead>
          <tr><th scope="col"><span className="visually-hidden">{t('price-lists:line-column')}</span></th>{layout.columns.map((c) => (
            <th key={c.index} scope="col">
              <Select size="xs" aria-label={t('price-lists:role-of', { column: c.header || c.index + 1 })} allowDeselect={false} data={roles} value={c.role ?? ''} onChange={(v) => onRole(c.index, COLUMN_ROLES.find((known) => known === v) ?? null)} comboboxProps={{ withinPortal: true }} />
              <span className="small muted">{c.role === null ? '\u00a0' : t('price-lists:sure', { share: format.percent(c.weight * 10_000) })}</span>
            </th>
          ))}</tr>
        </thead>
        <tbody>{preview.raw.map(({ line, cells }) => <tr key={line} data-part={partOf(line)}><th scope="row" className="num">{line}</th>{layout.columns.map((c) => <td key={c.index} title={cells[c.index]} dir="auto">{cells[c.index] ?? ''}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}

function Findings({ preview }: { readonly preview: Preview }) {
  const { t } = useTranslation();
  const mended = preview.rows.filter((row) => row.repairs.length > 0);
  if (mended.length === 0 && preview.problems.length === 0) return <p className="muted">{t('price-lists:sample-clean', { count: preview.rows.length })}</p>;
  return (
    <ul className="stack">
      {preview.problems.slice(0, 12).map((p) => <li key={`${p.line}:${p.field}`}><strong className="attention">{t('price-lists:line', { line: p.line })}</strong> · {t(`price-lists:role.${p.field}`, { defaultValue: p.field })}: {t(`price-lists:why.${p.reason}`, { defaultValue: p.reason })} <span className="muted" dir="auto">{p.raw.slice(0, 80)}</span></li>)}
      {mended.slice(0, 8).map((r) => <li key={r.line}><strong>{t('price-lists:line', { line: r.line })}</strong> · {r.repairs.map((repair) => t(`price-lists:repair.${repair}`, { defaultValue: repair })).join(', ')} → <span className="num">{r.identifier}</span>{r.candidates > 1 ? <span className="muted"> {t('price-lists:candidates', { count: r.candidates })}</span> : null}</li>)}
    </ul>
  );
}

/** How the list is read: proposed, to be corrected, remembered for the supplier. */
export function ColumnsStep({ list, onRead }: { readonly list: ListView; readonly onRead: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const actions = useListActions(list.id);
  const [draft, setDraft] = useState<Draft>({ layout: list.layout, readAs: null, dirty: false });
  const [supplier, setSupplier] = useState(list.supplier);
  const query = useQuery(orpc.priceLists.preview.queryOptions({ input: { id: list.id, ...(draft.readAs ? { readAs: draft.readAs } : { layout: draft.layout }) }, placeholderData: keepPreviousData, retry: false }));
  if (query.isPending) return <TableSkeleton columns={6} />;
  if (query.error || !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const preview = query.data;
  const layout = draft.readAs ? preview.layout : draft.layout;
  const renamed = supplier.trim() !== '' && supplier.trim() !== list.supplier;
  const read = async () => {
    if (draft.dirty || renamed) await actions.correct.mutateAsync({ id: list.id, ...(draft.dirty ? { layout } : {}), ...(renamed ? { supplier: supplier.trim() } : {}) });
    await actions.pass.mutateAsync({ id: list.id });
    onRead();
  };
  const busy = actions.correct.isPending || actions.pass.isPending;
  return (
    <div className="list-body" tabIndex={0} role="region" aria-label={t('price-lists:step.columns')}>
      {list.error ? <div className="notice" role="alert"><strong>{t('price-lists:failed')}</strong> {list.error}</div> : null}
      {list.layoutFrom === 'remembered' && !draft.dirty ? <p className="muted">{t('price-lists:remembered', { supplier: list.supplier })}</p> : null}
      {preview.missing.length > 0 ? <div className="notice" role="alert">{preview.missing.map((what) => <p key={what}>{t(`price-lists:missing.${what}`)}</p>)}</div> : null}
      <TextInput label={t('price-lists:column.supplier')} description={t('price-lists:supplier-note')} maxLength={120} value={supplier} onChange={(event) => setSupplier(event.currentTarget.value)} style={{ maxInlineSize: '28rem' }} />
      <ReadingFields draft={{ ...draft, layout }} preview={preview} onReadAs={(readAs) => setDraft({ layout, readAs, dirty: true })} onLayout={(next) => setDraft({ layout: next, readAs: null, dirty: true })} />
      <RawTable layout={layout} preview={preview} onRole={(index, role) => setDraft({ layout: withRole(layout, index, role), readAs: null, dirty: true })} />
      <section className="stack"><h3>{t('price-lists:found')}</h3><Findings preview={preview} /></section>
      <div className="list-foot">
        <Button leftSection={<IconPlayerPlay size="0.875rem" />} disabled={preview.missing.length > 0} loading={busy} onClick={() => void read().catch(() => undefined)}>{preview.estimatedRows === null ? t('price-lists:read') : t('price-lists:read-rows', { count: preview.estimatedRows, rows: format.number(preview.estimatedRows) })}</Button>
        {draft.dirty || list.layoutFrom !== 'detected' ? <Button variant="default" leftSection={<IconArrowBackUp size="0.875rem" />} loading={actions.detect.isPending} onClick={() => { setDraft({ layout: list.layout, readAs: null, dirty: false }); actions.detect.mutate({ id: list.id }); }}>{t('price-lists:undo')}</Button> : null}
        <span className="small muted">{t('price-lists:read-note')}</span>
      </div>
    </div>
  );
}
