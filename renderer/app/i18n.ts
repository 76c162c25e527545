import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LOCALES = ['en', 'fr', 'ar'] as const;
export type Locale = (typeof LOCALES)[number];
const RIGHT_TO_LEFT: readonly string[] = ['ar'];

type Messages = Record<string, string>;
const english = import.meta.glob<Messages>('../locales/en/*.json', { eager: true, import: 'default' });
const others = import.meta.glob<Messages>(['../locales/*/*.json', '!../locales/en/*.json'], { import: 'default' });

const partsOf = (path: string) => {
  const [, locale, namespace] = /locales\/([^/]+)\/([^/]+)\.json$/.exec(path) ?? [];
  return { locale: locale ?? '', namespace: namespace ?? '' };
};
const bundles = Object.fromEntries(Object.entries(english).map(([path, messages]) => [partsOf(path).namespace, messages]));

/** Keys are flat (codes hold dots) and every message that a language lacks falls back to English. */
export async function startMessages(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en', fallbackLng: 'en', resources: { en: bundles }, ns: Object.keys(bundles), defaultNS: 'common', keySeparator: false, nsSeparator: ':',
    interpolation: { escapeValue: false }, react: { useSuspense: false },
  });
}

/** Locales that have at least one message file. */
export const availableLocales: readonly string[] = ['en', ...new Set(Object.keys(others).map((path) => partsOf(path).locale))];

/** Turns the desk to a language and its direction. */
export async function applyLanguage(locale: Locale): Promise<void> {
  for (const [path, load] of Object.entries(others)) {
    const { locale: of, namespace } = partsOf(path);
    if (of === locale && !i18next.hasResourceBundle(locale, namespace)) i18next.addResourceBundle(locale, namespace, await load());
  }
  await i18next.changeLanguage(locale);
  document.documentElement.lang = locale;
  document.documentElement.dir = RIGHT_TO_LEFT.includes(locale) ? 'rtl' : 'ltr';
}
