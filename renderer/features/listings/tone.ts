import type { StatusTone } from '../../ui/status-badge.tsx';

const TONES: Readonly<Record<string, StatusTone>> = { draft: 'idle', publishing: 'running', active: 'done', ending: 'running', ended: 'ended', 'sold-out': 'ended', stopped: 'attention' };
export const listingTone = (state: string): StatusTone => TONES[state] ?? 'idle';
