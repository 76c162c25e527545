import { setImmediate } from 'node:timers/promises';
import { reorderRow, type ReorderDetail, type ReorderRow } from '#contract/reorder.ts';
import { DomainError } from '#kernel/errors.ts';
import type { EngineContext } from '#runtime/ports.ts';
import { BUSINESS, LIMITS, readSetting } from '../settings/index.ts';
import type { DemandMemory } from './demand.ts';
import { planProduct, type Basis } from './plan-product.ts';
import { MOST_PRODUCTS, readStanding, soldProducts } from './read-standing.ts';
import { REORDER } from './settings-key.ts';
import { NO_TERMS, readTerms } from './terms.ts';

export interface ReorderDeps {
  readonly ctx: EngineContext;
  readonly memory: DemandMemory;
}

/** Products between which others of the thread get their turn. */
const AT_ONCE = 5;

async function readBasis({ ctx, memory }: ReorderDeps): Promise<Basis> {
  const [settings, business, limits] = await Promise.all([readSetting(ctx.db, REORDER), readSetting(ctx.db, BUSINESS), readSetting(ctx.db, LIMITS)]);
  return { now: ctx.clock.now(), settings: settings.value, business: business.value, limits: limits.value, memory };
}

async function planAll(deps: ReorderDeps, productIds: readonly string[]): Promise<ReorderDetail[]> {
  const basis = await readBasis(deps);
  const [known, terms] = await Promise.all([readStanding(deps.ctx.db, productIds, basis.now), readTerms(deps.ctx.db.prisma, productIds)]);
  const planned: ReorderDetail[] = [];
  for (const [i, one] of known.standing.entries()) {
    if (i % AT_ONCE === AT_ONCE - 1) await setImmediate();
    planned.push(planProduct(one, known, { ...basis, stored: terms.get(one.productId) ?? NO_TERMS }));
  }
  return planned;
}

const ROW_KEYS = Object.keys(reorderRow.shape) as (keyof ReorderRow)[];
const rowOf = (detail: ReorderDetail) => Object.fromEntries(ROW_KEYS.map((key) => [key, detail[key]])) as ReorderRow;

/** What has sold and what to buy again: first what is due, by how soon it runs out. */
export async function suggestReorders(deps: ReorderDeps): Promise<{ readonly rows: ReorderRow[]; readonly more: boolean }> {
  const ids = await soldProducts(deps.ctx.db, deps.ctx.clock.now());
  const planned = await planAll(deps, ids.slice(0, MOST_PRODUCTS));
  const rows = planned.map(rowOf).sort((a, b) => Number(b.units > 0) - Number(a.units > 0) || a.lastsBp - b.lastsBp || (a.productId < b.productId ? -1 : 1));
  return { rows, more: ids.length > MOST_PRODUCTS };
}

/** @throws DomainError NOT_FOUND for a product that was never in stock. */
export async function explainReorder(deps: ReorderDeps, productId: string): Promise<ReorderDetail> {
  const [detail] = await planAll(deps, [productId]);
  if (!detail) throw new DomainError('NOT_FOUND', 'This product was never in stock.', { kind: 'product', id: productId });
  return detail;
}
