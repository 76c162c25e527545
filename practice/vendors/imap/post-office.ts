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
  return {
    accepted,
    get uidValidity() {
      return uidValidity;
    },
    accept(mail, at) {
      accepted.push(mail);
      for (const copy of mail.copies) pending.push({ at: at + COPY_MS, source: compose({ ...mail, from: `${encodeWord(mail.fromName)} <${mail.from}>`, headers: { ...mail.headers, 'Delivered-To': copy } }, at) });
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
