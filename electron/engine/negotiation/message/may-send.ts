/** Whether a message may go now: opt-outs first, then the other side's night, then how often one may be written to. */
import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant } from '#kernel/time.ts';

export interface SendRules {
  /** Minutes after midnight at the other side, 0 to 1,439; `from` may be later than `to` (over midnight). Equal ones mean no quiet hours. */
  readonly quiet: { readonly fromMinute: number; readonly toMinute: number };
  /** IANA name of the other side's zone, as `Africa/Algiers`. */
  readonly timeZone: string;
  /** Between two messages to the same person. */
  readonly leastGapMs: number;
  readonly mostPerDay: number;
}

export interface SendHistory {
  readonly optedOut: boolean;
  /** Instants of our messages to this person, in any order. */
  readonly sentAt: readonly Instant[];
  /** Our messages since their last answer. */
  readonly unanswered: number;
}

export type SendPermission =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'opted-out' | 'unanswered' }
  | { readonly ok: false; readonly reason: 'quiet-hours' | 'too-soon' | 'too-many-today'; readonly earliest: Instant };

/** After so many messages without an answer, silence is an answer. */
const MOST_UNANSWERED = 2;

/** Minutes after midnight in a zone. @throws RangeError for a zone that does not exist. */
export function localMinute(instant: Instant, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(instant);
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? Number.NaN);
  return read('hour') * 60 + read('minute');
}

function quietAt(instant: Instant, { quiet, timeZone }: SendRules): boolean {
  const { fromMinute, toMinute } = quiet;
  if (fromMinute === toMinute) return false;
  const minute = localMinute(instant, timeZone);
  return fromMinute < toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
}

/** The first whole minute from `instant` on that is not quiet; a change of the clocks is stepped over. */
function endOfQuiet(instant: Instant, rules: SendRules): Instant {
  let at = Math.ceil(instant / MINUTE_MS) * MINUTE_MS;
  for (const step of [HOUR_MS / 4, MINUTE_MS]) {
    while (quietAt(at + (step === MINUTE_MS ? 0 : step), rules) && at < instant + 2 * DAY_MS) at += step;
  }
  return at;
}

export function maySend(now: Instant, rules: SendRules, history: SendHistory): SendPermission {
  if (history.optedOut) return { ok: false, reason: 'opted-out' };
  if (history.unanswered >= MOST_UNANSWERED) return { ok: false, reason: 'unanswered' };
  const last = history.sentAt.reduce((latest, at) => Math.max(latest, at), -Infinity);
  if (now - last < rules.leastGapMs) return { ok: false, reason: 'too-soon', earliest: last + rules.leastGapMs };
  const today = history.sentAt.filter((at) => now - at < DAY_MS).sort((a, b) => a - b);
  if (today.length >= rules.mostPerDay) return { ok: false, reason: 'too-many-today', earliest: (today[today.length - rules.mostPerDay] ?? now) + DAY_MS };
  return quietAt(now, rules) ? { ok: false, reason: 'quiet-hours', earliest: endOfQuiet(now, rules) } : { ok: true };
}
