import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';

/** What the channel works on for a while; null where it is done already. */
export interface Started {
  readonly operationId: string | null;
}

export interface OperationReading {
  readonly state: 'running' | 'done' | 'failed';
  /** What the channel says went wrong, in its words. */
  readonly problems: readonly string[];
}

export type Owner = 'seller' | 'channel' | 'none';

export interface PrepDetail {
  readonly sku: string;
  readonly prepBy: Owner;
  readonly labelBy: Owner;
  /** The channel's word; null: a person has to say there what the thing is before it can be sent. */
  readonly category: string | null;
  readonly types: readonly string[];
}

export interface SkuUnits {
  readonly sku: string;
  readonly units: number;
}

export interface ShipFrom {
  readonly name: string;
  readonly company: string;
  readonly line1: string;
  readonly line2: string;
  readonly city: string;
  readonly state: string;
  readonly postcode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly phone: string;
}

export interface PlanItem extends SkuUnits {
  readonly prepBy: Owner;
  readonly labelBy: Owner;
}

export interface PackingOption {
  readonly optionId: string;
  readonly accepted: boolean;
  /** Fees less discounts. */
  readonly fee: Money;
  readonly until: Instant | null;
  readonly groupIds: readonly string[];
}

export interface PackedBox {
  readonly contents: readonly PlanItem[];
  readonly weightG: number;
  readonly lengthMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
}

export interface PlacementOption {
  readonly optionId: string;
  readonly accepted: boolean;
  readonly fee: Money;
  readonly until: Instant | null;
  readonly shipmentIds: readonly string[];
}

export interface TransportOption {
  readonly optionId: string;
  readonly shipmentId: string;
  readonly solution: 'partnered' | 'own';
  readonly mode: string;
  readonly carrier: string;
  /** Null: not the channel's to charge. */
  readonly cost: Money | null;
  readonly until: Instant | null;
  readonly voidableUntil: Instant | null;
  /** A delivery window has to be confirmed first. */
  readonly needsWindow: boolean;
}

export interface DeliveryWindow {
  readonly optionId: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly open: boolean;
}

/** `working` not handed over; `sent` on its way; `receiving` it is being counted; `closed` counted for good; `cancelled` nothing comes any more. */
export type DeliveryPhase = 'working' | 'sent' | 'receiving' | 'closed' | 'cancelled';

export interface DeliveryReading {
  readonly shipmentId: string;
  /** What stands on labels; null before the transport is confirmed. */
  readonly confirmationId: string | null;
  readonly warehouse: string;
  /** The channel's own word. */
  readonly status: string;
  readonly phase: DeliveryPhase;
  readonly transportOptionId: string | null;
  readonly windowOptionId: string | null;
  /** By box, where it is known. */
  readonly tracking: readonly { readonly boxId: string; readonly number: string }[];
}

/**
 * Stock on its way into a channel's warehouse. Whatever changes something there is worked on by the channel for a while: the call answers with an operation, `operation` says what became of it.
 * Every change can be asked after: plans by name, options by what is accepted, shipments by what was chosen for them.
 */
export interface InboundPort {
  readonly connector: string;
  readonly market: string;
  prepDetails(skus: readonly string[], signal?: AbortSignal): Promise<readonly PrepDetail[]>;
  /** The plan of that name that is not given up, newest first; null where the channel lists none made after `notBefore`. */
  findPlan(name: string, notBefore: Instant, signal?: AbortSignal): Promise<{ readonly planId: string } | null>;
  /** Once: a repeat would make a second plan. */
  createPlan(plan: { readonly name: string; readonly from: ShipFrom; readonly items: readonly PlanItem[] }, signal?: AbortSignal): Promise<Started & { readonly planId: string }>;
  planState(planId: string, signal?: AbortSignal): Promise<'active' | 'cancelled' | 'sent' | 'failed'>;
  /** Ends a plan and every shipment of it. */
  cancelPlan(planId: string, signal?: AbortSignal): Promise<Started>;
  operation(operationId: string, signal?: AbortSignal): Promise<OperationReading>;
  /** Repeats without harm, as all that makes options. */
  generatePacking(planId: string, signal?: AbortSignal): Promise<Started>;
  packingOptions(planId: string, signal?: AbortSignal): Promise<readonly PackingOption[]>;
  groupItems(planId: string, groupId: string, signal?: AbortSignal): Promise<readonly SkuUnits[]>;
  confirmPacking(planId: string, optionId: string, signal?: AbortSignal): Promise<Started>;
  /** Replaces what was said before. */
  setPacking(planId: string, groups: readonly { readonly groupId: string; readonly boxes: readonly PackedBox[] }[], signal?: AbortSignal): Promise<Started>;
  generatePlacement(planId: string, signal?: AbortSignal): Promise<Started>;
  placementOptions(planId: string, signal?: AbortSignal): Promise<readonly PlacementOption[]>;
  shipmentItems(planId: string, shipmentId: string, signal?: AbortSignal): Promise<readonly SkuUnits[]>;
  generateTransport(planId: string, wanted: { readonly placementOptionId: string; readonly shipmentIds: readonly string[]; readonly readyAt: Instant; readonly contact: ShipFrom }, signal?: AbortSignal): Promise<Started>;
  transportOptions(planId: string, placementOptionId: string, signal?: AbortSignal): Promise<readonly TransportOption[]>;
  confirmPlacement(planId: string, optionId: string, signal?: AbortSignal): Promise<Started>;
  generateWindows(planId: string, shipmentId: string, signal?: AbortSignal): Promise<Started>;
  windows(planId: string, shipmentId: string, signal?: AbortSignal): Promise<readonly DeliveryWindow[]>;
  confirmWindow(planId: string, chosen: { readonly shipmentId: string; readonly optionId: string }, signal?: AbortSignal): Promise<Started>;
  /** Orders the carriers, at the cost that the options named. */
  confirmTransport(planId: string, chosen: { readonly transports: readonly { readonly shipmentId: string; readonly optionId: string }[]; readonly contact: ShipFrom }, signal?: AbortSignal): Promise<Started>;
  delivery(planId: string, shipmentId: string, signal?: AbortSignal): Promise<DeliveryReading>;
  /** Ids of the boxes; empty before the transport is confirmed. */
  boxes(planId: string, shipmentId: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** Replaces what was said before. */
  reportTracking(planId: string, given: { readonly shipmentId: string; readonly boxes: readonly { readonly boxId: string; readonly number: string }[] }, signal?: AbortSignal): Promise<Started>;
  /** What has been counted of a confirmed shipment. */
  received(confirmationId: string, signal?: AbortSignal): Promise<readonly { readonly sku: string; readonly shipped: number; readonly received: number }[]>;
  /** PDF. */
  itemLabels(items: readonly SkuUnits[], signal?: AbortSignal): Promise<Uint8Array>;
  boxLabels(confirmationId: string, boxIds: readonly string[], signal?: AbortSignal): Promise<Uint8Array>;
}
