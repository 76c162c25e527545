import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AI, createAssistant, DEFAULT_AI, readAiPrices, type Assistant } from '../assistant/index.ts';
import type { LanguageModelPort } from '../assistant/ports.ts';
import { evaluateOffers, ingestOffers, normaliseOffer } from '../opportunities/index.ts';
import { putSetting } from '../settings/index.ts';
import { addSource } from '../sources/index.ts';
import { offerOf, openOfferDesk, type OfferDesk } from '#tests/support/offer-desk.ts';
import { withOpinion } from '#app/assistant-parts.ts';
import { FORM_OPINIONS, registerOpinions } from './form-opinions.ts';
import { formOpinion, readOpinion, recallOpinion, unfit } from './index.ts';

let desk: OfferDesk;
let assistant: Assistant;
let asked = 0;
let says: object;
let id: string;
const model: LanguageModelPort = {
  vendor: 'anthropic', local: false, check: async () => undefined,
  complete: async (request) => {
    asked += 1;
    return { outcome: 'answered', text: JSON.stringify(says), model: request.model, usage: { inputTokens: 500, outputTokens: 50 }, usageEstimated: false };
  },
};
const deps = () => ({ ctx: desk.runtime.context, assistant });
const use = (provider: 'off' | 'anthropic') => desk.runtime.db.transaction((tx) => putSetting(tx, AI, { ...DEFAULT_AI, provider }, 1));

beforeAll(async () => {
  desk = await openOfferDesk();
  const { context: ctx, db, clock } = desk.runtime;
  const prices = readAiPrices('resources/ai-prices');
  assistant = createAssistant({ ctx, prices, model: async () => model });
  registerOpinions(deps());
  const { id: sourceId } = await addSource(desk.scan.sources, { kind: 'woocommerce', name: 'Shop', baseUrl: 'https://shop.example', intervalMs: null });
  for (let n = 1; n <= 12; n++) desk.vendor.know({ n, priceMinor: 4_000 });
  await db.transaction((tx) => ingestOffers(ctx, tx, sourceId, Array.from({ length: 12 }, (_, i) => normaliseOffer({ ...offerOf(i + 1), seenAt: clock.now() }, {}))));
  await evaluateOffers(desk.opportunities, { sourceId, limit: 100, signal: new AbortController().signal });
  ({ id } = await db.prisma.opportunity.findFirstOrThrow({ where: { decision: 'purchase' } }));
});
beforeEach(async () => {
  says = { verdict: 'look-closer', summary: 'The title leaves the voltage open.', doubts: [{ about: 'identity', why: 'No voltage is named.' }] };
  asked = 0;
  await desk.runtime.db.prisma.aiCall.deleteMany();
  await use('anthropic');
});
afterAll(() => desk.close());

const run = async () => {
  await desk.runtime.db.transaction((tx) => desk.runtime.context.jobs.add(tx, { kind: FORM_OPINIONS, payload: {} }));
  await desk.settle();
};

describe('an opinion', () => {
  it('stands beside the decision with model, date and cost, and changes nothing of it', async () => {
    const before = await desk.runtime.db.prisma.opportunity.findUniqueOrThrow({ where: { id } });
    const { opinion } = await formOpinion(deps(), id);
    expect(opinion).toMatchObject({ verdict: 'look-closer', vendor: 'anthropic', model: 'claude-haiku-5-5', promptVersion: 'opinion-1', at: desk.runtime.clock.now(), costMicro: 500 * 50 + 50 * 250, currency: 'USD' });
    expect(await desk.runtime.db.prisma.opportunity.findUniqueOrThrow({ where: { id } })).toEqual(before);
    expect((await readOpinion(deps(), id)).opinion).toMatchObject({ summary: 'The title leaves the voltage open.' });
  });

  it('is frozen with what a person approves on; where there is none the evidence is as it was', async () => {
    const facts = { opportunityId: id, evidence: { offer: 1 } };
    const parts = deps() as never;
    expect(await withOpinion(parts, desk.runtime.db.prisma, facts)).toBe(facts);
    await formOpinion(deps(), id);
    expect(await withOpinion(parts, desk.runtime.db.prisma, facts)).toMatchObject({ evidence: { offer: 1, opinion: { verdict: 'look-closer', model: 'claude-haiku-5-5', promptVersion: 'opinion-1' } } });
  });

  it('still shows when nobody can be asked any more, and no longer once the facts have changed', async () => {
    await formOpinion(deps(), id);
    await use('off');
    expect(await readOpinion(deps(), id)).toMatchObject({ opinion: { verdict: 'look-closer' }, offline: { code: 'ai.off' } });
    const { offerId } = await desk.runtime.db.prisma.opportunity.findUniqueOrThrow({ where: { id } });
    const { title } = await desk.runtime.db.prisma.offer.findUniqueOrThrow({ where: { id: offerId } });
    await desk.runtime.db.prisma.offer.update({ where: { id: offerId }, data: { title: `${title}, 110 V` } });
    expect(await recallOpinion(deps(), desk.runtime.db.prisma, id)).toBeNull();
    await desk.runtime.db.prisma.offer.update({ where: { id: offerId }, data: { title } });
  });

  it('is asked of the best ten open purchases by itself, once', async () => {
    await run();
    expect(asked).toBe(10);
    await run();
    expect(asked).toBe(10);
    await use('off');
    await run();
    expect(asked).toBe(10);
  });

  it.each([
    ['a number of its own', 'Worth $999 at least.'], ['a link', 'See https://evil.example for more.'], ['an address', 'Write to a@b.example.'], ['Arabic digits', 'السعر ٩٩٩'], ['full-width digits', 'only ９９９'],
  ])('with %s is not shown', async (_, summary) => {
    says = { verdict: 'nothing-against', summary, doubts: [] };
    expect(await formOpinion(deps(), id)).toMatchObject({ opinion: null, offline: { code: 'ai.unfit-answer' } });
    expect(await recallOpinion(deps(), desk.runtime.db.prisma, id)).toBeNull();
  });
});

it('unfit lets figures through that are ours', () => expect(unfit({ verdict: 'nothing-against', summary: 'Expect 8.10 each.', doubts: [] }, { expectedProfit: '$8.10' })).toBeNull());
