import type { ReportRow, ReportSold } from '#contract/reports.ts';
import type { Business } from '#contract/settings.ts';
import type { ReportBy } from '#contract/words.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS } from '#kernel/time.ts';
import { numbered } from '#runtime/numbered-sql.ts';
import type { Database } from '#runtime/ports.ts';
import { addTo, inHome, listFigures, shareOver, type ByCurrency, type Sums, type Weighed } from './figures.ts';
import type { Period } from './period.ts';
import { BY, isOfTime, perRef, SEVERAL, SOLD, WITH_GOODS } from './report-sql.ts';

interface SoldRow { readonly orders: number; readonly units: number; readonly heldUnits: number; readonly heldMs: number; readonly judgedUnits: number; readonly expected: number; readonly outcome: number }
type GroupRow = Sums & SoldRow & { readonly key: string; readonly label: string | null; readonly currency: string; readonly refId: string } & ({ readonly lineId: null } | ({ readonly lineId: string } & Weighed));

/** What was sold, as it is added up. */
export interface SoldSums { readonly orders: Set<string>; ordersAlone: number; units: number; heldUnits: number; heldMs: number; readonly judged: Map<string, { units: number; expected: number; outcome: number }> }
const noneSold = (): SoldSums => ({ orders: new Set(), ordersAlone: 0, units: 0, heldUnits: 0, heldMs: 0, judged: new Map() });

export interface Group { readonly key: string; label: string | null; readonly currencies: ByCurrency; readonly sold: SoldSums }
export const groupOf = (key: string, label: string | null): Group => ({ key, label, currencies: new Map(), sold: noneSold() });

/** Orders of several lines count once, on whichever of them. */
function addSold(to: SoldSums, row: GroupRow): void {
  if (row.lineId === null) to.ordersAlone += row.orders;
  else if (row.orders > 0) to.orders.add(row.refId);
  to.units += row.units;
  to.heldUnits += row.heldUnits;
  to.heldMs += row.heldMs;
  if (row.judgedUnits > 0) addJudged(to, row.currency, { units: row.judgedUnits, expected: row.expected, outcome: row.outcome });
}

function addJudged(to: SoldSums, currency: string, more: { readonly units: number; readonly expected: number; readonly outcome: number }): void {
  const known = to.judged.get(currency) ?? { units: 0, expected: 0, outcome: 0 };
  to.judged.set(currency, { units: known.units + more.units, expected: known.expected + more.expected, outcome: known.outcome + more.outcome });
}

export function joinSold(to: SoldSums, more: SoldSums): void {
  for (const id of more.orders) to.orders.add(id);
  to.ordersAlone += more.ordersAlone;
  to.units += more.units;
  to.heldUnits += more.heldUnits;
  to.heldMs += more.heldMs;
  for (const [currency, judged] of more.judged) addJudged(to, currency, judged);
}

export function viewSold(sold: SoldSums): ReportSold {
  return {
    orders: sold.orders.size + sold.ordersAlone, units: sold.units, daysToSell: sold.heldUnits === 0 ? null : Math.round((sold.heldMs / sold.heldUnits / DAY_MS) * 10) / 10,
    estimates: [...sold.judged].map(([currency, { units, expected, outcome }]) => ({ units, expected: money(expected, currency), outcome: money(outcome, currency) })),
  };
}

/** What the time has, split by `by`: all groups together are what the ledger has of it, to the minor unit. */
export async function readGroups(db: Database, period: Period, by: ReportBy): Promise<Group[]> {
  const { join, key, label } = BY[by];
  const [sql, ...values] = numbered(
    `SELECT ${key} AS key, MAX(${label}) AS label, x.currency, CASE WHEN ${SEVERAL} THEN o.id END AS lineId, MAX(x.refId) AS refId,
       SUM(x.revenue) AS revenue, SUM(x.refunds) AS refunds, SUM(x.fees) AS fees, SUM(x.postage) AS postage, SUM(x.cost) AS cost, SUM(x.writeOff) AS writeOff, ${SOLD},
       MAX(o.quantity) AS quantity, MAX(o.revenueMinor) AS revenueMinor, MAX(o.refundMinor) AS refundMinor, MAX(o.feesMinor) AS feesMinor, MAX(o.postageMinor) AS postageMinor, MAX(o.costMinor) AS costMinor
     FROM (${perRef(by)}) x ${WITH_GOODS} ${join} GROUP BY 1, 3, 4`, period.from, period.to);
  const groups = new Map<string, Group>();
  const several = new Map<string, (GroupRow & { lineId: string } & Weighed)[]>();
  for (const row of await db.read<GroupRow>(sql, values as number[])) {
    const group = groups.get(row.key) ?? groupOf(row.key, row.label);
    groups.set(row.key, group);
    group.label ??= row.label;
    addSold(group.sold, row);
    if (row.lineId === null) addTo(group.currencies, row.currency, row);
    else {
      const of = `${row.refId} ${row.currency} ${isOfTime(by) ? row.key : ''}`;
      several.set(of, [...(several.get(of) ?? []), row]);
    }
  }
  for (const lines of several.values()) {
    lines.sort((a, b) => (a.lineId < b.lineId ? -1 : 1));
    const [{ currency, ...whole }] = lines as [GroupRow];
    shareOver(whole, currency, lines).forEach((share, i) => addTo(groups.get(lines[i]!.key)!.currencies, currency, share));
  }
  return [...groups.values()];
}

export function viewGroup(group: Group, business: Business): ReportRow {
  const { figures } = inHome(group.currencies, business);
  return {
    key: group.key, label: group.label, currencies: listFigures(group.currencies, business.homeCurrency), home: figures,
    roiBp: figures.cost.minor > 0 ? Math.round((figures.profit.minor / figures.cost.minor) * 10_000) : null, sold: viewSold(group.sold),
  };
}

const MOST_ROWS = 500;

/** Most revenue first (time: in its order). What is beyond the first 500 is summed up as one. */
export function viewRows(groups: readonly Group[], business: Business, by: ReportBy, most = MOST_ROWS) {
  const rows = groups.map((group) => ({ group, revenue: isOfTime(by) ? 0 : inHome(group.currencies, business).figures.revenue.minor }));
  rows.sort((a, b) => b.revenue - a.revenue || (a.group.key < b.group.key ? -1 : 1));
  const rest = rows.slice(most);
  const shown = rows.slice(0, most).map(({ group }) => viewGroup(group, business));
  if (rest.length === 0) return { rows: shown, others: null };
  const others = groupOf('', null);
  for (const { group } of rest) {
    for (const [currency, sums] of group.currencies) addTo(others.currencies, currency, sums);
    joinSold(others.sold, group.sold);
  }
  return { rows: shown, others: { count: rest.length, row: viewGroup(others, business) } };
}
