import type { z } from 'zod';
import type { sourceView } from '#contract/sources.ts';
import type { StatusTone } from '../../ui/status-badge.tsx';

type Source = Pick<z.infer<typeof sourceView>, 'enabled' | 'health' | 'lastRun'>;
type Standing = Source['health'] | 'half-read' | 'off';

/** As Today tells it: a tenth of what the last run met could not be read. */
const isHalfRead = ({ lastRun }: Source): boolean => lastRun?.state === 'done' && lastRun.rejected * 10 > lastRun.seen + lastRun.rejected;

/** How a source stands, in a word. */
export function standingOf(source: Source): Standing {
  if (!source.enabled) return 'off';
  return source.health === 'healthy' && isHalfRead(source) ? 'half-read' : source.health;
}

const TONES: Readonly<Record<Standing, StatusTone>> = { 'never-run': 'idle', healthy: 'done', failing: 'attention', stale: 'attention', drifting: 'attention', 'half-read': 'attention', off: 'ended' };
export const healthTone = (source: Source): StatusTone => TONES[standingOf(source)];

/** The error of a run without the kind of source before it, which stands beside it anyway. */
export const errorOf = (error: string): string => error.replace(/^(?:woocommerce|shopify|prestashop|ouedkniss|jumia|structured-shop|price-list): /, '');
