/**
 * PayPal's Transaction Search: what moved the account's balance. A withdrawal to the bank is a payout; what it is made of is what moved since the one before. What stayed with PayPal, or was taken from what had stayed, is a line of its own, so that
 * each payout is the sum of its lines to the cent. Of event codes the group says what a movement is (PayPal: "sufficient for reconciliation"); what is told apart within a group stands in `kindOf`.
 */
import { z } from 'zod';
import { ConnectorError } from '#kernel/errors.ts';
import { money, negate, type Currency, type Money } from '#kernel/money.ts';
import { DAY_MS, HOUR_MS, SECOND_MS, toIso, type Instant } from '#kernel/time.ts';
import type { PayoutLine, ProviderDispute, ProviderPayout } from '#engine/payments/ports.ts';
import { moneyFromText, type HttpClient } from '../http/index.ts';

const CONNECTOR = 'paypal';
const OPERATION = 'search transactions';
/** Of one search, by PayPal's document. */
const LONGEST_RANGE_MS = 31 * DAY_MS - SECOND_MS;
/** "This call lists transaction for the previous three years." A day less, for clocks differ. */
const HISTORY_MS = (3 * 365 - 1) * DAY_MS;
/** "It takes a maximum of three hours for executed transactions to appear": what a younger withdrawal is made of may not be listed whole. */
const LISTED_AFTER_MS = 3 * HOUR_MS;

const amountSchema = z.looseObject({ currency_code: z.string(), value: z.string() });
const transactionSchema = z.looseObject({
  transaction_info: z.looseObject({
    transaction_id: z.string().min(1), paypal_reference_id: z.string().nullish(), transaction_event_code: z.string(), transaction_initiation_date: z.string(), transaction_status: z.string(),
    transaction_amount: amountSchema, fee_amount: amountSchema.nullish(), ending_balance: amountSchema.nullish(), transaction_subject: z.string().nullish(),
  }),
});
const pageSchema = z.looseObject({ transaction_details: z.array(transactionSchema).nullish(), total_pages: z.int().nullish() });

/** One movement of the balance; signed, towards the account above zero. */
interface Moved {
  readonly id: string;
  readonly code: string;
  readonly at: Instant;
  readonly gross: Money;
  readonly fee: Money;
  /** The payment that it is about, for one that is about another. */
  readonly about: string | null;
  readonly done: boolean;
  /** It was done, and came back whole. */
  readonly reversed: boolean;
  /** After it, where PayPal says. */
  readonly balance: Money | null;
  readonly words: string;
}

const strange = (message: string) => new ConnectorError({ kind: 'Critical', connector: CONNECTOR, operation: OPERATION, message });

/** PayPal signs its amounts. */
function signed(amount: z.infer<typeof amountSchema>): Money {
  const below = amount.value.startsWith('-');
  const read = moneyFromText(below ? amount.value.slice(1) : amount.value, amount.currency_code);
  if (!read) throw strange(`${amount.value} ${amount.currency_code} is no amount`);
  return below ? negate(read) : read;
}

function movedOf({ transaction_info: info }: z.infer<typeof transactionSchema>): Moved {
  const gross = signed(info.transaction_amount);
  const fee = info.fee_amount ? negate(signed(info.fee_amount)) : money(0, gross.currency);
  if (fee.currency !== gross.currency) throw strange(`transaction ${info.transaction_id} has a fee in another currency than its amount`);
  const at = Date.parse(info.transaction_initiation_date);
  if (Number.isNaN(at)) throw strange(`${info.transaction_initiation_date} is no time`);
  return {
    id: info.transaction_id, code: info.transaction_event_code, at, gross, fee, about: info.paypal_reference_id ?? null, done: info.transaction_status === 'S' || info.transaction_status === 'V', reversed: info.transaction_status === 'V', balance: info.ending_balance ? signed(info.ending_balance) : null,
    words: info.transaction_subject ?? info.transaction_event_code,
  };
}

const groupOf = ({ code }: Moved) => code.slice(0, 3);
const isWithdrawal = (moved: Moved) => groupOf(moved) === 'T04' && moved.gross.minor < 0;
/** What moved before it is paid out: not one that is on its way, was refused, or was sent back by the bank. */
const isPaidOut = (moved: Moved) => isWithdrawal(moved) && moved.done && !moved.reversed;
/** A chargeback and its reversal, a payment that PayPal took back, money held for a dispute and let go again: of a payment that the movement names. */
const isDispute = (moved: Moved) => moved.about !== null && (groupOf(moved) === 'T12' || groupOf(moved) === 'T15' || moved.code === 'T1106' || moved.code === 'T1110' || moved.code === 'T1111');

function kindOf(moved: Moved): PayoutLine['kind'] {
  if (isDispute(moved)) return 'dispute';
  if (groupOf(moved) === 'T00' && moved.gross.minor > 0) return 'payment';
  if (groupOf(moved) === 'T11' && moved.about !== null) return 'refund';
  return groupOf(moved) === 'T01' ? 'fee' : 'other';
}

function lineOf(moved: Moved): PayoutLine {
  const { id, gross, fee, about, words } = moved;
  const kind = kindOf(moved);
  const net = money(gross.minor - fee.minor, gross.currency);
  const ofPayment = kind === 'payment' || kind === 'refund' || kind === 'dispute';
  return { externalId: `${id}:${moved.code}`, kind, of: ofPayment ? id : null, ...(ofPayment && about !== null ? { payment: [about] } : {}), gross, fee, net, description: words.slice(0, 200) };
}

/** One id may name two movements (a payment and its hold): they differ by their code. Oldest first. PayPal's times are whole seconds: so are the ranges, for none to fall between two. */
async function search(http: HttpClient, span: { readonly from: Instant; readonly to: Instant }, signal: AbortSignal | undefined): Promise<Moved[]> {
  const found: Moved[] = [];
  for (let start = span.from - (span.from % SECOND_MS); start < span.to; start += LONGEST_RANGE_MS + SECOND_MS) {
    const range = { start_date: toIso(start), end_date: toIso(Math.min(start + LONGEST_RANGE_MS, span.to)) };
    for (let page = 1; ; page++) {
      // the balance is told of a search that asks for nothing else
      const { body } = await http.send({ operation: OPERATION, method: 'GET', path: '/v1/reporting/transactions', effect: 'read', schema: pageSchema, signal, query: { ...range, ...(page === 1 ? {} : { page }) } });
      found.push(...(body.transaction_details ?? []).map(movedOf));
      if (page >= (body.total_pages ?? 1)) break;
    }
  }
  return found.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** What stayed with PayPal is less than before by so much; below zero where more stayed. PayPal's own balances say it where it tells them, so that a movement that is missing shows. */
function fromBalance(before: Moved | null, withdrawal: Moved, moved: number): Money {
  const { currency } = withdrawal.gross;
  const told = before?.balance && withdrawal.balance ? before.balance.minor - withdrawal.balance.minor : null;
  return money(told ?? -withdrawal.gross.minor + withdrawal.fee.minor - moved, currency);
}

function payoutOf(withdrawal: Moved, before: Moved | null, between: readonly Moved[]): ProviderPayout {
  const { currency } = withdrawal.gross;
  const lines = between.map(lineOf);
  if (withdrawal.fee.minor !== 0) lines.push({ externalId: `${withdrawal.id}:fee`, kind: 'fee', of: null, gross: negate(withdrawal.fee), fee: money(0, currency), net: negate(withdrawal.fee), description: withdrawal.words });
  const kept = fromBalance(before, withdrawal, between.reduce((sum, { gross, fee }) => sum + gross.minor - fee.minor, 0));
  if (kept.minor !== 0) lines.push({ externalId: `${withdrawal.id}:balance`, kind: 'balance', of: null, gross: kept, fee: money(0, currency), net: kept, description: '' });
  return { externalId: withdrawal.id, state: 'paid', amount: negate(withdrawal.gross), arrivesAt: withdrawal.at, lines };
}

/** Everything back to the withdrawals before `since`, of each currency that was withdrawn since. */
async function history(http: HttpClient, given: { readonly since: Instant; readonly now: Instant }, signal: AbortSignal | undefined): Promise<Moved[]> {
  let all = await search(http, { from: given.since, to: given.now }, signal);
  const wanting = new Set(all.filter(isWithdrawal).map(({ gross }) => gross.currency));
  const oldest = given.now - HISTORY_MS;
  for (let from = given.since; wanting.size > 0 && from > oldest; from -= LONGEST_RANGE_MS + SECOND_MS) {
    const older = await search(http, { from: Math.max(from - LONGEST_RANGE_MS - SECOND_MS, oldest), to: from - SECOND_MS }, signal);
    for (const { gross } of older.filter(isPaidOut)) wanting.delete(gross.currency);
    all = [...older, ...all];
  }
  return all;
}

function payoutsIn(all: readonly Moved[], currency: Currency, { since, now }: { readonly since: Instant; readonly now: Instant }): ProviderPayout[] {
  const payouts: ProviderPayout[] = [];
  let [before, between] = [null as Moved | null, [] as Moved[]];
  for (const moved of all) {
    if (moved.gross.currency !== currency) continue;
    if (!isWithdrawal(moved)) {
      if (moved.done) between.push(moved);
      continue;
    }
    if (!isPaidOut(moved) || moved.at > now - LISTED_AFTER_MS) {
      // sent back by the bank, on its way, or refused: what it was made of is still with PayPal
      if (moved.at >= since) payouts.push({ externalId: moved.id, state: moved.reversed ? 'failed' : 'pending', amount: negate(moved.gross), arrivesAt: moved.at, lines: [] });
      if (all.some(({ about, code }) => about === moved.id && code !== moved.code)) between.push(moved);
      continue;
    }
    if (moved.at >= since) payouts.push(payoutOf(moved, before, between));
    [before, between] = [moved, []];
  }
  return payouts;
}

/** Withdrawals since, of every currency by itself, oldest first. */
export async function* paypalPayouts(http: HttpClient, given: { readonly since: Instant; readonly now: Instant }, signal: AbortSignal | undefined): AsyncIterable<ProviderPayout> {
  const all = await history(http, given, signal);
  for (const currency of new Set(all.map(({ gross }) => gross.currency))) yield* payoutsIn(all, currency, given);
}

/** What disputes have taken and given back, by their movements alone: how one stands, and until when it is answered, is on PayPal's page. */
export async function* paypalDisputes(http: HttpClient, given: { readonly since: Instant; readonly now: Instant }, signal: AbortSignal | undefined): AsyncIterable<ProviderDispute> {
  const found = (await search(http, { from: given.since, to: given.now }, signal)).filter((moved) => moved.done && isDispute(moved));
  for (const [about, moves] of Map.groupBy(found, ({ about: payment }) => payment!)) {
    const { currency } = moves[0]!.gross;
    const sum = (of: (moved: Moved) => number) => money(moves.reduce((total, moved) => total + of(moved), 0), currency);
    const withheld = money(Math.max(0, -sum(({ gross }) => gross.minor).minor), currency);
    const most = money(Math.max(...moves.map(({ gross }) => -gross.minor), 0), currency);
    yield { externalId: `dispute-${about}`, of: about, state: withheld.minor === 0 ? 'won' : 'under-review', amount: most, withheld, fee: sum(({ fee }) => fee.minor), reason: moves[0]!.words, answerBy: null };
  }
}
