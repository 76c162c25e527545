import { SECOND_MS, type Instant } from '#kernel/time.ts';

/** Requests a second and burst of each operation, from Amazon's usage plans of August 2026. */
export const USAGE_PLANS = {
  searchCatalogItems: [2, 2], getCompetitivePricing: [0.5, 1], getMyFeesEstimates: [0.5, 1], getMyFeesEstimateForASIN: [1, 2], getListingsRestrictions: [5, 10],
  getListingsItem: [5, 10], putListingsItem: [5, 10], patchListingsItem: [5, 5], deleteListingsItem: [5, 5], searchDefinitionsProductTypes: [5, 10], getDefinitionsProductType: [5, 10],
  searchOrders: [0.0056, 20], getOrder: [0.5, 30], confirmShipment: [2, 10], listTransactions: [0.5, 10], getInventorySummaries: [2, 2],
  getMessagingActionsForOrder: [1, 5], getAttributes: [1, 5], createConfirmOrderDetails: [1, 5], createConfirmDeliveryDetails: [1, 5], createUnexpectedProblem: [1, 5],
  listInboundPlans: [2, 6], createInboundPlan: [2, 2], getInboundPlan: [2, 6], cancelInboundPlan: [2, 2], getInboundOperationStatus: [2, 6], listPrepDetails: [2, 6], generatePackingOptions: [2, 2], listPackingOptions: [2, 6], listPackingGroupItems: [2, 30],
  confirmPackingOption: [2, 2], setPackingInformation: [2, 2], generatePlacementOptions: [2, 2], listPlacementOptions: [2, 6], confirmPlacementOption: [2, 2], getShipment: [2, 6], listShipmentItems: [2, 30], listShipmentBoxes: [2, 30], generateTransportationOptions: [2, 2],
  listTransportationOptions: [2, 6], confirmTransportationOptions: [2, 2], generateDeliveryWindowOptions: [2, 30], listDeliveryWindowOptions: [2, 30], confirmDeliveryWindowOptions: [2, 30], updateShipmentTrackingDetails: [2, 2], createMarketplaceItemLabels: [2, 30], getLabels: [2, 30],
  getShipmentItemsByShipmentId: [2, 30],
} as const;
export type Operation = keyof typeof USAGE_PLANS;

/** Amazon's own count of an account's calls, per operation, in the world's time. */
export class UsageCounter {
  readonly #levels = new Map<Operation, { level: number; at: Instant }>();

  /** False when the call is one too many. */
  allow(operation: Operation, at: Instant): boolean {
    const [rate, burst] = USAGE_PLANS[operation];
    const before = this.#levels.get(operation) ?? { level: burst, at };
    // A hair of tolerance, so that sums of fractions are not short by a rounding error.
    const level = Math.min(burst, before.level + ((at - before.at) * rate) / SECOND_MS);
    const allowed = level >= 1 - 1e-9;
    this.#levels.set(operation, { level: allowed ? level - 1 : level, at });
    return allowed;
  }
}
