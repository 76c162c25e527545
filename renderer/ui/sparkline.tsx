import { memo } from 'react';

const WIDTH = 72;
const HEIGHT = 20;

/** The line as pieces: a gap is a gap. */
export function sparkPath(value: readonly (number | null)[]): string {
  const known = value.filter((v): v is number => v !== null);
  const low = Math.min(...known);
  const high = Math.max(...known);
  let pen = false;
  return value.map((v, index) => {
    if (v === null) { pen = false; return ''; }
    const x = (index / Math.max(1, value.length - 1)) * WIDTH;
    const y = high === low ? HEIGHT / 2 : 2 + (1 - (v - low) / (high - low)) * (HEIGHT - 4);
    const to = `${pen ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = true;
    return to;
  }).join('');
}

/** A quarter of a year in the space of a word. It says a direction, and no amounts. */
export const Sparkline = memo(function Sparkline({ value, label }: { readonly value: readonly (number | null)[] | undefined; readonly label: string }) {
  if (!value || value.every((v) => v === null)) return <span className="muted">–</span>;
  return <svg className="spark" width="100%" height="1.25rem" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}><path d={sparkPath(value)} fill="none" stroke="var(--rd-series-price)" strokeWidth="1.4" vectorEffect="non-scaling-stroke" /></svg>;
});
