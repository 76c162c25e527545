import { z } from 'zod';
import type { Business, Limits } from '#contract/settings.ts';
import { moneySchema, reasonSchema, type Reason } from '#contract/shared.ts';
import { add, convert, money, multiply, percentOf, type Money, type Rate } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { CheckoutQuote } from './checkout.ts';
import type { ApprovalCandidate } from './opportunity-gate.ts';

/** What a person agrees to. In the offer's currency. */
export interface Terms {
  /** Offers (packs). */
  readonly quantity: number;
  /** As shown. */
  readonly total: Money;
  /** Above these the purchase stops and asks again. */
  readonly maxUnit: Money;
  readonly maxTotal: Money;
}

/** Goods at the price shown, shipping as far as known, tax by the business's rate; and the tolerance on top of unit and total. */
export function termsOf(candidate: Pick<ApprovalCandidate, 'unitPrice' | 'shipping' | 'shippingFreeFrom'>, quantity: number, rules: { readonly limits: Pick<Limits, 'priceDriftBp'>; readonly business: Pick<Business, 'purchaseTaxBp'> }): Terms {
  const goods = multiply(candidate.unitPrice, quantity);
  const isSentFree = candidate.shippingFreeFrom !== undefined && goods.minor >= candidate.shippingFreeFrom.minor;
  const shipped = candidate.shipping && !isSentFree ? add(goods, candidate.shipping) : goods;
  const total = add(shipped, percentOf(shipped, rules.business.purchaseTaxBp, 'up'));
  const withDrift = (amount: Money) => add(amount, percentOf(amount, rules.limits.priceDriftBp, 'down'));
  return { quantity, total, maxUnit: withDrift(candidate.unitPrice), maxTotal: withDrift(total) };
}

/** The figures that a purchase stopped on, for the person to agree to. */
export const stoppedTermsSchema = z.strictObject({ quantity: z.int().min(0), unit: moneySchema, total: moneySchema });

/** Why a fresh quote is not what was approved, with the new figures; null when it is. */
export function compareQuote(approved: Omit<Terms, 'total'>, quote: CheckoutQuote): Reason | null {
  const terms = { quantity: quote.quantity, unit: quote.unitPrice, total: quote.total };
  const data = { terms, approved: { quantity: approved.quantity, maxUnit: approved.maxUnit, maxTotal: approved.maxTotal }, shipping: quote.shipping, tax: quote.tax };
  if (quote.quantity < approved.quantity) return { code: 'stop.stock-below-quantity', data };
  if (quote.total.currency !== approved.maxTotal.currency) return { code: 'stop.currency-changed', data };
  if (quote.unitPrice.minor > approved.maxUnit.minor) return { code: 'stop.price-rose', data };
  if (quote.total.minor > approved.maxTotal.minor) return { code: 'stop.total-rose', data };
  return null;
}

/** Why the fees of selling are not what was approved, with both; null while they are, or where that cannot be said. */
export function compareFees(approved: { readonly fees: { readonly total: Money; readonly card: { readonly id: string } } | null }, now: { readonly total: Money; readonly card: { readonly id: string } } | null, toleranceBp: number): Reason | null {
  if (!approved.fees || !now) return null;
  const allowed = approved.fees.total.minor + percentOf(approved.fees.total, toleranceBp, 'down').minor;
  return now.total.minor <= allowed ? null : { code: 'stop.fees-rose', data: { before: approved.fees.total, after: now.total, cardBefore: approved.fees.card.id, cardAfter: now.card.id } };
}

/** Why an approval no longer holds; null while it does. */
export function approvalExpiry(approval: { readonly expiresAt: Instant }, now: Instant): Reason | null {
  return now < approval.expiresAt ? null : { code: 'stop.approval-expired', data: { expiredAt: approval.expiresAt } };
}

export function parseReason(text: string | null): Reason | null {
  return text === null ? null : reasonSchema.parse(JSON.parse(text));
}

/** `238/1`: one major unit of the offer's currency in major units of the home currency, exactly. */
export function rateText(rate: Rate): string {
  return `${rate.numerator}/${rate.denominator}`;
}

/** @throws Error when the text is not one that `rateText` wrote. */
export function parseRate(from: string, to: string, text: string): Rate {
  const match = /^(\d{1,15})\/(\d{1,15})$/.exec(text);
  if (!match || Number(match[1]) === 0 || Number(match[2]) === 0) throw new Error(`not a stored rate: ${text}`);
  return { from, to, numerator: Number(match[1]), denominator: Number(match[2]) };
}

export function toHome(amount: Money, rate: Rate): Money {
  return amount.currency === rate.to && rate.from === rate.to ? money(amount.minor, rate.to) : convert(amount, rate);
}
