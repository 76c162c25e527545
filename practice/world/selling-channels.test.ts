import { describe, expect, it } from 'vitest';
import { DAY_MS, ManualClock } from '#kernel/time.ts';
import { internalsOf } from './create-world.ts';
import { createWorld, type World } from './index.ts';
import { movementsOn, payoutsOn } from './account-movements.ts';
import { refundsOf, sellersPart } from './selling-channels.ts';
import type { Channel } from './types.ts';

const START = Date.UTC(2026, 8, 1);
const SMALL = ['woocommerce', 'shopify', 'etsy'] as const;

function open(channels: readonly Channel[], days = 30): { world: World; clock: ManualClock } {
  const clock = new ManualClock(START);
  const world = createWorld({ seed: 7, clock, productCount: 3_000 });
  const { process, generated } = internalsOf(world);
  const units = (id: number) => process.ebayUnits(id, 400);
  const ids = generated.products.slice(0, generated.sellable).map(({ id }) => id).toSorted((a, b) => units(b) - units(a) || a - b).slice(0, 60);
  for (const id of ids) for (const channel of channels) world.actions.createListing({ channel, sku: `${channel}-${id}`, productId: id, condition: 'new', priceMinor: Math.round((world.market.value(id, 'ebayNew', START) ?? 2_000) * 0.95), shippingMinor: 100, quantity: 30 });
  for (let day = 1; day <= days; day++) {
    clock.advanceTo(START + day * DAY_MS);
    world.now();
    for (const channel of channels) for (const sale of world.sales(channel)) if (sale.status === 'paid') world.actions.shipSale(sale.id, { carrier: 'USPS', number: sale.lineItemId });
  }
  return { world, clock };
}

describe('the smaller selling channels', () => {
  it('draw few buyers of their own, Etsy only for what belongs there, and leave the marketplaces as they are', () => {
    const alone = open(['ebay', 'amazon']).world;
    const { world } = open(['ebay', 'amazon', ...SMALL]);
    for (const channel of ['ebay', 'amazon'] as const) {
      expect(JSON.stringify(world.sales(channel))).toBe(JSON.stringify(alone.sales(channel)));
      expect(JSON.stringify(world.listings(channel))).toBe(JSON.stringify(alone.listings(channel)));
    }
    const counts = SMALL.map((channel) => world.sales(channel).length);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(Math.max(...counts)).toBeLessThan(world.sales('ebay').length / 2);
    expect(world.sales('etsy').every((sale) => ['jewelry', 'home', 'clothing'].includes(world.catalog.byId(sale.productId).category))).toBe(true);
    expect(new Set(world.effects().sales.map(({ id }) => id)).size).toBe(world.effects().sales.length);
  });

  it('charge their own fees, and pay out what was moved, later', () => {
    const { world, clock } = open(SMALL);
    for (const sale of world.sales('shopify')) expect([sale.salesTaxMinor, sale.feeMinor]).toEqual([0, Math.round((sale.totalMinor * 29) / 1_000) + 30]);
    for (const sale of world.sales('etsy')) expect(sale.feeMinor).toBe(Math.round((sellersPart(sale) * 65) / 1_000) + Math.round((sale.totalMinor * 3) / 100) + 25 + 20 * sale.quantity);
    for (const channel of SMALL) {
      const movements = movementsOn(world, channel);
      const byId = new Map(movements.map((movement) => [movement.id, movement]));
      const payouts = payoutsOn(world, channel, clock.now());
      expect(payouts.length).toBeGreaterThan(0);
      for (const payout of payouts) expect(payout.minor).toBe(payout.movementIds.reduce((total, id) => total + byId.get(id)!.minor, 0));
      const paid = payouts.flatMap((payout) => payout.movementIds);
      expect(new Set(paid).size).toBe(paid.length);
      expect(payouts.every((payout) => payout.movementIds.every((id) => byId.get(id)!.at < payout.at))).toBe(true);
    }
  });

  it('let the seller give a part back once, and the rest, which closes the sale', () => {
    const { world, clock } = open(['woocommerce'], 3);
    while (!world.sales('woocommerce').some((sale) => sale.status === 'paid')) {
      clock.advanceTo(clock.now() + DAY_MS / 4);
      world.now();
    }
    const sale = world.sales('woocommerce').find(({ status }) => status === 'paid')!;
    const give = (reference: string, minor: number) => world.actions.giveBack(sale.id, { reference, minor });
    expect(give('a', 100).ok).toBe(true);
    expect(give('a', 100)).toMatchObject({ refusal: { code: 'duplicate-reference' } });
    expect(give('b', sellersPart(sale))).toMatchObject({ refusal: { code: 'invalid' } });
    expect(sale.status).toBe('paid');
    expect(give('b', sellersPart(sale) - 100).ok).toBe(true);
    expect([sale.status, sale.feeCreditMinor, refundsOf(sale).map(({ minor }) => minor)]).toEqual(['cancelled', 0, [100, sellersPart(sale) - 100]]);
  });
});
