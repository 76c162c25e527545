import { money, type Money } from '#kernel/money.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { sentSince } from './repo.ts';
import type { InboundShipment } from './shipment.ts';

/** Placement is charged up to 45 days after the units were received, as Amazon says; and boxes travel for some days. */
const LOOK_BACK_MS = 120 * DAY_MS;
/** Without a name a charge joins what was sent in so many days before it. */
const BY_AMOUNT_MS = 60 * DAY_MS;

/** A part of what was agreed for a shipment, and the lots that it is part of the cost of. */
export interface ChargedPart {
  readonly shipmentId: string;
  /** Of the part; zero where it was charged for before. */
  readonly expected: Money;
  readonly lines: readonly { readonly id: string; readonly lotId: string; readonly units: number }[];
}

interface Asked {
  readonly channel: string;
  readonly kind: 'placement' | 'transport';
  readonly references: readonly string[];
  readonly amount: Money;
  readonly at: Instant;
}

const namesOf = ({ planId, name, number, deliveries }: InboundShipment) => [planId, name, number, ...deliveries.flatMap(({ shipmentId, confirmationId }) => [shipmentId, confirmationId])];

/** What was agreed for this kind; of transports those of the deliveries that are named, or all where none is. */
function agreed({ chosen, deliveries }: InboundShipment, { kind, references }: Pick<Asked, 'kind' | 'references'>): Money {
  const { packingFee, placementFee, transports, total } = chosen!;
  if (kind === 'placement') return money(packingFee.minor + placementFee.minor, total.currency);
  const named = deliveries.filter(({ shipmentId, confirmationId }) => references.includes(shipmentId) || references.includes(confirmationId)).map(({ shipmentId }) => shipmentId);
  return money(transports.reduce((sum, { shipmentId, cost }) => sum + (named.length === 0 || named.includes(shipmentId) ? (cost?.minor ?? 0) : 0), 0), total.currency);
}

/** What stood against charges before: sums of `expected`, by shipment. */
async function charged(tx: Tx, ids: readonly string[], kind: string): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.channelCharge.groupBy({ by: ['shipmentId'], where: { shipmentId: { in: [...ids] }, kind }, _sum: { expectedMinor: true }, _count: { _all: true } });
  return new Map(rows.map((row) => [row.shipmentId!, Number(row['_sum'].expectedMinor ?? 0)]));
}

/** The shipment that a charge of the channel is for: the one that it names, else the only one of which a part of just this amount has no charge yet. Null where it is of none. */
export async function matchCharge(tx: Tx, asked: Asked): Promise<ChargedPart | null> {
  const shipments = (await sentSince(tx, asked.channel, asked.at - LOOK_BACK_MS)).filter(({ sentAt, chosen }) => chosen?.total.currency === asked.amount.currency && sentAt! <= asked.at + DAY_MS);
  const before = await charged(tx, shipments.map(({ id }) => id), asked.kind);
  const left = (one: InboundShipment) => Math.max(0, Math.min(agreed(one, asked).minor, agreed(one, { kind: asked.kind, references: [] }).minor - (before.get(one.id) ?? 0)));
  const named = shipments.find((one) => namesOf(one).some((name) => name !== null && asked.references.includes(name)));
  const byAmount = shipments.filter((one) => one.sentAt! >= asked.at - BY_AMOUNT_MS && asked.amount.minor > 0 && left(one) === asked.amount.minor);
  const found = named ?? (byAmount.length === 1 ? byAmount[0]! : null);
  if (!found) return null;
  // what comes back is none of what was agreed to, also where it is told before the charge itself
  return { shipmentId: found.id, expected: money(asked.amount.minor < 0 ? 0 : left(found), asked.amount.currency), lines: found.lines.flatMap(({ id, lotId, units }) => (lotId === null ? [] : [{ id, lotId, units }])) };
}
