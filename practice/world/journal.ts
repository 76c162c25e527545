import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Instant } from '#kernel/time.ts';

export const JOURNAL_VERSION = 1;

/** First line of a journal: what the world was made from. */
export interface JournalHead {
  readonly version: number;
  readonly seed: number;
  readonly startAt: Instant;
  readonly productCount: number;
  readonly priceListRows: number;
}

/** One accepted action. */
export interface JournalEntry {
  readonly at: Instant;
  readonly type: string;
  readonly input: unknown;
}

/** An append-only file of accepted actions, JSON lines. An entry is on the disk when `append` returns. */
export interface Journal {
  readonly head: JournalHead;
  /** What was there when it was opened. */
  readonly entries: readonly JournalEntry[];
  append(entry: JournalEntry): void;
  close(): void;
}

function parseLine(line: string, file: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`the practice journal ${file} is damaged at line ${number}`, { cause });
  }
}

function checkHead(value: unknown, file: string): JournalHead {
  const head = value as Partial<JournalHead> | null;
  if (!head || !Number.isSafeInteger(head.version) || !Number.isSafeInteger(head.seed) || !Number.isSafeInteger(head.startAt) || !Number.isSafeInteger(head.productCount) || !Number.isSafeInteger(head.priceListRows)) throw new Error(`${file} is not a practice journal`);
  if (head.version! > JOURNAL_VERSION) throw new Error(`the practice journal ${file} was written by a newer program (version ${head.version})`);
  return head as JournalHead;
}

function checkEntry(value: unknown, file: string, number: number): JournalEntry {
  const entry = value as Partial<JournalEntry> | null;
  if (!entry || !Number.isSafeInteger(entry.at) || typeof entry.type !== 'string') throw new Error(`the practice journal ${file} is damaged at line ${number}`);
  return entry as JournalEntry;
}

/**
 * Opens or makes a journal. A last line without its end is an append that was cut off before it was answered: it is dropped.
 * @throws Error when another line does not parse, or when the file belongs to another seed or a newer program
 */
export function openJournal(file: string, fresh: JournalHead): Journal {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const lines = whole.split('\n').slice(0, -1);
  const head = lines[0] === undefined ? fresh : checkHead(parseLine(lines[0], file, 1), file);
  if (head.seed !== fresh.seed) throw new Error(`the practice journal ${file} belongs to seed ${head.seed}, not ${fresh.seed}`);
  const entries = lines.slice(1).map((line, i) => checkEntry(parseLine(line, file, i + 2), file, i + 2));
  const handle = openSync(file, 'a');
  if (whole.length < text.length) ftruncateSync(handle, Buffer.byteLength(whole));
  const write = (value: unknown) => {
    writeSync(handle, `${JSON.stringify(value)}\n`);
    fsyncSync(handle);
  };
  if (lines.length === 0) write(head);
  return { head, entries, append: write, close: () => closeSync(handle) };
}
