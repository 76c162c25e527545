import { foldText } from '#kernel/fold-text.ts';

export interface Token {
  readonly text: string;
  readonly digits: boolean;
  /** Nothing stands between it and the token before: `65W` is `65` and, glued, `W`. */
  readonly glued: boolean;
  /** A comma, colon, bracket or the like stands before it. */
  readonly afterBreak: boolean;
}

const PIECES = /\d+(?:[.,]\d+)*|[\p{L}\p{M}]+(?:'[\p{L}]+)?|[%"″+]|[^\p{L}\p{M}\d%"″+]+/gu;
const WORD = /^(?:\d|[\p{L}\p{M}]|%)/u;

/** Words and numbers in folded form; `1,5` and `1.5` are one number, `100 %` and `100%` one claim. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let gap = '';
  let first = true;
  for (const [piece] of foldText(text).replace(/\bl'|\bd'|\bqu'/g, ' ').matchAll(PIECES)) {
    const inches = piece === '"' || piece === '″' ? (tokens.length > 0 && gap === '' && tokens.at(-1)!.digits ? 'inch' : null) : undefined;
    const word = inches ?? (inches === undefined && WORD.test(piece) ? piece : null);
    if (word === null) {
      gap += piece;
      continue;
    }
    const digits = /^\d/.test(word);
    tokens.push({ text: digits ? word.replaceAll(',', '.') : word, digits, glued: !first && /^[-/_]?$/.test(gap), afterBreak: /[,;:()[\]|·•–—،؛.!?\n]/.test(gap) });
    gap = '';
    first = false;
  }
  return tokens;
}

/** One sentence each: cut at line ends and at full stops that are no decimal points. */
export function sentencesOf(text: string): string[] {
  return text.split(/\n+|(?<=[.!?؟])\s+(?=\S)/u).map((sentence) => sentence.replace(/\s+/gu, ' ').trim()).filter((sentence) => sentence !== '');
}
