import type { InboundAddress, InboundBox, InboundChosen, InboundDelivery, InboundLine, InboundState, inboundOptions, inboundPacking } from '#contract/inbound-shipments.ts';
import type { Reason } from '#contract/shared.ts';
import type { Instant } from '#kernel/time.ts';
import type { z } from 'zod';

export type ShipmentLine = Omit<InboundLine, 'unitCost'>;

/** Units that are sent into a channel's warehouse. */
export interface InboundShipment {
  readonly id: string;
  readonly number: string;
  /** What the channel's plan is called: ours alone, so that it can be asked after by it. */
  readonly name: string;
  readonly channel: string;
  readonly state: InboundState;
  readonly failedFrom: InboundState | null;
  readonly stopReason: Reason | null;
  /** Of the workflow that works on it: each try has steps of its own. */
  readonly attempt: number;
  readonly from: InboundAddress;
  readonly readyAt: Instant;
  readonly planId: string | null;
  readonly packing: z.infer<typeof inboundPacking> | null;
  readonly boxes: readonly InboundBox[];
  readonly options: z.infer<typeof inboundOptions> | null;
  readonly chosen: InboundChosen | null;
  readonly deliveries: readonly InboundDelivery[];
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly sentAt: Instant | null;
  readonly version: number;
  readonly lines: readonly ShipmentLine[];
}

/** What was sent and is not for sale there: missing or damaged; below zero, more came than was sent. */
export const differenceOf = (line: Pick<ShipmentLine, 'units' | 'received' | 'damaged'>): number => line.units - line.received + line.damaged;
/** Lines that a person has yet to see to, once all is counted. */
export const unsettled = (lines: readonly ShipmentLine[]): ShipmentLine[] => lines.filter((line) => (line.units !== line.received || line.damaged > 0) && line.settled === null);
