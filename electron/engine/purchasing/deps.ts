import type { EngineContext } from '#runtime/ports.ts';
import type { OpportunityGate } from './opportunity-gate.ts';
import type { CheckoutDirectory, StockIntakePort } from './ports.ts';

export interface PurchasingDeps {
  readonly ctx: EngineContext;
  readonly gate: OpportunityGate;
  readonly checkouts: CheckoutDirectory;
  readonly stock: StockIntakePort;
}
