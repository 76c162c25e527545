import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reason } from '#contract/shared.ts';
import { useFormat, type Formatter } from './format.ts';

export const isMoney = (value: unknown): value is { minor: number; currency: string } =>
  typeof value === 'object' && value !== null && 'minor' in value && 'currency' in value && typeof value.minor === 'number' && typeof value.currency === 'string';

/** What a vendor said, without the call that it answered (`woocommerce: place order: …`), which the log keeps; the sentence around it ends it. */
const plainMessage = (text: string) => text.replace(/^[a-z0-9-]+: (?:[a-z -]+: )?/, '').replace(/\.+$/, '');

/** A figure of a reason as text: the name of the field says its unit (`…Bp`, `…At`, `month` from 1, `…Ms`, `…Minor` with `currency`). */
export function wordFigure(name: string, value: unknown, context: { readonly data: Readonly<Record<string, unknown>>; readonly format: Formatter }): string {
  const { data, format } = context;
  if (value === null || value === undefined) return '–';
  if (isMoney(value)) return format.money(value);
  if (Array.isArray(value)) return value.map((item) => wordFigure(name, item, context)).join(', ');
  if (typeof value === 'number') {
    if (/Bp$|^bp$/.test(name)) return format.percent(value, 1);
    if (/At$|^at$/.test(name) && value > 1e11) return format.dateTime(value);
    if (/Minor$|^minor$/.test(name) && typeof data['currency'] === 'string') return format.money({ minor: value, currency: data['currency'] });
    if (name === 'month') return format.month(value);
    if (name.endsWith('Tenths')) return format.number(value / 10, 1);
    return format.number(value, 2);
  }
  if (typeof value === 'object') return Object.entries(value).map(([key, inner]) => `${key} ${wordFigure(key, inner, context)}`).join(', ');
  return name === 'message' ? plainMessage(String(value)) : String(value);
}

/** Figures of nested data under `outer_inner`, so that a message can name them. */
function flatten(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).flatMap(([name, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !isMoney(value) ? [[name, value], ...Object.entries(value).map(([inner, figure]): [string, unknown] => [`${name}_${inner}`, figure])] : [[name, value]]));
}

export function wordData(data: Readonly<Record<string, unknown>>, format: Formatter): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, wordFigure(name, value, { data, format })]));
}

/** The code's own message, or the code with its figures where there is none: never silence. */
export function wordReason(reason: Reason, t: TFunction, format: Formatter): string {
  const figures = wordData(flatten(reason.data), format);
  const key = `reasons:${reason.code}`;
  const counted = typeof reason.data['count'] === 'number' ? { count: reason.data['count'] } : {};
  const text = t(key, { ...figures, ...counted, defaultValue: '', interpolation: { escapeValue: false } });
  if (text) return text;
  const list = Object.entries(wordData(reason.data, format)).map(([name, value]) => `${name} ${value}`).join(', ');
  return list ? t('common:reason-fallback', { code: reason.code, figures: list }) : reason.code;
}

export function useWordReason(): (reason: Reason) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return useCallback((reason: Reason) => wordReason(reason, t, format), [t, format]);
}
