import type { PlainText } from '#contract/listing-texts.ts';
import { foldText } from '#kernel/fold-text.ts';
import { writeTitle } from '../write-text.ts';
import { cleanTitle } from './clean-title.ts';
import type { TextFacts } from './fact-book.ts';
import { aspectName, aspectValue, conditionWords, type TextLanguage, type TextLimits } from './rules.ts';

/** Names of what every listing says, by language. */
const NAMES = {
  en: { condition: 'Condition', brand: 'Brand', mpn: 'Part number', gtin: 'Product code', weight: 'Shipping weight' },
  fr: { condition: 'État', brand: 'Marque', mpn: 'Référence fabricant', gtin: 'Code produit', weight: 'Poids emballé' },
  ar: { condition: 'الحالة', brand: 'العلامة التجارية', mpn: 'رقم القطعة', gtin: 'رمز المنتج', weight: 'الوزن مع التغليف' },
} as const;

const COMMA = { en: ', ', fr: ', ', ar: '، ' } as const;
const COLON = { en: ': ', fr: ' : ', ar: ': ' } as const;
const SAID_ELSEWHERE = new Set(['Brand', 'MPN']);

/** Title, facts as lines, and the same as bullets where the channel takes them: no word that is not a fact or the fact's name. */
export function writeTemplate(given: TextFacts, options: { readonly language: TextLanguage; readonly limits: TextLimits; readonly market: string }): PlainText {
  const { facts, condition } = given;
  const { language, limits, market } = options;
  const names = NAMES[language];
  const title = cleanTitle(facts.title, market);
  const say = (name: string, value: string) => `${name}${COLON[language]}${value}`;
  const aspects = Object.entries(facts.aspects).filter(([name, values]) => !SAID_ELSEWHERE.has(name) && values.some((value) => foldText(value) !== foldText(facts.title)))
    .map(([name, values]) => say(aspectName(name, language), values.map((value) => aspectValue(value, language)).join(COMMA[language])));
  const state = say(names.condition, conditionWords(condition, language));
  const identity = [
    ...(facts.brand === null ? [] : [say(names.brand, facts.brand)]), ...(facts.mpn === null ? [] : [say(names.mpn, facts.mpn)]), ...(facts.gtins[0] === undefined ? [] : [say(names.gtin, facts.gtins[0])]),
  ];
  const stripped = [...limits.titleForbids].reduce((text, character) => text.replaceAll(character, ' '), title).replace(/\s+/g, ' ').trim();
  const lines: string[] = [];
  let length = 0;
  for (const line of [title, state, ...identity, ...aspects]) {
    // each line costs its markup too
    length += line.length + 9;
    if (length > limits.description) break;
    lines.push(line);
  }
  return {
    title: writeTitle({ ...facts, title: stripped }, limits.title), lines, conditionNote: '',
    // of the product: its condition is the offer's, which a channel with bullets asks for by itself
    bullets: [...identity.slice(0, 1), ...aspects, ...identity.slice(1)].filter((line) => line.length <= limits.bulletCharacters).slice(0, limits.bullets),
  };
}
