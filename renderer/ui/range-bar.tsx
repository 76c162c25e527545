import './range-bar.css';

interface RangeBarProps {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
  /** The scale's ends; equal for all rows of a list, so that bars compare. */
  readonly min: number;
  readonly max: number;
  /** The range in words, for those who do not see the bar. */
  readonly label: string;
}

/** A range on a common scale with its zero line: how sure an estimated figure is. */
export function RangeBar({ low, expected, high, min, max, label }: RangeBarProps) {
  const span = Math.max(1, max - min);
  const place = (value: number) => `${Math.max(0, Math.min(100, ((value - min) / span) * 100))}%`;
  const zero = min < 0 && max > 0 ? place(0) : null;
  const tone = low >= 0 ? 'profit' : expected < 0 ? 'loss' : 'mixed';
  return (
    <span className="range-bar" role="img" aria-label={label} title={label} data-tone={tone} dir="ltr">
      {zero === null ? null : <i className="range-zero" style={{ left: zero }} />}
      <i className="range-span" style={{ left: place(low), right: `calc(100% - ${place(high)})` }} />
      <i className="range-dot" style={{ left: place(expected) }} />
    </span>
  );
}
