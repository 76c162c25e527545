import type { StatusTone } from '../../ui/status-badge.tsx';

const TONES: Readonly<Record<string, StatusTone>> = { drafted: 'running', 'awaiting-reply': 'idle', deciding: 'running', 'needs-person': 'attention', 'taken-over': 'attention', agreed: 'done', 'walked-away': 'ended', rejected: 'ended', unavailable: 'ended', 'timed-out': 'ended', 'opted-out': 'ended' };
export const talkTone = (state: string): StatusTone => TONES[state] ?? 'idle';
export const isTalkOver = (state: string): boolean => TONES[state] === 'ended' || state === 'agreed';
