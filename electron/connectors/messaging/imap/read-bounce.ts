/** A delivery-status notification (RFC 3464): which mail did not arrive, where, and why. */
import type { Attachment, Email } from 'postal-mime';
import type { Bounce } from '#engine/negotiation/ports.ts';

const textOf = ({ content }: Attachment): string => (typeof content === 'string' ? content : new TextDecoder().decode(content));
/** Blocks of `Name: value`, one for the message and one for each recipient; folded lines joined. */
function blocksOf(text: string): ReadonlyMap<string, string>[] {
  return text.replace(/\r\n?/g, '\n').split(/\n\s*\n/).map((block) => {
    const lines = block.replace(/\n[ \t]+/g, ' ').split('\n');
    return new Map(lines.flatMap((line) => {
      const at = line.indexOf(':');
      return at < 1 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const];
    }));
  });
}
/** `rfc822; a@b` without its type. */
const valueOf = (field: string | undefined): string => (field ?? '').replace(/^[\w-]+\s*;\s*/, '').trim();
const addressOf = (field: string | undefined): string => valueOf(field).replace(/^<|>$/g, '').toLowerCase();

/** Null for a mail that reports no failed delivery: one that is late, or arrived, is none. */
export function readBounce(mail: Email): Bounce | null {
  const status = mail.attachments.find((part) => part.mimeType === 'message/delivery-status');
  if (!status) return null;
  const failed = blocksOf(textOf(status)).find((block) => block.get('action')?.toLowerCase() === 'failed' && (block.has('final-recipient') || block.has('original-recipient')));
  if (!failed) return null;
  const returned = mail.attachments.find((part) => part.mimeType === 'message/rfc822' || part.mimeType === 'text/rfc822-headers');
  const original = returned ? (blocksOf(textOf(returned))[0]?.get('message-id') ?? null) : null;
  const code = /\d\.\d{1,3}\.\d{1,3}/.exec(failed.get('status') ?? '')?.[0] ?? '';
  return {
    recipient: addressOf(failed.get('original-recipient') ?? failed.get('final-recipient')), original: /<[^<>\s]+>/.exec(original ?? '')?.[0] ?? null, status: code,
    reason: valueOf(failed.get('diagnostic-code')).slice(0, 300) || code || 'not delivered', isPermanent: !code.startsWith('4'),
  };
}
