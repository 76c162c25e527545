import { z } from 'zod';
import { HttpClient, type ConnectorOptions, type FailedAnswer, type VendorVerdict } from '../../http/index.ts';
import { verifyTwilioSignature } from './webhook.ts';

export interface TwilioCredentials {
  readonly accountSid: string;
  readonly authToken: string;
  /** Our number, E.164. */
  readonly number: string;
}
export interface TwilioOptions extends ConnectorOptions {
  readonly baseUrl?: string | undefined;
  readonly credentials: () => Promise<TwilioCredentials>;
}

export const messageSchema = z.looseObject({
  sid: z.string(), body: z.string().nullable(), from: z.string().nullable(), to: z.string().nullable(), direction: z.string(), status: z.string(), date_created: z.string().nullable(), date_sent: z.string().nullable(),
});
export type TwilioMessage = z.infer<typeof messageSchema>;
const pageSchema = z.looseObject({ messages: z.array(messageSchema), next_page_uri: z.string().nullish() });
const errorSchema = z.looseObject({ code: z.int(), message: z.string() });

function judge(failed: FailedAnswer): VendorVerdict | undefined {
  const body = errorSchema.safeParse(failed.json);
  return body.success ? { code: String(body.data.code), message: body.data.message } : undefined;
}

const PAGE_SIZE = 100;
const MOST_PAGES = 20;

export type Twilio = ReturnType<typeof createTwilio>;

/** Twilio's Programmable Messaging, the part that a talk needs. */
export function createTwilio(options: TwilioOptions) {
  const http = new HttpClient({
    ...options, connector: 'twilio', baseUrl: options.baseUrl ?? 'https://api.twilio.com', judge,
    authorize: async () => {
      const { accountSid, authToken } = await options.credentials();
      return { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` };
    },
  });
  const pathOf = async () => `/2010-04-01/Accounts/${encodeURIComponent((await options.credentials()).accountSid)}/Messages.json`;
  return {
    number: async () => (await options.credentials()).number,
    async send(message: { readonly to: string; readonly body: string }, signal?: AbortSignal): Promise<TwilioMessage> {
      const { number } = await options.credentials();
      return (await http.send({ operation: 'send SMS', method: 'POST', path: await pathOf(), effect: 'once', schema: messageSchema, signal, form: { To: message.to, From: number, Body: message.body } })).body;
    },
    /** Newest first, as the vendor lists them. @param since a day, `2026-11-21`: from its start on. */
    async list(query: { readonly to: string; readonly from?: string | undefined; readonly since: string }, signal?: AbortSignal): Promise<TwilioMessage[]> {
      const found: TwilioMessage[] = [];
      let more: Record<string, string> = {};
      for (let page = 0; page < MOST_PAGES; page++) {
        const { body } = await http.send({ operation: 'list SMS', method: 'GET', path: await pathOf(), effect: 'read', schema: pageSchema, signal, query: { To: query.to, From: query.from, 'DateSent>': `${query.since}T00:00:00Z`, PageSize: PAGE_SIZE, ...more } });
        found.push(...body.messages);
        const next = body.next_page_uri;
        if (!next) break;
        const { searchParams } = new URL(next, 'https://vendor.invalid');
        more = Object.fromEntries(['Page', 'PageToken'].flatMap((name) => (searchParams.get(name) === null ? [] : [[name, searchParams.get(name)!]])));
        if (Object.keys(more).length === 0) break;
      }
      return found;
    },
    /** Whether a webhook was called by the vendor. */
    async isOwn(signature: string, call: { readonly url: string; readonly parameters: Readonly<Record<string, string>> }): Promise<boolean> {
      return verifyTwilioSignature((await options.credentials()).authToken, signature, call);
    },
    close: () => http.close(),
  };
}
