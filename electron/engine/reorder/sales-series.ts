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
  let [onHand, day] = [0, moves[0]?.day ?? today];
  /** Days on which nothing moved. */
  const passTo = (next: number) => {
    if (onHand > 0) for (; day < next; day++) series.push(0);
    day = next;
  };
  for (const move of moves) {
    if (move.day >= today) break;
    passTo(move.day);
    const had = onHand > 0;
    onHand += move.change;
    const sold = Math.max(0, move.sold);
    if (had || onHand > 0 || sold > 0) series.push(sold);
    day = move.day + 1;
  }
  passTo(today);
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
