import { z } from 'zod';
import { isConnectorError } from '#kernel/errors.ts';
import type { Instant } from '#kernel/time.ts';
import { HttpClient, type ConnectorOptions, type FailedAnswer, type VendorVerdict } from '../../http/index.ts';
import { MESSAGE_ARGUMENT } from './event-webhook.ts';

export interface SendGridCredentials { readonly apiKey: string }
export interface SendGridOptions extends ConnectorOptions {
  readonly baseUrl?: string | undefined;
  readonly credentials: () => Promise<SendGridCredentials>;
}

export interface Mail {
  readonly from: { readonly email: string; readonly name: string };
  readonly to: string;
  /** A blind copy to our own mailbox: the proof that it went out. */
  readonly copyTo: string;
  readonly replyTo: string;
  readonly subject: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

const errorsSchema = z.looseObject({ errors: z.array(z.looseObject({ message: z.string(), field: z.string().nullish() })).min(1) });

function judge(failed: FailedAnswer): VendorVerdict | undefined {
  const body = errorsSchema.safeParse(failed.json);
  if (!body.success) return undefined;
  const first = body.data.errors[0]!;
  return { message: first.field ? `${first.field}: ${first.message}` : first.message, ...(first.field ? { code: first.field } : {}) };
}

/** `GET /v3/suppression/bounces`. */
export const bouncesSchema = z.array(z.looseObject({ created: z.int(), email: z.string(), reason: z.string(), status: z.string().nullish() }));
export interface SuppressedAddress { readonly email: string; readonly at: Instant; readonly reason: string; readonly status: string }
const PAGE = 500;
const MOST_BOUNCES = 5_000;

const suppressed = (found: z.infer<typeof bouncesSchema>): SuppressedAddress[] => found.map(({ created, email, reason, status }) => ({ email: email.toLowerCase(), at: created * 1_000, reason: reason.trim(), status: status ?? '' }));

export type SendGrid = ReturnType<typeof createSendGrid>;

/** A key that may send and nothing else is a sound one: bounces are then read from the mailbox alone. */
async function readable<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isConnectorError(error, 'Rejected', 'SessionLost')) return null;
    throw error;
  }
}

export { eventKey, isSignedBySendGrid, readMailEvents, SIGNATURE_HEADER, TIMESTAMP_HEADER } from './event-webhook.ts';

/** SendGrid's v3 mail API. */
export function createSendGrid(options: SendGridOptions) {
  const http = new HttpClient({
    ...options, connector: 'sendgrid', baseUrl: options.baseUrl ?? 'https://api.sendgrid.com', judge,
    authorize: async () => ({ authorization: `Bearer ${(await options.credentials()).apiKey}` }),
  });
  return {
    /** Accepted by the vendor, not yet delivered. */
    async send(mail: Mail, signal?: AbortSignal): Promise<void> {
      await http.send({
        operation: 'send mail', method: 'POST', path: '/v3/mail/send', effect: 'once', body: 'none', schema: z.null(), signal,
        json: {
          // an address stands once in a mail: one to ourselves is its own copy
          personalizations: [{ to: [{ email: mail.to }], ...(mail.copyTo.toLowerCase() === mail.to.toLowerCase() ? {} : { bcc: [{ email: mail.copyTo }] }), custom_args: { [MESSAGE_ARGUMENT]: mail.headers['Message-ID'] ?? '' } }], from: mail.from, reply_to: { email: mail.replyTo, name: mail.from.name }, subject: mail.subject,
          content: [{ type: 'text/plain', value: mail.text }], headers: mail.headers, tracking_settings: { click_tracking: { enable: false }, open_tracking: { enable: false } },
        },
      });
    },
    /** What bounced since then. Null: the key may not read it. */
    bounces: (since: Instant, signal?: AbortSignal): Promise<SuppressedAddress[] | null> => readable(async () => {
      const found: SuppressedAddress[] = [];
      for (let offset = 0; offset < MOST_BOUNCES; offset += PAGE) {
        const query = { start_time: String(Math.floor(since / 1_000)), limit: String(PAGE), ...(offset === 0 ? {} : { offset: String(offset) }) };
        const page = suppressed((await http.send({ operation: 'read bounces', method: 'GET', path: '/v3/suppression/bounces', effect: 'read', query, schema: bouncesSchema, signal })).body);
        found.push(...page);
        if (page.length < PAGE) break;
      }
      return found;
    }),
    /** Whether the vendor holds mail to this address back because it bounced; what is sent there is accepted, and dropped. Null: it is not, or the key may not read it. */
    bounceOf: async (email: string, signal?: AbortSignal): Promise<SuppressedAddress | null> =>
      (await readable(async () => suppressed((await http.send({ operation: 'look for a bounce', method: 'GET', path: `/v3/suppression/bounces/${encodeURIComponent(email)}`, effect: 'read', schema: bouncesSchema, signal })).body)))?.[0] ?? null,
    /** Refused with 400 for want of content, and with 401 for a wrong key: proves the key, and sends nothing. */
    async check(signal?: AbortSignal): Promise<void> {
      await http.sendAccepting([400], { operation: 'check the key', method: 'POST', path: '/v3/mail/send', effect: 'read', body: 'none', schema: z.null(), json: {}, signal });
    },
    close: () => http.close(),
  };
}
