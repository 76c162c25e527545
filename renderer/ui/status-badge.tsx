import './status-badge.css';

/** `attention` asks for a person; `running` is on its way; `done` ended well; `ended` is over without a result; `idle` waits. */
export type StatusTone = 'attention' | 'running' | 'done' | 'ended' | 'idle';
/** Outlines of Tabler's alert-triangle, circle-dot, check, x and circle-dashed, each as one path: a row of a list that shows another state changes one attribute, and builds no elements. */
const OUTLINES: Readonly<Record<StatusTone, string>> = {
  attention: 'M12 9v4M10.363 3.591l-8.106 13.534a1.914 1.914 0 0 0 1.636 2.871h16.214a1.914 1.914 0 0 0 1.636 -2.87l-8.106 -13.536a1.914 1.914 0 0 0 -3.274 0M12 16h.01', running: 'M11 12a1 1 0 1 0 2 0a1 1 0 1 0 -2 0M3 12a9 9 0 1 0 18 0a9 9 0 1 0 -18 0', done: 'M5 12l5 5l10 -10', ended: 'M18 6l-12 12M6 6l12 12',
  idle: 'M8.56 3.69a9 9 0 0 0 -2.92 1.95M3.69 8.56a9 9 0 0 0 -.69 3.44M3.69 15.44a9 9 0 0 0 1.95 2.92M8.56 20.31a9 9 0 0 0 3.44 .69M15.44 20.31a9 9 0 0 0 2.92 -1.95M20.31 15.44a9 9 0 0 0 .69 -3.44M20.31 8.56a9 9 0 0 0 -1.95 -2.92M15.44 3.69a9 9 0 0 0 -3.44 -.69',
};

/** A state as icon and word; colour only says that a person is needed. */
export function StatusBadge({ tone, label }: { readonly tone: StatusTone; readonly label: string }) {
  return <span className="status-badge" data-tone={tone}><svg className="status-icon" viewBox="0 0 24 24" aria-hidden="true"><path d={OUTLINES[tone]} /></svg><span className="truncate">{label}</span></span>;
}
