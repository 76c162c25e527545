import { z } from 'zod';
import type { TextLanguage } from '#contract/listing-texts.ts';
import { foldText } from '#kernel/fold-text.ts';
import rawForbidden from '../../../../resources/listing-rules/forbidden-claims.json' with { type: 'json' };
import rawLimits from '../../../../resources/listing-rules/channel-limits.json' with { type: 'json' };
import rawWords from '../../../../resources/listing-rules/words.json' with { type: 'json' };

export const TEXT_LANGUAGES = ['en', 'fr', 'ar'] as const satisfies readonly TextLanguage[];
export type { TextLanguage };

const limit = z.strictObject({
  title: z.int().min(20), description: z.int().min(200), bullets: z.int().min(0), bulletCharacters: z.int().min(0), conditionNote: z.int().min(0),
  /** Characters that a title may not have. */
  titleForbids: z.string(), source: z.string(), confidence: z.enum(['high', 'medium', 'low']),
});
export type TextLimits = z.infer<typeof limit>;

const byLanguage = z.strictObject({ en: z.array(z.string()), fr: z.array(z.string()), ar: z.array(z.string()) });
const pair = z.tuple([z.string(), z.string()]);
const wordsSchema = z.strictObject({
  version: z.string(), asOf: z.iso.date(), confidence: z.enum(['high', 'medium', 'low']), source: z.string(), note: z.string(), plain: byLanguage, labels: z.record(z.string(), byLanguage),
  /** French and Arabic of an aspect's name and of common values. */
  aspectNames: z.record(z.string(), pair), values: z.record(z.string(), pair),
  conditions: z.record(z.string(), z.tuple([z.string(), z.string(), z.string()])),
  conditionWords: z.array(z.string()), compatibility: byLanguage, inclusion: byLanguage, negation: z.array(z.string()), units: z.array(z.string()),
});
const forbiddenSchema = z.strictObject({ version: z.string(), asOf: z.iso.date(), confidence: z.enum(['high', 'medium', 'low']), source: z.string(), note: z.string(), kinds: z.record(z.string(), z.array(z.string())) });
const limitsSchema = z.strictObject({ version: z.string(), asOf: z.iso.date(), confidence: z.enum(['high', 'medium', 'low']), source: z.string(), note: z.string(), channels: z.record(z.string(), limit).refine((channels) => 'other' in channels) });

export const WORDS = wordsSchema.parse(rawWords);
export const FORBIDDEN = forbiddenSchema.parse(rawForbidden);
const LIMITS = limitsSchema.parse(rawLimits);

/** By a channel's market: `ebay-us` is eBay's. The channel's own word on the title stands above the file. */
export function textLimits(market: string, told?: { readonly titleCharacters: number; readonly descriptionCharacters: number }): TextLimits {
  const found = LIMITS.channels[market.split('-')[0] ?? ''] ?? LIMITS.channels['other']!;
  return told ? { ...found, title: Math.min(found.title, told.titleCharacters), description: Math.min(found.description, told.descriptionCharacters) } : found;
}

/** Where French and Arabic stand in a pair of the word file. */
const PLACE = { fr: 0, ar: 1 } as const;

/** An aspect's name as buyers of the language read it. */
export function aspectName(name: string, language: TextLanguage): string {
  return language === 'en' ? name : (WORDS.aspectNames[name]?.[PLACE[language]] ?? name);
}

/** A common value in the language; others stay as they are. */
export function aspectValue(value: string, language: TextLanguage): string {
  return language === 'en' ? value : (WORDS.values[foldText(value)]?.[PLACE[language]] ?? value);
}

export function conditionWords(condition: string, language: TextLanguage): string {
  return WORDS.conditions[condition]?.[TEXT_LANGUAGES.indexOf(language)] ?? condition;
}
