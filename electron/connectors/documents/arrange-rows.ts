/** Words with their places become rows, as a person reads them: what stands at one height is one row, and a wide gap parts columns. */
export interface PlacedWord {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  /** Downwards. */
  readonly top: number;
  readonly bottom: number;
  /** 0 to 100. */
  readonly confidence: number;
}

export interface Row {
  readonly text: string;
  readonly confidence: number;
}

const ARABIC = /[\u0600-\u06ff]/g;
/** Of the height of the letters: a wider gap parts columns; below the second words touch. */
const COLUMN_GAP = 1.3;
const TOUCH = 0.12;
/** So much of the smaller word's height has to lie beside the row. */
const BESIDE = 0.5;

const height = ({ top, bottom }: PlacedWord): number => Math.max(1, bottom - top);

function rowsOf(words: readonly PlacedWord[]): PlacedWord[][] {
  const rows: { top: number; bottom: number; words: PlacedWord[] }[] = [];
  for (const word of words.toSorted((a, b) => a.top + a.bottom - (b.top + b.bottom))) {
    const row = rows.slice(-4).findLast(({ top, bottom }) => Math.min(bottom, word.bottom) - Math.max(top, word.top) >= BESIDE * Math.min(bottom - top, height(word)));
    if (!row) {
      rows.push({ top: word.top, bottom: word.bottom, words: [word] });
      continue;
    }
    // the row's height follows its words, so that one tall letter does not swallow the next row
    const count = row.words.push(word);
    row.top += (word.top - row.top) / count;
    row.bottom += (word.bottom - row.bottom) / count;
  }
  return rows.map((row) => row.words);
}

function joined(words: readonly PlacedWord[]): string {
  const letters = words.map(({ text }) => text).join('');
  const fromRight = (letters.match(ARABIC)?.length ?? 0) > letters.replace(/[\s\d.,]/g, '').length / 2;
  const ordered = words.toSorted((a, b) => (fromRight ? b.right - a.right : a.left - b.left));
  let text = '';
  for (const [n, word] of ordered.entries()) {
    const before = ordered[n - 1];
    if (before) {
      const gap = fromRight ? before.left - word.right : word.left - before.right;
      const size = (height(word) + height(before)) / 2;
      text += gap > COLUMN_GAP * size ? '\t' : gap > TOUCH * size && !text.endsWith(' ') && !word.text.startsWith(' ') ? ' ' : '';
    }
    text += word.text;
  }
  return text.trim();
}

export function arrangeRows(words: readonly PlacedWord[]): Row[] {
  return rowsOf(words.filter(({ text }) => text.trim() !== '')).map((row) => {
    const letters = row.reduce((sum, { text }) => sum + text.length, 0);
    return { text: joined(row), confidence: row.reduce((sum, { text, confidence }) => sum + confidence * text.length, 0) / letters };
  });
}
