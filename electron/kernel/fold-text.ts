/** One way of writing for text that people type in English, French, Arabic and Shona, so that rules and counts meet the same word once. */

const DIGIT_ZEROS = [0x660, 0x6f0, 0xff10] as const;

function asciiDigit(character: string): string {
  const code = character.charCodeAt(0);
  for (const zero of DIGIT_ZEROS) if (code >= zero && code <= zero + 9) return String(code - zero);
  return character;
}

/** Digits of any script that people type here as ASCII; nothing else changes. */
export const asciiDigits = (text: string): string => text.replace(/[٠-٩۰-۹０-９]/g, asciiDigit);

/**
 * Lower case, without accents, vowel marks, stretching and invisible direction marks; Arabic letters that are written for one another become one (`أ إ آ` → `ا`,
 * `ى` → `ي`, `ة` → `ه`); digits of any script become ASCII, the Arabic decimal sign a point. Punctuation and line breaks stay.
 */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .toLowerCase()
    .replace(/[٠-٩۰-۹]/g, asciiDigit)
    .replace(/[أإآٱ]/g, 'ا')
    .replace(/ى/g, 'ي')
    .replace(/ة/g, 'ه')
    .replace(/[ڤڥ]/g, 'ف')
    .replace(/گ/g, 'ق')
    .replace(/\u066b/g, '.')
    .replace(/[\u066c]/g, '')
    .replace(/[‘’ʼ`´]/g, "'")
    .replace(/œ/g, 'oe');
}
