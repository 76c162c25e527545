/** How a text table is written. */
export interface Dialect {
  readonly delimiter: ',' | ';' | '\t' | '|';
  readonly quote: '"' | "'" | null;
}

export interface ScannedRow {
  /** Line of the file on which it starts, from 1. */
  line: number;
  cells: string[];
  /** The row opened a quote that never closed: it was read as if the quote were a letter. */
  broken: boolean;
}

/** A quoted cell longer than this, or over more lines, is a quote that was never closed. */
const LONGEST_QUOTED = 32_768;
const MOST_QUOTED_LINES = 200;
/** A line longer than this is no row of a price list: it is cut. */
const LONGEST_LINE = 1 << 20;

/**
 * Reads rows out of text that comes in pieces (RFC 4180, and what people make of it: any line end, quotes inside plain cells, blank lines, quotes never closed).
 * Rows without a quote, nearly all, are cut by the engine's own `split`. Memory is bounded by the longest quoted cell.
 */
export class CsvScanner {
  readonly #delimiter: string;
  readonly #quote: string | null;
  #rest = '';
  #line = 1;

  constructor(dialect: Dialect) {
    this.#delimiter = dialect.delimiter;
    this.#quote = dialect.quote;
  }

  /** Rows that are complete with this piece. */
  push(piece: string): ScannedRow[] {
    return this.#scan(this.#rest === '' ? piece : this.#rest + piece, false);
  }

  /** The last row, which may have no line end. */
  end(): ScannedRow[] {
    return this.#scan(this.#rest, true);
  }

  #scan(text: string, last: boolean): ScannedRow[] {
    const rows: ScannedRow[] = [];
    const quote = this.#quote;
    let at = 0;
    let nextQuote = quote === null ? -1 : text.indexOf(quote);
    const mac = !text.includes('\n') && text.includes('\r') && (last || text.indexOf('\r') < text.length - 1);
    const lineEnd = mac ? '\r' : '\n';
    while (at < text.length) {
      let end = text.indexOf(lineEnd, at);
      if (end < 0) {
        if (!last && text.length - at < LONGEST_LINE) break;
        end = text.length;
      }
      if (nextQuote >= 0 && nextQuote < at) nextQuote = text.indexOf(quote!, at);
      if (nextQuote < 0 || nextQuote >= end) {
        this.#plain(text, at, end, rows);
        at = end + 1;
        continue;
      }
      const stop = this.#quoted(text, at, last, rows);
      if (stop < 0) break;
      at = stop;
    }
    this.#rest = at < text.length ? text.slice(at) : '';
    return rows;
  }

  #plain(text: string, from: number, end: number, rows: ScannedRow[]): void {
    const stop = end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
    if (stop > from) rows.push({ line: this.#line, cells: text.slice(from, stop).split(this.#delimiter), broken: false });
    this.#line++;
  }

  /** A row with quotes: where the next begins, or −1 when more text is needed. */
  #quoted(text: string, from: number, last: boolean, rows: ScannedRow[]): number {
    const cells: string[] = [];
    let at = from;
    let lines = 1;
    for (;;) {
      if (text[at] === this.#quote) {
        const cell = this.#quotedCell(text, at, last);
        if (cell === 'more') return -1;
        if (cell === 'broken') return this.#broken(text, from, last, rows);
        lines += cell.lines;
        cells.push(cell.text);
        at = cell.end;
      } else {
        const end = this.#plainEnd(text, at);
        if (end >= text.length && !last) return -1;
        cells.push(text.slice(at, end));
        at = end;
      }
      if (text[at] === this.#delimiter) {
        at++;
        if (at >= text.length && !last) return -1;
        continue;
      }
      if (text[at] === '\r' && at + 1 >= text.length && !last) return -1;
      if (text[at] === '\r' && text[at + 1] === '\n') at++;
      rows.push({ line: this.#line, cells, broken: false });
      this.#line += lines;
      return at + 1;
    }
  }

  #plainEnd(text: string, from: number): number {
    const delimiter = this.#delimiter.charCodeAt(0);
    for (let i = from; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === delimiter || c === 10 || (c === 13 && text.charCodeAt(i + 1) === 10) || (c === 13 && i + 1 === text.length)) return i;
    }
    return text.length;
  }

  #quotedCell(text: string, from: number, last: boolean): { text: string; end: number; lines: number } | 'more' | 'broken' {
    const quote = this.#quote!;
    let out = '';
    let at = from + 1;
    for (;;) {
      const end = text.indexOf(quote, at);
      const reach = (end < 0 ? text.length : end) - from;
      if (reach > LONGEST_QUOTED) return 'broken';
      if (end < 0) return last ? 'broken' : 'more';
      out += text.slice(at, end);
      if (text[end + 1] === quote) {
        out += quote;
        at = end + 2;
        continue;
      }
      if (end + 1 >= text.length && !last) return 'more';
      /** Letters after the closing quote belong to the cell: `"6" bolt`. */
      const tail = this.#plainEnd(text, end + 1);
      if (tail >= text.length && !last) return 'more';
      const lines = countLines(out);
      if (lines > MOST_QUOTED_LINES) return 'broken';
      return { text: tail > end + 1 ? out + quote + text.slice(end + 1, tail) : out, end: tail, lines };
    }
  }

  /** Takes the line alone, quotes as letters, so that the rows after it are saved. */
  #broken(text: string, from: number, last: boolean, rows: ScannedRow[]): number {
    let end = text.indexOf('\n', from);
    if (end < 0) {
      if (!last) return -1;
      end = text.length;
    }
    const before = rows.length;
    this.#plain(text, from, end, rows);
    const row = rows[before];
    if (row) row.broken = true;
    return end + 1;
  }
}

function countLines(text: string): number {
  let lines = 0;
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) lines++;
  return lines;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** How alike the rows' widths are under a delimiter, and how wide they are. */
function scoreDialect(sample: string, dialect: Dialect): { score: number; width: number } {
  const scanner = new CsvScanner(dialect);
  const rows = [...scanner.push(sample), ...scanner.end()].slice(0, 100);
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.cells.length, (counts.get(row.cells.length) ?? 0) + 1);
  let best = { score: 0, width: 1 };
  for (const [width, count] of counts) {
    const score = width < 2 ? 0 : (count / Math.max(1, rows.length)) * Math.log2(width + 1);
    if (score > best.score) best = { score, width };
  }
  return best;
}

/**
 * The dialect under which the sample's rows are widest and most alike. `sep=;` on the first line (Excel) decides. A list of one column is comma separated.
 * @param sample whole lines from the file's start.
 */
export function detectDialect(sample: string): Dialect {
  const declared = /^\uFEFF?sep=(.)\r?\n/i.exec(sample)?.[1];
  const single = /(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n]|$)/m.test(sample) && !/(?:^|[,;\t|])"/m.test(sample);
  const quote = single ? "'" : '"';
  for (const delimiter of DELIMITERS) if (declared === delimiter) return { delimiter, quote };
  let best: Dialect = { delimiter: ',', quote };
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const { score } = scoreDialect(sample, { delimiter, quote });
    if (score > bestScore + 1e-9) {
      best = { delimiter, quote };
      bestScore = score;
    }
  }
  return best;
}
