import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { homeCurrencyProposal, homeCurrencyState } from '#contract/home-currency.ts';
import type { Business } from '#contract/settings.ts';
import { convert, money, rateOf } from '#kernel/money.ts';
import { offerOf, openOfferDesk, type OfferDesk } from '#tests/support/offer-desk.ts';
import { planPurchases } from '../../capital/index.ts';
import { post, readBalances, setOpeningCash, verifyLedger } from '../../ledger/index.ts';
import { evaluateOffers, ingestOffers, loadForApproval, normaliseOffer } from '../../opportunities/index.ts';
import { BUSINESS, DEFAULT_LIMITS, LIMITS, PRACTICE_BUSINESS, PRACTICE_RATES, putSetting, readSetting } from '../../settings/index.ts';
import { addSource } from '../../sources/index.ts';
import { chooseHomeCurrency, proposeHomeCurrency, readHomeCurrency, type ProposedHome } from './choose-home-currency.ts';
import { restateAmounts } from './restate-amounts.ts';

let desk: OfferDesk;
let sourceId: string;
const deps = () => ({ ctx: desk.runtime.context, practice: false });
const prisma = () => desk.runtime.db.prisma;
const open = () => prisma().opportunity.findMany({ where: { state: 'open' }, orderBy: { offerId: 'asc' } });
const judge = () => evaluateOffers(desk.opportunities, { sourceId, limit: 100, signal: new AbortController().signal });
const euros: ProposedHome = { currency: 'EUR', rate: '0.92', kind: 'official', source: 'typed by hand' };
async function choose(asked: ProposedHome) {
  const { businessVersion, limitsVersion } = await proposeHomeCurrency(deps(), asked);
  return chooseHomeCurrency(deps(), { ...asked, businessVersion, limitsVersion });
}
/** Judged anew, as the job does it. */
async function rejudge() {
  await prisma().offer.updateMany({ data: { state: 'new' } });
  await judge();
}

/** Kettles at a shop in dollars and one in dinars, on a desk at home in dollars that has its opening cash and nothing else. */
beforeAll(async () => {
  desk = await openOfferDesk();
  const { context: ctx, db, clock } = desk.runtime;
  sourceId = (await addSource(desk.scan.sources, { kind: 'woocommerce', name: 'Shop', baseUrl: 'https://shop.example', intervalMs: null })).id;
  for (const n of [1, 2, 3]) desk.vendor.know({ n, priceMinor: 4_000 + 500 * n });
  const offers = [offerOf(1), offerOf(2), offerOf(3, { price: money(90_000, 'DZD'), shipping: money(0, 'DZD') })];
  await db.transaction(async (tx) => {
    await putSetting(tx, BUSINESS, { ...PRACTICE_BUSINESS, openingCash: money(300_000, 'USD') }, clock.now());
    await setOpeningCash({ ctx }, tx, money(300_000, 'USD'));
    await ingestOffers(ctx, tx, sourceId, offers.map((offer) => normaliseOffer({ ...offer, seenAt: clock.now() }, {})));
    await tx.savedView.create({ data: { id: 'viw_1', page: 'opportunities', name: 'Good', query: '{"profit":1000}', createdAt: 1n, alert: { create: { filter: '{"state":"open","minProfitMinor":1000}', createdAt: 1n, checkedAt: 1n } } } });
  });
  await judge();
});
afterAll(() => desk.close());

describe('another home currency', () => {
  it('is proposed with every amount converted and every rate worked out, and changes nothing by that', async () => {
    const proposal = homeCurrencyProposal.parse(await proposeHomeCurrency(deps(), euros));
    expect(proposal.amounts).toContainEqual({ field: 'limits.perDay', before: money(150_000, 'USD'), after: money(138_000, 'EUR') });
    expect(proposal.amounts).toContainEqual({ field: 'business.openingCash', before: money(300_000, 'USD'), after: money(276_000, 'EUR') });
    expect(proposal.rates.map(({ from, to, kind, rate }) => [from, to, kind, rate])).toEqual([['USD', 'EUR', 'official', '0.92'], ['EUR', 'DZD', 'official', '163.043478'], ['EUR', 'DZD', 'parallel', '163.043478']]);
    expect(proposal.rates[1]!.source).toContain('worked out through USD: practice market');
    expect((await readSetting(desk.runtime.db, BUSINESS)).value.homeCurrency).toBe('USD');
    await expect(proposeHomeCurrency(deps(), { ...euros, currency: 'USD' })).rejects.toMatchObject({ code: 'INVALID', data: { reason: 'same' } });
    await expect(proposeHomeCurrency(deps(), { ...euros, rate: '0.000' })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'rate' } });
  });

  it('is chosen whole: settings, opening cash, views and every opportunity, with nothing left in the old one', async () => {
    const before = await open();
    expect(before.map((row) => row.currency)).toEqual(['USD', 'USD', 'USD']);
    expect(homeCurrencyState.parse(await choose(euros))).toMatchObject({ currency: 'EUR', fixed: null });
    expect((await readSetting(desk.runtime.db, LIMITS)).value.perPurchase).toEqual(money(46_000, 'EUR'));
    expect(await open()).toEqual([]);
    expect((await readBalances(prisma())).map(({ account, amount }) => [account, amount])).toEqual([
      ['assets:cash', money(276_000, 'EUR')], ['assets:cash', money(0, 'USD')], ['equity:opening', money(-276_000, 'EUR')], ['equity:opening', money(0, 'USD')],
    ]);
    expect((await verifyLedger({ ctx: desk.runtime.context }, [])).balanced).toBe(true);
    const view = await prisma().savedView.findFirstOrThrow({ include: { alert: true } });
    expect([JSON.parse(view.query), JSON.parse(view.alert!.filter)]).toEqual([{ profit: 920 }, { state: 'open', minProfitMinor: 920 }]);

    await judge();
    const after = await open();
    expect(after.map((row) => [row.offerId, row.decision])).toEqual(before.map((row) => [row.offerId, row.decision]));
    after.forEach((row, i) => {
      expect(row.currency).toBe('EUR');
      for (const figure of ['profitMinor', 'salePriceMinor', 'unitCostMinor', 'feesMinor'] as const) expect(Math.abs(Number(row[figure]) - Number(before[i]![figure]) * 0.92)).toBeLessThanOrEqual(4);
    });
    const evaluation = JSON.parse((await prisma().opportunityDetail.findUniqueOrThrow({ where: { opportunityId: after[0]!.id } })).evaluation) as { evidence: { kind: string; data: unknown }[]; forecast: { currency?: string } };
    expect(evaluation.evidence.find((one) => one.kind === 'exchange-rate')!.data).toMatchObject({ from: 'USD', to: 'EUR', rate: 0.92, source: 'typed by hand' });
    expect(evaluation.forecast.currency).toBe('USD');
  });

  it('is the currency of the plan, and of what an approval freezes; fees stay in the card’s own', async () => {
    const plan = await planPurchases({ ctx: desk.runtime.context });
    expect(plan).toMatchObject({ currency: 'EUR', cash: { onHand: money(276_000, 'EUR'), reserve: money(46_000, 'EUR') } });
    expect(plan.lines.length).toBeGreaterThan(0);
    const [row] = await open();
    const facts = await loadForApproval(desk.opportunities, prisma(), { opportunityId: row!.id, version: Number(row!.version) });
    expect(facts.expected.profit.currency).toBe('EUR');
    expect(facts.fees!.salePrice).toEqual(convert(facts.expected.salePrice, { from: 'EUR', to: 'USD', numerator: 100, denominator: 92 }));
    expect(facts.fees!.total.currency).toBe('USD');
  });

  it('without a rate for the market’s currency stops the evaluation and names the pair', async () => {
    const { value } = await readSetting(desk.runtime.db, BUSINESS);
    await desk.runtime.db.transaction((tx) => putSetting(tx, BUSINESS, { ...value, rates: value.rates.filter((rate) => rate.from !== 'USD') }, 1));
    await rejudge();
    expect(await open()).toEqual([]);
    const reasons = (await prisma().offer.findMany({ orderBy: { id: 'asc' }, select: { screenReason: true } })).map((offer) => JSON.parse(offer.screenReason!) as unknown);
    expect(reasons).toEqual(Array.from({ length: 3 }, () => ({ code: 'screen.no-rate', data: { currency: 'USD', home: 'EUR' } })));
    await desk.runtime.db.transaction((tx) => putSetting(tx, BUSINESS, value, 1));
    await rejudge();
    expect(await open()).toHaveLength(3);
  });

  it.each([['JPY', '163'], ['KWD', '0.3337'], ['NGN', '1630.4'], ['DZD', '163']])('can be %s, which has other digits, and back', async (currency, rate) => {
    const before = await open();
    await choose({ ...euros, currency, rate });
    await rejudge();
    const there = await open();
    expect(there.map((row) => [row.currency, row.decision])).toEqual(before.map((row) => [currency, row.decision]));
    const unit = convert(money(1_000_000, 'EUR'), rateOf('EUR', currency, rate)).minor / 1_000_000;
    there.forEach((row, i) => expect(Math.abs(Number(row.profitMinor) - Number(before[i]!.profitMinor) * unit)).toBeLessThanOrEqual(6 * unit + 6));
    await choose({ ...euros, rate: String(Number((1 / Number(rate)).toFixed(6))) });
    await rejudge();
    expect((await open()).map((row) => row.currency)).toEqual(['EUR', 'EUR', 'EUR']);
  });

  it('is refused with its reason once anything is booked, and for what changed since it was proposed', async () => {
    const proposal = await proposeHomeCurrency(deps(), { ...euros, currency: 'GBP', rate: '0.86' });
    await expect(chooseHomeCurrency(deps(), { ...euros, currency: 'GBP', rate: '0.86', businessVersion: proposal.businessVersion - 1, limitsVersion: proposal.limitsVersion })).rejects.toMatchObject({ code: 'CONFLICT' });
    const { context: ctx, db, clock } = desk.runtime;
    const booked = { key: 'sale:1', kind: 'sale', memo: 'Sold', ref: { kind: 'order', id: 'ord_1' }, at: clock.now(), lines: [{ account: 'assets:cash', amount: money(5, 'EUR') }, { account: 'income:sales', amount: money(-5, 'EUR') }] };
    await db.transaction((tx) => post({ ctx }, tx, booked));
    await expect(choose({ ...euros, currency: 'GBP', rate: '0.86' })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'currency', reason: 'booked' } });
    expect(await readHomeCurrency(deps())).toMatchObject({ currency: 'EUR', fixed: { code: 'home.fixed-entry', data: { at: clock.now() } } });
    expect(await open()).toHaveLength(3);
  });
});

describe('restateAmounts', () => {
  it('leaves no amount in the old currency, whatever digits the new one has, and each within half a minor unit of its rate', () => {
    const rate = fc.constantFrom(...PRACTICE_RATES);
    fc.assert(fc.property(rate, fc.integer({ min: 0, max: 100_000_000 }), fc.integer({ min: 0, max: 100_000_000 }), (given, limit, cash) => {
      const limits = { ...DEFAULT_LIMITS, perMonth: money(limit, 'USD'), twoPersonAbove: money(limit, 'USD') };
      const business: Business = { ...PRACTICE_BUSINESS, openingCash: money(cash, 'USD') };
      const restated = restateAmounts(business, limits, given);
      expect(JSON.stringify([restated.limits, { ...restated.business, rates: [] }])).not.toContain('USD');
      expect(restated.amounts.find((one) => one.field === 'limits.perMonth')!.after).toEqual(convert(money(limit, 'USD'), rateOf('USD', given.to, given.rate)));
      expect(restated.business.rates.every((one) => one.from === given.to || one.to === given.to)).toBe(true);
    }), { numRuns: 100 });
  });
});
