/** The words of a decided move. The item's title is the other side's text: it is repeated only when it is plain, and never when it could carry a number, a link or a command. */
import { foldText } from '#kernel/fold-text.ts';
import type { MessageLanguage } from '#kernel/detect-language.ts';
import { exponentOf, toDecimal, type Money } from '#kernel/money.ts';
import { checkText, type TextProblem } from './check-text.ts';
import { SIGNATURE, TEMPLATES, YOUR_ITEM, type MessageKind } from './templates.ts';

export interface MessageInput {
  readonly kind: MessageKind;
  readonly language: MessageLanguage;
  /** The decided amount; needed by `opening`, `counter` and `accept`. */
  readonly amount: Money | null;
  /** As the listing has it. */
  readonly title: string;
  /** The sender's own name. */
  readonly name: string;
  /** Chooses among wordings: the number of messages sent so far. */
  readonly turn: number;
}

export interface WrittenMessage {
  readonly text: string;
  /** Empty when the text may go. */
  readonly problems: readonly TextProblem[];
}

/** `12500 DZD`, `47.50 USD`: digits without grouping, so that every reader takes them for the same number. */
export function amountText(amount: Money): string {
  const decimal = toDecimal(amount);
  const whole = exponentOf(amount.currency) > 0 ? decimal.replace(/\.0+$/, '') : decimal;
  return `${whole} ${amount.currency}`;
}

const LONGEST_TITLE = 60;

/** The title in quotes, or null where it is long, or holds more than words: digits, links, addresses, brackets, commands. */
export function plainTitle(title: string): string | null {
  const tidy = title.replace(/\s+/g, ' ').trim();
  if (tidy.length < 3 || tidy.length > LONGEST_TITLE || !/^[\p{L}\p{M} '’&-]+$/u.test(tidy)) return null;
  return /(?:ignore|system|instruction|accept|approve|limit|ceiling|price|free|pay|prompt|assistant|plafond|prix|سعر|تجاهل)/u.test(foldText(tidy)) ? null : tidy;
}

export function writeMessage(input: MessageInput): WrittenMessage {
  const wordings = TEMPLATES[input.language][input.kind];
  const wording = wordings[Math.abs(Math.trunc(input.turn)) % wordings.length]!;
  const title = plainTitle(input.title);
  const item = title === null ? YOUR_ITEM[input.language] : `« ${title} »`;
  const name = input.name.replace(/\s+/g, ' ').trim();
  const usesAmount = wording.includes('{amount}');
  if (usesAmount && input.amount === null) throw new RangeError(`a message of kind ${input.kind} needs an amount`);
  const fill = (text: string) => text.replace(/\{(amount|item|name)\}/g, (_, key: string) => (key === 'amount' ? amountText(input.amount!) : key === 'item' ? item : name));
  const text = `${fill(wording)}\n\n${fill(SIGNATURE[input.language])}`;
  return { text, problems: checkText(text, { amount: usesAmount ? input.amount : null, name, title }) };
}
