/**
 * One stock on four channels through the program's own journal: 10,000 units, hasty buyers, 5 % of all calls failing. `npm run bench -- --only oversell`.
 * Every oversell is classed by what had reached its channel when the sale was made there; one after our call had reached the channel would be ours, and fails the bench.
 */
import { takeUnits } from '#engine/inventory/index.ts';
import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import { seededRandom, type Random } from '#kernel/random.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS, type Instant } from '#kernel/time.ts';
import { createTestRuntime, TEST_START, type TestRuntime } from '#runtime/testing.ts';
import { openChannels, type ChannelsDesk } from '#tests/support/channels-desk.ts';
import { SimChannel, type SimSale } from '#tests/support/sim-channel.ts';
import { benchRow, quantile, type BenchRow } from './row.ts';

const MARKETS = ['ebay-us', 'woocommerce', 'shopify', 'amazon-us'];
const UNITS = 10_000;
const HOURS = 6;
const FAULT_RATE = 0.05;
/** Orders are read this often on each channel; after a failed reading once more soon. */
const POLL_MS = 2 * MINUTE_MS;
const POLL_AGAIN_MS = 20 * SECOND_MS;
/** What other tools do (the project's market facts: delisting that polls every 15 minutes). */
const FLOOR_POLL_MS = 15 * MINUTE_MS;
/** A call takes this long, and calls are counted one after another though eight run at once: rather too slow than too fast. */
const LATENCY_MS = [120, 400] as const;
const LONGEST_S = 60;

interface Lot { readonly lotId: string; readonly sku: string; readonly units: number }
interface Visit { readonly at: Instant; readonly market: number; readonly lot: number }

/** Lots of one to four units; some are wanted by many at once, on all channels, most by nobody that day. */
function plan(random: Random): { lots: Lot[]; visits: Visit[] } {
  const lots: Lot[] = [];
  const visits: Visit[] = [];
  for (let left = UNITS; left > 0;) {
    const units = Math.min(left, 1 + random.int(4));
    left -= units;
    const lot = lots.length;
    lots.push({ lotId: `lot_${lot}`, sku: `SKU${lot}`, units });
    // Some lots are hot: more buyers than units come within half an hour of each other.
    const hot = random.next() < 0.02;
    const buyers = hot ? units + 2 : random.next() < 0.05 ? 1 : 0;
    const start = random.next() * (HOURS - 1) * HOUR_MS;
    for (let i = 0; i < buyers; i++) visits.push({ at: Math.round(TEST_START + start + random.next() * (hot ? 0.5 : 1) * HOUR_MS), market: random.int(MARKETS.length), lot });
  }
  return { lots, visits: visits.toSorted((a, b) => a.at - b.at) };
}

async function stock(runtime: TestRuntime, lots: readonly Lot[]): Promise<void> {
  const { prisma } = runtime.db;
  const at = BigInt(TEST_START);
  const estimate = JSON.stringify({ profit: { minor: 500, currency: 'USD' }, salePrice: { minor: 2_000, currency: 'USD' }, daysToSell: 10 });
  await prisma.stockLot.createMany({ data: lots.map(({ lotId, sku, units }) => ({ id: lotId, sku, productId: 'prd_1', purchaseId: `pur_${lotId}`, title: sku, condition: 'new', location: 'main', state: 'on-hand', unitCostMinor: 1_000n, totalCostMinor: BigInt(1_000 * units), currency: 'USD', quantity: units, onHand: units, estimate, createdAt: at, receivedAt: at })) });
  await prisma.stockMovement.createMany({ data: lots.map(({ lotId, units }) => ({ id: `mov_${lotId}`, lotId, kind: 'received', quantity: units, ref: 'setup', at })) });
  await prisma.listing.createMany({ data: lots.flatMap(({ lotId, sku, units }) => MARKETS.map((channel) => ({ id: `lst_${channel}_${lotId}`, sku, lotId, productId: 'prd_1', channel, title: sku, description: '', condition: 'new', priceMinor: 2_000n, floorMinor: 1_000n, currency: 'USD', quantity: units, state: 'active', externalOfferId: `offer-${sku}`, externalId: sku, idempotencyKey: `${channel}_${lotId}`, createdAt: at, publishedAt: at, updatedAt: at }))) });
}

/** What buyers find: sold where the vendor shows a unit, by the vendor's own clock. */
class Buyers {
  readonly #visits: readonly Visit[];
  readonly #lots: readonly Lot[];
  readonly channels: SimChannel[] = [];
  #next = 0;

  constructor(visits: readonly Visit[], lots: readonly Lot[]) {
    this.#visits = visits;
    this.#lots = lots;
  }

  until(now: Instant): void {
    for (; this.#next < this.#visits.length && this.#visits[this.#next]!.at <= now; this.#next++) {
      const { at, market, lot } = this.#visits[this.#next]!;
      this.channels[market]!.buy(this.#lots[lot]!.sku, 1, at);
    }
  }
}

const FACTS = JSON.stringify({ problems: [], feeKnown: true, fulfilment: 'not-started', payment: 'paid' });

/** Reads what sold on a channel since it was read last: the order and its units out of the lot, in one transaction. The rest (locks, calls, proofs) is the program's own doing. */
class Reader {
  readonly #desk: ChannelsDesk;
  readonly #runtime: TestRuntime;
  readonly #lotOf: ReadonlyMap<string, Lot>;
  readonly #read = new Map<SimChannel, number>();

  constructor(desk: ChannelsDesk, runtime: TestRuntime, lots: readonly Lot[]) {
    this.#desk = desk;
    this.#runtime = runtime;
    this.#lotOf = new Map(lots.map((lot) => [lot.sku, lot]));
  }

  async poll(channel: SimChannel): Promise<void> {
    const from = this.#read.get(channel) ?? 0;
    for await (const page of channel.orders({ modifiedFrom: Number.MAX_SAFE_INTEGER })) if (!page.complete) throw new ConnectorError({ kind: 'Critical', connector: channel.market, operation: 'orders', message: 'not the last page' });
    const sales = channel.sales.slice(from);
    this.#read.set(channel, from + sales.length);
    if (sales.length === 0) return;
    const { context } = this.#runtime;
    const { inventory } = this.#desk.trade;
    await context.db.transaction(async (tx) => {
      for (const sale of sales) {
        const { lotId } = this.#lotOf.get(sale.sku)!;
        await tx.order.create({ data: { id: sale.orderId, channel: channel.market, externalId: sale.orderId, state: 'paid', currency: 'USD', totalMinor: 2_000n, feesMinor: 0n, placedAt: BigInt(sale.at), modifiedAt: BigInt(sale.at), raw: FACTS } });
        await takeUnits(inventory, tx, { lotId, ref: `${sale.orderId}:1`, units: sale.units });
      }
    });
  }
}

type Class = 'before we heard' | 'before our first call' | 'while our calls failed' | 'after our call had reached';

function classOf(sale: SimSale, channel: SimChannel, locks: readonly { heardAt: bigint; firstCallAt: bigint | null }[]): Class {
  const reached = channel.reached.get(sale.sku)?.find(({ quantity }) => quantity === 0)?.at;
  const [lock] = locks;
  if (reached !== undefined && sale.at > reached) return 'after our call had reached';
  if (!lock || sale.at <= Number(lock.heardAt)) return 'before we heard';
  if (lock.firstCallAt === null || sale.at <= Number(lock.firstCallAt)) return 'before our first call';
  return 'while our calls failed';
}

/** Sales beyond what there was, lot by lot in the order in which the vendors made them. */
function oversold(lots: readonly Lot[], sales: ReadonlyMap<string, readonly { sale: SimSale; channel: SimChannel }[]>): { lot: Lot; sale: SimSale; channel: SimChannel }[] {
  return lots.flatMap((lot) => (sales.get(lot.sku) ?? []).toSorted((a, b) => a.sale.at - b.sale.at).slice(lot.units).map((entry) => ({ lot, ...entry })));
}

function salesBySku(channels: readonly SimChannel[]): Map<string, { sale: SimSale; channel: SimChannel }[]> {
  const found = new Map<string, { sale: SimSale; channel: SimChannel }[]>();
  for (const channel of channels) for (const sale of channel.sales) found.set(sale.sku, [...(found.get(sale.sku) ?? []), { sale, channel }]);
  return found;
}

/** The same buyers where all channels are brought into line every 15 minutes, without a fault: what is sold between two turns is not known elsewhere. */
function floorRate(lots: readonly Lot[], visits: readonly Visit[]): number {
  const shown = lots.map((lot) => MARKETS.map(() => lot.units));
  const sold = lots.map(() => 0);
  let [turn, sales, over] = [TEST_START, 0, 0];
  for (const visit of visits) {
    if (visit.at >= turn + FLOOR_POLL_MS) {
      turn += Math.floor((visit.at - turn) / FLOOR_POLL_MS) * FLOOR_POLL_MS;
      lots.forEach((lot, i) => shown[i]!.fill(Math.max(0, lot.units - sold[i]!)));
    }
    if (shown[visit.lot]![visit.market]! < 1) continue;
    shown[visit.lot]![visit.market]! -= 1;
    sold[visit.lot]! += 1;
    sales += 1;
    if (sold[visit.lot]! > lots[visit.lot]!.units) over += 1;
  }
  return over / sales;
}

async function simulate(runtime: TestRuntime, given: { readonly lots: readonly Lot[]; readonly visits: readonly Visit[] }): Promise<readonly SimChannel[]> {
  const { clock, context } = runtime;
  const buyers = new Buyers(given.visits, given.lots);
  const random = seededRandom('oversell latency');
  const onCall = () => {
    clock.advanceTo(clock.now() + LATENCY_MS[0] + random.int(LATENCY_MS[1] - LATENCY_MS[0]));
    buyers.until(clock.now());
  };
  buyers.channels.push(...MARKETS.map((market) => new SimChannel(market, { clock, random: seededRandom(`oversell:${market}`), faultRate: FAULT_RATE, onCall })));
  for (const channel of buyers.channels) for (const lot of given.lots) channel.offer(lot.sku, lot.units);
  const desk = openChannels(context, { markets: MARKETS, clock, seed: 'oversell', known: buyers.channels });
  const reader = new Reader(desk, runtime, given.lots);
  const polls = buyers.channels.map((channel, i) => ({ channel, at: TEST_START + (i * POLL_MS) / MARKETS.length }));
  const end = TEST_START + (HOURS + 1) * HOUR_MS;
  for (;;) {
    const poll = polls.reduce((first, other) => (other.at < first.at ? other : first));
    const due = await context.jobs.nextDueAt();
    const next = Math.max(clock.now(), Math.min(poll.at, due ?? Infinity));
    if (next > end) break;
    clock.advanceTo(next);
    buyers.until(next);
    if (poll.at <= next) {
      try {
        await reader.poll(poll.channel);
        poll.at = clock.now() + POLL_MS;
      } catch (error) {
        if (!isConnectorError(error)) throw error;
        poll.at = clock.now() + POLL_AGAIN_MS;
      }
    }
    await context.jobs.runDue();
  }
  return buyers.channels;
}

export async function run(): Promise<BenchRow[]> {
  const started = performance.now();
  const cpu = process.cpuUsage();
  const { lots, visits } = plan(seededRandom('oversell'));
  const runtime = await createTestRuntime();
  try {
    await stock(runtime, lots);
    const channels = await simulate(runtime, { lots, visits });
    const locks = await runtime.db.prisma.unitLock.findMany();
    const bySku = salesBySku(channels);
    const sales = channels.reduce((sum, channel) => sum + channel.sales.length, 0);
    const classes: Record<Class, number> = { 'before we heard': 0, 'before our first call': 0, 'while our calls failed': 0, 'after our call had reached': 0 };
    const over = oversold(lots, bySku);
    for (const { lot, sale, channel } of over) {
      const own = locks.filter((lock) => lock.lotId === lot.lotId && lock.channel === channel.market && lock.quantity === 0).toSorted((a, b) => Number(a.heardAt - b.heardAt));
      classes[classOf(sale, channel, own)] += 1;
    }
    const proved = locks.filter((lock) => lock.provedAt !== null);
    const told = proved.map((lock) => (Number(lock.provedAt) - Number(lock.heardAt)) / SECOND_MS);
    const whole = proved.map((lock) => (Number(lock.provedAt) - Number(lock.soldAt)) / SECOND_MS);
    const open = locks.filter((lock) => lock.state !== 'proved' && lock.state !== 'moot').length;
    const seconds = (performance.now() - started) / 1_000;
    const used = process.cpuUsage(cpu);
    const cpuSeconds = (used.user + used.system) / 1e6;
    const calls = channels.reduce((sum, channel) => sum + channel.calls, 0);
    const faults = channels.reduce((sum, channel) => sum + channel.faults, 0);
    process.stderr.write(`oversell: ${lots.length} lots, ${UNITS} units, ${sales} sales, ${locks.length} locks (${open} open), ${faults} of ${calls} calls failed; ${over.length} oversold: ${Object.entries(classes).map(([name, count]) => `${count} ${name}`).join(', ')}; ${seconds.toFixed(1)} s, of which ${cpuSeconds.toFixed(1)} s computing\n`);
    for (const channel of channels) {
      const own = proved.filter((lock) => lock.channel === channel.market).map((lock) => (Number(lock.provedAt) - Number(lock.heardAt)) / SECOND_MS);
      process.stderr.write(`  ${channel.market}: ${own.length} proved, heard to proved median ${quantile(own, 0.5).toFixed(1)} s, p99 ${quantile(own, 0.99).toFixed(1)} s\n`);
    }
    const floor = floorRate(lots, visits);
    return [
      benchRow({ name: 'oversold sales', value: (100 * over.length) / sales, unit: '%', floorName: 'in line every 15 min', floorValue: 100 * floor, target: 'below the floor', ok: over.length / sales < floor }),
      benchRow({ name: 'oversold after our call had reached the channel', value: classes['after our call had reached'], unit: 'sales', floorName: 'oversold', floorValue: over.length, target: '0', ok: classes['after our call had reached'] === 0 }),
      benchRow({ name: 'sold to proved elsewhere, median', value: quantile(whole, 0.5), unit: 's', floorName: 'turn of reading', floorValue: POLL_MS / SECOND_MS, target: '', ok: true }),
      benchRow({ name: 'sold to proved elsewhere, p99', value: quantile(whole, 0.99), unit: 's', floorName: 'turn of reading', floorValue: POLL_MS / SECOND_MS, target: '', ok: true }),
      benchRow({ name: 'heard to proved, median', value: quantile(told, 0.5), unit: 's', floorName: 'one call', floorValue: (LATENCY_MS[0] + LATENCY_MS[1]) / 2_000, target: '', ok: true }),
      benchRow({ name: 'heard to proved, p99', value: quantile(told, 0.99), unit: 's', floorName: 'one call', floorValue: (LATENCY_MS[0] + LATENCY_MS[1]) / 2_000, target: '', ok: true }),
      benchRow({ name: 'locks not proved at the end', value: open, unit: 'locks', floorName: 'locks', floorValue: locks.length, target: '0', ok: open === 0 }),
      benchRow({ name: 'the whole simulation', value: seconds, unit: 's', floorName: 'limit', floorValue: LONGEST_S, target: `< ${LONGEST_S} s`, ok: seconds < LONGEST_S }),
    ];
  } finally {
    await runtime.close();
  }
}
