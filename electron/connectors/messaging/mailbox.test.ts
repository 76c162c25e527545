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

  it('tells what went round in a circle, and what the sending service says did not arrive, each hour', async () => {
    market.post.deliver(mail(5, 'X-Loop: desk@practice.invalid\r\n'), market.clock.now() - 1);
    market.post.refuse('gone@shop.example', 'list');
    market.post.accept({ from: 'desk@practice.invalid', fromName: 'x', to: 'gone@shop.example', copies: [], replyTo: 'desk@practice.invalid', subject: 'x', text: 'x', headers: {} }, market.clock.now() - HOUR_MS);
    const first = await receive(null);
    expect(first.messages).toMatchObject([{ externalId: '<m5@x>', automatic: true, bounce: null }, { text: '', bounce: { recipient: 'gone@shop.example', original: null, status: '5.1.1', isPermanent: true } }]);
    expect((await receive(first.cursor)).messages).toEqual([]);
    // what is held back by the service is not handed to it again
    await expect(channels.channels.email.send({ recipient: 'gone@shop.example', subject: 's', text: 't', senderName: 'A', tag: '0'.repeat(32), inReplyTo: null, itemId: null }, { idempotencyKey: 'k', attemptedAt: 1, signal: AbortSignal.timeout(5_000) })).rejects.toMatchObject({ kind: 'Rejected', detail: { code: 'SUPPRESSED' } });
    expect(market.post.accepted).toHaveLength(1);
  });

  it('reads on from where an earlier version of the desk stopped', async () => {
    market.post.deliver(mail(6), market.clock.now() - 1);
    const { cursor } = await receive(null);
    expect((await receive((JSON.parse(cursor) as { mail: string }).mail)).messages).toEqual([]);
  });

  it('takes nobody else’s mail, and says what went wrong when the connection breaks or the password is refused', async () => {
    market.post.deliver(mail(4).replace(CONTACTS.email, 'friend@private.invalid').replace(/\+rd-0+/, ''), market.clock.now() - 1);
    expect((await receive(null)).messages).toEqual([]);
    market.imap.cutFetches(1);
    await expect(receive(null)).rejects.toMatchObject({ kind: 'Retryable' });
    expect((await receive(null)).messages).toEqual([]);
  });
});

const report = (action: string, status: string) => Buffer.from(`Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: desk@practice.invalid\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; Seller@Shop.example\r\nAction: ${action}\r\nStatus: ${status}\r\nDiagnostic-Code: smtp; 550 no\r\n such user\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <rd.1@practice.invalid>\r\nSubject: A camera\r\n\r\nWould you?\r\n--b--\r\n`);

describe('what did not arrive', () => {
  it.each([['failed', '5.1.1', true], ['failed', '4.4.7', false]])('is told by %s %s', async (action, status, isPermanent) => {
    expect(await readMail(report(action, status), { id: '<x>', at: 5 })).toMatchObject({ automatic: true, bounce: { recipient: 'seller@shop.example', original: '<rd.1@practice.invalid>', status, reason: '550 no such user', isPermanent } });
  });
  it.each(['delayed', 'delivered', 'relayed'])('is not told by "%s"', async (action) => expect(await readMail(report(action, '4.0.0'), { id: '<x>', at: 5 })).toMatchObject({ automatic: true, bounce: null }));
});

describe('readMail', () => {
  it.each([
    ['Auto-Submitted: auto-generated', true], ['Auto-Submitted: no', false], ['Precedence: bulk', true], ['Precedence: list', true], ['X-Autoreply: yes', true], ['Return-Path: <>', true], ['Return-Path: <a@b.example>', false], ['List-Id: <news.shop.example>', true], ['From: MAILER-DAEMON@mx.example', true], ['From: bounces+12@mail.example', true], ['From: Noreply <no-reply@shop.example>', true],
  ])('"%s" is a program’s: %s', async (header, automatic) => {
    const from = header.startsWith('From') ? '' : 'From: amina@shop.example\r\n';
    expect(await readMail(Buffer.from(`${from}${header}\r\nSubject: Re: A camera\r\n\r\nok\r\n`), { id: '<x>', at: 5 })).toMatchObject({ automatic, bounce: null });
  });

  it('reads HTML without markup or what it answers, and any bytes without failing', async () => {
    expect(textOfHtml('<p>I can do <b>150&nbsp;&euro;</b></p><script>x()</script><blockquote>128 USD</blockquote>')).toBe('I can do 150 €');
    const broken = await readMail(Buffer.from([0xff, 0xfe, 0, 13, 10, 200]), { id: '<x>', at: 5 });
    expect(broken).toMatchObject({ messageId: '<x>', at: 5 });
  });
});
