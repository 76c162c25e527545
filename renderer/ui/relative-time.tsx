import type { Instant } from '#kernel/time.ts';
import { useEngineNow } from './engine-clock.ts';
import { useFormat } from './format.ts';

/** Relative within a week, the exact time on hover. */
export function RelativeTime({ at }: { readonly at: Instant | null }) {
  const format = useFormat();
  const now = useEngineNow();
  if (at === null) return <span className="muted">–</span>;
  return <time dateTime={new Date(at).toISOString()} title={format.dateTime(at)}>{format.relative(at, now)}</time>;
}
