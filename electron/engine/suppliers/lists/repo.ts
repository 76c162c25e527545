import { createHash } from 'node:crypto';
import { z } from 'zod';
import { listChanges, listCounts, listLayout, listMissing, listStage } from '#contract/price-lists.ts';
import { foldText } from '#kernel/fold-text.ts';
import type { Instant } from '#kernel/time.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import type { PriceListLayout } from '../price-list/index.ts';

export type ListStage = z.infer<typeof listStage>;

const storedCounts = z.strictObject({
  pass: listCounts,
  /** Against the supplier's list before; null for its first. */
  changes: listChanges.nullable(),
  /** Rows that the market can be asked about, and those that it was asked about and that earn. */
  askable: z.int(), profitable: z.int(),
});
export type ListCounts = z.infer<typeof storedCounts>;
export type LayoutFrom = 'detected' | 'remembered' | 'corrected';

/** A supplier's list that a person opened. */
export interface ListRecord {
  readonly id: string;
  readonly supplier: string;
  readonly supplierKey: string;
  readonly sourceId: string | null;
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly layout: PriceListLayout;
  readonly layoutFrom: LayoutFrom;
  readonly missing: readonly z.infer<typeof listMissing>[];
  readonly stage: ListStage;
  readonly error: string | null;
  readonly results: string | null;
  readonly counts: ListCounts | null;
  readonly previousId: string | null;
  readonly most: number | null;
  readonly done: number;
  readonly turn: number;
  readonly createdAt: Instant;
  readonly passedAt: Instant | null;
  readonly endedAt: Instant | null;
}
export type ListChange = Partial<Omit<ListRecord, 'id' | 'createdAt' | 'file' | 'bytes' | 'sha256' | 'name'>>;

interface StoredList {
  id: string; supplier: string; supplierKey: string; sourceId: string | null; name: string; file: string; bytes: bigint; sha256: string; layout: string; layoutFrom: string; missing: string; stage: string; error: string | null;
  results: string | null; counts: string | null; previousId: string | null; most: number | null; done: number; turn: number; createdAt: bigint; passedAt: bigint | null; endedAt: bigint | null;
}
const numberOrNull = (value: bigint | null) => (value === null ? null : Number(value));

function listOf(row: StoredList): ListRecord {
  return {
    ...row, bytes: Number(row.bytes), layout: listLayout.parse(JSON.parse(row.layout)), layoutFrom: z.enum(['detected', 'remembered', 'corrected']).parse(row.layoutFrom), missing: z.array(listMissing).parse(JSON.parse(row.missing)),
    stage: listStage.parse(row.stage), counts: row.counts === null ? null : storedCounts.parse(JSON.parse(row.counts)), createdAt: Number(row.createdAt), passedAt: numberOrNull(row.passedAt), endedAt: numberOrNull(row.endedAt),
  };
}

function storedOf({ layout, missing, counts, ...rest }: ListChange) {
  return { ...rest, ...(layout ? { layout: JSON.stringify(layout) } : {}), ...(missing ? { missing: JSON.stringify(missing) } : {}), ...(counts === undefined ? {} : { counts: counts && JSON.stringify(counts) }) };
}
const clientOf = (source: Database | Tx): Tx => ('prisma' in source ? source.prisma : source);

export async function insertList(tx: Tx, list: ListRecord): Promise<void> {
  const { layout, missing, counts, ...rest } = list;
  await tx.priceList.create({ data: { ...rest, layout: JSON.stringify(layout), missing: JSON.stringify(missing), counts: counts && JSON.stringify(counts) } });
}

export async function changeList(tx: Tx, id: string, change: ListChange): Promise<void> {
  await tx.priceList.update({ where: { id }, data: storedOf(change) });
}

/** Only while it is on `turn`: a job that was stopped or overtaken changes nothing. Answers whether it did. */
export async function changeListOnTurn(tx: Tx, { id, turn }: { readonly id: string; readonly turn: number }, change: ListChange): Promise<boolean> {
  return (await tx.priceList.updateMany({ where: { id, turn }, data: storedOf(change) })).count === 1;
}

export async function findList(db: Database | Tx, id: string): Promise<ListRecord | null> {
  const row = await clientOf(db).priceList.findUnique({ where: { id } });
  return row && listOf(row);
}

export async function findLists(db: Pick<Database, 'prisma'>, ids: readonly string[]): Promise<ListRecord[]> {
  return (await db.prisma.priceList.findMany({ where: { id: { in: [...ids] } } })).map(listOf);
}

/** The supplier's newest list with results before this one. */
export async function findPrevious(db: Database | Tx, list: Pick<ListRecord, 'id' | 'supplierKey'>): Promise<ListRecord | null> {
  const row = await clientOf(db).priceList.findFirst({ where: { supplierKey: list.supplierKey, id: { lt: list.id }, passedAt: { not: null }, results: { not: null } }, orderBy: { id: 'desc' } });
  return row && listOf(row);
}

export async function deleteList(tx: Tx, id: string): Promise<void> {
  await tx.priceList.delete({ where: { id } });
}

/** One key for however a supplier's name is written. */
export const supplierKeyOf = (name: string): string => foldText(name).replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '').slice(0, 100) || 'supplier';

/** What makes two lists the same layout: the form and the headers in their order. Without a header nothing tells lists apart but their width. */
export function headersKeyOf(layout: PriceListLayout): string {
  const headers = layout.headerLine === null ? [`no header, ${layout.columns.length} columns`] : layout.columns.map((column) => column.header);
  return createHash('sha256').update(JSON.stringify([layout.format, headers])).digest('hex').slice(0, 32);
}

export interface RememberedLayout { readonly supplier: string; readonly supplierKey: string; readonly layout: PriceListLayout }

/** Layouts that people left for lists with these headers, the newest first. */
export async function findLayouts(db: Database | Tx, headersKey: string): Promise<RememberedLayout[]> {
  const rows = await clientOf(db).supplierLayout.findMany({ where: { headersKey }, orderBy: { updatedAt: 'desc' }, take: 20 });
  return rows.map((row) => ({ supplier: row.supplier, supplierKey: row.supplierKey, layout: listLayout.parse(JSON.parse(row.layout)) }));
}

export async function rememberLayout(tx: Tx, list: Pick<ListRecord, 'supplier' | 'supplierKey' | 'layout'>, at: Instant): Promise<void> {
  const key = { supplierKey: list.supplierKey, headersKey: headersKeyOf(list.layout) };
  const data = { supplier: list.supplier, layout: JSON.stringify(list.layout), updatedAt: at };
  await tx.supplierLayout.upsert({ where: { supplierKey_headersKey: key }, create: { ...key, ...data }, update: data });
}

export async function forgetLayout(tx: Tx, list: Pick<ListRecord, 'supplierKey' | 'layout'>): Promise<void> {
  await tx.supplierLayout.deleteMany({ where: { supplierKey: list.supplierKey, headersKey: headersKeyOf(list.layout) } });
}
