/** A listing whose change a channel refused is offered once more: the offer that stands there is found, and its terms are replaced. */
import { LIST_WORKFLOW } from '#engine/flows/list.ts';
import { money } from '#kernel/money.ts';
import { ManualClock, MINUTE_MS } from '#kernel/time.ts';
import type { App, DeskClient } from '#app/compose.ts';
import type { Database } from '#runtime/ports.ts';
import type { FaultPlan } from '#practice/vendors/faults.ts';
import { HOW, keepListed, openChannel, openDesk, stock, UNITS, unlessItMoved, type SaleChannel } from './sale.ts';
import { count, type ChildContext, type OpenMarket, type Scenario, type Tally } from './scenario.ts';

/** By which call the channel is told a price. */
const REVISES: Readonly<Record<SaleChannel, Pick<FaultPlan, 'routes' | 'holding'>>> = {
  ebay: { routes: ['bulkUpdatePriceQuantity'] }, amazon: { routes: ['patchListingsItem'] }, woocommerce: { routes: ['updateProduct'] }, shopify: { routes: ['graphql'], holding: 'mutation SetPrice(' }, etsy: { routes: ['updateListingInventory'] },
};
/** Those that change something there while an offer is put up anew. */
const FAULTS_AT: Readonly<Record<SaleChannel, readonly string[]>> = {
  ebay: ['createOrReplaceInventoryItem', 'updateOffer', 'publishOffer', 'getOffers'], amazon: ['putListingsItem', 'patchListingsItem', 'getListingsItem'], woocommerce: ['listProducts', 'updateProduct'], shopify: ['SetProduct', 'UpdateProduct', 'SetPrice', 'SetStock', 'Publish'].map((name) => `graphql mutation ${name}(`),
  etsy: ['getListingsByShop', 'updateListingInventory', 'updateListing'],
};
const STEP_MS = 30 * MINUTE_MS;
const MOST_STEPS = 96;

async function workOn(app: App, { advanceTo, now }: { readonly advanceTo: (to: number) => Promise<void>; readonly now: () => number }, done: () => Promise<boolean>): Promise<void> {
  for (let step = 0; step < MOST_STEPS; step++) {
    await app.parts.ctx.jobs.runDue();
    if (await done()) return;
    await advanceTo(now() + STEP_MS);
  }
  throw new Error('it never came so far');
}

const listingOf = async (desk: DeskClient, market: string) => (await desk.listings.list({ limit: 10 })).items.find((one) => one.channel === market);

async function open(channel: SaleChannel, seed: number): Promise<OpenMarket> {
  const { market } = HOW[channel];
  const { clock, world, vendor, facts, close } = await openChannel(channel, seed);
  let wanted = 0;

  async function tally(db: Database): Promise<Tally> {
    const { app, desk } = await openDesk({ db, clock: new ManualClock(clock.now()), facts });
    const books = await app.verifyBooks();
    const listings = (await desk.listings.list({ limit: 10 })).items;
    await app.stop();
    const lists = { duplicates: [] as string[], losses: [] as string[] };
    const standing = world.listings(channel).filter(({ status }) => status === 'active');
    count(lists, 'listings at the channel', { have: standing.length, want: 1 });
    count(lists, 'listings at the desk', { have: listings.length, want: 1 });
    count(lists, 'listings that the desk knows to be on sale', { have: listings.filter(({ state }) => state === 'active').length, want: 1 });
    count(lists, 'listings at the price that was set last', { have: standing.filter(({ priceMinor }) => priceMinor === wanted).length, want: 1 });
    const sold = world.sales(channel).filter(({ status }) => status !== 'cancelled').reduce((sum, { quantity }) => sum + quantity, 0);
    count(lists, 'units on offer or sold', { have: standing.reduce((sum, { quantity }) => sum + quantity, 0) + sold, want: UNITS });
    return { ...lists, effects: standing.length, unbalanced: [...(books.sound ? [] : [...books.findings, ...books.miscounted].map((finding) => JSON.stringify(finding))), ...vendor.bugs.map(String)] };
  }

  return {
    clock, facts, tally, vendors: { [channel]: vendor },
    catchUp: () => void world.now(),
    look: () => '',
    async prepare(db) {
      const own = new ManualClock(clock.now());
      const { app, desk } = await openDesk({ db, clock: own, facts });
      const to = { now: () => own.now(), advanceTo: async (at: number) => { clock.advanceTo(at); world.now(); own.advanceTo(at); } };
      const { lotId, price } = await stock(app, desk, { channel, world, dearer: channel === 'amazon' ? 2 : 1 }) as { lotId: string; price: string };
      const first = Number(price) + 200;
      await app.parts.ctx.db.transaction((tx) => app.parts.ctx.workflows.start(tx, LIST_WORKFLOW, `matrix:${lotId}`, { lotId, channel: market }));
      await workOn(app, to, async () => {
        await keepListed(desk, market, (await listingOf(desk, market))?.price.minor ?? 0);
        return (await listingOf(desk, market))?.state === 'active';
      });
      // the channel takes no change, until the desk gives up
      vendor.setFaults({ rate: 1, kinds: ['server-error'], ...REVISES[channel] });
      const { id, version } = (await listingOf(desk, market))!;
      await desk.listings.setPrice({ id, version, price: money(first, 'USD') });
      await workOn(app, to, async () => (await listingOf(desk, market))!.state === 'stopped');
      vendor.setFaults({ rate: 0 });
      await app.stop();
      wanted = Number(price);
      return { price };
    },
    close,
  };
}

async function carry(channel: SaleChannel, { db, clock, facts, probe, seed, advanceTo }: ChildContext): Promise<void> {
  const { market } = HOW[channel];
  const { app, desk } = await openDesk({ db, clock, facts, probe, seed });
  const price = money(Number(facts['price']), 'USD');
  const to = { now: () => clock.now(), advanceTo };
  await workOn(app, to, async () => {
    const listing = (await listingOf(desk, market))!;
    if (listing.price.minor !== price.minor) {
      await unlessItMoved(() => desk.listings.setPrice({ id: listing.id, version: listing.version, price }));
      return false;
    }
    return keepListed(desk, market, price.minor).then(async () => (await listingOf(desk, market))!.state === 'active');
  });
  for (let step = 0; step < 8; step++) {
    await advanceTo(clock.now() + STEP_MS);
    await app.parts.ctx.jobs.runDue();
  }
  await app.stop();
}

const STEPS: readonly string[] = ['transact:publishing', 'effect:put-content', 'effect:ensure-offer', 'effect:replace-terms', 'effect:publish', 'transact:activate'];

export const relist = (channel: SaleChannel): Scenario => ({ name: `offer once more: ${channel}`, steps: STEPS, faultsAt: FAULTS_AT[channel], open: (seed) => open(channel, seed), carry: (context) => carry(channel, context) });
