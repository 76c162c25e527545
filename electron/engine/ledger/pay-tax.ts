import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { salesTaxContract, type TaxPayment } from '#contract/sales-tax.ts';
import { DomainError } from '#kernel/errors.ts';
import { money, negate, toDecimal, type Money } from '#kernel/money.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { CASH, isAccount, SALES_TAX } from './accounts.ts';
import type { Entry } from './entry.ts';
import { post, type LedgerDeps } from './post-entry.ts';
import { balanceOf } from './read-balances.ts';
import { findEntries, findEntry, sumAccounts } from './repo.ts';

const TAX_PAYMENT = 'tax-payment';
const SHOWN = 20;
const isTax = (account: string) => isAccount(account) && (account === SALES_TAX || account.startsWith(`${SALES_TAX}:`));
const keyOf = (key: string) => `tax-payment:${key}`;
const backKey = (entryId: string) => `tax-payment:back:${entryId}`;
const wrong = (field: string, reason: string) => new DomainError('INVALID', `${field}: ${reason}.`, { field, reason });

async function shown(tx: Tx, entry: Entry): Promise<TaxPayment> {
  const line = entry.lines.find(({ account }) => isTax(account))!;
  return { id: entry.id, account: line.account, amount: line.amount, note: entry.memo, paidAt: entry.at, takenBack: (await findEntry(tx, backKey(entry.id))) !== null };
}

/** Tax that was collected and is owed on, by account; what comes to nothing is left out. */
export async function owedTaxes(tx: Tx): Promise<{ account: string; owed: Money }[]> {
  return (await sumAccounts(tx)).flatMap(({ account, amount }) => (isTax(account) && amount.minor !== 0 ? [{ account, owed: negate(amount) }] : []));
}

export interface TaxPaid { readonly key: string; readonly account: string; readonly amount: Money; readonly paidAt: Instant; readonly note: string }

/** The form was sent twice. Another sum under its key is told, and not taken for the one that is booked. */
function sameAgain(payment: TaxPayment, { account, amount }: TaxPaid): TaxPayment {
  if (payment.account !== account || payment.amount.currency !== amount.currency || payment.amount.minor !== amount.minor) throw wrong('amount', `${toDecimal(payment.amount)} ${payment.amount.currency} is recorded already by this form; open it again for another payment`);
  return payment;
}

/**
 * A person paid an authority what was collected for it: the liability falls, and so does cash. No income and no expense; what is paid beyond it (a penalty, interest) is none of it, so no more is taken than is owed.
 * @throws DomainError INVALID
 */
export async function payTax(deps: LedgerDeps, tx: Tx, given: TaxPaid): Promise<TaxPayment> {
  const { account, amount, paidAt } = given;
  const standing = await findEntry(tx, keyOf(given.key));
  if (standing) return sameAgain(await shown(tx, standing), given);
  if (!isTax(account)) throw wrong('account', 'no account of sales tax');
  if (amount.minor <= 0) throw wrong('amount', 'must be above zero');
  if (paidAt > deps.ctx.clock.now() + DAY_MS) throw wrong('paidAt', 'lies in the future');
  const owed = negate(await balanceOf(tx, account, amount.currency));
  if (amount.minor > owed.minor) throw wrong('amount', `only ${toDecimal(money(Math.max(0, owed.minor), owed.currency))} ${owed.currency} is owed; a penalty or interest is none of it`);
  await post(deps, tx, { key: keyOf(given.key), kind: TAX_PAYMENT, memo: given.note, ref: { kind: 'tax', id: account }, at: paidAt, lines: [{ account, amount }, { account: CASH, amount: negate(amount) }] });
  return shown(tx, (await findEntry(tx, keyOf(given.key)))!);
}

/** @throws DomainError NOT_FOUND where there is no such payment */
export async function takeBackTax(deps: LedgerDeps, tx: Tx, id: string): Promise<TaxPayment> {
  const [entry] = await findEntries(tx, [id]);
  if (!entry || entry.kind !== TAX_PAYMENT || entry.key.startsWith(backKey(''))) throw new DomainError('NOT_FOUND', `There is no tax payment ${id}.`, { kind: 'tax-payment', id });
  await post(deps, tx, { key: backKey(id), kind: TAX_PAYMENT, memo: entry.memo, ref: entry.ref, at: deps.ctx.clock.now(), lines: entry.lines.map(({ account, amount }) => ({ account, amount: negate(amount) })) });
  return shown(tx, entry);
}

async function latest(tx: Tx): Promise<TaxPayment[]> {
  // by the range of their keys, which has an index; of the books' kinds there is none
  const rows = await tx.ledgerEntry.findMany({ where: { key: { gte: keyOf(''), lt: 'tax-payment;' }, NOT: { key: { startsWith: backKey('') } } }, orderBy: { id: 'desc' }, take: SHOWN, select: { id: true } });
  const entries = new Map((await findEntries(tx, rows.map(({ id }) => id))).map((entry) => [entry.id, entry]));
  return Promise.all(rows.map(({ id }) => shown(tx, entries.get(id)!)));
}

export function createTaxProcedures(deps: LedgerDeps) {
  const os = implement(salesTaxContract).use(declaredErrors);
  const { db } = deps.ctx;
  return os.router({
    get: os.get.handler(async () => ({ owed: await owedTaxes(db.prisma), payments: await latest(db.prisma) })),
    pay: os.pay.handler(({ input }) => db.transaction((tx) => payTax(deps, tx, input))),
    takeBack: os.takeBack.handler(({ input }) => db.transaction((tx) => takeBackTax(deps, tx, input.id))),
  });
}
