import type { EngineContext } from '#runtime/ports.ts';
import type { OpportunityGate } from './opportunity-gate.ts';
import type { AssistedCheckoutPort, CheckoutDirectory, StockIntakePort } from './ports.ts';
import type { PurchaseTerms } from './purchase-terms.ts';
import type { ReceiptArchive, ReceiptReaders } from './receipts/receipt-archive.ts';

export interface PurchasingDeps {
  readonly ctx: EngineContext;
  readonly gate: OpportunityGate;
  readonly checkouts: CheckoutDirectory;
  readonly stock: StockIntakePort;
  /** Filling in a shop's pages for the person; absent: nothing can. */
  readonly assist?: AssistedCheckoutPort;
  /** Delivery and return times where nobody said otherwise; absent: none are assumed. */
  readonly terms?: PurchaseTerms;
  /** Where receipts are kept; absent: none are. */
  readonly receipts?: ReceiptArchive;
  /** Reading of receipts; absent: a person types what stands on them. */
  readonly readers?: ReceiptReaders | undefined;
}
