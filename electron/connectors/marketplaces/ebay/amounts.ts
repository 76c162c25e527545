import { ConnectorError } from '#kernel/errors.ts';
import { toDecimal, type Money } from '#kernel/money.ts';
import { moneyFromText } from '../../http/index.ts';
import type { EbayAmount } from './schema.ts';

export const asAmount = (amount: Money): EbayAmount => ({ value: toDecimal(amount), currency: amount.currency });

/** An amount that the currency's digits cannot hold, or that is no number. */
export class StrangeAmount extends Error {}

/** @throws StrangeAmount */
export function readAmount(amount: EbayAmount, field: string): Money {
  const read = moneyFromText(amount.value, amount.currency);
  if (!read) throw new StrangeAmount(`${field}: ${amount.value} ${amount.currency} is no amount`);
  return read;
}

/** Turns a strange amount in a single answer into the connector's own error. */
export function orDrift<T>(operation: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof StrangeAmount)) throw error;
    throw new ConnectorError({ kind: 'Critical', connector: 'ebay', operation, message: error.message }, error);
  }
}
