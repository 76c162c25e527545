import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError } from '#kernel/errors.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { WordsIdentifier, type WordsDeps } from './identify-by-words.ts';
import { findPairs, keepPairs, readLearned, wordsKeyOf, type OfferWords } from './identity-pairs.ts';
import { fitLearnedLayer, learnIdentity, LEAST_DECISIONS } from './learn-identity.ts';
import { titlePackSize } from './match/index.ts';
import { plainWords } from './plain-words.ts';
import type { CatalogItem } from './ports.ts';

let runtime: TestRuntime;
const { signal } = new AbortController();
const PRODUCTS: readonly (readonly [asin: string, title: string, brand: string, mpn: string])[] = [
  ['B000000001', 'Lumique Ultra Tape Measure VR6916', 'Lumique', 'VR6916'], ['B000000002', 'Lumique Ultra Tape Measure VR6916, Pack of 2', 'Lumique', 'VR6916-2'],
  ['B000000003', 'Kirant Pro Rain Jacket QX-3696, M, Teal', 'Kirant', 'QX-3696-MTE'], ['B000000004', 'Kirant Pro Rain Jacket QX-3696, L, Teal', 'Kirant', 'QX-3696-LTE'], ['B000000005', 'Wexis Studio Desk Lamp XS212', 'Wexis', 'XS212'],
];

beforeEach(async () => {
  runtime = await createTestRuntime();
  await runtime.db.prisma.product.createMany({ data: PRODUCTS.map(([asin, title, brand, mpn], i) => ({ id: `prd_${i + 1}`, asin, title, brand, attributes: JSON.stringify({ kind: 'standard', mpn }), createdAt: 0n, updatedAt: 0n })) });
});
afterEach(() => runtime.close());

const offer = (title: string, over: Partial<OfferWords> = {}): OfferWords => ({ offerId: 'off_1', title, brand: null, mpn: null, packSize: titlePackSize(title), ...over });
const identifier = (over: Partial<WordsDeps> = {}) => new WordsIdentifier({ ctx: runtime.context, search: null, judge: null, ...over });
const identify = async (one: OfferWords, words = identifier()) => (await words.identify([one], signal))[0]!;
const item = (externalId: string, title: string): CatalogItem => ({ market: 'amazon-us', externalId, kind: 'standard', title, codes: [], categoryPath: [], hazards: [] });

describe('WordsIdentifier', () => {
  it('knows a product of the local catalogue through shouting, noise and short forms, and says how sure it is', async () => {
    expect(await identify(offer('LUMIQUE ULTRA TAPE MEASURE VR6916 best price'))).toMatchObject({ kind: 'same', asin: 'B000000001', by: 'words' });
    expect((await identify(offer('LUMIQUE ULTRA TAPE MEASURE VR6916 best price'))).probabilityBp).toBeGreaterThan(8_500);
  });

  it('takes no single for a pack, nor one size for another', async () => {
    expect(await identify(offer('Lumique Ultra Tape Measure VR6916 x2'))).toMatchObject({ asin: 'B000000002' });
    expect((await identify(offer('Lumique Ultra Tape Measure VR6916 12-Pack'))).kind).toBe('unknown');
    expect(await identify(offer('Kirant Pro Rain Jacket QX-3696, L, Teal'))).toMatchObject({ kind: 'same', asin: 'B000000004' });
    expect((await identify(offer('Kirant Pro Rain Jacket QX-3696, XS, Olive'))).kind).not.toBe('same');
    expect((await identify(offer('Kirant Pro Rain Jacket QX-3696'))).kind).not.toBe('same');
  });

  it('tells the pack that a page does not name by its weight, and never against the weight of one piece', async () => {
    await runtime.db.prisma.product.update({ where: { id: 'prd_1' }, data: { weightG: 200 } });
    await runtime.db.prisma.product.update({ where: { id: 'prd_2' }, data: { weightG: 405 } });
    const silent = (weightG: number | null) => identify(offer('Lumique Ultra Tape Measure VR6916', { weightG }));
    expect(await silent(404)).toMatchObject({ kind: 'same', asin: 'B000000002', packByWeight: true });
    expect(await silent(200)).toMatchObject({ kind: 'same', asin: 'B000000001', packByWeight: false });
    expect(await silent(null)).toMatchObject({ kind: 'same', asin: 'B000000001', silentPacks: ['B000000002'], silentPiece: 'B000000001' });
    expect(await identify(offer('Lumique Ultra Tape Measure VR6916 x1', { weightG: 404 }))).toMatchObject({ silentPacks: [], packByWeight: false });
  });

  it('takes a doubtful code and words that agree for more than either', async () => {
    const lamp = offer('Desk Lamp Wexis metal for reading');
    const [without, withCode] = [await identify(lamp), await identify({ ...lamp, codedAsin: 'B000000005' })];
    expect(withCode).toMatchObject({ asin: 'B000000005' });
    expect(withCode.logOdds).toBeGreaterThan(without.logOdds + 2);
  });

  it('asks the market for the pack where the page weighs more than the piece that is known', async () => {
    await runtime.db.prisma.product.update({ where: { id: 'prd_5' }, data: { weightG: 900 } });
    const asked: string[] = [];
    const search = { connector: 'amazon-sp-api', market: 'amazon-us', search: (words: string) => (asked.push(words), Promise.resolve({ items: [{ ...item('B000000007', 'Wexis Studio Desk Lamp XS212, Pack of 4'), packageMeasures: { weightGrams: 3_610 } }], unreadable: [], at: 0 })) };
    const lamp = (weightG: number) => identify(offer('Wexis Studio Desk Lamp XS212', { weightG, mpn: 'XS212' }), identifier({ search }));
    expect(await lamp(905)).toMatchObject({ asin: 'B000000005' });
    expect(asked).toEqual([]);
    expect(await lamp(3_600)).toMatchObject({ kind: 'same', asin: 'B000000007', packByWeight: true });
  });

  it('takes the code of one piece for a word in favour of its pack, where the page names a pack', async () => {
    const gloves = offer('Lumique Tape Measure (2 Count)', { brand: 'Lumique' });
    const [without, withCode] = [await identify(gloves), await identify({ ...gloves, codedAsin: 'B000000001' })];
    expect(withCode.asin).toBe('B000000002');
    expect(withCode.logOdds).toBeGreaterThan(without.logOdds + 2);
    expect((await identify({ ...gloves, codedAsin: 'B000000005' })).logOdds).toBeCloseTo(without.logOdds);
  });

  it('says unknown where no product is like it', async () => {
    expect(await identify(offer('Garden hose twenty metres'))).toMatchObject({ kind: 'unknown', asin: null });
  });

  it('asks the market where the local catalogue is not sure, once for the same words, and goes on without it', async () => {
    const asked: string[] = [];
    const search = { connector: 'amazon-sp-api', market: 'amazon-us', search: (words: string) => (asked.push(words), Promise.resolve({ items: [item('B000000009', 'Ostgard Travel Kettle PW-4410')], unreadable: [], at: 0 })) };
    const words = identifier({ search });
    for (let i = 0; i < 2; i++) expect(await identify(offer('Ostgard Travel Kettle PW4410 NEW'), words)).toMatchObject({ kind: 'same', asin: 'B000000009' });
    expect(asked).toHaveLength(1);
    // asked as the seller printed it: a market parts the number where its maker does
    await identify(offer('Ostgard Travel Kettle PW-4410 original'), words);
    expect(asked[1]).toBe('pw-4410 ostgard travel kettle original');
    const failing = { ...search, search: () => Promise.reject(new ConnectorError({ kind: 'Throttled', connector: 'amazon-sp-api', operation: 'search', message: 'slow down' })) };
    expect((await identify(offer('Ostgard Travel Kettle PW4410 NEW'), identifier({ search: failing }))).kind).toBe('unknown');
  });

  it('follows what was decided of the same words, either way', async () => {
    const words = offer('kirant rain jacket teal');
    const key = wordsKeyOf(words);
    await runtime.db.transaction((tx) => keepPairs(runtime.context, tx, ['prd_3', 'prd_4'].map((productId) => ({ wordsKey: key, productId, offerId: 'off_1', probabilityBp: 5_000, packUnknown: false, state: 'open' as const, judged: null, logOdds: 0 })), 'words-1'));
    const answer = (productId: string, state: string) => runtime.db.prisma.identityPair.updateMany({ where: { productId }, data: { state, decidedBy: 'person' } });
    await answer('prd_3', 'different');
    await answer('prd_4', 'different');
    expect((await identify(words)).asin ?? '').not.toMatch(/B00000000[34]/);
    await answer('prd_4', 'same');
    expect(await identify({ ...words, offerId: 'off_2' })).toMatchObject({ kind: 'same', asin: 'B000000004', by: 'person', probabilityBp: 9_900 });
  });

  it('never asks the same question twice: what was answered stays, what is open follows the newest probability', async () => {
    const pair = { wordsKey: 'k', productId: 'prd_1', offerId: 'off_1', probabilityBp: 4_000, packUnknown: false, state: 'open' as const, judged: null, logOdds: -0.4 };
    const keep = (probabilityBp: number) => runtime.db.transaction((tx) => keepPairs(runtime.context, tx, [{ ...pair, probabilityBp }], 'words-1'));
    await keep(4_000);
    await keep(5_000);
    expect(await runtime.db.prisma.identityPair.findMany()).toMatchObject([{ probabilityBp: 5_000, state: 'open' }]);
    await runtime.db.prisma.identityPair.updateMany({ data: { state: 'different', decidedBy: 'person' } });
    await keep(6_000);
    expect((await findPairs(runtime.db, ['k'])).get('k')).toMatchObject([{ state: 'different' }]);
  });

  it('lets the judge settle an unsure pair, and lets it override no pack and no veto', async () => {
    let judged = 0;
    const judge = { version: 'm1', judge: () => (judged++, Promise.resolve({ verdict: 'same' as const, why: 'one size is meant' })) };
    const unsure = offer('Kirant Pro Rain Jacket QX-3696, Teal');
    const words = identifier({ judge });
    const verdict = await identify(unsure, words);
    expect([verdict.kind, judged]).toEqual(['unsure', 0]);
    expect(await words.judge([{ offer: unsure, verdict }], signal)).toMatchObject([{ kind: 'same', by: 'judge', judged: { version: 'm1' } }]);
    expect(await words.judge([{ offer: unsure, verdict: { ...verdict, packUnknown: true } }], signal)).toMatchObject([{ kind: 'unsure', judged: { verdict: 'same' } }]);
    expect((await identify(offer('Lumique Ultra Tape Measure VR6916 12-Pack'), words)).kind).toBe('unknown');
  });
});

describe('plainWords', () => {
  const known = new Set('halen labs travel mechanical keyboard xo7806 edition black'.split(' '));
  it.each([
    ['Halen Labs Travel Mechanical Kybd L@@K', 'Halen Labs Travel Mechanical keyboard'], ['HALEN trav. KYBD !!! 100% Authentic', 'HALEN travel. keyboard'], ['The Atlas (7th Ed) last ones', 'The Atlas (7th edition)'],
    ['Halen keyboard lot de 3, Blk', 'Halen keyboard lot de 3, black'], ['Best price', ''],
  ])('%s', (title, plain) => expect(plainWords(title, known)).toBe(plain));
  it('writes nothing out that could be two words', () => expect(plainWords('Prem case', new Set(['premium', 'premier']))).toBe('Prem case'));
});

const decisions = (n: number) => Array.from({ length: n }, (_, i) => ({ logOdds: (i % 11) / 2 - 2.5, same: i % 11 > 7 }));

describe('fitLearnedLayer', () => {

  it('learns nothing from few or one-sided answers', () => {
    expect(fitLearnedLayer(decisions(LEAST_DECISIONS - 1))).toBeNull();
    expect(fitLearnedLayer(decisions(200).map((d) => ({ ...d, same: true })))).toBeNull();
  });

  it('moves towards what people say, the more the more they said, and the same answers teach the same', () => {
    const [few, many] = [fitLearnedLayer(decisions(40))!, fitLearnedLayer(decisions(400))!];
    expect(few.offset).toBeLessThan(0);
    expect(many.offset).toBeLessThan(few.offset);
    expect(fitLearnedLayer(decisions(400))).toEqual(many);
  });

  it('writes a further version after ten more answers, and keeps the older one', async () => {
    const answer = async (from: number, to: number) => {
      for (const [i, d] of decisions(to).entries()) {
        if (i >= from) await runtime.db.prisma.identityPair.create({ data: { id: `idy_${String(i).padStart(4, '0')}`, wordsKey: `k${i}`, productId: 'prd_1', offerId: 'off_1', state: d.same ? 'same' : 'different', probabilityBp: 5_000, packUnknown: 0, model: `words-1:${d.logOdds}`, decidedBy: 'person', askedAt: 0n } });
      }
      return runtime.db.transaction((tx) => learnIdentity(tx, runtime.clock.now()));
    };
    expect(await answer(0, 29)).toBeNull();
    expect(await answer(29, 30)).toMatchObject({ version: 1 });
    expect(await answer(30, 35)).toBeNull();
    expect(await answer(35, 40)).toMatchObject({ version: 2 });
    expect(await readLearned(runtime.db)).toMatchObject({ version: 2 });
    expect(await runtime.db.prisma.identityLearning.count()).toBe(2);
  });
});
