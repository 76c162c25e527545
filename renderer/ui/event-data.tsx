import { useTranslation } from 'react-i18next';
import { useFormat } from './format.ts';
import { wordData } from './reason.tsx';
import type { TimelineEvent } from './timeline.tsx';

interface StoredEvent { readonly id: string; readonly kind: string; readonly data: Readonly<Record<string, unknown>>; readonly at: number }

const tone = (kind: string) => (/stop|fail|unknown|reconcil|over-/.test(kind) ? 'attention' : /confirm|receiv|publish|active|done|shipped/.test(kind) ? 'done' : 'plain');

/** Stored events in words: the kind's message of `namespace`, and the figures that came with it. */
export function useTimeline(namespace: string): (events: readonly StoredEvent[]) => TimelineEvent[] {
  const { t } = useTranslation();
  const format = useFormat();
  return (events) => events.map((event) => {
    const figures = Object.entries(wordData(event.data, format)).map(([name, value]) => `${name} ${value}`).join(' · ');
    return { id: event.id, at: event.at, title: t(`${namespace}:event.${event.kind}`, { defaultValue: event.kind }), detail: figures || undefined, tone: tone(event.kind) };
  });
}
