import type { StatusTone } from '../../ui/status-badge.tsx';

const TONES: Readonly<Record<string, StatusTone>> = { open: 'running', 'waiting-for-us': 'attention', escalated: 'attention', 'waiting-for-customer': 'idle', snoozed: 'idle', closed: 'ended' };
export const ticketTone = (state: string): StatusTone => TONES[state] ?? 'idle';
