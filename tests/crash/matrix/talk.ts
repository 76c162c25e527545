import { call } from '@orpc/server';
import { verifyBooks } from '#engine/flows/index.ts';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { CONTACTS, openTalkDesk, seedTalk, startTalkMarket } from '#tests/support/talk-desk.ts';
import { count, type ChildContext, type OpenMarket, type Scenario } from './scenario.ts';

type Channel = keyof typeof CONTACTS;

const CEILING = 19_000;
const ENDED = ['agreed', 'walked-away', 'timed-out', 'needs-person'];

async function open(seed: number): Promise<OpenMarket> {
  const market = await startTalkMarket({ askedMinor: 20_000, currency: 'USD', kind: 'linear', language: 'en', delayMs: HOUR_MS / 2 }, seed);
  const { clock, world } = market;
  return {
    clock, facts: { sendgrid: market.sendgrid.baseUrl, imap: market.imap.url, twilio: market.twilio.baseUrl, ebay: market.ebay.baseUrl }, vendors: { sendgrid: market.sendgrid, twilio: market.twilio, 'ebay-message': market.ebay },
    catchUp: () => void world.now(),
    look: () => '',
    async prepare(db) {
      const talk = await openTalkDesk({ market, db, ceiling: () => CEILING });
      const opportunityId = await seedTalk(talk);
      await talk.close();
      return { opportunityId };
    },
    async tally(db) {
      const talk = await openTalkDesk({ market, db, ceiling: () => CEILING });
      const books = await verifyBooks(talk.desk.trade.inventory, 'USD');
      await talk.close();
      const lists = { duplicates: [] as string[], losses: [] as string[] };
      const sent = market.sent();
      const talks = await db.prisma.negotiation.findMany({ include: { messages: true } });
      count(lists, 'talks', { have: talks.length, want: 1 });
      count(lists, 'talks that ended in agreement', { have: talks.filter((one) => one.state === 'agreed').length, want: 1 });
      count(lists, 'messages sent by the vendor', { have: sent.length, want: talks.flatMap((one) => one.messages).filter((message) => message.direction === 'out' && message.state === 'sent').length });
      count(lists, 'different messages', { have: sent.length, want: new Set(sent).size });
      if (sent.length < 2) lists.losses.push('fewer than two messages: the run proves nothing of answers');
      return { ...lists, effects: sent.length, unbalanced: books.sound ? [] : [...books.findings, ...books.miscounted].map((finding) => JSON.stringify(finding)) };
    },
    close: () => market.close(),
  };
}

async function carry(channel: Channel, { db, clock, facts, probe, seed, tellMarket }: ChildContext): Promise<void> {
  const at = (name: string) => ({ baseUrl: facts[name]!, url: facts[name]! });
  const market = { clock, sendgrid: at('sendgrid'), imap: at('imap'), twilio: at('twilio'), ebay: at('ebay') };
  const talk = await openTalkDesk({ market, db, crashProbe: probe, seed, ceiling: () => CEILING, onAdvance: tellMarket });
  const known = await db.prisma.negotiation.findFirst({ select: { id: true } });
  const id = known?.id ?? (await call(talk.os.start, { opportunityId: facts['opportunityId']!, opportunityVersion: 1, ceiling: { minor: CEILING, currency: 'USD' }, channel, recipient: CONTACTS[channel], language: 'en', timeZone: 'Africa/Algiers', review: false })).id;
  await talk.runUntil(async () => ENDED.includes((await call(talk.os.get, { id })).state), 4 * DAY_MS);
  // the last word may be on its way
  await talk.runUntil(() => Promise.resolve(false), 4 * HOUR_MS);
  await talk.close();
}

/** Messages to a seller until both agree. */
export const talk = (channel: Channel): Scenario => ({ name: `agree over ${channel}`, steps: ['transact:may-leave-0', 'effect:send', 'transact:record'], open, carry: (context) => carry(channel, context) });
