import type { ReorderTerms } from '#contract/reorder.ts';
import { DomainError } from '#kernel/errors.ts';
import { money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { Tx } from '#runtime/ports.ts';

export interface StoredTerms {
  readonly value: ReorderTerms;
  /** 0: never stored. */
  readonly version: number;
}

export const NO_TERMS: StoredTerms = { value: { supplier: null, caseUnits: null, leastUnits: null, leadDays: null, serviceBp: null, unit: null }, version: 0 };

type Row = Awaited<ReturnType<Tx['reorderTerm']['findMany']>>[number];
const toTerms = (row: Row): StoredTerms => ({
  value: { supplier: row.supplier, caseUnits: row.caseUnits, leastUnits: row.leastUnits, leadDays: row.leadDays, serviceBp: row.serviceBp, unit: row.unitMinor === null || row.currency === null ? null : money(toNumber(row.unitMinor), row.currency) }, version: row.version,
});

export async function readTerms(tx: Tx, productIds: readonly string[]): Promise<ReadonlyMap<string, StoredTerms>> {
  return new Map((await tx.reorderTerm.findMany({ where: { productId: { in: [...productIds] } } })).map((row) => [row.productId, toTerms(row)]));
}

/** Compare-and-set. @throws DomainError NOT_FOUND, CONFLICT, INVALID. */
export async function writeTerms(tx: Tx, change: { readonly productId: string; readonly version: number; readonly value: ReorderTerms; readonly at: Instant }): Promise<StoredTerms> {
  const { productId, value, at } = change;
  if ((await tx.product.findUnique({ where: { id: productId }, select: { id: true } })) === null) throw new DomainError('NOT_FOUND', 'There is no such product.', { kind: 'product', id: productId });
  if (value.unit && value.unit.minor <= 0) throw new DomainError('INVALID', 'unit: give a price above zero.', { field: 'unit', reason: 'not above zero' });
  const current = await tx.reorderTerm.findUnique({ where: { productId }, select: { version: true } });
  if ((current?.version ?? 0) !== change.version) throw new DomainError('CONFLICT', 'Somebody changed this meanwhile: look at it again.', { version: current?.version ?? 0 });
  const { unit, ...plain } = value;
  const data = { ...plain, unitMinor: unit?.minor ?? null, currency: unit?.currency ?? null, updatedAt: at, version: change.version + 1 };
  await tx.reorderTerm.upsert({ where: { productId }, create: { productId, ...data }, update: data });
  return { value, version: data.version };
}
