/** What moved on a day (UTC, days since 1970), over all lots of a product. */
export interface DayMoves {
  readonly day: number;
  readonly sold: number;
  /** Of the units on hand. */
  readonly change: number;
}

/** A shorter series is filled up in front with days without a sale. */
export const LEAST_DAYS = 28;

/** Units sold on each whole day on which there was something to sell, oldest first; `today`, which is not over yet, is left out. `moves` in order of days. */
export function salesSeries(moves: readonly DayMoves[], today: number): number[] {
  const series: number[] = [];
  const byDay = new Map(moves.map((move) => [move.day, move]));
  let onHand = 0;
  for (let day = moves[0]?.day ?? today; day < today; day++) {
    const there = byDay.get(day);
    const had = onHand > 0;
    onHand += there?.change ?? 0;
    const sold = Math.max(0, there?.sold ?? 0);
    if (had || onHand > 0 || sold > 0) series.push(sold);
  }
  return series;
}

/** The series as the forecast takes it. */
export const filledUp = (series: readonly number[]): readonly number[] => (series.length >= LEAST_DAYS ? series : [...Array.from({ length: LEAST_DAYS - series.length }, () => 0), ...series]);

/** Sums of seven days, oldest first; the first may have fewer. */
export function weeksOf(series: readonly number[]): number[] {
  const weeks: number[] = [];
  for (let i = series.length - 1; i >= 0; i--) {
    if ((series.length - 1 - i) % 7 === 0) weeks.push(0);
    weeks[weeks.length - 1]! += series[i]!;
  }
  return weeks.toReversed();
}
