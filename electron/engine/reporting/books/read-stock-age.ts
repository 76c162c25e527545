import type { z } from 'zod';
import type { reportStock } from '#contract/reports.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { Database } from '#runtime/ports.ts';
import { remainingCost } from '#engine/inventory/index.ts';
import { balanceOf, INVENTORY } from '#engine/ledger/index.ts';

/** Upper ends in days; the last one has none. */
const ENDS = [30, 60, 90, 180, 365, null] as const;
const OLDEST = 20;

interface LotRow { readonly id: string; readonly title: string; readonly state: string; readonly quantity: number; readonly onHand: number; readonly unitCostMinor: number; readonly totalCostMinor: number; readonly currency: string; readonly since: number }

/** What lies there now, at cost, and since when. Lots in another currency than the home currency are not the stock account's, and not here. */
export async function readStockAge(db: Database, home: string, now: Instant): Promise<z.infer<typeof reportStock>> {
  const rows = await db.read<LotRow>(`SELECT id, title, state, quantity, onHand, unitCostMinor, totalCostMinor, currency, coalesce(receivedAt, createdAt) AS since FROM "StockLot" WHERE state IN ('inbound', 'on-hand') AND currency = ?`, [home]);
  const ages = ENDS.map((toDays, i) => ({ fromDays: i === 0 ? 0 : ENDS[i - 1]!, toDays, lots: 0, units: 0, minor: 0 }));
  const inbound = { units: 0, minor: 0 };
  const all = { units: 0, lots: 0, minor: 0 };
  const held: { lotId: string; title: string; units: number; minor: number; days: number }[] = [];
  for (const row of rows) {
    const units = row.state === 'inbound' ? row.quantity : row.onHand;
    if (units <= 0) continue;
    const { minor } = remainingCost({ totalCost: money(row.totalCostMinor, home), unitCost: money(row.unitCostMinor, home), quantity: row.quantity }, units);
    if (row.state === 'inbound') {
      inbound.units += units;
      inbound.minor += minor;
      continue;
    }
    const days = Math.max(0, Math.floor((now - row.since) / DAY_MS));
    for (const sum of [all, ages.find(({ toDays }) => toDays === null || days < toDays)!]) {
      sum.units += units;
      sum.lots += 1;
      sum.minor += minor;
    }
    held.push({ lotId: row.id, title: row.title, units, minor, days });
  }
  const amount = (minor: number) => money(minor, home);
  const oldest = held.sort((a, b) => b.days - a.days || b.minor - a.minor || (a.lotId < b.lotId ? -1 : 1)).slice(0, OLDEST);
  return {
    value: amount(all.minor), units: all.units, lots: all.lots, inbound: { units: inbound.units, value: amount(inbound.minor) }, booked: await balanceOf(db.prisma, INVENTORY, home),
    ages: ages.map(({ minor, ...age }) => ({ ...age, value: amount(minor) })), oldest: oldest.map(({ minor, ...lot }) => ({ ...lot, value: amount(minor) })),
  };
}
