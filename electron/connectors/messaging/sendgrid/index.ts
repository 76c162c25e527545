import { z } from 'zod';
import { HttpClient, type ConnectorOptions, type FailedAnswer, type VendorVerdict } from '../../http/index.ts';

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

export type SendGrid = ReturnType<typeof createSendGrid>;

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
          personalizations: [{ to: [{ email: mail.to }], bcc: [{ email: mail.copyTo }] }], from: mail.from, reply_to: { email: mail.replyTo, name: mail.from.name }, subject: mail.subject,
          content: [{ type: 'text/plain', value: mail.text }], headers: mail.headers, tracking_settings: { click_tracking: { enable: false }, open_tracking: { enable: false } },
        },
      });
    },
    /** Refused with 400 for want of content, and with 401 for a wrong key: proves the key, and sends nothing. */
    async check(signal?: AbortSignal): Promise<void> {
      await http.sendAccepting([400], { operation: 'check the key', method: 'POST', path: '/v3/mail/send', effect: 'read', body: 'none', schema: z.null(), json: {}, signal });
    },
    close: () => http.close(),
  };
}
