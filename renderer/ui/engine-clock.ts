import { createContext, use, useEffect, useState } from 'react';
import type { Instant } from '#kernel/time.ts';

/** The engine's clock as last heard: its instant at a real instant, and how fast it runs (the practice market's time can be faster). */
export interface EngineClock {
  readonly anchor: Instant;
  readonly realAnchor: number;
  readonly speed: number;
}

export const EngineClockContext = createContext<EngineClock>({ anchor: Date.now(), realAnchor: Date.now(), speed: 1 });

const read = (clock: EngineClock) => clock.anchor + (Date.now() - clock.realAnchor) * clock.speed;

/** The engine's time, read anew every `everyMs` of real time. */
export function useEngineNow(everyMs = 30_000): Instant {
  const clock = use(EngineClockContext);
  const [seen, setSeen] = useState(() => ({ clock, now: read(clock) }));
  useEffect(() => {
    const handle = window.setInterval(() => setSeen({ clock, now: read(clock) }), everyMs);
    return () => window.clearInterval(handle);
  }, [clock, everyMs]);
  // a clock that was heard anew counts at once
  return seen.clock === clock ? seen.now : read(clock);
}
