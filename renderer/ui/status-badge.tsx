import { IconAlertTriangle, IconCheck, IconCircleDashed, IconCircleDot, IconX } from '@tabler/icons-react';
import './status-badge.css';

/** `attention` asks for a person; `running` is on its way; `done` ended well; `ended` is over without a result; `idle` waits. */
export type StatusTone = 'attention' | 'running' | 'done' | 'ended' | 'idle';
const ICONS = { attention: IconAlertTriangle, running: IconCircleDot, done: IconCheck, ended: IconX, idle: IconCircleDashed } as const;

/** A state as icon and word; colour only says that a person is needed. */
export function StatusBadge({ tone, label }: { readonly tone: StatusTone; readonly label: string }) {
  const Icon = ICONS[tone];
  return <span className="status-badge" data-tone={tone}><Icon size="0.875rem" stroke={2} aria-hidden="true" /><span className="truncate">{label}</span></span>;
}
