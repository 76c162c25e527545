import { describe, expect, it } from 'vitest';
import { apply, balance, clock, db, desk, expectSound, later, usd, useOrderDesk } from '#tests/support/order-desk.ts';
import { REFUNDS } from '../../ledger/index.ts';
import type { ChannelClaim } from '../ports.ts';
import { recordClaim } from './claim-by-hand.ts';

useOrderDesk();

const refunded = (minor: number) => apply({ fulfilment: 'fulfilled', modifiedAt: clock.now(), refunds: [{ refundId: 'r1', amount: usd(minor) }] });

describe('a claim that a person writes down', () => {
  type Given = Partial<Omit<Parameters<typeof recordClaim>[1], 'id'>>;
  async function record(given: Given = {}) {
    const row = await db.prisma.order.findFirstOrThrow({});
    return recordClaim(desk.trade.orders, { id: row.id, version: row.version, claimId: null, state: 'taken', reason: 'Item not received', taken: usd(2_000), fee: usd(100), respondBy: null, by: 'owner', ...given });
  }

  it('is booked as given back with its fee, and booked back when it was won', async () => {
    await apply({ fulfilment: 'fulfilled' }, 0);
    const taken = await record();
    expect([taken.state, taken.facts.problems.map(({ code }) => code), await balance(REFUNDS), await balance('expenses:fees:ebay-us')]).toEqual(['shipped', ['order.claim-open'], 2_000, 400]);
    const won = await record({ claimId: taken.facts.handClaims![0]!.id, state: 'won', taken: usd(2_000), fee: usd(0) });
    expect([won.facts.problems.map(({ code }) => code), await balance(REFUNDS), await balance('expenses:fees:ebay-us'), won.facts.handClaims!.length]).toEqual([['order.claim-won'], 0, 300, 1]);
    await expectSound();
  });

  it('counts once where the channel shows the money as a refund later, in part and in whole', async () => {
    await apply({ fulfilment: 'fulfilled' }, 0);
    await record({ state: 'lost', taken: usd(1_200), fee: usd(0) });
    later();
    await refunded(500);
    expect(await balance(REFUNDS)).toBe(1_200);
    later();
    await refunded(1_200);
    expect(await balance(REFUNDS)).toBe(1_200);
    // what is given back beyond the claim counts beside it
    later();
    await refunded(1_500);
    expect(await balance(REFUNDS)).toBe(1_500);
    await refunded(1_500);
    expect(await balance(REFUNDS)).toBe(1_500);
    await expectSound();
  });

  it('takes its own part of what the channel gives back, beside another', async () => {
    await apply({ fulfilment: 'fulfilled' }, 0);
    const first = await record({ state: 'lost', taken: usd(1_000), fee: usd(0) });
    await record({ state: 'lost', taken: usd(500), fee: usd(0), reason: 'Chargeback' });
    later();
    await refunded(1_000);
    expect(await balance(REFUNDS)).toBe(1_500);
    await record({ claimId: first.facts.handClaims![0]!.id, state: 'lost', taken: usd(1_000), fee: usd(0), reason: 'Item never came' });
    expect(await balance(REFUNDS)).toBe(1_500);
    later();
    await refunded(1_200);
    expect(await balance(REFUNDS)).toBe(1_500);
    later();
    await refunded(1_600);
    expect(await balance(REFUNDS)).toBe(1_600);
    await expectSound();
  });

  it('is kept apart from what was given back before it', async () => {
    await apply({ fulfilment: 'fulfilled', refunds: [{ refundId: 'r1', amount: usd(500) }] }, 0);
    await record({ state: 'lost', taken: usd(700), fee: usd(0) });
    later();
    await refunded(500);
    expect(await balance(REFUNDS)).toBe(1_200);
    await expectSound();
  });

  it('is the told one’s from when that has taken money: nothing counts twice, and no second is written down beside it', async () => {
    await apply({ fulfilment: 'fulfilled' }, 0);
    await record({ state: 'lost', taken: usd(300), fee: usd(0), reason: 'Something else' });
    const { id } = (await record({ taken: usd(700) })).facts.handClaims![1]!;
    const told = { claimId: 'dispute-1', orderId: '10-1', state: 'answer', reason: 'INR', amount: usd(700), respondBy: null } as const;
    const tell = async (given: Partial<ChannelClaim>) => {
      later();
      return (await apply({ fulfilment: 'fulfilled', modifiedAt: clock.now(), claims: [{ ...told, ...given }] })).order!;
    };
    expect((await tell({ taken: usd(0) })).facts.handClaims).toHaveLength(2);
    expect(await balance(REFUNDS)).toBe(1_000);
    const { facts } = await tell({ taken: usd(700), state: 'taken' });
    expect([facts.handClaims!.map(({ taken }) => taken), facts.problems.map(({ data }) => data?.['claimId'] === id), facts.claims!.at(-1)]).toMatchObject([[300], [false, false], { id: 'dispute-1', taken: 700, fee: 100 }]);
    expect([await balance(REFUNDS), await balance('expenses:fees:ebay-us')]).toEqual([1_000, 400]);
    await expect(record()).rejects.toMatchObject({ code: 'INVALID', data: { field: 'claim' } });
    // more, then all of it back: the other that a person wrote down stays
    await tell({ taken: usd(900), fee: usd(150), state: 'taken' });
    expect([await balance(REFUNDS), await balance('expenses:fees:ebay-us')]).toEqual([1_200, 450]);
    expect((await tell({ taken: usd(0), fee: usd(0), state: 'won' })).facts.handClaims).toHaveLength(1);
    expect([await balance(REFUNDS), await balance('expenses:fees:ebay-us')]).toEqual([300, 300]);
    await expectSound();
  });

  it('refuses more than the order, another currency, a version that is old, and what says nothing', async () => {
    await apply({ fulfilment: 'fulfilled' }, 0);
    for (const [given, field] of [[{ taken: usd(2_001) }, 'taken'], [{ taken: { minor: 1, currency: 'EUR' } }, 'taken'], [{ state: 'lost', taken: usd(0) }, 'taken'], [{ fee: usd(-1) }, 'fee'], [{ reason: ' ' }, 'reason'], [{ respondBy: 5 }, 'respondBy'], [{ claimId: 'other' }, 'claimId']] as const) await expect(record(given)).rejects.toMatchObject({ code: 'INVALID', data: { field } });
    await expect(record({ version: 99 })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    expect(await balance(REFUNDS)).toBe(0);
  });
});
