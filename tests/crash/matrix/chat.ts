import { createTelegram } from '#connectors/messaging/telegram/index.ts';
import { pollChat, registerApprovals, syncCards, verifyAudit, type ApprovalsDeps } from '#engine/flows/approvals/index.ts';
import { verifyBooks } from '#engine/flows/index.ts';
import { approveOpportunity } from '#engine/purchasing/index.ts';
import { addPerson, issueCode, linkChannel } from '#engine/team/index.ts';
import { isConnectorError } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { MINUTE_MS, type Clock } from '#kernel/time.ts';
import { createKillSwitch } from '#runtime/kill-switch.ts';
import { createTelegramVendor, PRACTICE_TELEGRAM_TOKEN } from '#practice/vendors/telegram/index.ts';
import { openTradeDesk, scheduleDesk, seedBusiness, seedOpportunity, type TradeDesk } from '#tests/support/trade-desk.ts';
import { startTradeMarket, worthwhileOffers } from '#tests/support/trade-market.ts';
import { count, type ChildContext, type OpenMarket, type Scenario, type Tally } from './scenario.ts';

const AMINA = 5_001;
const UNITS = 3;
const OWNER = { personId: 'owner', channel: 'desktop' };
const LONGEST_LOOKS = 60;

async function chatOf(desk: TradeDesk, { clock, baseUrl }: { readonly clock: Clock; readonly baseUrl: string }): Promise<ApprovalsDeps & { close(): Promise<void> }> {
  const chat = createTelegram({ clock, random: seededRandom('telegram'), log: silentLogger, baseUrl, token: () => Promise.resolve(PRACTICE_TELEGRAM_TOKEN), isConnected: () => true });
  const deps: ApprovalsDeps = {
    ctx: desk.ctx, purchasing: desk.trade.purchasing, opportunities: { ctx: desk.ctx, catalog: null as never, feeCards: [] }, killSwitch: await createKillSwitch(() => Promise.resolve(false)), randomBytes: (length) => Buffer.alloc(length, 7), chat,
    heads: { recall: () => Promise.resolve(null), remember: () => Promise.resolve() },
  };
  registerApprovals(deps);
  return { ...deps, close: () => chat.close() };
}

async function open(seed: number): Promise<OpenMarket> {
  const market = await startTradeMarket({ seed });
  const { clock, world } = market;
  const telegram = createTelegramVendor(world);
  const facts = { shopUrl: market.shop.baseUrl, ebayUrl: market.ebay.baseUrl, telegramUrl: await telegram.start() };
  const pressed = new Set<unknown>();

  async function tally(db: Parameters<OpenMarket['tally']>[0]): Promise<Tally> {
    const desk = await openTradeDesk({ db, clock, ...facts });
    const chat = await chatOf(desk, { clock, baseUrl: facts.telegramUrl });
    const [books, audit] = [await verifyBooks(desk.trade.inventory, 'USD'), await verifyAudit(chat)];
    await chat.close();
    await desk.close();
    const { prisma } = db;
    const lists = { duplicates: [] as string[], losses: [] as string[] };
    const orders = world.effects().shopOrders.length;
    count(lists, 'orders at the shop', { have: orders, want: 1 });
    count(lists, 'purchases confirmed', { have: await prisma.purchase.count({ where: { state: 'confirmed' } }), want: 1 });
    count(lists, 'persons who agreed', { have: await prisma.consent.count(), want: 2 });
    count(lists, 'second consents on record', { have: await prisma.auditEntry.count({ where: { action: 'approval.second-given' } }), want: 1 });
    count(lists, 'cards at the desk', { have: await prisma.approvalCard.count({ where: { kind: 'second' } }), want: 1 });
    count(lists, 'cards whose buttons still stand', { have: await prisma.approvalCard.count({ where: { closedAt: null } }), want: 0 });
    if (pressed.size === 0) lists.losses.push('no button was pressed: the run proves nothing of chats');
    return { ...lists, effects: orders + telegram.messages.length, unbalanced: [...(books.sound ? [] : [...books.findings, ...books.miscounted].map((finding) => JSON.stringify(finding))), ...(audit.sound ? [] : ['the audit log is not sound'])] };
  }

  return {
    clock, facts, tally, vendors: { telegram },
    catchUp: () => void world.now(),
    // she presses the button of each card that asks her, also of one that came twice
    look() {
      for (const message of telegram.messages) {
        if (!message.buttons.has('Approve') || pressed.has(message)) continue;
        pressed.add(message);
        telegram.press(AMINA, message, 'Approve');
      }
      return '';
    },
    async prepare(db) {
      const desk = await openTradeDesk({ db, clock, ...facts });
      await seedBusiness(desk.ctx, { twoPersonAbove: { minor: 1, currency: 'USD' } });
      const { opportunityId } = await seedOpportunity(desk.ctx, worthwhileOffers(market, UNITS)[0]!);
      const people = await addPerson(desk, { name: 'Amina B.', by: OWNER });
      const { code } = await issueCode(desk, { personId: people.find(({ name }) => name === 'Amina B.')!.id, kind: 'telegram', by: OWNER, randomBytes: (length) => Buffer.alloc(length, 7) });
      await linkChannel(desk, { code, kind: 'telegram', address: String(AMINA), label: 'Amina' });
      await desk.close();
      return { opportunityId };
    },
    async close() {
      await telegram.close();
      await market.close();
    },
  };
}

/** What a service that cannot be asked does to the desk: it is asked again later. */
async function laterIfAway(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isConnectorError(error)) throw error;
  }
}

async function carry({ db, clock, facts, probe, seed, advanceTo, tellMarket, look }: ChildContext): Promise<void> {
  const desk = await openTradeDesk({ db, clock, shopUrl: facts['shopUrl']!, ebayUrl: facts['ebayUrl']!, crashProbe: probe, seed, onAdvance: tellMarket });
  const deps = await chatOf(desk, { clock, baseUrl: facts['telegramUrl']! });
  await scheduleDesk(desk);
  await approveOpportunity(desk.trade.purchasing, { id: facts['opportunityId']!, version: 1, approvedBy: 'owner' });
  const { signal } = new AbortController();
  const { prisma } = db;
  for (let looks = 0; looks < LONGEST_LOOKS; looks++) {
    await desk.settle(0);
    await laterIfAway(() => syncCards(deps));
    await look('cards');
    await laterIfAway(() => pollChat(deps, { waitSeconds: 0, signal }));
    await advanceTo(clock.now() + MINUTE_MS);
    const waits = (await prisma.purchase.count({ where: { state: { not: 'confirmed' } } })) + (await prisma.approvalCard.count({ where: { closedAt: null } }));
    if (waits === 0) break;
  }
  await desk.settle();
  await deps.close();
  await desk.close();
}

/** A purchase that needs two persons: the second agrees by a button in a chat. */
export const chat: Scenario = { name: 'agree by a button in Telegram', steps: ['transact:prepare', 'transact:place', 'effect:place-order', 'transact:confirm'], open, carry };
