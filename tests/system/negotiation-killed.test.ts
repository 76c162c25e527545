import { call } from '@orpc/server';
import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { CONTACTS, createTalkDatabase, openTalkDesk, seedTalk, startTalkMarket, type TalkDesk, type TalkMarket } from '#tests/support/talk-desk.ts';

const CEILING = 19_000;
const opened: { close(): Promise<void> }[] = [];
const later = <T extends { close(): Promise<void> }>(one: T): T => (opened.push(one), one);
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

type Channel = keyof typeof CONTACTS;
const ENDED = ['agreed', 'walked-away', 'timed-out', 'needs-person'];

/** A talk from start to end; at the n-th passing of a point of the runtime the work breaks off there, as a kill would, and goes on from what was kept. */
async function runTalk(channel: Channel, kill: { readonly point: string; readonly pass: number } | null, prepare?: (market: TalkMarket) => void) {
  const market = later(await startTalkMarket({ askedMinor: 20_000, currency: 'USD', kind: 'linear', language: 'en', delayMs: HOUR_MS / 2 }));
  prepare?.(market);
  const passed = new Map<string, number>();
  let killed = 0;
  const crashProbe = (point: string) => {
    const pass = (passed.get(point) ?? 0) + 1;
    passed.set(point, pass);
    if (kill && killed === 0 && point === kill.point && pass === kill.pass) {
      killed += 1;
      throw new Error('killed here');
    }
  };
  const talk: TalkDesk = later(await openTalkDesk({ market, db: later(await createTalkDatabase()), ceiling: () => CEILING, crashProbe }));
  const { id } = await call(talk.os.start, { opportunityId: await seedTalk(talk), opportunityVersion: 1, ceiling: { minor: CEILING, currency: 'USD' }, channel, recipient: CONTACTS[channel], language: 'en', timeZone: 'Africa/Algiers', review: false });
  await talk.runUntil(async () => ENDED.includes((await call(talk.os.get, { id })).state), 4 * DAY_MS);
  // the last word may be on its way
  await talk.runUntil(() => Promise.resolve(false), 4 * HOUR_MS);
  const after = await call(talk.os.get, { id });
  const sent = market.sent();
  await talk.close();
  await market.close();
  opened.length = 0;
  return { state: after.state, agreed: after.agreed?.minor ?? null, ours: after.messages.filter((m) => m.direction === 'out' && m.state === 'sent').length, sent, points: passed, killed };
}

describe('a talk that is killed', () => {
  it('sends nothing twice and loses nothing, wherever it breaks off', async () => {
    const whole = await runTalk('sms', null);
    expect(whole.state).toBe('agreed');
    expect(whole.sent.length).toBe(whole.ours);
    const points = [...whole.points.keys()];
    expect(points).toEqual(expect.arrayContaining(['effect:send:before', 'effect:send:called', 'effect:send:recorded', 'transact:record:before', 'transact:record:committed', 'transact:may-leave-0:before', 'transact:may-leave-0:committed']));
    const table: Record<string, unknown> = {};
    const seen = points.filter((name) => /^effect:send|^transact:record:before|^transact:may-leave-0:committed/.test(name));
    // each point once, now at the opening and now at a later message
    for (const [index, point] of seen.entries()) {
      const pass = 1 + (index % 2);
      const broken = await runTalk('sms', { point, pass });
      table[`${point} ${pass}`] = { killed: broken.killed, state: broken.state, doubles: broken.sent.length - new Set(broken.sent).size, lost: broken.ours - broken.sent.length };
    }
    expect(table).toEqual(Object.fromEntries(Object.keys(table).map((name) => [name, { killed: 1, state: 'agreed', doubles: 0, lost: 0 }])));
  });

  it.each([['sms', 'twilio', 'createMessage'], ['ebay', 'ebay', 'sendMessage'], ['email', 'sendgrid', 'sendMail']] as const)('over %s: an answer of the vendor that is lost after the sending is looked up, never sent again', async (channel, vendor, route) => {
    const broken = await runTalk(channel, null, (market) => market[vendor].setFaults({ rate: 1, kinds: ['cut-after'], routes: [route], limit: 2 }));
    expect(broken.state).toBe('agreed');
    expect(broken.sent.length).toBe(new Set(broken.sent).size);
    expect(broken.ours).toBe(broken.sent.length);
  });
});
