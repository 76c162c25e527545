import { z } from 'zod';
import { toIso, type Instant } from '#kernel/time.ts';
import type { Correspondence } from '../../negotiation/correspondence.ts';
import type { World } from '../../world/types.ts';
import { refuse } from '../ebay/errors.ts';
import { Tokens } from '../ebay/oauth.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';

const US = 'practice-reseller';
const BASE = '/commerce/message/v1';

interface Written {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly at: Instant;
}
interface Conversation {
  readonly id: string;
  readonly member: string;
  readonly listingId: string | null;
  readonly messages: Written[];
}

export interface EbayMessageVendor extends VendorServer {
  /** What was sent: the effect that tests count. */
  readonly sent: readonly Written[];
}

const sendBody = z.strictObject({
  conversationId: z.string().optional(), otherPartyUsername: z.string().optional(), messageText: z.string().max(2_000), emailCopyToSender: z.boolean().optional(),
  reference: z.strictObject({ referenceId: z.string(), referenceType: z.literal('LISTING') }).optional(),
});

const render = (message: Written) => ({ messageId: message.id, messageBody: message.text, createdDate: toIso(message.at), readStatus: false, senderUsername: message.from, recipientUsername: message.to, subject: '' });

function page<T>(request: VendorRequest, all: readonly T[]) {
  const [limit, offset] = [Math.min(50, Number(request.query.get('limit') ?? 25)), Number(request.query.get('offset') ?? 0)];
  const href = `https://api.ebay.com${request.path}`;
  return { rows: all.slice(offset, offset + limit), paging: { href, limit, offset, total: all.length, ...(offset + limit < all.length ? { next: `${href}?limit=${limit}&offset=${offset + limit}` } : {}) } };
}

/** eBay's Message API, with practice sellers behind the user names. */
export function createEbayMessageVendor(world: World, correspondence: Correspondence, options: VendorOptions = {}): EbayMessageVendor {
  const tokens = new Tokens();
  const conversations: Conversation[] = [];
  const sent: Written[] = [];
  let count = 0;
  const write = (conversation: Conversation, message: Omit<Written, 'id'>): Written => {
    const written = { ...message, id: String(7_000_000_000 + ++count) };
    conversation.messages.push(written);
    return written;
  };
  function send(request: VendorRequest): VendorResponse {
    const body = sendBody.safeParse(request.json());
    const known = body.success ? conversations.find((one) => one.id === body.data.conversationId || (one.member === body.data.otherPartyUsername && one.listingId === (body.data.reference?.referenceId ?? null))) : undefined;
    const member = known?.member ?? (body.success ? body.data.otherPartyUsername : undefined);
    if (!body.success || member === undefined) return refuse(400, { errorId: 355001, domain: 'ACCESS', message: 'Invalid request.' });
    if (!correspondence.knows(member)) return refuse(400, { errorId: 355021, domain: 'ACCESS', message: 'The user name is not valid.' });
    const conversation: Conversation = known ?? { id: String(9_000_000 + conversations.length + 1), member, listingId: body.data.reference?.referenceId ?? null, messages: [] };
    if (!known) conversations.push(conversation);
    const written = write(conversation, { from: US, to: member, text: body.data.messageText, at: request.at });
    sent.push(written);
    const answer = correspondence.hear(member, written.text, request.at);
    if (answer) write(conversation, { from: member, to: US, text: answer.text, at: answer.at });
    return { status: 201, body: { messageId: written.id, messageBody: written.text, createdDate: toIso(written.at), readStatus: false, senderUserName: US, recipientUserName: member, subject: '', messageMedia: [] } };
  }
  /** Buyers begin conversations of their own. */
  const receive = (now: Instant) => {
    for (const text of correspondence.buyers('ebay', now)) {
      const conversation: Conversation = { id: String(9_000_000 + conversations.length + 1), member: text.from, listingId: text.listingId, messages: [] };
      conversations.push(conversation);
      write(conversation, { from: text.from, to: US, text: text.text, at: text.at });
    }
  };
  const shown = (conversation: Conversation, at: Instant) => conversation.messages.filter((message) => message.at <= at);
  function list(request: VendorRequest): VendorResponse {
    if (request.query.get('conversation_type') === null) return refuse(400, { errorId: 355010, domain: 'ACCESS', message: 'conversation_type is required.' });
    receive(request.at);
    const since = Date.parse(request.query.get('start_time') ?? '1970-01-01T00:00:00.000Z');
    const member = request.query.get('other_party_username');
    const { rows, paging } = page(request, conversations.filter((one) => shown(one, request.at).some((message) => message.at >= since) && (member === null || member === one.member)));
    return { status: 200, body: { ...paging, conversations: rows.map((one) => ({ conversationId: one.id, conversationStatus: 'ACTIVE', conversationTitle: one.member, conversationType: 'FROM_MEMBERS', createdDate: toIso(one.messages[0]!.at), latestMessage: render(shown(one, request.at).at(-1)!), unreadCount: 0, ...(one.listingId === null ? {} : { referenceId: one.listingId, referenceType: 'LISTING' }) })) } };
  }
  function read(request: VendorRequest): VendorResponse {
    const conversation = conversations.find((one) => one.id === request.params['id']);
    if (!conversation) return refuse(404, { errorId: 355011, domain: 'ACCESS', message: 'The conversation was not found.' });
    const { rows, paging } = page(request, shown(conversation, request.at).toSorted((a, b) => b.at - a.at));
    return { status: 200, body: { ...paging, conversationStatus: 'ACTIVE', conversationTitle: conversation.member, conversationType: 'FROM_MEMBERS', messages: rows.map(render) } };
  }
  const host = createHost({
    name: 'ebay-message', world,
    before: (request, route) => (route.name === 'token' ? null : tokens.check(request)),
    errorBody: (status, message) => refuse(status, { errorId: status === 429 ? 2001 : 355000, domain: 'ACCESS', message }),
    routes: [
      { method: 'POST', pattern: '/identity/v1/oauth2/token', name: 'token', handle: (request) => tokens.issue(request) },
      { method: 'POST', pattern: `${BASE}/send_message`, name: 'sendMessage', handle: send },
      { method: 'GET', pattern: `${BASE}/conversation`, name: 'getConversations', handle: list },
      { method: 'GET', pattern: `${BASE}/conversation/{id}`, name: 'getConversation', handle: read },
    ],
  }, options);
  return Object.assign(host, { sent });
}
