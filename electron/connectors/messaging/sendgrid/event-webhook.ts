/** SendGrid's signed event webhook: what became of mails, for a host that has a public address. */
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { HOUR_MS, MINUTE_MS, type Instant } from '#kernel/time.ts';
import type { MailEvent } from '#engine/negotiation/ports.ts';

/** Carries our `Message-ID` on every event of a mail, whatever becomes of its `smtp-id`. */
export const MESSAGE_ARGUMENT = 'resale_desk_message';
export const SIGNATURE_HEADER = 'x-twilio-email-event-webhook-signature';
export const TIMESTAMP_HEADER = 'x-twilio-email-event-webhook-timestamp';

/** What is refused is tried again for a day, and no document says that it is signed anew for that. A recording within it is known by the event's number. */
const OLDEST_MS = 25 * HOUR_MS;
const AHEAD_MS = 5 * MINUTE_MS;

/** The verification key as SendGrid shows it: base64 of its SubjectPublicKeyInfo, with or without PEM lines. Null for what is no key of a curve. */
export function eventKey(text: string): KeyObject | null {
  const base64 = text.replace(/-----[^-]+-----/g, '').replace(/\s/g, '');
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec' ? key : null;
  } catch {
    return null;
  }
}

/** ECDSA with SHA-256 over the timestamp's characters followed by the body's bytes. */
export function isSignedBySendGrid(key: KeyObject, { raw, signature, timestamp }: { readonly raw: Uint8Array; readonly signature: string; readonly timestamp: string }): boolean {
  try {
    return verify('sha256', Buffer.concat([Buffer.from(timestamp, 'utf8'), raw]), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

const eventSchema = z.looseObject({
  email: z.string().max(320), timestamp: z.int().min(0).max(100_000_000_000), event: z.string().max(60), sg_event_id: z.string().min(1).max(200).nullish(), 'smtp-id': z.string().max(998).nullish(), [MESSAGE_ARGUMENT]: z.string().max(998).nullish(),
  reason: z.string().nullish(), response: z.string().nullish(), status: z.string().nullish(), type: z.string().nullish(),
});
type Event = z.infer<typeof eventSchema>;
/** Whose mail it was is known to who sends. */
type Told = Omit<MailEvent, 'isOwn'>;

/** Asked by the receiver at the vendor; of `group_unsubscribe` only what this mail's own group is. */
const OPT_OUTS: readonly string[] = ['unsubscribe', 'spamreport', 'group_unsubscribe'];
/** Why a mail was dropped, as the vendor words it, where no other mail there will arrive either. */
const DROPPED_FOR_GOOD = /bounced address|invalid|unsubscribed address|spam reporting address/i;
const DROPPED_OPT_OUT = /unsubscribed address|spam reporting address/i;

function mailEventOf(event: Event): Told | null {
  const [kind, email, reason, status] = [event.event, event.email.trim().toLowerCase(), event.reason ?? event.response ?? '', event.status ?? ''];
  const messageId = event[MESSAGE_ARGUMENT] ?? event['smtp-id'] ?? null;
  const isLost = kind === 'bounce' || kind === 'dropped';
  const optOut = OPT_OUTS.includes(kind) || (kind === 'dropped' && DROPPED_OPT_OUT.test(reason));
  if (kind !== 'delivered' && !isLost && !optOut) return null;
  const forGood = kind === 'dropped' ? DROPPED_FOR_GOOD.test(reason) : event.type !== 'blocked' && !status.startsWith('4');
  // an event without a number is told by all that it says
  const id = event.sg_event_id ?? createHash('sha256').update(JSON.stringify(event)).digest('hex');
  return {
    id, kind, recipient: email, messageId, at: event.timestamp * 1_000, delivered: kind === 'delivered', optOut, everywhere: kind === 'unsubscribe' || kind === 'spamreport',
    bounce: isLost ? { recipient: email, original: messageId, status, reason: (reason || kind).trim().slice(0, 300), isPermanent: forGood } : null,
  };
}

/** What a desk has use for, in the vendor's order; `refused` where it is not the vendor's, too old, or of no known shape. Events of other shapes are the vendor's future ones, and passed over. */
export function readMailEvents({ raw, headers, now }: { readonly raw: Uint8Array; readonly headers: Readonly<Record<string, string | undefined>>; readonly now: Instant }, key: KeyObject): Told[] | 'refused' {
  const [signature, timestamp] = [headers[SIGNATURE_HEADER] ?? '', headers[TIMESTAMP_HEADER] ?? ''];
  if (!/^\d{1,12}$/.test(timestamp) || !isSignedBySendGrid(key, { raw, signature, timestamp })) return 'refused';
  const age = now - Number(timestamp) * 1_000;
  if (age > OLDEST_MS || age < -AHEAD_MS) return 'refused';
  const events = z.array(z.unknown()).safeParse(parsed(raw));
  if (!events.success) return 'refused';
  return events.data.flatMap((one) => {
    const event = eventSchema.safeParse(one);
    return (event.success ? mailEventOf(event.data) : null) ?? [];
  });
}

function parsed(raw: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(raw).toString('utf8'));
  } catch {
    return null;
  }
}
