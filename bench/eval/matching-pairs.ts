import { readFileSync } from 'node:fs';
import { FEATURES, pairFeatures, Vocabulary, type MatchRecord, type PreparedRecord } from '#engine/catalog/match/index.ts';

/** One labelled candidate pair; the records as they stand in the file. */
export interface LabelledPair { readonly left: string; readonly right: string; readonly label: number }

/** `COL title VAL … COL price VAL …` to a record; fields that are not known join the description. */
export function parseRecord(text: string): MatchRecord {
  const fields: Record<string, string> = {};
  for (const part of text.split(/(?:^|\s)COL /)) {
    const at = part.indexOf(' VAL');
    if (at > 0) fields[part.slice(0, at).trim()] = part.slice(at + 4).trim();
  }
  const { title, name, manufacturer, brand, modelno, model, category, price, ...rest } = fields;
  const amount = Number.parseFloat((price ?? '').replace(/[^\d.]/g, ''));
  return { title: title ?? name ?? '', brand: manufacturer ?? brand ?? null, model: modelno ?? model ?? null, category: category ?? null, description: Object.values(rest).join(' '), price: Number.isFinite(amount) ? amount : null };
}

/** Lines of `left TAB right TAB label`. @throws with file and line on anything else. */
export function readPairs(file: string): LabelledPair[] {
  return readFileSync(file, 'utf8').split('\n').filter((line) => line.trim() !== '').map((line, i) => {
    const [left, right, label] = line.split('\t');
    if (left === undefined || right === undefined || !/^[01]\s*$/.test(label ?? '')) throw new Error(`${file}:${i + 1}: not "left TAB right TAB 0 or 1"`);
    return { left, right, label: Number(label) };
  });
}

/** Records made ready once each; word weights from the given pairs' records alone, without their labels. */
export class PairPreparer {
  readonly #vocabulary = new Vocabulary();
  readonly #ready = new Map<string, PreparedRecord>();
  constructor(pairs: readonly LabelledPair[]) {
    for (const record of new Set(pairs.flatMap((pair) => [pair.left, pair.right]))) this.#vocabulary.add(parseRecord(record).title);
  }
  get(record: string): PreparedRecord {
    let ready = this.#ready.get(record);
    if (!ready) this.#ready.set(record, (ready = this.#vocabulary.prepare(parseRecord(record))));
    return ready;
  }
  features(pair: LabelledPair): Float64Array {
    return pairFeatures(this.get(pair.left), this.get(pair.right), new Float64Array(FEATURES.length));
  }
  /** Features of two records that are not in the pairs as they stand (fields taken away, sides changed). */
  featuresOf(left: MatchRecord, right: MatchRecord): Float64Array {
    return pairFeatures(this.#vocabulary.prepare(left), this.#vocabulary.prepare(right), new Float64Array(FEATURES.length));
  }
}
