import { z } from 'zod';
import type { World } from '../../world/types.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';
import type { PostOffice } from '../imap/post-office.ts';

export const PRACTICE_SENDGRID_KEY = 'SG.practice-key';
/** The one sender that is verified. */
export const PRACTICE_SENDER = 'desk@practice.invalid';

const person = z.strictObject({ email: z.email(), name: z.string().optional() });
const sendBody = z.strictObject({
  personalizations: z.array(z.strictObject({ to: z.array(person).min(1), bcc: z.array(person).optional(), custom_args: z.record(z.string(), z.string()).optional() })).min(1), from: person, reply_to: person.optional(), subject: z.string().min(1),
  content: z.array(z.strictObject({ type: z.string(), value: z.string().min(1) })).min(1), headers: z.record(z.string(), z.string()).optional(), tracking_settings: z.unknown().optional(),
});

const refuse = (status: number, message: string, field: string | null = null): VendorResponse => ({ status, body: { errors: [{ message, field, help: {} }] } });

function send(post: PostOffice, request: VendorRequest): VendorResponse {
  const body = sendBody.safeParse(request.json());
  if (!body.success) return refuse(400, body.error.issues[0]!.message, body.error.issues[0]!.path.join('.'));
  const { from, content, subject, headers = {}, reply_to: replyTo } = body.data;
  if (from.email !== PRACTICE_SENDER) return refuse(403, 'The from address does not match a verified Sender Identity.', 'from');
  for (const { to, bcc = [] } of body.data.personalizations) {
    const addresses = [...to, ...bcc].map((one) => one.email.toLowerCase());
    if (new Set(addresses).size !== addresses.length) return refuse(400, 'Each email address in the personalization block should be unique between to, cc, and bcc.', 'personalizations');
    for (const { email } of to) post.accept({ from: from.email, fromName: from.name ?? '', to: email, copies: bcc.map((one) => one.email), replyTo: replyTo?.email ?? from.email, subject, text: content[0]!.value, headers }, request.at);
  }
  return { status: 202, headers: { 'x-message-id': `practice-${post.accepted.length}` } };
}

const entry = ({ email, at, reason, status }: PostOffice['bounces'][number]) => ({ created: Math.floor(at / 1_000), email, reason, status });

function bounces(post: PostOffice, { query, at }: VendorRequest): VendorResponse {
  const [from, limit, offset] = [Number(query.get('start_time') ?? 0), Number(query.get('limit') ?? 500), Number(query.get('offset') ?? 0)];
  return { status: 200, body: post.bounces.filter((one) => one.at <= at && one.at >= from * 1_000).map(entry).slice(offset, offset + limit) };
}

/** SendGrid's `POST /v3/mail/send`, whose mail goes to the practice post office, and its list of bounces. */
export function createSendGridVendor(world: World, post: PostOffice, options: VendorOptions = {}): VendorServer {
  return createHost({
    name: 'sendgrid', world, errorBody: (status, message) => refuse(status, message),
    before: (request) => (request.header('authorization') === `Bearer ${PRACTICE_SENDGRID_KEY}` ? null : refuse(401, 'The provided authorization grant is invalid, expired, or revoked')),
    routes: [
      { method: 'POST', pattern: '/v3/mail/send', name: 'sendMail', handle: (request) => send(post, request) },
      { method: 'GET', pattern: '/v3/suppression/bounces', name: 'listBounces', handle: (request) => bounces(post, request) },
      { method: 'GET', pattern: '/v3/suppression/bounces/{email}', name: 'getBounce', handle: (request) => ({ status: 200, body: post.bounces.filter((one) => one.at <= request.at && one.email === (request.params['email'] ?? '').toLowerCase()).map(entry) }) },
    ],
  }, options);
}
