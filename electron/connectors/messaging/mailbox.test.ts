import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from '#kernel/time.ts';
import { openChannels, startTalkMarket, CONTACTS, type TalkMarket } from '#tests/support/talk-desk.ts';
import { readMail, textOfHtml } from './imap/index.ts';

let market: TalkMarket;
let channels: ReturnType<typeof openChannels>;
beforeEach(async () => {
  market = await startTalkMarket({ askedMinor: 20_000, currency: 'USD' });
  channels = openChannels(market);
});
afterEach(async () => {
  await channels.close();
  await market.close();
});

const mail = (n: number, more = '') => `From: ${CONTACTS.email}\r\nTo: desk+rd-${'0'.repeat(32)}@practice.invalid\r\nMessage-ID: <m${n}@x>\r\nSubject: Re: A camera\r\nContent-Type: text/plain; charset=utf-8\r\n${more}\r\nok ${n}\r\n`;
const receive = (cursor: string | null) => channels.channels.email.receive(cursor, [CONTACTS.email]);

describe('the mailbox', () => {
  it('reads each mail once, also two at the end of the numbers, and from the start where the server numbers anew', async () => {
    const now = market.clock.now();
    for (const n of [1, 2]) market.post.deliver(mail(n), now - HOUR_MS + n);
    const first = await receive(null);
    expect(first.messages.map((m) => m.externalId)).toEqual(['<m1@x>', '<m2@x>']);
    expect(first.messages[0]).toMatchObject({ sender: CONTACTS.email, text: 'ok 1', tag: '0'.repeat(32), automatic: false });
    expect((await receive(first.cursor)).messages).toEqual([]);
    market.post.deliver(mail(3, 'Auto-Submitted: auto-replied\r\n'), now);
    const next = await receive(first.cursor);
    expect(next.messages.map((m) => [m.externalId, m.automatic])).toEqual([['<m3@x>', true]]);
    market.post.renumber();
    // read again, with the same ids: what keeps them knows them
    expect((await receive(next.cursor)).messages.map((m) => m.externalId)).toEqual(['<m1@x>', '<m2@x>', '<m3@x>']);
  });

  it('takes nobody else’s mail, and says what went wrong when the connection breaks or the password is refused', async () => {
    market.post.deliver(mail(4).replace(CONTACTS.email, 'friend@private.invalid').replace(/\+rd-0+/, ''), market.clock.now() - 1);
    expect((await receive(null)).messages).toEqual([]);
    market.imap.cutFetches(1);
    await expect(receive(null)).rejects.toMatchObject({ kind: 'Retryable' });
    expect((await receive(null)).messages).toEqual([]);
  });
});

describe('readMail', () => {
  it('reads HTML without markup or what it answers, and any bytes without failing', async () => {
    expect(textOfHtml('<p>I can do <b>150&nbsp;&euro;</b></p><script>x()</script><blockquote>128 USD</blockquote>')).toBe('I can do 150 €');
    const broken = await readMail(Buffer.from([0xff, 0xfe, 0, 13, 10, 200]), { id: '<x>', at: 5 });
    expect(broken).toMatchObject({ messageId: '<x>', at: 5 });
  });
});
