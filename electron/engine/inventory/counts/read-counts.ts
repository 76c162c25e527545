import type { StockCountDetail, StockCountRow } from '#contract/stock-counts.ts';
import { money, type Money } from '#kernel/money.ts';
import { toNumber } from '#runtime/database.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import { inOrder, type PageOfIds } from '#runtime/sorted-page.ts';
import { BUSINESS, readSetting } from '../../settings/index.ts';
import { noSuchCount } from '../errors.ts';
import type { Lot } from '../lot.ts';
import { costOfChange } from '../lot-cost.ts';
import { findLots } from '../repo.ts';
import { listCounts, type CountQuery } from './list-counts.ts';

export type CountState = StockCountRow['state'];
export type CountRecord = NonNullable<Awaited<ReturnType<typeof findCount>>>;

const include = { lines: { orderBy: { lotId: 'asc' } } } as const;
const findCount = (tx: Tx, id: string) => tx.stockCount.findUnique({ where: { id }, include });

export async function loadCount(tx: Tx, id: string): Promise<CountRecord> {
  const count = await findCount(tx, id);
  if (!count) throw noSuchCount(id);
  return count;
}

export const differenceOf = (line: { readonly counted: number | null; readonly expected: number }): number => (line.counted === null ? 0 : line.counted - line.expected);

function rowOf(count: CountRecord): StockCountRow {
  const { id, name, state, location, condition, by, version, lines } = count;
  return {
    id, name, state: state as CountState, location, condition, by, version, lines: lines.length, counted: lines.filter((line) => line.counted !== null).length, difference: lines.reduce((sum, line) => sum + differenceOf(line), 0), createdAt: toNumber(count.createdAt),
    bookedAt: count.bookedAt === null ? null : toNumber(count.bookedAt),
  };
}

/** What a difference is worth: as booked, or as it would be now; a loss is below zero. */
function valueOf(line: CountRecord['lines'][number], lot: Lot): Money {
  if (line.costMinor !== null) return money(-toNumber(line.costMinor) || 0, lot.totalCost.currency);
  const to = Math.max(0, lot.onHand + differenceOf(line));
  return money(-costOfChange(lot, lot.onHand, to).minor || 0, lot.totalCost.currency);
}

export async function readCount(tx: Tx, id: string): Promise<StockCountDetail> {
  const count = await loadCount(tx, id);
  const lots = new Map((await findLots(tx, count.lines.map((line) => line.lotId))).map((lot) => [lot.id, lot]));
  const sheet = count.lines.flatMap((line) => {
    const lot = lots.get(line.lotId);
    return lot ? [{ lotId: lot.id, sku: lot.sku, title: lot.title, location: lot.location, condition: lot.condition, expected: line.expected, onHand: lot.onHand, counted: line.counted, reason: line.reason, value: valueOf(line, lot) }] : [];
  }).sort((a, b) => a.location.localeCompare(b.location) || a.title.localeCompare(b.title) || (a.lotId < b.lotId ? -1 : 1));
  const currency = sheet[0]?.value.currency ?? (await readSetting(tx, BUSINESS)).value.homeCurrency;
  const sum = (sign: 1 | -1) => money(sheet.reduce((total, line) => total + Math.max(0, sign * line.value.minor), 0), currency);
  return { ...rowOf(count), sheet, loss: sum(-1), gain: sum(1), undoneAt: count.undoneAt === null ? null : toNumber(count.undoneAt) };
}

export async function readCounts(db: Pick<Database, 'prisma' | 'read'>, query: CountQuery): Promise<Omit<PageOfIds, 'ids'> & { items: StockCountRow[] }> {
  const { ids, ...page } = await listCounts(db, query);
  return { ...page, items: inOrder(ids, await db.prisma.stockCount.findMany({ where: { id: { in: [...ids] } }, include })).map(rowOf) };
}
