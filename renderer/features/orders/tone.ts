import type { StatusTone } from '../../ui/status-badge.tsx';

const TONES: Readonly<Record<string, StatusTone>> = { paid: 'attention', shipped: 'done', cancelled: 'ended', refunded: 'ended' };
export const orderTone = (state: string): StatusTone => TONES[state] ?? 'idle';
