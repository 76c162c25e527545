import type { Reason } from '#contract/shared.ts';
import { detectLanguage } from '#kernel/detect-language.ts';
import { foldText } from '#kernel/fold-text.ts';
import { findEscalation, type IntentClassifier } from './classify/index.ts';
import type { ReplyLanguage } from './reply/index.ts';

export interface Understood {
  readonly intent: string;
  readonly confidence: number;
  readonly damaged: boolean;
  /** Nothing is asked: a word of thanks. */
  readonly thanks: boolean;
  readonly language: ReplyLanguage;
  /** 0 can wait, 1 usual, 2 soon, 3 now. */
  readonly urgency: 0 | 1 | 2 | 3;
  /** Signals that a person has to see, whatever the rest says. */
  readonly handOff: Reason | null;
  readonly mood: 'good' | 'bad' | null;
}

const DAMAGED = /\b(?:damaged?|broken|broke|cracked|crushed|scratch\w*|dented|shattered|defective|does ?n[o']t work|not working|faulty|abime\w*|casse\w*|endommage\w*|raye\w*|fissure\w*|defectueu\w*|ne (?:fonctionne|marche) pas)\b|مكسور|تالف|معطوب|متضرر|مخدوش|لا يعمل|ما يخدمش|ماتخدمش/u;
const THANKS = /\b(?:thank(?:s| you)|perfect|great|much appreciated|merci|parfait|super|nickel)\b|شكرا|ممتاز|بارك الله/u;
const BETTER = /\b(?:arrived safely|all good|works? (?:great|perfectly|well)|happy|solved|sorted|resolved|bien recu|tout est bon|resolu|ravie?|content)\b|وصل(?:ني|ت)? بخير|راض|تم الحل/u;
const WORSE = /\b(?:still (?:not|no|nothing|waiting)|does ?n[o']t help|useless|disappointed|not (?:happy|satisfied|good enough)|toujours (?:pas|rien)|decue?|mecontente?|n'aide pas|inutile)\b|مازال|لم يصل بعد|غير راض|محبط/u;
const ASKS = /[?؟]|\b(?:where|when|how|why|can you|could you|please send|ou est|quand|comment|pourquoi|pouvez)\b|اين|متي|كيف|لماذا/u;
const NOW = ['safety', 'legal', 'chargeback', 'press'];

/** @param before language of the ticket so far, for a text that tells none. */
export function understandText(classifier: IntentClassifier, text: string, before: ReplyLanguage | null): Understood {
  const folded = foldText(text);
  const answer = classifier.classify(text);
  const { escalate, hits } = findEscalation(text);
  const guess = detectLanguage(text).language;
  const thanks = !escalate && THANKS.test(folded) && !ASKS.test(folded) && !DAMAGED.test(folded) && folded.length < 200;
  const bad = hits.some((hit) => hit.signal === 'anger') || WORSE.test(folded);
  const now = hits.some((hit) => NOW.includes(hit.signal));
  return {
    intent: answer.label, confidence: answer.confidence, damaged: DAMAGED.test(folded), thanks, language: guess === 'en' || guess === 'fr' || guess === 'ar' ? guess : (before ?? 'en'),
    urgency: now ? 3 : escalate || answer.label === 'complaint' ? 2 : answer.label === 'other' || thanks ? 0 : 1,
    handOff: escalate ? { code: 'support.signal', data: { signals: hits.map((hit) => hit.signal) } } : null,
    mood: bad ? 'bad' : thanks || BETTER.test(folded) ? 'good' : null,
  };
}
