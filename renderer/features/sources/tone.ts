import type { StatusTone } from '../../ui/status-badge.tsx';

const TONES: Readonly<Record<string, StatusTone>> = { 'never-run': 'idle', healthy: 'done', failing: 'attention', stale: 'attention', drifting: 'attention' };
export const healthTone = (source: { readonly health: string; readonly enabled: boolean }): StatusTone => (source.enabled ? TONES[source.health] ?? 'idle' : 'ended');
