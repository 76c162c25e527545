/** Words and letter sequences of a message as sparse vectors: sublinear TF-IDF, unit length. Features are known by a 32-bit hash, so no strings are kept. */
import { foldText } from '#kernel/fold-text.ts';
import { hash32 } from '#kernel/random.ts';
import { conceptFeatures } from './concepts.ts';

/** Ascending column numbers with their values. */
export interface SparseRow {
  readonly index: Int32Array;
  readonly value: Float32Array;
}

export type FeatureKind = 'words' | 'letters' | 'concepts';

/** Counts of features, by hash. */
export type FeatureCounts = ReadonlyMap<number, number>;

/** Text beyond this is quoted history more often than the message. */
const LONGEST_TEXT = 2_000;

/** Folded words; `?` and `!` are words too; digits keep only their number (`4711` → `0000`), so that order numbers are one word. */
export function wordsOf(text: string): string[] {
  const folded = foldText(text.slice(0, LONGEST_TEXT))
    .replace(/(?<![\p{L}\d])(\p{L}{1,2})'(?=\p{L})/gu, '$1 ')
    .replace(/'/g, '');
  const words = folded.match(/\p{L}+|\d+|[?!€$£]/gu) ?? [];
  return words.map((word) => (/^\d/.test(word) ? '0'.repeat(Math.min(5, word.length)) : word));
}

function countWords(words: readonly string[]): Map<number, number> {
  const counts = new Map<number, number>();
  const put = (feature: string) => {
    const key = hash32(feature);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  words.forEach((word, i) => {
    put(word);
    const next = words[i + 1];
    if (next !== undefined) put(`${word} ${next}`);
    const afterNext = words[i + 2];
    if (afterNext !== undefined) put(`${word} _ ${afterNext}`);
  });
  if (words[0] !== undefined) put(`^ ${words[0]} ${words[1] ?? ''}`);
  return counts;
}

const SHORTEST = 2;
const LONGEST = 5;

/** Sequences of 2 to 5 letters within ` word `, hashed as they grow. */
function countLetters(words: readonly string[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const word of words) {
    const padded = ` ${word} `;
    for (let start = 0; start + SHORTEST <= padded.length; start++) {
      let hash = 0x811c9dc5;
      for (let length = 1; length <= LONGEST && start + length <= padded.length; length++) {
        hash = Math.imul(hash ^ padded.charCodeAt(start + length - 1), 0x01000193);
        if (length < SHORTEST) continue;
        const key = (hash ^ length) >>> 0;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
  }
  return counts;
}

export function countFeatures(text: string, kind: FeatureKind): FeatureCounts {
  const words = wordsOf(text);
  if (kind === 'letters') return countLetters(words);
  return kind === 'words' ? countWords(words) : new Map(conceptFeatures(words).map((feature) => [hash32(feature), 1]));
}

/** The columns that a training set gave, with their weights by rarity. */
export interface Vectoriser {
  readonly columns: ReadonlyMap<number, number>;
  readonly idf: Float32Array;
}

/** @param minTexts features in fewer texts are left out; @param mostColumns the rarest go first beyond it. */
export function fitVectoriser(rows: readonly FeatureCounts[], minTexts: number, mostColumns: number): Vectoriser {
  const texts = new Map<number, number>();
  for (const row of rows) for (const key of row.keys()) texts.set(key, (texts.get(key) ?? 0) + 1);
  let kept = [...texts].filter(([, n]) => n >= minTexts);
  if (kept.length > mostColumns) kept = kept.sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, mostColumns);
  const columns = new Map<number, number>();
  const idf = new Float32Array(kept.length);
  kept.forEach(([key, n], column) => {
    columns.set(key, column);
    idf[column] = Math.log((1 + rows.length) / (1 + n)) + 1;
  });
  return { columns, idf };
}

/** The unit vector of a text; features that training never met are ignored. */
export function vectorise(counts: FeatureCounts, { columns, idf }: Vectoriser): SparseRow {
  const found: [number, number][] = [];
  let squares = 0;
  for (const [key, n] of counts) {
    const column = columns.get(key);
    if (column === undefined) continue;
    const value = (1 + Math.log(n)) * idf[column]!;
    squares += value * value;
    found.push([column, value]);
  }
  found.sort((a, b) => a[0] - b[0]);
  const norm = Math.sqrt(squares) || 1;
  return { index: Int32Array.from(found, ([column]) => column), value: Float32Array.from(found, ([, value]) => value / norm) };
}
