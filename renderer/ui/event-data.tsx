import { useTranslation } from 'react-i18next';
import { useFormat } from './format.ts';
import { wordData } from './reason.tsx';
import type { TimelineEvent } from './timeline.tsx';

interface StoredEvent { readonly id: string; readonly kind: string; readonly data: Readonly<Record<string, unknown>>; readonly at: number }

/** Ids of our own say nothing to a person; a vendor's order number does. */
const OWN_ID = /^(?!external)\w+Id$|Sha256$/;

const tone = (kind: string) => (/stop|fail|unknown|reconcil|over-/.test(kind) ? 'attention' : /confirm|receiv|publish|active|done|shipped/.test(kind) ? 'done' : 'plain');

/** Stored events in words: the kind's message of `namespace`, and the figures that came with it. */
export function useTimeline(namespace: string): (events: readonly StoredEvent[]) => TimelineEvent[] {
  const { t } = useTranslation();
  const format = useFormat();
  return (events) => events.map((event) => {
    const figures = Object.entries(wordData(event.data, format)).filter(([name]) => !OWN_ID.test(name)).map(([name, value]) => `${t(`common:figure.${name}`, { defaultValue: name })} ${value}`).join(' · ');
    return { id: event.id, at: event.at, title: t(`${namespace}:event.${event.kind}`, { defaultValue: event.kind }), detail: figures || undefined, tone: tone(event.kind) };
  });
}
