/** The chart of accounts. An account's first part is its kind; channels have accounts of their own. */
export const CASH = 'assets:cash';
/** What the lots still hold, at landed cost: goods, shipping, tax, and the preparation of what can be sold. */
export const INVENTORY = 'assets:inventory';
export const COST_OF_GOODS_SOLD = 'expenses:cogs';
export const POSTAGE = 'expenses:postage';
/** Goods lost, damaged or miscounted (a gain from a count stands here too, below zero). */
export const WRITE_OFF = 'expenses:write-off';
export const SALES = 'income:sales';
/** Contra account of sales: debits. */
export const REFUNDS = 'income:refunds';
export const OPENING = 'equity:opening';
/** Between two currencies: what goes in by one leaves by the other. What stays here after a payment is a gain or loss by the rate. */
export const FX = 'equity:fx';
/** What is owed to suppliers, in their currency. */
export const PAYABLE = 'liabilities:suppliers';
/** Money that came or went and that nobody has explained yet. */
export const SUSPENSE = 'equity:suspense';
/** Tax that the buyer paid through the seller's account and that the seller has to pass on. */
export const SALES_TAX = 'liabilities:sales-tax';
/** The same by whom it is owed to: `US-CA California State Tax` is `liabilities:sales-tax:us-ca-california-state-tax`. What names nobody is on the account without one. */
export function salesTaxOf(jurisdiction: string): string {
  const name = jurisdiction.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+/g, '').slice(0, 60).replaceAll(/-+$/g, '');
  return name === '' ? SALES_TAX : `${SALES_TAX}:${name}`;
}
/** What a channel owes for sales that it has not paid out yet. */
export const receivableOf = (channel: string): string => `assets:receivable:${channel}`;
/** What a channel keeps. */
export const feesOf = (channel: string): string => `expenses:fees:${channel}`;
/** What a channel takes for keeping stock in its warehouse: of no order. */
export const storageOf = (channel: string): string => `expenses:storage:${channel}`;
/** What the way into a channel's warehouse cost that is part of no unit there any more. */
export const inboundOf = (channel: string): string => `expenses:inbound:${channel}`;

export type AccountKind = 'assets' | 'expenses' | 'income' | 'equity' | 'liabilities';

const PLAIN = new Set([CASH, INVENTORY, COST_OF_GOODS_SOLD, POSTAGE, WRITE_OFF, SALES, REFUNDS, OPENING, FX, PAYABLE, SALES_TAX, SUSPENSE]);
const OF_CHANNEL = /^(?:assets:receivable|expenses:(?:fees|storage|inbound)):[a-z0-9][a-z0-9-]{0,40}$/;
const OF_JURISDICTION = /^liabilities:sales-tax:[a-z0-9][a-z0-9-]{0,59}$/;

/** Whether the chart has this account: a misspelt one would hide money. */
export function isAccount(account: string): boolean {
  return PLAIN.has(account) || OF_CHANNEL.test(account) || OF_JURISDICTION.test(account);
}

/** @throws RangeError for an account that the chart does not have. */
export function kindOf(account: string): AccountKind {
  if (!isAccount(account)) throw new RangeError(`the chart has no account ${account}`);
  return account.slice(0, account.indexOf(':')) as AccountKind;
}
