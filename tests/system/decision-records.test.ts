/** What a decision leaves behind: fees frozen with it, what limits would have done to it, the decision computed once more, and a chain whose end cannot be cut off unseen. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { call } from '@orpc/server';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createApprovalProcedures, type ApprovalsDeps } from '#engine/flows/approvals/index.ts';
import { feesToday } from '#engine/opportunities/index.ts';
import { freezeFees, type FrozenFees } from '#engine/opportunities/freeze-fees.ts';
import { readFeeCards, type FeeCard } from '#engine/pricing/index.ts';
import { approveAgain, approveOpportunity, readPurchase } from '#engine/purchasing/index.ts';
import { LIMITS, readSetting } from '#engine/settings/index.ts';
import { DAY_MS, utcDay } from '#kernel/time.ts';
import { createKillSwitch } from '#runtime/kill-switch.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { openTradeDesk, seedBusiness, seedOpportunity, type TradeDesk } from '#tests/support/trade-desk.ts';
import { startTradeMarket, worthwhileOffers, type TradeMarket } from '#tests/support/trade-market.ts';

let market: TradeMarket;
let db: TestDatabase;
let desk: TradeDesk;
let os: ReturnType<typeof createApprovalProcedures>;
/** What was answered before anything was booked or decided. */
let ofNothing: unknown;

beforeEach(async () => {
  market = await startTradeMarket();
  db = await createTestDatabase();
  desk = await openTradeDesk({ db, clock: market.clock, shopUrl: market.shop.baseUrl, ebayUrl: market.ebay.baseUrl });
  let head: Awaited<ReturnType<ApprovalsDeps['heads']['recall']>> = null;
  const deps: ApprovalsDeps = {
    ctx: desk.ctx, purchasing: desk.trade.purchasing, chat: null as never, opportunities: { ctx: desk.ctx, catalog: null as never, feeCards: [] }, killSwitch: await createKillSwitch(() => Promise.resolve(false)), randomBytes: (length) => randomBytes(length),
    heads: { recall: () => Promise.resolve(head), remember: (next) => { head = { ...next, at: 0, keptIn: 'settings' }; return Promise.resolve(); } },
  };
  os = createApprovalProcedures(deps, { personId: 'owner', channel: 'desktop' } as never);
  ofNothing = await call(os.exportAuditHead, undefined).catch((error: unknown) => error);
  await seedBusiness(desk.ctx);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await desk.close();
  await market.close();
  await db.close();
});

/** An approval as its row was kept. */
const approvalSchema = z.strictObject({ writtenBy: z.string(), id: z.string(), opportunityId: z.string(), quantity: z.int(), maxUnitMinor: z.int(), maxTotalMinor: z.int(), currency: z.string(), approvedBy: z.string(), approvedAt: z.int(), expiresAt: z.int(), evidenceSha256: z.string(), evidence: z.string() });

const orders = () => market.world.effects().shopOrders.length;
/** An opportunity whose fees are frozen with its approval. */
async function seed(n: number, fees: FrozenFees | null) {
  const { opportunityId, candidate } = await seedOpportunity(desk.ctx, worthwhileOffers(market, 2)[n]!);
  await db.prisma.opportunityDetail.update({ where: { opportunityId }, data: { evaluation: JSON.stringify({ ...candidate, fees }) } });
  return opportunityId;
}
const approve = async (opportunityId: string) => (await approveOpportunity(desk.trade.purchasing, { id: opportunityId, version: 1, approvedBy: 'owner' })).purchaseId;
/** Each percentage a share dearer, from the next day on. */
const dearer = (card: FeeCard, share: number): FeeCard => ({
  ...card, id: `${card.id}-dearer`, effectiveFrom: utcDay(market.clock.now() + DAY_MS), rules: JSON.parse(JSON.stringify(card.rules).replace(/"rateBp":(\d+)/g, (_, rate: string) => `"rateBp":${Math.round(Number(rate) * share)}`)) as FeeCard['rules'],
});

describe('fees that rose since the approval', () => {
  it.each([[1.04, 'confirmed'], [1.3, 'stopped']] as const)('by %s: the purchase is %s, and asks again before anything goes out', async (share, state) => {
    const cards = readFeeCards('resources/fee-cards');
    const fees = freezeFees(cards, { product: { category: null, attributes: {}, lengthMm: null, widthMm: null, heightMm: null, weightG: 500 }, storeLevel: 'none', salePriceMinor: 9_900, at: market.clock.now() })!;
    const now = [...cards, dearer(fees.card, share)];
    vi.spyOn(desk.trade.purchasing.gate, 'feesNow').mockImplementation((frozen) => feesToday(now, frozen, desk.ctx.clock.now()));
    const id = await approve(await seed(0, fees));
    // approved on one day, carried out on the next, when another card is in force
    market.clock.advanceTo(market.clock.now() + DAY_MS);
    await desk.settle();
    const after = await readPurchase(db.prisma, id);
    expect([after.state, orders()]).toEqual([state, state === 'confirmed' ? 1 : 0]);
    if (state === 'confirmed') return;
    expect(after.stopReason).toMatchObject({ code: 'stop.fees-rose', data: { before: fees.total, cardBefore: fees.card.id, cardAfter: `${fees.card.id}-dearer` } });
    await approveAgain(desk.trade.purchasing, { id, version: after.version, approvedBy: 'owner' });
    await desk.settle();
    expect([(await readPurchase(db.prisma, id)).state, orders()]).toEqual(['confirmed', 1]);
  });
});

describe('limits over what was bought', () => {
  it('say what each would have stopped, in its order, and what it stopped in earnest', async () => {
    const [first, second] = [await approve(await seed(0, null)), await approve(await seed(1, null))];
    await desk.settle();
    const totals = await Promise.all([first, second].map(async (id) => (await readPurchase(db.prisma, id)).homeTotal!.minor));
    const { value } = await readSetting(db, LIMITS);
    const of = async (change: object) => Object.fromEntries((await call(os.limitHistory, { limits: { ...value, ...change } })).limits.map((row) => [row.code, row]));
    // the first fits the day, the second is one too many
    const day = await of({ perDay: { minor: totals[0]! + totals[1]! - 1, currency: 'USD' } });
    expect(day['limit.per-day']).toMatchObject({ wouldStop: 1, amount: { minor: totals[1] }, stopped: 0 });
    const most = await of({ perPurchase: { minor: Math.min(...totals) - 1, currency: 'USD' } });
    expect(most['limit.per-purchase']).toMatchObject({ wouldStop: 2, amount: { minor: totals[0]! + totals[1]! } });
    expect(await call(os.limitHistory, {})).toMatchObject({ purchases: 2, spent: { minor: totals[0]! + totals[1]! } });
  });
});

describe('a decision', () => {
  it('is the same when it is computed once more years later; and shows when what was frozen is not what it was', async () => {
    const fees = freezeFees(readFeeCards('resources/fee-cards'), { product: { category: null, attributes: {}, lengthMm: null, widthMm: null, heightMm: null, weightG: 500 }, storeLevel: 'none', salePriceMinor: 9_900, at: market.clock.now() })!;
    const id = await approve(await seed(0, fees));
    await desk.settle();
    market.clock.advanceTo(market.clock.now() + 3 * 365 * DAY_MS);
    const replay = await call(os.replay, { id });
    expect(replay).toMatchObject({ equal: true, purchaseId: id });
    expect(replay.checks.map((check) => check.code)).toEqual(expect.arrayContaining(['evidence', 'terms', 'home-total', 'fees', 'limits']));
    const file = new BetterSqlite3(db.file);
    const { evidence } = file.prepare('SELECT evidence FROM "Approval"').get() as { evidence: string };
    file.prepare('UPDATE "Approval" SET evidence = ?').run(evidence.replace(/"maxTotal":\{"currency":"USD","minor":(\d+)\}/, (_, minor: string) => `"maxTotal":{"currency":"USD","minor":${Number(minor) * 2}}`));
    file.close();
    const tampered = await call(os.replay, { id });
    expect(tampered.equal).toBe(false);
    expect(tampered.checks.filter((check) => !check.equal).map((check) => check.code)).toEqual(expect.arrayContaining(['evidence', 'terms']));
  });

  it('that an earlier version of the program froze is computed by this one, to the same', async () => {
    const { writtenBy: _, ...kept } = approvalSchema.parse(JSON.parse(readFileSync(path.join(import.meta.dirname, 'fixtures/approval-2026-11-21.json'), 'utf8')));
    await db.prisma.approval.create({ data: kept });
    const replay = await call(os.replay, { id: kept.id });
    expect(replay.checks.filter((check) => !check.equal)).toEqual([]);
    expect(replay).toMatchObject({ equal: true, versions: { feeCard: expect.stringContaining('ebay') } });
    expect(replay.checks.map((check) => check.code)).toEqual(['evidence', 'terms', 'home-total', 'fees', 'profit', 'limits']);
  });

  it('stands in a chain whose newest row can be kept elsewhere, so that an end that was cut off shows', async () => {
    expect(ofNothing).toMatchObject({ code: 'INVALID', data: { reason: 'empty' } });
    await approve(await seed(0, null));
    await desk.settle();
    const kept = await call(os.exportAuditHead, undefined);
    expect(kept).toMatchObject({ format: 'resale-desk/audit-head-1', count: kept.seq, hash: expect.stringMatching(/^[0-9a-f]{64}$/), at: expect.any(Number) });
    await approve(await seed(1, null));
    await desk.settle();
    expect(await call(os.verifyAudit, { exported: kept })).toMatchObject({ sound: true });
    const file = new BetterSqlite3(db.file);
    file.exec(`DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; DELETE FROM "AuditEntry" WHERE seq >= ${kept.seq}; UPDATE sqlite_sequence SET seq = ${kept.seq - 1} WHERE name = 'AuditEntry'`);
    file.close();
    expect(await call(os.verifyAudit, { exported: kept })).toMatchObject({ sound: false, broken: { seq: kept.seq, problem: 'cut-off' } });
    await expect(call(os.exportAuditHead, undefined)).rejects.toMatchObject({ code: 'INVALID', data: { reason: 'cut-off' } });
  });
});
