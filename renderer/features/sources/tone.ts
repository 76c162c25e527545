import type { StatusTone } from '../../ui/status-badge.tsx';

const TONES: Readonly<Record<string, StatusTone>> = { 'never-run': 'idle', healthy: 'done', failing: 'attention', stale: 'attention', drifting: 'attention' };
/** The error of a run without the kind of source before it, which stands beside it anyway. */
export const errorOf = (error: string): string => error.replace(/^(?:woocommerce|shopify|prestashop|ouedkniss|jumia|structured-shop|price-list): /, '');

export const healthTone = (source: { readonly health: string; readonly enabled: boolean }): StatusTone => (source.enabled ? TONES[source.health] ?? 'idle' : 'ended');
