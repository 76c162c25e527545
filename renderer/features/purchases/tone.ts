import type { StatusTone } from '../../ui/status-badge.tsx';

const TONES: Readonly<Record<string, StatusTone>> = { 'awaiting-second': 'attention', approved: 'idle', preparing: 'running', placing: 'running', reconciling: 'attention', 'ordering-by-hand': 'attention', confirmed: 'running', received: 'done', stopped: 'attention', cancelled: 'ended', failed: 'ended' };
export const purchaseTone = (state: string): StatusTone => TONES[state] ?? 'idle';
