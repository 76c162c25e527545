import { toDecimal, type Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';

export type ReplyLanguage = 'en' | 'fr' | 'ar';

const MONTHS: Readonly<Record<ReplyLanguage, readonly string[]>> = {
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
  fr: ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'],
  ar: ['يناير', 'فبراير', 'مارس', 'أبريل', 'مايو', 'يونيو', 'يوليو', 'أغسطس', 'سبتمبر', 'أكتوبر', 'نوفمبر', 'ديسمبر'],
};
export const ALL_MONTHS: readonly string[] = Object.values(MONTHS).flat();

/** `3 December 2026`, in UTC. Digits stay Latin in every language, so that the check reads them alike. */
export function dateText(at: Instant, language: ReplyLanguage): string {
  const date = new Date(at);
  return `${date.getUTCDate()} ${MONTHS[language][date.getUTCMonth()]!} ${date.getUTCFullYear()}`;
}

export const formatMoneyPlain = (amount: Money): string => `${toDecimal(amount)} ${amount.currency}`;
