import { call } from '@orpc/server';
import { eraseCustomer, exportCustomer } from '#engine/flows/customer-data.ts';
import type { SendingChannelId } from '#engine/negotiation/index.ts';
import { BUSINESS, PRACTICE_BUSINESS, putSetting } from '#engine/settings/index.ts';
import { createSupportProcedures, registerSupport, scheduleSupport, type IntentClassifier, type SupportDeps } from '#engine/support/index.ts';
import { createIdSource } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { HOUR_MS, ManualClock, MINUTE_MS } from '#kernel/time.ts';
import { createFieldSeal, practiceKeyRing } from '#runtime/field-seal.ts';
import type { CrashProbe, Database } from '#runtime/ports.ts';
import { createRuntime } from '#runtime/runtime.ts';
import { TEST_START } from '#runtime/testing.ts';
import { startSupportMarket, writeOrder, type Buyer } from '#tests/support/support-desk.ts';
import { openChannels } from '#tests/support/talk-desk.ts';
import { count, type ChildContext, type OpenMarket, type Scenario, type Tally } from './scenario.ts';

const BUYERS: readonly Buyer[] = [
  { name: 'Yasmine Benali', username: 'yasmine_b7', email: 'yasmine@buyers.example', phone: '+15550107701' }, { name: 'Karim Haddad', username: 'karim_h', email: 'karim@buyers.example', phone: '+15550107702' },
];
const QUESTION = 'Where is my parcel?';
const ANSWER = 'Thank you. I am looking into it.';
const addressOf = (channel: SendingChannelId, buyer: Buyer) => (channel === 'ebay' ? buyer.username : channel === 'email' ? buyer.email : buyer.phone);
/** The first writes again after the answer, and is told the same in the same words; the second writes once. */
const WANTED = 3;
const VENDOR_OF = { ebay: 'ebay', email: 'sendgrid', sms: 'twilio' } as const;
const MOST_LOOKS = 60;

/** Stands for the trained one, which learns for seconds: what is tried here is what leaves. */
const classifier: IntentClassifier = { labels: [], sendThreshold: 1, trainingAccuracy: 1, classify: () => ({ label: 'shipping', confidence: 0.9, ranked: [], autoSendable: false }) };

function openDesk(channel: SendingChannelId, options: { readonly db: Database; readonly clock: ManualClock; readonly facts: Readonly<Record<string, string>>; readonly probe?: CrashProbe; readonly seed?: string }) {
  const { db, clock, facts, probe } = options;
  const random = seededRandom(options.seed ?? 'desk');
  const runtime = createRuntime({ db, clock, random, ids: createIdSource(clock, random), log: silentLogger, killSwitch: { isOn: () => Promise.resolve(false), isOnNow: () => false }, seal: createFieldSeal(practiceKeyRing('tests')), ...(probe ? { crashProbe: probe } : {}) });
  const at = (name: string) => ({ baseUrl: facts[name]!, url: facts[name]! });
  const { channels, close } = openChannels({ clock, sendgrid: at('sendgrid'), imap: at('imap'), twilio: at('twilio'), ebay: at('ebay') });
  const ctx = runtime.context;
  const deps: SupportDeps = { ctx, channels: { get: (id) => (id === channel ? channels[id] : null) }, classifier: () => Promise.resolve(classifier), words: { reply: () => Promise.resolve(null) }, orderMessages: { get: () => null } };
  registerSupport(deps);
  return { ctx, deps, close: async () => void (await Promise.all([runtime.stop(), close()])) };
}

async function open(channel: SendingChannelId): Promise<OpenMarket> {
  const clock = new ManualClock(TEST_START);
  const market = await startSupportMarket(clock);
  const vendor = market[VENDOR_OF[channel]];
  let wroteAgain = false;
  const facts = { sendgrid: market.sendgrid.baseUrl, imap: market.imap.url, twilio: market.twilio.baseUrl, ebay: market.ebay.baseUrl };

  async function tally(db: Database): Promise<Tally> {
    const lists = { duplicates: [] as string[], losses: [] as string[] };
    const sent = market.sent();
    const tickets = await db.prisma.ticket.findMany({ include: { messages: true } });
    const texts = tickets.flatMap((ticket) => ticket.messages);
    count(lists, 'tickets', { have: tickets.length, want: BUYERS.length });
    count(lists, 'questions kept', { have: texts.filter(({ direction }) => direction === 'in').length, want: WANTED });
    count(lists, 'replies that the vendor took', { have: sent.length, want: WANTED });
    count(lists, 'replies that the desk knows to be out', { have: texts.filter(({ direction, state }) => direction === 'out' && state === 'sent').length, want: sent.length });
    count(lists, 'replies to the second', { have: sent.filter((text) => text === `${addressOf(channel, BUYERS[1]!)}: ${ANSWER}`).length, want: 1 });
    count(lists, 'tickets that wait for the customer', { have: tickets.filter(({ state }) => state === 'waiting-for-customer').length, want: BUYERS.length });
    count(lists, 'replies on their way', { have: texts.filter(({ state }) => state === 'queued' || state === 'sending').length, want: 0 });
    return { ...lists, effects: sent.length, unbalanced: [] };
  }

  return {
    clock, facts, tally, vendors: { [channel === 'ebay' ? 'ebay-message' : VENDOR_OF[channel]]: vendor },
    catchUp: () => {},
    // the first customer asks again, once
    look() {
      if (!wroteAgain) market.write(channel, addressOf(channel, BUYERS[0]!), `${QUESTION} I am still waiting.`, { name: BUYERS[0]!.name });
      wroteAgain = true;
      return '';
    },
    async prepare(db) {
      const desk = openDesk(channel, { db, clock, facts });
      await db.transaction((tx) => putSetting(tx, BUSINESS, PRACTICE_BUSINESS, clock.now()));
      for (const [index, buyer] of BUYERS.entries()) {
        await writeOrder(desk.ctx, { n: index + 1, buyer });
        market.write(channel, addressOf(channel, buyer), QUESTION, { name: buyer.name });
      }
      await desk.close();
      return {};
    },
    close: () => market.close(),
  };
}

async function carry(channel: SendingChannelId, { db, clock, facts, probe, seed, look, advanceTo }: ChildContext): Promise<void> {
  const { ctx, deps, close } = openDesk(channel, { db, clock, facts, probe, seed });
  const os = createSupportProcedures(deps, { export: (id) => exportCustomer(ctx, id), erase: (id, by) => eraseCustomer(ctx, id, by) }, 'Amina');
  await scheduleSupport(deps);
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    await ctx.jobs.runDue();
    let answered = 0;
    for (const { id } of (await call(os.list, { limit: 10 })).items) {
      const { version, messages } = await call(os.get, { id });
      const asked = messages.filter(({ direction }) => direction === 'in').length;
      const out = messages.filter(({ direction, state }) => direction === 'out' && state !== 'draft' && state !== 'dropped' && state !== 'failed');
      answered += out.filter(({ state }) => state === 'sent').length;
      // the same words again: what went out before must not be taken for what goes out now
      if (out.length < asked && out.every(({ state }) => state === 'sent')) await call(os.send, { id, version, text: ANSWER });
    }
    if (answered >= BUYERS.length) await look('again');
    await advanceTo(clock.now() + (answered < WANTED ? 5 * MINUTE_MS : HOUR_MS));
    if (answered >= WANTED && looks % 3 === 2) break;
  }
  await ctx.jobs.runDue();
  await close();
}

/** Two customers ask and are answered, one of them twice in the same words. */
export const reply = (channel: SendingChannelId): Scenario => ({ name: `answer customers: ${channel}`, steps: ['transact:may-leave-0', 'effect:send', 'transact:record'], open: () => open(channel), carry: (context) => carry(channel, context) });
