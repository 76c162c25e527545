import type { InboxItem } from '#contract/approvals.ts';
import { moneySchema } from '#contract/shared.ts';
import { money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { BUSINESS, LIMITS, readSetting } from '../../settings/index.ts';
import { findInState, frozenOf, stoppedTermsSchema, type Purchase } from '../../purchasing/index.ts';
import type { ApprovalsDeps } from './deps.ts';

/** Opportunities in the inbox: the best; the others are on their own page. */
const BEST = 20;

const approvedSchema = stoppedTermsSchema.pick({ quantity: true }).extend({ maxUnit: moneySchema, maxTotal: moneySchema });

/** Before and after of what left the approved terms. */
export function driftOf({ stopReason }: Pick<Purchase, 'stopReason'>): InboxItem['drift'] {
  if (!stopReason) return [];
  const { data } = stopReason;
  const fees = { before: moneySchema.safeParse(data['before']), after: moneySchema.safeParse(data['after']) };
  if (stopReason.code === 'stop.fees-rose' && fees.before.success && fees.after.success) return [{ code: 'fees', before: fees.before.data, after: fees.after.data }];
  const after = stoppedTermsSchema.safeParse(data['terms']);
  const before = approvedSchema.safeParse(data['approved']);
  if (!after.success || !before.success) return [];
  const drift: InboxItem['drift'] = [];
  if (after.data.unit.currency !== before.data.maxUnit.currency || after.data.unit.minor > before.data.maxUnit.minor) drift.push({ code: 'unit', before: before.data.maxUnit, after: after.data.unit });
  if (after.data.total.currency !== before.data.maxTotal.currency || after.data.total.minor > before.data.maxTotal.minor) drift.push({ code: 'total', before: before.data.maxTotal, after: after.data.total });
  if (after.data.quantity < before.data.quantity) drift.push({ code: 'quantity', before: before.data.quantity, after: after.data.quantity });
  return drift;
}

type Consents = Map<string, InboxItem['consents']>;

export async function consentsOf(tx: Tx, approvalIds: readonly string[]): Promise<Consents> {
  const rows = await tx.consent.findMany({ where: { approvalId: { in: [...approvalIds] } }, include: { person: { select: { name: true } } }, orderBy: { at: 'asc' } });
  const found: Consents = new Map();
  for (const row of rows) found.set(row.approvalId, [...(found.get(row.approvalId) ?? []), { personId: row.personId, name: row.person.name, channel: row.channel, at: Number(row.at) }]);
  return found;
}

function itemOf(purchase: Purchase, kind: 'second' | 'again', consents: InboxItem['consents'], personId: string): InboxItem {
  const frozen = frozenOf(purchase.approval);
  const profit = frozen.expected.profit;
  return {
    kind, id: purchase.id, version: purchase.version, opportunityId: purchase.opportunityId, title: purchase.title, sourceName: frozen.sourceName, quantity: purchase.quantity, total: purchase.approval.maxTotal,
    profit: money(profit.minor * purchase.quantity * purchase.unitsPerOffer, profit.currency), roiBp: frozen.roiBp, lossChanceBp: frozen.lossChanceBp, daysToSell: frozen.daysToSell,
    expiresAt: kind === 'second' ? purchase.approval.expiresAt : null, at: purchase.approval.approvedAt, reason: purchase.stopReason, drift: driftOf(purchase), consents,
    mayDecide: kind === 'again' || !consents.some((consent) => consent.personId === personId),
  };
}

interface OpportunityRow { id: string; version: number; title: string; sourceName: string; quantity: number; currency: string; unitCostMinor: number; profitMinor: number; roiBp: number; lossChanceBp: number; daysToSell: number; seenAt: number }

async function bestOpportunities({ ctx }: ApprovalsDeps): Promise<InboxItem[]> {
  const rows = await ctx.db.read<OpportunityRow>(
    `SELECT o.id, o.version, o.title, s.name AS sourceName, o.quantity, o.currency, o.unitCostMinor, o.profitMinor, o.roiBp, o.lossChanceBp, o.daysToSell, o.seenAt
     FROM "Opportunity" o JOIN "Source" s ON s.id = o.sourceId WHERE o.state = 'open' AND o.decision = 'purchase' ORDER BY o.cashDayMinor DESC, o.id DESC LIMIT ${BEST}`);
  return rows.map((row) => ({
    kind: 'opportunity', id: row.id, version: row.version, opportunityId: row.id, title: row.title, sourceName: row.sourceName, quantity: row.quantity, total: money(row.unitCostMinor * row.quantity, row.currency),
    profit: money(row.profitMinor * row.quantity, row.currency), roiBp: row.roiBp, lossChanceBp: row.lossChanceBp, daysToSell: row.daysToSell, expiresAt: null, at: row.seenAt, reason: null, drift: [], consents: [], mayDecide: true,
  }));
}

/** What waits, for one person: what runs out soonest, then what stopped, then the best opportunities. */
export async function readInbox(deps: ApprovalsDeps, personId: string): Promise<{ items: InboxItem[]; waiting: number }> {
  const { prisma } = deps.ctx.db;
  const [second, again, best] = await Promise.all([findInState(prisma, 'awaiting-second'), findInState(prisma, 'stopped'), bestOpportunities(deps)]);
  const consents = await consentsOf(prisma, [...second, ...again].map((purchase) => purchase.approval.id));
  const of = (kind: 'second' | 'again') => (purchase: Purchase) => itemOf(purchase, kind, consents.get(purchase.approval.id) ?? [], personId);
  const waiting = [...second.map(of('second')).sort((a, b) => a.expiresAt! - b.expiresAt!), ...again.map(of('again')).sort((a, b) => a.at - b.at)];
  return { items: [...waiting, ...best], waiting: waiting.length };
}

export async function readHome(deps: ApprovalsDeps) {
  const { db } = deps.ctx;
  return { home: (await readSetting(db, BUSINESS)).value.homeCurrency, limits: (await readSetting(db, LIMITS)).value };
}
