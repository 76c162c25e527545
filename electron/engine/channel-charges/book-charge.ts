import { allocate, money, negate, scaleMinor, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { matchCharge, valueAtHome, type ChargedPart } from '../inbound-shipments/index.ts';
import { addLandedCost, getLots } from '../inventory/index.ts';
import { CASH, feesOf, inboundOf, post, storageOf, SUSPENSE } from '../ledger/index.ts';
import type { ChannelCharge } from '../orders/index.ts';
import { toStored, type Charge } from './charge.ts';
import type { ChargesDeps } from './deps.ts';

/** The account of a charge that is of no shipment: Amazon takes it from the account, and to the books that is cash. */
function accountOf({ kind, channel }: Pick<Charge, 'kind' | 'channel'>): string {
  if (kind === 'unknown') return SUSPENSE;
  return kind === 'storage' ? storageOf(channel) : kind === 'service' ? feesOf(channel) : inboundOf(channel);
}

const memoOf = (charge: Charge) => `${charge.channel} ${charge.words}`;
const refOf = (charge: Charge) => ({ kind: 'channel-charge', id: charge.id });

/** The difference to what was agreed follows the units: what is still there costs more or less from now on, and what has gone is an expense. */
async function bookDifference(deps: ChargesDeps, tx: Tx, charge: Charge, given: { readonly part: ChargedPart; readonly difference: Money }): Promise<void> {
  const { part: { lines }, difference } = given;
  const lots = new Map((await getLots(tx, lines.map(({ lotId }) => lotId))).map((lot) => [lot.id, lot]));
  const shares = allocate(difference, lines.map(({ units }) => units));
  let gone = 0;
  for (const [place, line] of lines.entries()) {
    const share = shares[place]!.minor;
    const there = Math.min(line.units, lots.get(line.lotId)?.onHand ?? 0);
    const stays = there === line.units ? share : scaleMinor(share, there, line.units, 'half-even');
    gone += share - stays;
    await addLandedCost(deps.inventory, tx, { lotId: line.lotId, amount: money(stays, difference.currency), key: `charge:${charge.id}:${line.id}`, kind: 'inbound-freight', memo: memoOf(charge) });
  }
  const amount = money(gone, difference.currency);
  await post(deps.inventory, tx, { key: `charge:${charge.id}:gone`, kind: 'inbound-freight', memo: memoOf(charge), ref: refOf(charge), at: charge.at, lines: [{ account: inboundOf(charge.channel), amount }, { account: CASH, amount: negate(amount) }] });
}

/**
 * Keeps a charge and books it, once. One for a shipment of ours was booked as agreed when the boxes left: only the difference is booked now. False where it is known already; null where a rate is missing, and it has to
 * wait for one.
 */
export async function takeCharge(deps: ChargesDeps, tx: Tx, given: { readonly channel: string; readonly reading: ChannelCharge }): Promise<boolean | null> {
  const { channel, reading: { chargeId, references, kind, words, amount, at } } = given;
  if (amount.minor === 0 || (await tx.channelCharge.findUnique({ where: { channel_transactionId: { channel, transactionId: chargeId } }, select: { id: true } }))) return false;
  const part = kind === 'placement' || kind === 'transport' ? await matchCharge(tx, { channel, kind, references, amount, at }) : null;
  const charge: Charge = { id: deps.ctx.ids.next('event'), channel, transactionId: chargeId, kind, words, shipmentId: part?.shipmentId ?? null, amount, expected: part?.expected ?? null, explained: null, at };
  if (part) {
    const difference = await valueAtHome(tx, money(amount.minor - part.expected.minor, amount.currency));
    if (!difference) return null;
    await bookDifference(deps, tx, charge, { part, difference });
  } else await post(deps.inventory, tx, { key: `charge:${charge.id}`, kind: 'channel-charge', memo: memoOf(charge), ref: refOf(charge), at, lines: [{ account: accountOf(charge), amount }, { account: CASH, amount: negate(amount) }] });
  await tx.channelCharge.create({ data: toStored(charge) });
  await deps.ctx.outbox.add(tx, kind === 'unknown' ? 'channel-charge.unknown' : 'channel-charge.booked', charge.id, { channel, kind, amount, ...(charge.shipmentId === null ? {} : { shipmentId: charge.shipmentId }) });
  return true;
}
