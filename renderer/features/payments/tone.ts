import type { StatusTone } from '../../ui/status-badge.tsx';

const TONES: Readonly<Record<string, StatusTone>> = {
  requesting: 'running', unclear: 'attention', open: 'idle', capturing: 'running', processing: 'running', paid: 'done', disputed: 'attention', lost: 'ended', refunded: 'ended', failed: 'ended', cancelled: 'ended', expired: 'ended',
};
export const paymentTone = (state: string): StatusTone => TONES[state] ?? 'idle';
