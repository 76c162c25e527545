/** The words of a move: a model's where there is one and every check passes, the template's otherwise. */
import type { MessageLanguage } from '#kernel/detect-language.ts';
import { money, type Money } from '#kernel/money.ts';
import { messageOf } from '#kernel/errors.ts';
import type { Tx } from '#runtime/ports.ts';
import { BUSINESS, readSetting } from '../settings/index.ts';
import type { NegotiationDeps } from './deps.ts';
import { amountText, checkText, plainTitle, writeMessage } from './message/index.ts';
import { SIGNATURE, YOUR_ITEM } from './message/templates.ts';
import type { Negotiation } from './negotiation.ts';
import type { PhraseRequest } from './ports.ts';

export interface ComposedText {
  readonly text: string;
  readonly author: 'strategy' | 'ai';
}

/** Who writes, as the business says; '' where it does not. */
export async function senderName(tx: Tx): Promise<string> {
  const { firstName, lastName } = (await readSetting(tx, BUSINESS)).value.address;
  return `${firstName} ${lastName}`.replace(/\s+/g, ' ').trim();
}

export const signatureFor = (language: MessageLanguage, name: string): string => SIGNATURE[language].replace('{name}', () => name);

export interface TextPlan {
  readonly kind: PhraseRequest['kind'];
  readonly amountMinor: number | null;
  readonly name: string;
  /** Chooses among wordings. */
  readonly turn: number;
  readonly signal?: AbortSignal | undefined;
}

const asMoney = (talk: Negotiation, minor: number | null): Money | null => (minor === null ? null : money(minor, talk.currency));

/** @throws Error where even the template fails its own check: a bug, and nothing is sent. */
export async function composeText(deps: NegotiationDeps, talk: Negotiation, plan: TextPlan): Promise<ComposedText> {
  const amount = asMoney(talk, plan.amountMinor);
  const template = writeMessage({ kind: plan.kind, language: talk.language, amount, title: talk.title, name: plan.name, turn: plan.turn });
  if (template.problems.length > 0) throw new Error(`the template for ${plan.kind} in ${talk.language} is refused: ${template.problems.join(', ')}`);
  const title = plainTitle(talk.title);
  const usesAmount = plan.kind === 'opening' || plan.kind === 'counter' || plan.kind === 'accept';
  const request: PhraseRequest = { kind: plan.kind, language: talk.language, amount: usesAmount && amount ? amountText(amount) : null, item: title ?? YOUR_ITEM[talk.language], template: template.text.split('\n\n')[0]! };
  try {
    const words = (await deps.phrases.phrase(request, plan.signal))?.trim();
    if (words) {
      const text = `${words}\n\n${signatureFor(talk.language, plan.name)}`;
      const problems = checkText(text, { amount: usesAmount ? amount : null, name: plan.name, title });
      if (problems.length === 0) return { text, author: 'ai' };
      deps.ctx.log.warn('words of a model were refused for the template', { talk: talk.id, problems });
    }
  } catch (error) {
    if (plan.signal?.aborted) throw error;
    deps.ctx.log.warn('no words could be had of a model', { talk: talk.id, error: messageOf(error) });
  }
  return { text: template.text, author: 'strategy' };
}
