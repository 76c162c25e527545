import { z } from 'zod';
import { toIso } from '#kernel/time.ts';
import { AccessToken, HttpClient, RateLimiter, TokenBucket, tokenSchema, type ConnectorOptions } from '../../http/index.ts';
import { judge, judgeLogin, type EbayCredentials } from '../../marketplaces/ebay/ebay-client.ts';


export interface EbayMessageOptions extends ConnectorOptions {
  readonly baseUrl?: string | undefined;
  readonly credentials: () => Promise<EbayCredentials>;
}

/** The one permission that this needs; an account that was connected without it is told so at the first call. */
export const MESSAGE_SCOPE = 'https://api.ebay.com/oauth/api_scope/commerce.message';
const BASE = '/commerce/message/v1';
/** Far below what eBay allows an application in a day. Assumption. */
const PACE = { ratePerSecond: 1, burst: 10 };

export const messageSchema = z.looseObject({
  messageId: z.string(), messageBody: z.string().nullish(), createdDate: z.string().nullish(), senderUsername: z.string().nullish(), recipientUsername: z.string().nullish(), subject: z.string().nullish(),
});
export type EbayMessage = z.infer<typeof messageSchema>;
const conversationSchema = z.looseObject({ conversationId: z.string(), conversationType: z.string().nullish(), referenceId: z.string().nullish(), latestMessage: messageSchema.nullish() });
export type EbayConversation = z.infer<typeof conversationSchema>;
const conversationsSchema = z.looseObject({ conversations: z.array(conversationSchema).nullish(), next: z.string().nullish() });
const messagesSchema = z.looseObject({ messages: z.array(messageSchema).nullish(), next: z.string().nullish() });
const sentSchema = z.looseObject({ messageId: z.string(), createdDate: z.string().nullish(), senderUserName: z.string().nullish() });

const PAGE = 50;
const MOST_PAGES = 20;

export type EbayMessages = ReturnType<typeof createEbayMessages>;

async function pages<T>(read: (offset: number) => Promise<{ items: readonly T[]; more: boolean }>): Promise<T[]> {
  const found: T[] = [];
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, more } = await read(page * PAGE);
    found.push(...items);
    if (!more || items.length === 0) break;
  }
  return found;
}

/** eBay's Message API: conversations between members. */
export function createEbayMessages(options: EbayMessageOptions) {
  const baseUrl = options.baseUrl ?? 'https://api.ebay.com';
  const login = new HttpClient({ ...options, connector: 'ebay', baseUrl, judge: judgeLogin });
  const token = new AccessToken(async (signal) => {
    const { clientId, clientSecret, refreshToken } = await options.credentials();
    const { body } = await login.send({
      operation: 'sign in for messages', method: 'POST', path: '/identity/v1/oauth2/token', effect: 'idempotent', anonymous: true, schema: tokenSchema, signal,
      form: { grant_type: 'refresh_token', refresh_token: refreshToken ?? '', scope: MESSAGE_SCOPE }, headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    });
    return body;
  }, options.clock);
  const http = new HttpClient({ ...options, connector: 'ebay', baseUrl, judge, authorize: async (signal) => ({ authorization: `Bearer ${await token.get(signal)}` }), forgetSession: () => token.forget() });
  const limiter = new RateLimiter(new TokenBucket({ ...PACE, startedAt: options.clock.now() }), options.clock);


  return {
    /** Begins a conversation with a member about a listing, or goes on with theirs. */
    async send(message: { readonly to: string; readonly text: string; readonly listingId: string | null }, signal?: AbortSignal): Promise<z.infer<typeof sentSchema>> {
      const reference = message.listingId === null ? {} : { reference: { referenceId: message.listingId, referenceType: 'LISTING' } };
      return (await http.send({ operation: 'send message', method: 'POST', path: `${BASE}/send_message`, effect: 'once', schema: sentSchema, signal, limiter, json: { otherPartyUsername: message.to, messageText: message.text, ...reference } })).body;
    },
    /** Conversations with members in which something was written since. */
    conversations: (query: { readonly since: number; readonly with?: string | undefined }, signal?: AbortSignal): Promise<EbayConversation[]> =>
      pages(async (offset) => {
        const { body } = await http.send({ operation: 'list conversations', method: 'GET', path: `${BASE}/conversation`, effect: 'read', schema: conversationsSchema, signal, limiter, query: { conversation_type: 'FROM_MEMBERS', start_time: toIso(query.since), other_party_username: query.with, limit: PAGE, offset } });
        return { items: body.conversations ?? [], more: Boolean(body.next) };
      }),
    messages: (conversationId: string, signal?: AbortSignal): Promise<EbayMessage[]> =>
      pages(async (offset) => {
        const { body } = await http.send({ operation: 'read conversation', method: 'GET', path: `${BASE}/conversation/${encodeURIComponent(conversationId)}`, effect: 'read', schema: messagesSchema, signal, limiter, query: { conversation_type: 'FROM_MEMBERS', limit: PAGE, offset } });
        return { items: body.messages ?? [], more: Boolean(body.next) };
      }),
    forgetSession: () => token.forget(),
    close: async () => void (await Promise.all([http.close(), login.close()])),
  };
}
