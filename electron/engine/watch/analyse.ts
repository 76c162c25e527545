import { DAY_MS, type Instant } from '#kernel/time.ts';
import { money, type Money } from '#kernel/money.ts';
import { summariseSeries } from '../pricing/index.ts';
import type { ReadingAt } from './watch.ts';

export const ANALYSED_DAYS = 90;

/** A value that holds until the next; null: there was none. */
export interface Step {
  readonly at: Instant;
  readonly value: number | null;
}

export interface Against {
  /** Share of the time in which both are known that theirs is the lower. */
  readonly belowMineBp: number;
  /** How often a move of theirs put them below, and one of mine put me below. */
  readonly theyWentBelow: number;
  readonly iWentBelow: number;
}

/** Two prices over the same time. Null where they were never known at once. Steps ascend. */
export function compareSteps(theirs: readonly Step[], mine: readonly Step[], span: { readonly from: Instant; readonly to: Instant }): Against | null {
  const moves = [...theirs.map((step) => ({ ...step, whose: 'theirs' as const })), ...mine.map((step) => ({ ...step, whose: 'mine' as const }))].sort((a, b) => a.at - b.at);
  let now: { theirs: number | null; mine: number | null } = { theirs: null, mine: null };
  let [known, below, theyWentBelow, iWentBelow, since] = [0, 0, 0, 0, span.from];
  const pass = (until: Instant) => {
    const to = Math.min(until, span.to);
    if (to <= since) return;
    if (now.theirs !== null && now.mine !== null) {
      known += to - since;
      if (now.theirs < now.mine) below += to - since;
    }
    since = to;
  };
  for (const move of moves) {
    pass(move.at);
    const next = { ...now, [move.whose]: move.value };
    const both = now.theirs !== null && now.mine !== null && next.theirs !== null && next.mine !== null;
    if (both && move.at > span.from && move.at <= span.to) {
      if (move.whose === 'theirs' && now.theirs! >= now.mine! && next.theirs! < next.mine!) theyWentBelow += 1;
      if (move.whose === 'mine' && now.mine! >= now.theirs! && next.mine! < next.theirs!) iWentBelow += 1;
    }
    now = next;
  }
  pass(span.to);
  return known === 0 ? null : { belowMineBp: Math.round((below * 10_000) / known), theyWentBelow, iWentBelow };
}

/** Prices of one currency, as steps: without an offer there is none. */
export const priceSteps = (readings: readonly ReadingAt[], currency: string | null): Step[] => readings.flatMap(({ at, price, available }) => (price && price.currency !== currency ? [] : [{ at, value: price && available !== false ? price.minor : null }]));

/** Days of the span without an offer, of those since the first look. */
function withoutOffer(steps: readonly Step[], span: { readonly from: Instant; readonly to: Instant }): number | null {
  let [known, without] = [0, 0];
  steps.forEach((step, i) => {
    const held = Math.min(steps[i + 1]?.at ?? span.to, span.to) - Math.max(step.at, span.from);
    if (held <= 0) return;
    known += held;
    if (step.value === null) without += held;
  });
  return known === 0 ? null : Math.round((without * 10_000) / known);
}

/** What the last 90 days of looks say. @param mine the own price over the same time, in the same currency. */
export function analyse(readings: readonly ReadingAt[], given: { readonly currency: string | null; readonly mine: readonly Step[]; readonly now: Instant }) {
  const span = { from: given.now - ANALYSED_DAYS * DAY_MS, to: given.now };
  const steps = priceSteps(readings, given.currency);
  const first = steps.findLastIndex((step) => step.at <= span.from);
  const within = steps.slice(Math.max(0, first));
  const values = within.flatMap((step) => step.value ?? []);
  const amount = (minor: number | null): Money | null => (minor === null || given.currency === null ? null : money(Math.round(minor), given.currency));
  const summary = summariseSeries(steps, given.now);
  let changes = 0;
  within.forEach((step, i) => { if (i > 0 && step.value !== null && within[i - 1]!.value !== null && step.value !== within[i - 1]!.value) changes += 1; });
  return {
    changes, lowest: amount(values.length ? Math.min(...values) : null), highest: amount(values.length ? Math.max(...values) : null), usual: amount(summary.usual), trend: summary.direction, levelChangedAt: summary.changeAt,
    withoutOfferBp: withoutOffer(within, span), against: compareSteps(steps, given.mine, span),
  };
}
