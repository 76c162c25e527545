import type { Currency, Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { z } from 'zod';
import type { lineWhy, PurchaseOrderLanguage } from '#contract/purchase-orders.ts';
import type { OrderState } from './machine.ts';

export interface OrderLine {
  readonly id: string;
  /** From 1, as printed. */
  readonly number: number;
  readonly productId: string;
  readonly title: string;
  readonly supplierCode: string | null;
  readonly condition: string;
  readonly units: number;
  readonly unit: Money;
  readonly good: number;
  readonly damaged: number;
  readonly why: z.infer<typeof lineWhy> | null;
}

export interface PurchaseOrder {
  readonly id: string;
  readonly number: string;
  readonly state: OrderState;
  readonly supplier: string;
  readonly contact: string;
  readonly currency: Currency;
  /** Of the document. */
  readonly language: PurchaseOrderLanguage;
  readonly note: string;
  readonly reference: string | null;
  readonly createdAt: Instant;
  readonly sentAt: Instant | null;
  readonly expectedAt: Instant | null;
  readonly version: number;
  readonly lines: readonly OrderLine[];
}

export const leftOf = (line: OrderLine): number => Math.max(0, line.units - line.good - line.damaged);
export const totalMinor = (order: Pick<PurchaseOrder, 'lines'>): number => order.lines.reduce((sum, line) => sum + line.units * line.unit.minor, 0);
