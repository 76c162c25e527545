import { z } from 'zod';
import { chargeMeaning, type ChargeRow } from '#contract/channel-charges.ts';
import { money, type Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { ChargeKind } from '../orders/index.ts';

const explainedSchema = z.strictObject({ as: chargeMeaning, by: z.string(), at: z.int() });
export type Explained = z.infer<typeof explainedSchema>;

export interface Charge {
  readonly id: string;
  readonly channel: string;
  readonly transactionId: string;
  readonly kind: ChargeKind;
  readonly words: string;
  readonly shipmentId: string | null;
  readonly amount: Money;
  readonly expected: Money | null;
  readonly explained: Explained | null;
  readonly at: Instant;
}

export interface StoredCharge {
  readonly id: string; readonly channel: string; readonly transactionId: string; readonly kind: string; readonly words: string; readonly shipmentId: string | null;
  readonly minor: bigint; readonly currency: string; readonly expectedMinor: bigint | null; readonly explained: string | null; readonly at: bigint;
}

export function toCharge({ minor, currency, expectedMinor, explained, ...row }: StoredCharge): Charge {
  return {
    ...row, kind: row.kind as ChargeKind, amount: money(toNumber(minor), currency), expected: expectedMinor === null ? null : money(toNumber(expectedMinor), currency), at: toNumber(row.at),
    explained: explained === null ? null : explainedSchema.parse(JSON.parse(explained)),
  };
}

export function toStored({ amount, expected, explained, ...charge }: Charge) {
  return { ...charge, minor: amount.minor, currency: amount.currency, expectedMinor: expected?.minor ?? null, explained: explained === null ? null : JSON.stringify(explained) };
}

export const rowOf = ({ id, channel, kind, words, at, shipmentId, amount, expected, explained }: Charge, numbers: ReadonlyMap<string, string>): ChargeRow => ({
  id, channel, kind, words, at, amount, expected, difference: expected && money(amount.minor - expected.minor, amount.currency), shipment: shipmentId === null ? null : { id: shipmentId, number: numbers.get(shipmentId) ?? shipmentId },
  explained: explained && { as: explained.as, by: explained.by, at: explained.at },
});
