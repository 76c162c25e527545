/** The practice mail between us and sellers: what was accepted for sending, and our mailbox with what has come in by now. */
import { toIso, type Instant } from '#kernel/time.ts';
import type { Correspondence } from '../../negotiation/correspondence.ts';
import type { World } from '../../world/types.ts';

export interface OutgoingMail {
  readonly from: string;
  readonly fromName: string;
  readonly to: string;
  readonly copies: readonly string[];
  readonly replyTo: string;
  readonly subject: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface StoredMail {
  /** From 1, in the order of coming in. */
  readonly uid: number;
  readonly at: Instant;
  readonly source: Buffer;
}

export interface PostOffice {
  readonly uidValidity: number;
  accept(mail: OutgoingMail, at: Instant): void;
  /** What has come in by now, oldest first. */
  mailbox(): readonly StoredMail[];
  /** Every mail that was accepted: the effect that tests count. */
  readonly accepted: readonly OutgoingMail[];
  /** Addresses that do not exist: `note` the receiving server says so by mail (RFC 3464), `list` the sending service alone knows. */
  refuse(address: string, how: 'note' | 'list'): void;
  /** The sending service's list of what bounced. */
  readonly bounces: readonly { readonly email: string; readonly at: Instant; readonly reason: string; readonly status: string }[];
  /** Puts a mail into the mailbox as it is, such as an out-of-office note. */
  deliver(source: string, at: Instant): void;
  /** The server numbers its mails anew. */
  renumber(): void;
}

const COPY_MS = 30_000;

function encodeWord(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
}

function compose(mail: { readonly from: string; readonly to: string; readonly subject: string; readonly text: string; readonly headers: Readonly<Record<string, string>> }, at: Instant): string {
  const body = Buffer.from(mail.text.replace(/\r?\n/g, '\r\n')).toString('base64').replace(/.{76}/g, '$&\r\n');
  const headers = { From: mail.from, To: mail.to, Subject: encodeWord(mail.subject), Date: new Date(at).toUTCString().replace('GMT', '+0000'), 'MIME-Version': '1.0', 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': 'base64', ...mail.headers };
  return `${Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}\r\n`;
}

const NO_SUCH_USER = '550 5.1.1 No such user here';

function undelivered(mail: OutgoingMail, number: string): string {
  const head = `Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.practice.invalid>\r\nTo: ${mail.from}\r\nSubject: Undelivered Mail Returned to Sender\r\nMessage-ID: <${number}@mx.practice.invalid>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0`;
  const status = `Reporting-MTA: dns; mx.practice.invalid\r\n\r\nOriginal-Recipient: rfc822;${mail.to}\r\nFinal-Recipient: rfc822; ${mail.to}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; ${NO_SUCH_USER}\r\n <${mail.to}>`;
  const parts = [`Content-Type: text/plain; charset=us-ascii\r\n\r\nI'm sorry, your message could not be delivered.`, `Content-Type: message/delivery-status\r\n\r\n${status}`, `Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: ${mail.headers['Message-ID'] ?? ''}\r\nFrom: ${mail.from}\r\nTo: ${mail.to}`];
  return `${head}\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="=_dsn"\r\n\r\n${parts.map((part) => `--=_dsn\r\n${part}\r\n`).join('')}--=_dsn--\r\n`;
}

/** As mail programs do: the answer above, what it answers below. */
function answerText(answer: string, mail: OutgoingMail, at: Instant): string {
  const quoted = mail.text.split('\n').map((line) => `> ${line}`).join('\n');
  return `${answer}\n\nOn ${toIso(at).slice(0, 16).replace('T', ' ')} ${mail.fromName} <${mail.from}> wrote:\n${quoted}\n`;
}

export function createPostOffice(world: World, correspondence: Correspondence): PostOffice {
  const pending: { at: Instant; source: string }[] = [];
  const stored: StoredMail[] = [];
  const accepted: OutgoingMail[] = [];
  let uidValidity = 1_700_000_000 + world.seed;
  let answers = 0;
  const refused = new Map<string, 'note' | 'list'>();
  const bounces: PostOffice['bounces'][number][] = [];
  return {
    accepted, bounces,
    refuse: (address, how) => void refused.set(address.toLowerCase(), how),
    get uidValidity() {
      return uidValidity;
    },
    accept(mail, at) {
      accepted.push(mail);
      for (const copy of mail.copies) pending.push({ at: at + COPY_MS, source: compose({ ...mail, from: `${encodeWord(mail.fromName)} <${mail.from}>`, headers: { ...mail.headers, 'Delivered-To': copy } }, at) });
      const how = refused.get(mail.to.toLowerCase());
      if (how === 'note') pending.push({ at: at + COPY_MS, source: undelivered(mail, `dsn-${accepted.length}-${world.seed}`) });
      if (how === 'list' && !bounces.some((one) => one.email === mail.to.toLowerCase())) bounces.push({ email: mail.to.toLowerCase(), at: at + COPY_MS, reason: NO_SUCH_USER, status: '5.1.1' });
      if (how !== undefined) return;
      const answer = correspondence.hear(mail.to.toLowerCase(), mail.text, at);
      if (!answer) return;
      const original = mail.headers['Message-ID'] ?? '';
      pending.push({
        at: answer.at,
        source: compose({ from: answer.from, to: mail.replyTo, subject: `Re: ${mail.subject}`, text: answerText(answer.text, mail, at), headers: { 'Message-ID': `<answer-${++answers}-${world.seed}@sellers.practice.invalid>`, ...(original ? { 'In-Reply-To': original, References: original } : {}) } }, answer.at),
      });
    },
    deliver: (source, at) => void pending.push({ at, source }),
    mailbox() {
      const now = world.now();
      for (const text of correspondence.buyers('email', now)) pending.push({ at: text.at, source: compose({ from: `${text.name} <${text.from}>`, to: 'desk@practice.invalid', subject: text.subject, text: text.text, headers: { 'Message-ID': `<buyer-${text.id}-${world.seed}@buyers.practice.invalid>` } }, text.at) });
      const due = pending.filter((mail) => mail.at <= now).sort((a, b) => a.at - b.at);
      for (const mail of due) {
        pending.splice(pending.indexOf(mail), 1);
        stored.push({ uid: stored.length + 1, at: mail.at, source: Buffer.from(mail.source) });
      }
      return stored;
    },
    renumber() {
      uidValidity += 1;
    },
  };
}
