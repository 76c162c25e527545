import { readFile } from 'node:fs/promises';
import { calibrationError, thresholdAtPrecision, trainIntentClassifier, type IntentAnswer, type LabelledText } from '#engine/support/classify/index.ts';
import { percent, readOptions, report } from './read-options.ts';

/** Rows of a CSV text (RFC 4180: quoted fields may hold commas, quotes doubled, line breaks). Empty lines are left out. @throws Error on a quote that never closes. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  let wasQuoted = false;
  const endField = () => {
    row.push(field);
    field = '';
    wasQuoted = false;
  };
  const endRow = () => {
    const blank = row.length === 0 && field === '' && !wasQuoted;
    endField();
    if (!blank) rows.push(row);
    row = [];
  };
  const source = text.replace(/^\ufeff/, '');
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!;
    if (quoted) {
      if (c !== '"') field += c;
      else if (source[i + 1] === '"') field += source[++i]!;
      else quoted = false;
    } else if (c === '"' && field === '' && !wasQuoted) quoted = wasQuoted = true;
    else if (c === ',') endField();
    else if (c === '\n' || (c === '\r' && source[i + 1] !== '\n')) endRow();
    else if (c !== '\r') field += c;
  }
  if (quoted) throw new Error(`a quoted field that begins in row ${rows.length + 1} never ends`);
  if (field !== '' || row.length > 0) endRow();
  return rows;
}

/** Names that published sets of messages give the two columns; the first that is there counts. */
const TEXT_NAMES = ['text', 'utterance', 'instruction', 'message', 'query', 'sentence'];
const LABEL_NAMES = ['label', 'category', 'intent'];

/** Labelled messages of a CSV file with the columns `text` and `label`, in any order and among others. @throws Error that names the row. */
export function readExamples(text: string, file: string): LabelledText[] {
  const [head = [], ...rows] = readCsv(text);
  const names = head.map((name) => name.trim().toLowerCase());
  const [textAt = -1, labelAt = -1] = [TEXT_NAMES, LABEL_NAMES].map((known) => known.map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1);
  if (textAt < 0 || labelAt < 0) throw new Error(`${file}: the first row must name the columns text and label, and names ${head.join(', ')}`);
  return rows.map((row, i) => {
    const label = row[labelAt]?.trim();
    const message = row[textAt];
    if (row.slice(head.length).some((extra) => extra.trim() !== '')) throw new Error(`${file}: row ${i + 2} has ${row.length} fields, the first row names ${head.length}; a text with a comma in it must stand in quotes`);
    if (message === undefined || label === undefined || label === '') throw new Error(`${file}: row ${i + 2} has no ${message === undefined ? 'text' : 'label'}`);
    return { text: message, label };
  });
}

/** Mean over the labels of the test set of 2PR / (P + R). */
function macroF1(expected: readonly string[], given: readonly string[]): number {
  const labels = [...new Set(expected)];
  const scores = labels.map((label) => {
    const hits = expected.filter((e, i) => e === label && given[i] === label).length;
    const asked = expected.filter((e) => e === label).length;
    const answered = given.filter((g) => g === label).length;
    return (2 * hits) / (asked + answered);
  });
  return scores.reduce((a, b) => a + b, 0) / Math.max(1, labels.length);
}

interface Figures { accuracy: number; macroF1: number; ece: number; sent: number; sentRight: number; bestShare: number; n: number }

function judge(test: readonly LabelledText[], answers: readonly IntentAnswer[]): Figures {
  const right = answers.map((a, i) => a.label === test[i]!.label);
  const confidences = answers.map((a) => a.confidence);
  return {
    n: test.length,
    accuracy: right.filter(Boolean).length / test.length,
    macroF1: macroF1(test.map((t) => t.label), answers.map((a) => a.label)),
    ece: calibrationError(confidences, right),
    sent: answers.filter((a) => a.autoSendable).length,
    sentRight: answers.filter((a, i) => a.autoSendable && right[i]).length,
    bestShare: thresholdAtPrecision(confidences, right, 0.95).share,
  };
}

/** Learns from `--train` alone, then answers `--test`. The sending threshold comes from the training file; the best one in hindsight stands beside it. */
export async function run(args: string[]): Promise<number> {
  const options = readOptions(args, ['train', 'test']);
  if (!options) return 2;
  const [trainFile, testFile] = [options.values['train'] ?? '', options.values['test'] ?? ''];
  const train = readExamples(await readFile(trainFile, 'utf8'), trainFile);
  const test = readExamples(await readFile(testFile, 'utf8'), testFile);
  if (test.length === 0) throw new Error(`${testFile}: no rows`);
  const started = performance.now();
  const classifier = trainIntentClassifier(train);
  const trained = performance.now();
  const answers = test.map((t) => classifier.classify(t.text));
  const answered = performance.now();
  if (options.verbose) answers.forEach((a, i) => { if (a.label !== test[i]!.label) console.log(JSON.stringify({ text: test[i]!.text, expected: test[i]!.label, got: a.label, confidence: Number(a.confidence.toFixed(3)) })); });
  const f = judge(test, answers);
  const share = (part: number, whole: number) => (options.json ? (whole === 0 ? 0 : part / whole) : percent(part, whole));
  const precision = f.sent === 0 ? (options.json ? 'none sent' : '–') : share(f.sentRight, f.sent);
  report('intents', {
    'training texts': train.length,
    'test texts': f.n,
    labels: classifier.labels.length,
    'test texts whose label was never trained': test.filter((t) => !classifier.labels.includes(t.label)).length,
    accuracy: share(f.accuracy, 1),
    'macro F1': share(f.macroF1, 1),
    'ECE (15 bins)': options.json ? f.ece : f.ece.toFixed(4),
    'auto-sent (threshold from training, aimed at 95 % precision)': share(f.sent, f.n),
    'precision of auto-sent': precision,
    'auto-sendable at 95 % precision (best threshold in hindsight)': share(f.bestShare, 1),
    'training seconds': Number(((trained - started) / 1_000).toFixed(1)),
    'ms per text': Number(((answered - trained) / f.n).toFixed(3)),
  }, options.json);
  return 0;
}
