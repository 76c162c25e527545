import { useEffect, useState } from 'react';
import { client } from '../../rpc/client.ts';
import { Sparkline } from '../../ui/sparkline.tsx';

type Line = readonly (number | null)[];

/** Rows that come into sight within this time are asked for together; a row that is scrolled past in it is not asked for. */
const GATHER_MS = 120;
const MOST_ASKED = 120;
const MOST_KEPT = 3_000;
/** A market fact is a day old at most; a line is not asked for again sooner. */
const FRESH_MS = 10 * 60_000;

const known = new Map<string, { readonly value: Line; readonly at: number }>();
const listeners = new Map<string, Set<() => void>>();
let timer: number | undefined;

const isFresh = (id: string) => { const line = known.get(id); return line !== undefined && performance.now() - line.at < FRESH_MS; };

async function askGathered(): Promise<void> {
  timer = undefined;
  // what is still drawn now: a fast scroll leaves the others behind
  const ids = [...listeners.keys()].filter((id) => !isFresh(id)).slice(0, MOST_ASKED);
  if (ids.length === 0) return;
  try {
    const answered = new Map((await client.opportunities.sparklines({ ids })).map((line) => [line.id, line.value]));
    for (const id of ids) {
      known.delete(id);
      known.set(id, { value: answered.get(id) ?? [], at: performance.now() });
    }
    for (const old of known.keys()) { if (known.size <= MOST_KEPT) break; known.delete(old); }
    for (const id of ids) for (const listener of listeners.get(id) ?? []) listener();
  } catch { /* A line that does not come leaves its dash; the next row asks again. */ }
}

/** The price of the last quarter in one row: asked for when the row has been in sight for a moment, many rows in one question. */
export function RowSpark({ id, label }: { readonly id: string; readonly label: string }) {
  const [, redraw] = useState(0);
  useEffect(() => {
    const listener = () => redraw((n) => n + 1);
    const own = listeners.get(id) ?? new Set();
    listeners.set(id, own.add(listener));
    if (!isFresh(id)) timer ??= window.setTimeout(() => void askGathered(), GATHER_MS);
    return () => { own.delete(listener); if (own.size === 0) listeners.delete(id); };
  }, [id]);
  return <Sparkline value={known.get(id)?.value} label={label} />;
}
