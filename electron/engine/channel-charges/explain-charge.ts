import { DomainError } from '#kernel/errors.ts';
import { negate } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import type { ChargeMeaning } from '#contract/channel-charges.ts';
import { CASH, feesOf, inboundOf, post, storageOf, SUSPENSE, WRITE_OFF } from '../ledger/index.ts';
import { toCharge, type Charge } from './charge.ts';
import type { ChargesDeps } from './deps.ts';

const ACCOUNTS: Readonly<Record<ChargeMeaning, (channel: string) => string>> = {
  storage: storageOf, service: feesOf, freight: inboundOf,
  // what the channel pays for goods that it lost stands against the loss
  reimbursement: () => WRITE_OFF,
  // money on its way to the bank, or of another business: it was no movement of these books
  'not-ours': () => CASH,
};

/** A person says what a charge was that nobody here understood: it leaves suspense for its account, once. @throws DomainError NOT_FOUND, INVALID. */
export async function explainCharge(deps: ChargesDeps, tx: Tx, given: { readonly id: string; readonly as: ChargeMeaning; readonly by: string }): Promise<Charge> {
  const row = await tx.channelCharge.findUnique({ where: { id: given.id } });
  if (!row) throw new DomainError('NOT_FOUND', `There is no charge ${given.id}.`, { kind: 'channel-charge', id: given.id });
  const charge = toCharge(row);
  if (charge.kind !== 'unknown' || charge.explained) throw new DomainError('INVALID', 'charge: it is explained already.', { field: 'charge', reason: 'explained' });
  const at = deps.ctx.clock.now();
  await post(deps.inventory, tx, {
    key: `charge:${charge.id}:explained`, kind: 'channel-charge', memo: `${charge.channel} ${charge.words}`, ref: { kind: 'channel-charge', id: charge.id }, at,
    lines: [{ account: ACCOUNTS[given.as](charge.channel), amount: charge.amount }, { account: SUSPENSE, amount: negate(charge.amount) }],
  });
  const explained = { as: given.as, by: given.by, at };
  await tx.channelCharge.update({ where: { id: charge.id }, data: { explained: JSON.stringify(explained) } });
  await deps.ctx.outbox.add(tx, 'channel-charge.explained', charge.id, { as: given.as });
  return { ...charge, explained };
}
