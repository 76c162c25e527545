import { useTranslation } from 'react-i18next';
import type { Reason } from '#contract/shared.ts';
import { useFormat } from './format.ts';
import { useWordReason, wordData } from './reason.tsx';
import type { TimelineEvent } from './timeline.tsx';

interface StoredEvent { readonly id: string; readonly kind: string; readonly data: Readonly<Record<string, unknown>>; readonly at: number }

/** Ids of our own say nothing to a person; a vendor's order number does. */
const OWN_ID = /^(?!external)\w+Id$|sha256$/i;

const isReason = (value: unknown): value is Reason => typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' && 'data' in value && typeof value.data === 'object' && value.data !== null;

const tone = (kind: string) => (/stop|fail|unknown|reconcil|over-|by-hand/.test(kind) ? 'attention' : /confirm|receiv|publish|active|done|shipped/.test(kind) ? 'done' : 'plain');

/** Stored events in words: the kind's message of `namespace`, and the figures that came with it. */
export function useTimeline(namespace: string): (events: readonly StoredEvent[]) => TimelineEvent[] {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useWordReason();
  return (events) => events.map((event) => {
    const { reason, ...data } = event.data;
    const why = isReason(reason) ? [word(reason)] : [];
    const figures = Object.entries(wordData(isReason(reason) ? data : event.data, format)).filter(([name]) => !OWN_ID.test(name)).map(([name, value]) => `${t(`common:figure.${name}`, { defaultValue: name })} ${name === 'channel' ? t(`approvals:channel.${value}`, { defaultValue: t(`listings:channel.${value}`, { defaultValue: value }) }) : t(`common:value.${name}.${value}`, { defaultValue: value })}`);
    return { id: event.id, at: event.at, title: t(`${namespace}:event.${event.kind}`, { defaultValue: event.kind }), detail: [...why, ...figures].join(' · ') || undefined, tone: tone(event.kind) };
  });
}
