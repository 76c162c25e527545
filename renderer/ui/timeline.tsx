import type { ReactNode } from 'react';
import type { Instant } from '#kernel/time.ts';
import { RelativeTime } from './relative-time.tsx';
import './timeline.css';

export interface TimelineEvent {
  readonly id: string;
  readonly title: string;
  readonly detail?: ReactNode;
  readonly at: Instant;
  readonly tone?: 'attention' | 'done' | 'plain';
}

/** What happened, latest last, each with its time and proof. */
export function Timeline({ events }: { readonly events: readonly TimelineEvent[] }) {
  return (
    <ol className="timeline">
      {events.map((event) => (
        <li key={event.id} data-tone={event.tone ?? 'plain'}>
          <div className="timeline-line"><strong>{event.title}</strong><span className="muted small"><RelativeTime at={event.at} /></span></div>
          {event.detail ? <div className="small muted timeline-detail">{event.detail}</div> : null}
        </li>
      ))}
    </ol>
  );
}
