import { createRouterClient, type RouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WordsIdentifier } from '#engine/catalog/index.ts';
import { addSource } from '#engine/sources/index.ts';
import { asinOf, offerOf, openOfferDesk, type OfferDesk } from '#tests/support/offer-desk.ts';
import { createIdentityProcedures, evaluateOffers, ingestOffers, normaliseOffer, registerReconsidering, type OpportunitiesDeps } from './index.ts';

let desk: OfferDesk;
let deps: OpportunitiesDeps;
let sourceId: string;
let identity: RouterClient<ReturnType<typeof createIdentityProcedures>>;
let judged: number;
/** A model's opinion: it may think that two are one, and decides nothing. */
const judge = { version: 'm1', judge: () => (judged++, Promise.resolve({ verdict: 'unsure' as const, thinks: 'same' as const, why: 'Both name the K2.' })) };

beforeEach(async () => {
  judged = 0;
  desk = await openOfferDesk();
  const search = {
    connector: 'amazon-sp-api', market: 'amazon-us',
    search: () => Promise.resolve({ at: 0, unreadable: [], items: [1, 2].map((n) => ({ market: 'amazon-us', externalId: asinOf(n), kind: 'standard' as const, title: n === 1 ? 'Northgate kettle K1' : 'Northgate kettle K2, Pack of 3', brand: 'Northgate', codes: [], categoryPath: [], hazards: [] })) }),
  };
  deps = { ...desk.opportunities, words: new WordsIdentifier({ ctx: desk.runtime.context, judge, search }) };
  registerReconsidering(deps);
  ({ id: sourceId } = await addSource(desk.scan.sources, { kind: 'woocommerce', name: 'Shop', baseUrl: 'https://shop.example', intervalMs: null }));
  identity = createRouterClient(createIdentityProcedures(deps));
  desk.vendor.know({ n: 1, priceMinor: 4_000 });
  desk.vendor.know({ n: 2, priceMinor: 9_000, over: { title: 'Northgate kettle K2, Pack of 3', packQuantity: 3 } });
});
afterEach(() => desk.close());

const scan = async (...titles: string[]) => {
  const { runtime } = desk;
  await runtime.db.transaction((tx) => ingestOffers(runtime.context, tx, sourceId, titles.map((title, i) => normaliseOffer({ ...offerOf(i + 1), title, identifiers: [], seenAt: runtime.clock.now() }, {}))));
  return evaluateOffers(deps, { sourceId, limit: 400, signal: new AbortController().signal });
};
const reasonOf = async () => (JSON.parse((await desk.runtime.db.prisma.offer.findFirstOrThrow()).screenReason!) as { code: string }).code;
const opportunity = async () => (await desk.runtime.db.prisma.opportunity.findMany({ where: { state: 'open' }, include: { detail: true } }))[0] ?? null;

describe('an offer without a code', () => {
  it('becomes an opportunity by its words, with how that is known and how sure', async () => {
    await scan('NORTHGATE KETTLE K1 free shipping');
    const found = await opportunity();
    expect(found).toMatchObject({ decision: 'purchase' });
    const { evidence } = JSON.parse(found!.detail!.evaluation) as { evidence: { kind: string; data: { by?: string; probabilityBp?: number } }[] };
    expect(evidence.find((e) => e.kind === 'identity')?.data).toMatchObject({ by: 'words' });
    expect((await identity.list({})).items).toEqual([]);
  });

  it('is asked about where a pack is named by one side alone, with a model’s opinion that is had once; judged by the answer, and asked again after an undo', async () => {
    await scan('Northgate kettle K2');
    const [question] = (await identity.list({})).items;
    expect(await reasonOf()).toBe('identity.asked');
    expect(question).toMatchObject({ packUnknown: true, offer: { packSize: 1 }, product: { asin: asinOf(2), packSize: 3 }, opinion: { verdict: 'same', why: 'Both name the K2.' } });
    expect(await opportunity()).toBeNull();
    const same = await identity.decide({ id: question!.id, version: question!.version, same: true });
    await desk.settle();
    expect(await opportunity()).toMatchObject({ decision: 'purchase' });
    await expect(identity.decide({ id: question!.id, version: question!.version, same: false })).rejects.toMatchObject({ code: 'STALE' });
    await identity.undo({ id: question!.id, version: same.version });
    await desk.settle();
    expect(await opportunity()).toBeNull();
    expect((await identity.list({})).items).toMatchObject([{ opinion: { verdict: 'same' } }]);
    expect(judged).toBe(1);
  });

  it('says that nobody is asked where even the product that it may be would not pay', async () => {
    desk.vendor.know({ n: 2, priceMinor: 900, over: { title: 'Northgate kettle K2, Pack of 3', packQuantity: 3 } });
    await scan('Northgate kettle K2');
    expect([await reasonOf(), (await identity.list({})).items]).toEqual(['identity.not-asked', []]);
  });

  it('is not asked about again after a no, at any price', async () => {
    await scan('Northgate kettle K2');
    const [question] = (await identity.list({})).items;
    await identity.decide({ id: question!.id, version: question!.version, same: false });
    await desk.settle();
    await scan('Northgate kettle K2 ');
    expect((await identity.list({})).items).toEqual([]);
    expect((await identity.list({ state: 'different' })).items).toHaveLength(1);
    expect(await opportunity()).toBeNull();
  });
});
