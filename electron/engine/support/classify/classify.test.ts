import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCsv, readExamples } from '../../../../bench/eval/intents.ts';
import { seededRandom } from '#kernel/random.ts';
import { calibrationError, confidenceAt, fitBlend, fitCurve, fitReliability, reliableAt, thresholdAtPrecision } from './calibrate.ts';
import { foldsOf, trainIntentClassifier, type LabelledText } from './intent-classifier.ts';
import { fitSvm, scoreLinear } from './linear-svm.ts';
import { countFeatures, fitVectoriser, vectorise, wordsOf } from './text-features.ts';

/** The starter file has no quoted line breaks; its fields may be quoted. */
function starter(): (LabelledText & { language: string })[] {
  const lines = readFileSync(path.resolve('resources/support/starter-messages.csv'), 'utf8').trim().split('\n').slice(1);
  return lines.map((line) => {
    const [, text = '', label = '', language = ''] = /^(.*),(\w+),(\w+)$/.exec(line) ?? [];
    return { text: text.replace(/^"(.*)"$/, '$1').replaceAll('""', '"'), label, language };
  });
}

function crossValidate(examples: readonly LabelledText[]) {
  const folds = foldsOf(examples, 5);
  const confidences: number[] = [];
  const right: boolean[] = [];
  for (let fold = 0; fold < 5; fold++) {
    const classifier = trainIntentClassifier(examples.filter((_, i) => folds[i] !== fold));
    examples.forEach((e, i) => {
      if (folds[i] !== fold) return;
      const answer = classifier.classify(e.text);
      confidences.push(answer.confidence);
      right.push(answer.label === e.label);
    });
  }
  return { accuracy: right.filter(Boolean).length / right.length, ece: calibrationError(confidences, right) };
}

const rowOf = (column: number) => ({ index: Int32Array.of(column), value: Float32Array.of(1) });

describe('trainIntentClassifier', () => {
  it('tells six kinds apart in three languages from few examples, and knows how sure it is', () => {
    const { accuracy, ece } = crossValidate(starter());
    expect(accuracy).toBeGreaterThan(0.85);
    expect(ece).toBeLessThan(0.08);
  });

  it('gives about chance on labels that mean nothing, and says so', () => {
    const random = seededRandom('shuffled');
    const examples = starter();
    const labels = examples.map((e) => e.label);
    const shuffled = examples.map((e) => ({ text: e.text, label: labels[random.int(labels.length)]! }));
    const { accuracy, ece } = crossValidate(shuffled);
    expect(accuracy).toBeLessThan(0.35);
    expect(ece).toBeLessThan(0.2);
    const classifier = trainIntentClassifier(shuffled);
    expect(classifier.sendThreshold).toBeGreaterThan(1);
    expect(classifier.classify('where is my parcel').autoSendable).toBe(false);
  });

  it('is the same every time, and takes labels that it never heard of', () => {
    const examples = starter().map((e) => ({ text: e.text, label: `étiquette ${e.label}` }));
    const [a, b] = [trainIntentClassifier(examples), trainIntentClassifier(examples)];
    for (const text of ['Where is my parcel?', 'je veux un remboursement', '', '😀', 'zzzz qqqq']) expect(a.classify(text)).toEqual(b.classify(text));
    expect(a.classify('Where is my parcel?').label).toBe('étiquette shipping');
    const sum = a.classify('').ranked.reduce((total, r) => total + r.probability, 0);
    expect(sum).toBeCloseTo(1, 6);
  });

  it('refuses to learn from one label', () => {
    expect(() => trainIntentClassifier([{ text: 'a', label: 'x' }])).toThrow(RangeError);
  });
});

describe('the parts of the classifier', () => {
  it('folds accents, Arabic letters and digits into the same words', () => {
    expect(wordsOf("L'Été n'est pas là ! 4711")).toEqual(['l', 'ete', 'n', 'est', 'pas', 'la', '!', '0000']);
    expect(wordsOf('أين الطلبية؟ ١٢٣')).toEqual(['اين', 'الطلبيه', '000']);
  });

  it('makes unit vectors, and nothing of unknown words', () => {
    const counts = ['red shoe', 'blue shoe'].map((t) => countFeatures(t, 'words'));
    const vectoriser = fitVectoriser(counts, 1, 100);
    const row = vectorise(counts[0]!, vectoriser);
    expect(row.value.reduce((sum, v) => sum + v * v, 0)).toBeCloseTo(1, 5);
    expect([...row.index]).toEqual([...row.index].sort((a, b) => a - b));
    expect(vectorise(countFeatures('green', 'words'), vectoriser).index).toHaveLength(0);
  });

  it('separates what can be separated', () => {
    const rows = Array.from({ length: 60 }, (_, i) => rowOf(i % 3));
    const labels = rows.map((_, i) => i % 3);
    const model = fitSvm(rows, labels, { columns: 3, classes: 3, cost: 1 });
    const out = new Float64Array(3);
    rows.slice(0, 3).forEach((r, k) => {
      scoreLinear(model, r, out);
      expect(out.indexOf(Math.max(...out))).toBe(k);
    });
  });

  it('turns bold scores into honest ones', () => {
    const random = seededRandom('bold');
    const labels = Array.from({ length: 2_000 }, () => random.int(2));
    // Right in 70 of 100 cases, with scores that claim 99.
    const scores = [Float64Array.from(labels.flatMap((label) => (random.next() < 0.7 ? label : 1 - label) === 0 ? [5, 0] : [0, 5]))];
    const blend = fitBlend({ scores, labels, classes: 2 }, [1]);
    expect(1 / (1 + Math.exp(-5 * blend[0]!))).toBeCloseTo(0.7, 1);
    const curve = fitCurve(labels.map(() => 0.99), labels.map(() => random.next() < 0.6));
    expect(confidenceAt(curve, 0.99)).toBeCloseTo(0.6, 1);
  });

  it('says what held-out rows of such confidence were right in, whatever the shape, and keeps their order', () => {
    const random = seededRandom('shape');
    const claimed = Array.from({ length: 4_000 }, () => random.next());
    // sure ones are right more often than they say, unsure ones less: no curve of three numbers has that shape
    const right = claimed.map((c) => random.next() < (c < 0.5 ? 0.1 : 0.9));
    const points = fitReliability(claimed, right);
    expect(calibrationError(claimed, right)).toBeGreaterThan(0.12);
    expect(calibrationError(claimed.map((c) => reliableAt(points, c)), right)).toBeLessThan(0.05);
    const said = Array.from({ length: 101 }, (_, i) => reliableAt(points, i / 100));
    expect(said).toEqual(said.toSorted((a, b) => a - b));
    expect(new Set(said).size).toBe(101);
    expect(said.every((c) => c >= 0 && c <= 1)).toBe(true);
    expect(fitReliability(claimed.slice(0, 599), right.slice(0, 599))).toBeNull();
    expect(reliableAt(null, 0.3)).toBe(0.3);
  });

  it('measures calibration and the share that may be sent', () => {
    expect(calibrationError([0.9, 0.9, 0.9, 0.9], [true, true, true, false])).toBeCloseTo(0.15, 6);
    expect(thresholdAtPrecision([0.9, 0.8, 0.7, 0.6], [true, true, false, true], 0.95)).toEqual({ confidence: 0.8, share: 0.5, precision: 1 });
    expect(thresholdAtPrecision([0.9, 0.9], [true, false], 0.95).confidence).toBeGreaterThan(1);
    expect(thresholdAtPrecision([0.9], [true], 0.95, 20).confidence).toBeGreaterThan(1);
  });
});

describe('the evaluation reads its CSV', () => {
  it('with quotes, doubled quotes, commas and line breaks inside fields', () => {
    expect(readCsv('\ufefftext,label\r\n"a, ""b""\nc",x\n\nplain \' text,"y"\n"",z')).toEqual([['text', 'label'], ['a, "b"\nc', 'x'], ["plain ' text", 'y'], ['', 'z']]);
    expect(() => readCsv('a,"b')).toThrow(/never ends/);
    expect(readCsv('text,label\ra,x\rb,y')).toEqual([['text', 'label'], ['a', 'x'], ['b', 'y']]);
  });

  it('by the names of its columns, and names the row that lacks one', () => {
    expect(readExamples('label,text\nx,"hello, you"\n', 'f')).toEqual([{ text: 'hello, you', label: 'x' }]);
    expect(readExamples('flags,Instruction,category,response\nB,cancel it,ORDER,sure\n', 'f')).toEqual([{ text: 'cancel it', label: 'ORDER' }]);
    expect(() => readExamples('text,label\nhello, you,x\n', 'f.csv')).toThrow('f.csv: row 2 has 3 fields');
    expect(() => readExamples('text,label\nhello\n', 'f.csv')).toThrow('f.csv: row 2 has no label');
    expect(() => readExamples('a,b\n1,2', 'f.csv')).toThrow(/text and label/);
  });
});
