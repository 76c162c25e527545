import PostalMime, { type Email } from 'postal-mime';
import type { Bounce } from '#engine/negotiation/ports.ts';
import type { Instant } from '#kernel/time.ts';
import { readBounce } from './read-bounce.ts';

/** One mail of a mailbox, as far as a talk needs it. */
export interface ReadMail {
  readonly messageId: string;
  readonly from: string;
  readonly subject: string | null;
  readonly text: string;
  readonly at: Instant;
  /** Lower-case addresses that it was sent to, `Delivered-To` included. */
  readonly to: readonly string[];
  /** `In-Reply-To` and `References`. */
  readonly answers: readonly string[];
  /** Written by a program or to many: never answered by one (RFC 3834). */
  readonly automatic: boolean;
  readonly bounce: Bounce | null;
  /** `X-Loop`: who marked it as gone through already. */
  readonly loops: readonly string[];
}

/** Text of a mail that has only HTML: the words, without markup. */
export function textOfHtml(html: string): string {
  const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', eacute: 'é', egrave: 'è', agrave: 'à', ccedil: 'ç', euro: '€' };
  return html
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1\s*>/gi, ' ').replace(/<blockquote\b[\s\S]*/i, ' ')
    .replace(/<(?:br|\/p|\/div|\/li|\/tr)\b[^>]*>/gi, '\n').replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d{1,7});/g, (_, code: string) => (Number(code) <= 0x10_ffff ? String.fromCodePoint(Number(code)) : ' ')).replace(/&([a-z]{2,8});/gi, (whole, name: string) => entities[name.toLowerCase()] ?? whole)
    .replace(/[ \t]+/g, ' ').replace(/ ?\n ?/g, '\n').trim();
}

const headerOf = (mail: Email, name: string): string => mail.headers.find((header) => header.key === name)?.value ?? '';
const idsIn = (text: string): string[] => text.match(/<[^<>\s]+>/g) ?? [];

function isAutomatic(mail: Email, from: string): boolean {
  const submitted = headerOf(mail, 'auto-submitted').toLowerCase();
  return (submitted !== '' && submitted !== 'no') || /auto[_-]?reply|bulk|junk|list/i.test(headerOf(mail, 'precedence')) || ['x-autoreply', 'x-autorespond', 'list-id', 'x-failed-recipients'].some((name) => headerOf(mail, name) !== '')
    // the null sender: whoever answers it answers nobody
    || mail.headers.some((header) => header.key === 'return-path' && /^<\s*>$/.test(header.value.trim())) || from === '' || /^(?:mailer-daemon|postmaster|bounces?|do-?not-?reply|no-?reply)(?:[+-][^@]*)?@/.test(from);
}

/** Total: a mail that cannot be parsed is read as far as it goes. @param fallback what identifies it where it has no `Message-ID`, and when it came in. */
export async function readMail(source: Uint8Array, fallback: { readonly id: string; readonly at: Instant }): Promise<ReadMail> {
  const mail = await PostalMime.parse(source);
  const from = (mail.from?.address ?? '').toLowerCase();
  const to = [...(mail.to ?? []), ...(mail.cc ?? [])].flatMap((entry) => (entry.address ? [entry.address.toLowerCase()] : []));
  const delivered = headerOf(mail, 'delivered-to').trim().toLowerCase();
  return {
    messageId: mail.messageId ?? fallback.id, from, subject: mail.subject ?? null, text: mail.text?.trim() || textOfHtml(mail.html ?? ''), at: fallback.at, to: delivered ? [...to, delivered] : to,
    answers: [...new Set([...idsIn(mail.inReplyTo ?? ''), ...idsIn(mail.references ?? '')])], automatic: isAutomatic(mail, from) || mail.attachments.some((part) => part.mimeType === 'message/delivery-status'), bounce: readBounce(mail),
    loops: mail.headers.filter((header) => header.key === 'x-loop').map((header) => header.value.trim().toLowerCase()),
  };
}
