import { expect, it } from 'vitest';
import { DAY_MS, SECOND_MS, toIso, type Instant } from '#kernel/time.ts';
import type { HttpClient } from '../http/index.ts';
import { paypalPayouts } from './paypal-transactions.ts';

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0, 500);
const SINCE = NOW - 45 * DAY_MS;
const RANGE_MS = 31 * DAY_MS;

interface Move { readonly id: string; readonly at: Instant; readonly value: string; readonly code?: string; readonly status?: string }

/** A PayPal that lists these, and notes from when it was asked. */
function paypalOf(moves: readonly Move[]) {
  const asked: Instant[] = [];
  const answer = ({ query }: { readonly query: { readonly start_date: string; readonly end_date: string } }) => {
    const [from, to] = [Date.parse(query.start_date), Date.parse(query.end_date)];
    if (to - from > RANGE_MS) throw new Error('longer than 31 days');
    asked.push(from);
    return { transaction_details: moves.filter(({ at }) => at >= from && at <= to).map(({ id, at, value, code = 'T0006', status = 'S' }) => ({ transaction_info: { transaction_id: id, transaction_event_code: code, transaction_initiation_date: toIso(at), transaction_status: status, transaction_amount: { currency_code: 'USD', value } } })) };
  };
  return { asked, http: { send: async (request: Parameters<typeof answer>[0]) => ({ body: answer(request) }) } as unknown as HttpClient };
}

async function linesOf(moves: readonly Move[]) {
  const { http, asked } = paypalOf(moves);
  const payouts = [];
  for await (const { externalId, state, lines } of paypalPayouts(http, { since: SINCE, now: NOW }, undefined)) payouts.push([externalId, state, lines.map((line) => [line.externalId, line.net.minor])]);
  return { payouts, asked };
}

it('a payout is made of all that moved since the last withdrawal that was paid out, and not since one that the bank sent back', async () => {
  const { payouts } = await linesOf([
    { id: 'early', at: SINCE - 80 * DAY_MS - 500, value: '5.00' }, { id: 'w1', at: SINCE - 70 * DAY_MS - 500, value: '-5.00', code: 'T0400' }, { id: 'sold', at: SINCE - 60 * DAY_MS - 500, value: '20.00' },
    { id: 'denied', at: SINCE - 20 * DAY_MS - 500, value: '-20.00', code: 'T0400', status: 'D' }, { id: 'w2', at: NOW - DAY_MS - 500, value: '-20.00', code: 'T0400' },
  ]);
  expect(payouts).toEqual([['w2', 'paid', [['sold:T0006', 2_000]]]]);
});

it('no second falls between two searches, and none is asked for that PayPal lists no more', async () => {
  const seams = [SINCE - 500 + RANGE_MS, SINCE - 500 + RANGE_MS - SECOND_MS, SINCE - 500, SINCE - 500 - SECOND_MS, SINCE - 500 - RANGE_MS, SINCE - 500 - RANGE_MS - SECOND_MS].toSorted((a, b) => a - b);
  const { payouts, asked } = await linesOf([...seams.map((at, n) => ({ id: `s${n}`, at, value: '1.00' })), { id: 'w', at: NOW - DAY_MS - 500, value: '-6.00', code: 'T0400' }]);
  expect(payouts).toEqual([['w', 'paid', seams.map((_, n) => [`s${n}:T0006`, 100])]]);
  expect(Math.min(...asked)).toBeGreaterThan(NOW - 3 * 365 * DAY_MS);
});
