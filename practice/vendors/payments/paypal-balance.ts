import { exponentOf } from '#kernel/money.ts';
import { DAY_MS, HOUR_MS, toIso, type Instant } from '#kernel/time.ts';
import { movementsOn, type Movement, type World } from '../../world/index.ts';
import type { VendorRequest, VendorResponse } from '../host.ts';
import { captureOfSale, isThroughPaypal } from './shop-charges.ts';
import { idFrom } from './simulate-customer.ts';

/** What changed the balance, as PayPal codes it; signed, `feeMinor` above zero where it was taken. */
export interface BalanceMove {
  readonly id: string;
  readonly code: string;
  readonly at: Instant;
  readonly minor: number;
  readonly feeMinor: number;
  readonly currency: string;
  readonly about: string | null;
}

/** PayPal lists what happened hours ago. */
const LISTED_AFTER_MS = 2 * HOUR_MS;
const WITHDRAWN_EVERY_MS = 7 * DAY_MS;
/** Every other week so much stays with PayPal. */
const KEPT_MINOR = 1_000;
const LONGEST_RANGE_MS = 31 * DAY_MS;
const PER_PAGE = 100;

const CODES: Partial<Readonly<Record<Movement['kind'], string>>> = { sale: 'T0006', refund: 'T1107', claim: 'T1201', 'claim-won': 'T1202' };

/** What the reseller's own shop took through PayPal. */
function ofShop(world: World): BalanceMove[] {
  return movementsOn(world, 'woocommerce').flatMap(({ id, kind, at, minor, feeMinor, saleId }): BalanceMove[] => {
    const code = CODES[kind];
    if (saleId === null || code === undefined || !isThroughPaypal(world, saleId)) return [];
    const capture = captureOfSale({ id: saleId });
    return [{ id: kind === 'sale' ? capture : idFrom('', 'shop', id).toUpperCase().slice(0, 17), code, at, minor: minor + feeMinor, feeMinor, currency: 'USD', about: kind === 'sale' ? null : capture }];
  });
}

/** Every movement up to now, oldest first, with the withdrawals to the bank that the account makes by itself once a week. */
export function balanceMoves(world: World, own: readonly BalanceMove[]): BalanceMove[] {
  const now = world.now();
  const earned = [...own, ...ofShop(world)].toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const moves: BalanceMove[] = [...earned];
  const balances = new Map<string, number>();
  let next = 0;
  for (let [at, week] = [world.startAt + WITHDRAWN_EVERY_MS, 0]; at <= now; at += WITHDRAWN_EVERY_MS, week++) {
    for (; next < earned.length && earned[next]!.at < at; next++) balances.set(earned[next]!.currency, (balances.get(earned[next]!.currency) ?? 0) + earned[next]!.minor - earned[next]!.feeMinor);
    for (const [currency, balance] of balances) {
      const minor = balance - (week % 2 === 0 ? KEPT_MINOR : 0);
      if (minor <= 0) continue;
      moves.push({ id: idFrom('', 'withdrawal', at, currency).toUpperCase().slice(0, 17), code: 'T0400', at, minor: -minor, feeMinor: 0, currency, about: null });
      balances.set(currency, balance - minor);
    }
  }
  return moves.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

const decimal = (minor: number, currency: string) => ({ currency_code: currency, value: (minor / 10 ** exponentOf(currency)).toFixed(exponentOf(currency)) });

/** As PayPal's Transaction Search: a time of at most 31 days, in pages; the balance is told of a search that asks for nothing else. */
export function searchTransactions(moves: readonly BalanceMove[], { query, at }: VendorRequest): VendorResponse {
  const [from, to, page] = [Date.parse(query.get('start_date') ?? ''), Date.parse(query.get('end_date') ?? ''), Number(query.get('page') ?? 1)];
  if (!(from < to) || to - from > LONGEST_RANGE_MS || !(page >= 1)) return { status: 400, body: { name: 'INVALID_REQUEST', message: 'Request is not well-formed, syntactically incorrect, or violates schema.', debug_id: 'practice', details: [{ issue: 'Date range is greater than 31 days' }] } };
  const balances = new Map<string, number>();
  const listed = moves.filter((move) => move.at <= at - LISTED_AFTER_MS).flatMap((move) => {
    const { currency } = move;
    balances.set(currency, (balances.get(currency) ?? 0) + move.minor - move.feeMinor);
    return move.at < from || move.at > to ? [] : [{
      transaction_info: {
        transaction_id: move.id, transaction_event_code: move.code, transaction_initiation_date: toIso(move.at), transaction_updated_date: toIso(move.at), transaction_amount: decimal(move.minor, currency), transaction_status: 'S',
        ...(move.feeMinor === 0 ? {} : { fee_amount: decimal(-move.feeMinor, currency) }), ...(move.about === null ? {} : { paypal_reference_id: move.about, paypal_reference_id_type: 'TXN' }), ...(query.has('page') ? {} : { ending_balance: decimal(balances.get(currency)!, currency) }),
      },
    }];
  });
  const pages = Math.ceil(listed.length / PER_PAGE);
  const details = listed.slice((page - 1) * PER_PAGE, page * PER_PAGE);
  return { status: 200, body: { ...(details.length > 0 ? { transaction_details: details } : {}), account_number: 'PRACTICE', start_date: toIso(from), end_date: toIso(to), last_refreshed_datetime: toIso(at), page, total_items: listed.length, total_pages: pages } };
}
