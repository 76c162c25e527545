import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '#kernel/random.ts';
import { compareQualifiers, QUALIFIER_FEATURES } from './compare-qualifiers.ts';
import { bestThreshold, fitPlatt } from './match-model.ts';
import { versionsOf } from './title-qualifiers.ts';
import { CatalogueIndex, extractTitleFacts, FEATURES, fitMatchModel, matchProbability, packSizeOf, pairFeatures, plainTitle, scorePair, tokenise, Vocabulary, type MatchRecord } from './index.ts';

const BRANDS = ['Sony', 'Canon', 'Belkin', 'Garmin', 'Philips', 'Logitech', 'Bosch', 'Lego'];
const KINDS = ['Wireless Headphones', 'Digital Camera', 'Laptop Sleeve', 'GPS Navigator', 'Steam Iron', 'Gaming Mouse', 'Cordless Drill', 'Building Set'];
const COLOURS = ['Black', 'White', 'Red', 'Blue'];

interface Item { key: string; record: MatchRecord }
function catalogue(size: number): Item[] {
  const random = seededRandom('catalogue');
  return Array.from({ length: size }, (_, i) => {
    const at = random.int(BRANDS.length);
    const model = `${'ABCDEFGHKL'[random.int(10)]}${'MNPRSTUVWX'[random.int(10)]}${1_000 + i}${'ABC'[random.int(3)]}`;
    return { key: `p${i}`, record: { title: `${BRANDS[at]} ${KINDS[random.int(KINDS.length)]} ${model} ${COLOURS[random.int(4)]}`, brand: BRANDS[at], price: 20 + random.int(200) } };
  });
}
const items = catalogue(3_000);
const vocabulary = new Vocabulary();
for (const item of items) vocabulary.add(item.record.title);
const ready = (title: string, over: Partial<MatchRecord> = {}) => vocabulary.prepare({ title, ...over });
const score = (a: string, b: string) => scorePair(ready(a), ready(b));

describe('packSizeOf', () => {
  it.each([
    ['Soap bars, pack of 3', 3], ['Soap 3-pack', 3], ['Soap bars x3', 3], ['Savon lot de 3', 3], ['Glasses, set of 6', 6], ['Batteries 12ct', 12], ['Water case of 24', 24], ['Eau 6 x 1.5 l pack de 6', 6], ['AA batteries 4 pk', 4], ['Screws 100 pcs', 100],
    ['عبوة من 6 صابون', 6], ['صابون ٦ قطع', 6], ['طقم من ٤ أكواب', 4], ['كرتون 24 علبة', 24], ['Jabón paquete de 4', 4], ['Seife 4 Stück', 4], ['Twin pack toothpaste', 2], ['A dozen eggs', 12], ['3 x Soap bar', 3],
    ['Frame 10 x 20 cm', null], ['Camera 3x optical zoom', null], ['Xbox One', null], ['Soap bar', null], ['Cable 2 m', null], ['Almond butter ME2317 pack 6', 6], ['BMW X3 model car', null],
  ] as const)('%s', (title, size) => {
    expect(packSizeOf(plainTitle(title))).toBe(size);
  });
});

const agreements = (a: string, b: string) => Object.fromEntries(compareQualifiers(ready(a), ready(b)).flatMap((value, i) => (QUALIFIER_FEATURES[i]!.endsWith('Agreement') ? [[QUALIFIER_FEATURES[i]!, value]] : [])));

describe('extractTitleFacts', () => {
  it('reads models, measures, colours, editions, years and conditions', () => {
    const facts = extractTitleFacts('Sony Cyber-Shot DSC-W150/B Digital Camera 8.1 MP, 16 GB, Noir, Refurbished (2008) Pro Edition', 'Sony');
    expect(facts.models).toContain('dscw150');
    expect(facts.measures).toContainEqual({ kind: 'data-gb', value: 16 });
    expect([facts.colours, facts.years, facts.brand]).toEqual([['black'], [2_008], 'sony']);
    expect(facts.editions).toContain('pro');
    expect(facts.conditions).toContain('refurbished');
  });

  it('tells tiers, terms, platforms, languages and versions of one name apart, however they are written', () => {
    expect(agreements('Print Studio Dlx v7.0 upg (Mac)', 'print studio deluxe VII upgrade for Macintosh')).toEqual({ tierAgreement: 2, termsAgreement: 2, platformAgreement: 2, languageAgreement: 0, versionsAgreement: 2, majorVersionsAgreement: 2 });
    expect(agreements('Print Studio Pro 7.1 academic Spanish', 'Print Studio Std 7.2 Win XP French')).toEqual({ tierAgreement: -2, termsAgreement: -1, platformAgreement: -1, languageAgreement: -2, versionsAgreement: -2, majorVersionsAgreement: 2 });
    expect(versionsOf(tokenise(plainTitle("Office v7 .0.2, iLife '06, Suite ver. 5")))).toEqual(['7.0.2', '2006', '5']);
  });

  it('takes the end of a maker\'s number for no measure', () => {
    expect(extractTitleFacts('Quinsen Travel RC Car EF-1332L').measures).toEqual([]);
    expect(extractTitleFacts('Kettle EF-1332L, 2 L').measures).toEqual([{ kind: 'volume-l', value: 2 }]);
  });

  it('reads any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (title) => {
      expect(extractTitleFacts(title).tokens.every((token) => token.length > 0)).toBe(true);
    }));
  });
});

describe('scorePair', () => {
  it('knows one product under two titles, and two products under like ones', () => {
    const same = score('Sony Digital Camera DSC-W150 Black 8.1 Megapixel', 'Sony DSCW150 8.1MP digital camera - black');
    const other = score('Sony Digital Camera DSC-W150 Black 8.1 Megapixel', 'Canon Digital Camera IXUS 300 Black 12 Megapixel');
    expect(same.probability).toBeGreaterThan(0.5);
    expect(other.probability).toBeLessThan(0.1);
  });

  it.each([
    ['Bosch Soap bar deluxe, pack of 3', 'Bosch Soap bar deluxe, pack of 6', 'pack.conflict'], ['Bosch Soap bar lot de 3', 'Bosch Soap bar 12ct', 'pack.conflict'], ['صابون بوش عبوة من 6', 'صابون بوش عبوة من 12', 'pack.conflict'],
    ['Logitech USB flash drive 16GB', 'Logitech USB flash drive 32 GB', 'variant.capacity'], ['Philips Steam Iron red', 'Philips Steam Iron bleu', 'variant.colour'], ['Lego calendar 2025', 'Lego calendar 2026', 'variant.year'],
  ])('vetoes %s against %s', (a, b, code) => {
    const result = score(a, b);
    expect(result.vetoes.map((veto) => veto.code)).toContain(code);
    expect(result.probability).toBeLessThanOrEqual(0.01);
  });

  it('does not veto the same pack in other words, and says when one side is silent', () => {
    expect(score('Soap, pack of 3', 'Savon lot de 3').vetoes).toEqual([]);
    expect(score('Flash drive 1000 MB', 'Flash drive 1 GB').vetoes).toEqual([]);
    expect(score('Soap, pack of 3', 'Soap')).toMatchObject({ vetoes: [], packUnknown: true });
  });

  it('gives finite features for any two titles', () => {
    fc.assert(fc.property(fc.string({ maxLength: 80 }), fc.string({ maxLength: 80 }), fc.integer({ min: -5, max: 10_000 }), (a, b, price) => {
      const out = pairFeatures(ready(a, { price, brand: b.slice(0, 5) }), ready(b, { model: a.slice(0, 6), description: b }), new Float64Array(FEATURES.length));
      expect(out.every(Number.isFinite)).toBe(true);
    }));
  });

  it('scores at least 10,000 pairs in a second of processor time', () => {
    const prepared = items.slice(0, 500).map((item) => vocabulary.prepare(item.record));
    for (let i = 0; i < 3_000; i++) scorePair(prepared[i % 500]!, prepared[(i * 7) % 500]!);
    const before = process.cpuUsage();
    for (let i = 0; i < 5_000; i++) scorePair(prepared[i % 500]!, prepared[(i * 7) % 500]!);
    const { user, system } = process.cpuUsage(before);
    expect(5_000 / ((user + system) / 1_000_000)).toBeGreaterThan(10_000);
  });
});

describe('CatalogueIndex', () => {
  it('finds the product among 3,000 from a messy title, in a handful of candidates', () => {
    const index = new CatalogueIndex();
    for (const item of items) index.add(item.key, vocabulary.prepare(item.record));
    let found = 0;
    for (const item of items.slice(0, 300)) {
      const [brand, ...rest] = item.record.title.split(' ');
      const messy = [...rest.toReversed(), 'NEW', brand].join(' ').toLowerCase().replace(/([a-z]{2})(\d{4})/, '$1-$2');
      if (index.candidates(vocabulary.prepare({ title: messy }), 10).includes(item.key)) found++;
    }
    expect(found / 300).toBeGreaterThan(0.97);
    expect(index.candidates(vocabulary.prepare({ title: 'zzz' }))).toEqual([]);
  });
});

describe('fitting', () => {
  const random = seededRandom('fit');
  const rows = Array.from({ length: 600 }, () => Float64Array.from({ length: 5 }, () => random.normal()));
  /** An exclusive or with noise: no straight line separates it. */
  const labels = rows.map((row) => (row[0]! * row[1]! > 0 !== random.next() < 0.05 ? 1 : 0));
  const groups = rows.map((_, i) => `g${i >> 1}`);
  const options = { bags: 1, folds: 4, penalty: 0.003, treeShare: 0.9, boosting: { trees: 60, depth: 3, rate: 0.15, rows: 0.8, features: 0.8, leafWeight: 1, lambda: 1 } };

  it('learns what lines cannot, out of fold, with calibrated probabilities', () => {
    const { outOfFold } = fitMatchModel(rows, labels, groups, options);
    const right = outOfFold.filter((p, i) => (p >= 0.5 ? 1 : 0) === labels[i]).length / rows.length;
    expect(right).toBeGreaterThan(0.85);
    const sure = outOfFold.map((p, i) => ({ p, label: labels[i]! })).filter(({ p }) => p > 0.8);
    const mean = sure.reduce((sum, { p }) => sum + p, 0) / sure.length;
    expect(Math.abs(sure.reduce((sum, { label }) => sum + label, 0) / sure.length - mean)).toBeLessThan(0.08);
  });

  it('gives the same model twice', () => {
    const a = fitMatchModel(rows.slice(0, 200), labels.slice(0, 200), groups.slice(0, 200), options).model;
    const b = fitMatchModel(rows.slice(0, 200), labels.slice(0, 200), groups.slice(0, 200), options).model;
    expect(a).toEqual(b);
    expect(matchProbability(a, rows[0]!)).toBe(matchProbability(b, rows[0]!));
  });

  it('finds the best threshold and Platt\'s line', () => {
    expect(bestThreshold([0.05, 0.9, 0.1, 0.95, 0.8])).toBeCloseTo(0.45, 12);
    const scores = Array.from({ length: 2_000 }, () => 3 * random.normal());
    const drawn = scores.map((s) => (random.next() < 1 / (1 + Math.exp(-(0.5 * s - 1))) ? 1 : 0));
    const { slope, offset } = fitPlatt(scores, drawn);
    expect(Math.abs(slope - 0.5)).toBeLessThan(0.08);
    expect(Math.abs(offset + 1)).toBeLessThan(0.15);
  });
});

const abtBuy = path.resolve(import.meta.dirname, '../../../../../shared/datasets/product-matching/Textual_Abt-Buy/valid.txt');
const field = (record: string, name: string) => new RegExp(`COL ${name} VAL (.*?)(?= COL |$)`).exec(record)?.[1]?.trim() ?? '';
const recordOf = (text: string): MatchRecord => ({ title: field(text, 'name'), description: field(text, 'description'), price: Number.parseFloat(field(text, 'price')) || null });
describe('public pairs', () => {
  if (!existsSync(abtBuy)) process.stdout.write('skipped: no public matching pairs beside the project\n');
  it.skipIf(!existsSync(abtBuy))('is fitted on one half and right on the other', () => {
    const pairs = readFileSync(abtBuy, 'utf8').trim().split('\n').map((line) => line.split('\t') as [string, string, string]).map(([left, right, label]) => ({ left, right, label: Number(label) }));
    const half = pairs.filter((pair) => pair.left.length % 2 === 0);
    const rest = pairs.filter((pair) => pair.left.length % 2 === 1);
    const words = new Vocabulary();
    for (const pair of half) words.add(recordOf(pair.left).title);
    const features = (pair: { left: string; right: string }) => pairFeatures(words.prepare(recordOf(pair.left)), words.prepare(recordOf(pair.right)), new Float64Array(FEATURES.length));
    const { model } = fitMatchModel(half.map((pair) => features(pair)), half.map((pair) => pair.label), half.map((pair) => pair.left), { bags: 1, folds: 3, penalty: 0.003, treeShare: 0.7, boosting: { trees: 80, depth: 4, rate: 0.1, rows: 0.7, features: 0.35, leafWeight: 1, lambda: 2 } });
    const taken = rest.map((pair) => matchProbability(model, features(pair)) >= model.threshold);
    const hits = taken.filter((yes, i) => yes && rest[i]!.label === 1).length;
    expect((2 * hits) / (taken.filter(Boolean).length + rest.filter((pair) => pair.label === 1).length)).toBeGreaterThan(0.8);
  });
});
