import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, ManualClock } from '#kernel/time.ts';
import { internalsOf } from './create-world.ts';
import { createWorld, type World, type WorldOptions } from './index.ts';
import { countEffects, trueOffer } from './truth.ts';

const START = Date.UTC(2026, 8, 1);
const directory = mkdtempSync(join(tmpdir(), 'practice-world-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

type Given = Partial<Omit<WorldOptions, 'clock'>>;
function open(given: Given = {}): { world: World; clock: ManualClock } {
  const clock = new ManualClock(START);
  return { clock, world: createWorld({ seed: 7, clock, productCount: 3_000, ...given }) };
}

/** The 40 products that eBay's buyers want most. */
function wanted(world: World): number[] {
  const { process, generated } = internalsOf(world);
  return generated.products.slice(0, generated.sellable).map((p) => ({ id: p.id, units: process.ebayUnits(p.id, 400) })).sort((a, b) => b.units - a.units || a.id - b.id).slice(0, 40).map((p) => p.id);
}

/** Lists forty products, buys, ships daily, revises; `hop` is how far the clock moves at a time in between. */
function live({ world, clock }: { world: World; clock: ManualClock }, days: number, hop: number): void {
  clock.advanceTo(START + 9 * HOUR_MS);
  for (const id of wanted(world)) world.actions.createListing({ channel: 'ebay', sku: `s${id}`, productId: id, condition: 'new', priceMinor: Math.round((world.market.value(id, 'ebayNew', clock.now()) ?? 2_000) * 0.95), shippingMinor: 0, quantity: 30 });
  for (const offer of world.shops.offers('maplecart').slice(0, 60)) world.actions.placeShopOrder({ outletId: 'maplecart', reference: `cart-${offer.number}`, email: 'a@practice.invalid', lines: [{ offerNumber: offer.number, quantity: 1 }] });
  for (let day = 1; day <= days; day++) {
    const until = START + day * DAY_MS + 17 * HOUR_MS + 1_234;
    while (clock.now() < until) {
      clock.advanceTo(Math.min(until, clock.now() + hop));
      world.now();
    }
    for (const sale of world.sales('ebay')) if (sale.status === 'paid') world.actions.shipSale(sale.id, { carrier: 'USPS', number: sale.lineItemId });
    const first = world.listings('ebay').find((l) => l.status === 'active')!;
    world.actions.reviseListing(first.id, { priceMinor: first.priceMinor - 1 });
  }
}

function worldText(seed: number): string {
  const { world } = open({ seed });
  const states = world.shops.outlets.map(({ id }) => world.shops.offers(id).slice(0, 200).map((offer) => [offer, world.shops.state(id, offer.number, START), world.shops.available(id, offer.number, START)]));
  return JSON.stringify([states, [5, 800, 2_000].map((id) => [world.market.history(id, 'new', { from: START - 365 * DAY_MS, to: START }), world.market.snapshot(id, START), world.market.offers(id, START), world.market.ebayListings(id, START)])]);
}

/** Orders in ten days at a multiple of the going price. */
function soldAt(factor: number): number {
  const { world, clock } = open();
  for (const id of wanted(world)) world.actions.createListing({ channel: 'ebay', sku: `s${id}`, productId: id, condition: 'new', priceMinor: Math.round((world.market.value(id, 'ebayNew', START) ?? 2_000) * factor), shippingMinor: 0, quantity: 500 });
  clock.advanceTo(START + 10 * DAY_MS);
  world.now();
  return world.sales('ebay').length;
}

const inStock = (world: World) => world.shops.offers('maplecart').find((offer) => world.shops.available('maplecart', offer.number, world.now()) >= 2)!;

describe('createWorld', () => {
  it('is the same from the same seed and another from another', () => {
    expect(worldText(7)).toBe(worldText(7));
    expect(worldText(8)).not.toBe(worldText(7));
  });

  it('does the same whether time passes in one step or many', () => {
    const [once, often] = [open(), open()];
    live(once, 12, 40 * DAY_MS);
    live(often, 12, 17 * 60_000);
    expect(once.world.effects().sales.length).toBeGreaterThan(20);
    expect(JSON.stringify(often.world.effects())).toBe(JSON.stringify(once.world.effects()));
  });

  it('answers about the past the same whatever was asked before', () => {
    const [a, b] = [open().world, open().world];
    a.advanceTo(START + 90 * DAY_MS);
    a.market.snapshot(100, START + 90 * DAY_MS);
    b.advanceTo(START + 90 * DAY_MS);
    expect(a.market.snapshot(100, START)).toEqual(b.market.snapshot(100, START));
    expect(a.shops.state('maplecart', 9, START)).toEqual(b.shops.state('maplecart', 9, START));
  });

  it('shows nothing of the future', () => {
    const { world } = open();
    const history = world.market.history(12, 'salesRank', { from: START - 30 * DAY_MS, to: START + 30 * DAY_MS });
    expect(history.length).toBeGreaterThan(3);
    expect(Math.max(...history.map((p) => p.at))).toBeLessThanOrEqual(START);
  });

  it('keeps at least 365 days of history, whose points agree with the values asked for singly', () => {
    const { world } = open();
    for (const series of ['new', 'salesRank', 'countNew', 'ebayNew'] as const) {
      const points = world.market.history(40, series, { from: START - 365 * DAY_MS, to: START });
      for (const point of points.slice(0, 50)) expect(world.market.value(40, series, point.at)).toBe(point.value);
    }
  });

  it('states a creation time for 20,000 products', () => {
    const began = performance.now();
    createWorld({ seed: 3, clock: new ManualClock(START) });
    process.stdout.write(`world of 20,000 products made in ${Math.round(performance.now() - began)} ms\n`);
  });
});

describe('buyers', () => {
  it('buy less at a higher price, and nothing at an absurd one', () => {
    const [cheap, fair, dear, absurd] = [soldAt(0.9), soldAt(1), soldAt(1.12), soldAt(2.5)];
    expect(cheap).toBeGreaterThan(fair);
    expect(fair).toBeGreaterThan(dear);
    expect(absurd).toBe(0);
  });

  it('never take more than is listed, and pay fees, tax and totals that add up', () => {
    const { world, clock } = open();
    live({ world, clock }, 10, DAY_MS);
    for (const listing of world.listings('ebay')) {
      expect(listing.quantity).toBeGreaterThanOrEqual(0);
      expect(listing.quantity + listing.soldQuantity).toBe(30);
    }
    for (const sale of world.sales('ebay')) {
      expect(sale.totalMinor).toBe(sale.unitMinor * sale.quantity + sale.shippingMinor + sale.salesTaxMinor);
      expect(sale.feeMinor).toBe(sale.feeLines.reduce((total, line) => total + line.minor, 0));
      expect(sale.createdAt % HOUR_MS).toBe(0);
    }
    expect(new Set(world.sales('ebay').map((s) => s.id)).size).toBe(world.sales('ebay').length);
  });

  it('return and cancel some of what they buy, and get refunds by themselves in the end', () => {
    const { world, clock } = open();
    live({ world, clock }, 40, DAY_MS);
    const sales = world.sales('ebay');
    expect(sales.some((s) => s.return !== null)).toBe(true);
    expect(sales.some((s) => s.status === 'cancelled' && s.feeCreditMinor === s.feeMinor)).toBe(true);
    expect(sales.some((s) => s.return?.refundedAt && s.feeCreditMinor > 0 && s.feeCreditMinor < s.feeMinor)).toBe(true);
  });

  it('cancel an order that is not sent', () => {
    const { world, clock } = open();
    for (const id of wanted(world)) world.actions.createListing({ channel: 'ebay', sku: `s${id}`, productId: id, condition: 'new', priceMinor: world.market.value(id, 'ebayNew', START) ?? 2_000, shippingMinor: 0, quantity: 2 });
    clock.advanceTo(START + 20 * DAY_MS);
    world.now();
    const early = world.sales('ebay').filter((s) => s.createdAt < START + 10 * DAY_MS);
    expect(early.length).toBeGreaterThan(0);
    expect(early.every((s) => s.status === 'cancelled')).toBe(true);
  });
});

describe('actions', () => {
  it('refuse a second order under one reference', () => {
    const { world } = open();
    const order = { outletId: 'maplecart', reference: 'r1', email: 'a@practice.invalid', lines: [{ offerNumber: inStock(world).number, quantity: 1 }] };
    expect(world.actions.placeShopOrder(order).ok).toBe(true);
    expect(world.actions.placeShopOrder(order)).toMatchObject({ ok: false, refusal: { code: 'duplicate-reference' } });
    expect(countEffects(world).shopOrdersByReference).toEqual({ 'maplecart|r1': 1 });
  });

  it('refuse more than is in stock, a price that has moved, and classifieds', () => {
    const { world } = open();
    const { number } = inStock(world);
    const left = world.shops.available('maplecart', number, world.now());
    const order = (change: object) => world.actions.placeShopOrder({ outletId: 'maplecart', reference: 'r', email: '', lines: [{ offerNumber: number, quantity: 1 }], ...change });
    expect(order({ lines: [{ offerNumber: number, quantity: left + 1 }] })).toMatchObject({ refusal: { code: 'out-of-stock' } });
    expect(order({ expectedMinor: 1 })).toMatchObject({ refusal: { code: 'price-changed' } });
    expect(order({ outletId: 'ouedkniss' })).toMatchObject({ refusal: { code: 'not-found' } });
    expect(order({ lines: [] })).toMatchObject({ refusal: { code: 'invalid' } });
    expect(world.effects().shopOrders).toEqual([]);
    expect(order({ lines: [{ offerNumber: number, quantity: left }] }).ok).toBe(true);
    expect(world.shops.available('maplecart', number, world.now())).toBe(0);
  });

  it('show stock that the checkout will not honour, now and then', () => {
    const { world } = open();
    const stale = world.shops.offers('harbor-clearance').filter(({ number }) => world.shops.state('harbor-clearance', number, START)?.shownInStock && world.shops.available('harbor-clearance', number, START) === 0);
    expect(stale.length).toBeGreaterThan(10);
  });

  it('refuse to ship what is not paid and to revise what has ended', () => {
    const { world } = open();
    const made = world.actions.createListing({ channel: 'ebay', sku: 'x', productId: 1, condition: 'new', priceMinor: 100, shippingMinor: 0, quantity: 1 });
    if (!made.ok) throw new Error('not listed');
    expect(world.actions.endListing(made.value.id).ok).toBe(true);
    expect(world.actions.reviseListing(made.value.id, { priceMinor: 5 })).toMatchObject({ refusal: { code: 'bad-state' } });
    expect(world.actions.shipSale('no', { carrier: '', number: '' })).toMatchObject({ refusal: { code: 'not-found' } });
  });
});

describe('the journal', () => {
  it('brings back everything after a restart', () => {
    const journalFile = join(directory, 'replay.jsonl');
    const first = open({ journalFile });
    live(first, 30, DAY_MS);
    first.world.actions.putDocument('ebay', 'item/1', { a: [1, 'é'] });
    first.world.close();
    const began = performance.now();
    const { world, clock } = open({ journalFile });
    process.stdout.write(`30 days replayed in ${Math.round(performance.now() - began)} ms\n`);
    clock.advanceTo(first.clock.now());
    world.now();
    expect(JSON.stringify(world.effects())).toBe(JSON.stringify(first.world.effects()));
    expect(world.effects().shopOrders.length).toBeGreaterThan(20);
    expect(world.document('ebay', 'item/1')).toEqual({ a: [1, 'é'] });
    expect(world.documents('ebay', 'item/')).toHaveLength(1);
    world.close();
  });

  it('drops a last line that was cut off, and goes on', () => {
    const journalFile = join(directory, 'torn.jsonl');
    const first = open({ journalFile });
    first.world.actions.putDocument('v', 'a', 1);
    first.world.actions.putDocument('v', 'b', 2);
    first.world.close();
    truncateSync(journalFile, readFileSync(journalFile).length - 5);
    const second = open({ journalFile });
    expect(second.world.documents('v')).toEqual([{ key: 'a', value: 1 }]);
    second.world.actions.putDocument('v', 'c', 3);
    second.world.close();
    const third = open({ journalFile });
    expect(third.world.documents('v').map((d) => d.key)).toEqual(['a', 'c']);
    third.world.close();
  });

  it('refuses a damaged line, another seed, and a file that is no journal', () => {
    const journalFile = join(directory, 'bad.jsonl');
    open({ journalFile }).world.close();
    expect(() => open({ journalFile, seed: 8 })).toThrow(/belongs to seed 7/);
    appendFileSync(journalFile, 'nonsense\n');
    expect(() => open({ journalFile })).toThrow(/damaged at line 2/);
    const other = join(directory, 'other.jsonl');
    appendFileSync(other, '{"hello":1}\n');
    expect(() => open({ journalFile: other })).toThrow(/not a practice journal/);
  });

  it('writes nothing for an action that is refused', () => {
    const journalFile = join(directory, 'refused.jsonl');
    const { world } = open({ journalFile });
    world.actions.endListing('none');
    world.close();
    expect(readFileSync(journalFile, 'utf8').trim().split('\n')).toHaveLength(1);
  });
});

describe('offers', () => {
  it('are messy: ids absent or damaged, pack traps, jokes, duplicates', () => {
    const { world } = open();
    const offers = world.shops.outlets.flatMap(({ id }) => world.shops.offers(id));
    const ids = offers.map((o) => o.idText);
    expect(ids.filter((id) => id === null).length).toBeGreaterThan(1_000);
    expect(ids.filter((id) => /E\+/.test(id ?? '')).length).toBeGreaterThan(50);
    const truths = offers.map((o) => trueOffer(world, o.outletId, o.number)!);
    expect(truths.filter((t) => t.claimedId !== null && t.claimedId !== t.productId).length).toBeGreaterThan(200);
    expect(truths.filter((t) => t.joke).length).toBeGreaterThan(100);
    expect(offers.some((o) => /[\u0600-\u06ff]/.test(o.title)) && offers.some((o) => /\p{Extended_Pictographic}/u.test(o.title))).toBe(true);
    expect(offers.every((o) => o.title.trim() !== '')).toBe(true);
  });
});
