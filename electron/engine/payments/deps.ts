import type { EngineContext } from '#runtime/ports.ts';
import type { BookingDeps } from '../orders/index.ts';
import type { PaymentProvider } from './ports.ts';

export interface PaymentsDeps {
  readonly ctx: EngineContext;
  readonly orders: BookingDeps;
  /** Those that have an account. */
  providers(): readonly PaymentProvider[];
}
