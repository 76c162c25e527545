import { z } from 'zod';
import type { Instant } from '#kernel/time.ts';
import type { World } from '../../world/types.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';
import { idFrom, planOf } from './simulate-customer.ts';

export const PRACTICE_ECOCASH = { apiKey: 'practice-ecocash-key', merchantName: 'Practice seller' };
const VENDOR = 'ecocash';

const payment = z.strictObject({ customerMsisdn: z.string().regex(/^2637\d{8}$/), amount: z.number().positive(), reason: z.string().min(1), currency: z.enum(['USD', 'ZWG']), sourceReference: z.uuid() });
const status = z.strictObject({ sourceMobileNumber: z.string(), sourceReference: z.string() });
const refund = z.strictObject({
  origionalEcocashTransactionReference: z.string(), refundCorelator: z.string().min(1), sourceMobileNumber: z.string(), amount: z.number().positive(), clientName: z.string(), currency: z.string(), reasonForRefund: z.string(),
});
type Asked = z.infer<typeof payment> & { readonly createdAt: Instant };

const refuse = (code: number, message: string): VendorResponse => ({ status: code, body: { message } });

/** EcoCash direct, as community clients have seen it: the answer to a payment is an empty 200, and the same reference again is refused. */
export function createEcocashVendor(world: World, options: VendorOptions = {}): VendorServer {
  const find = (reference: string) => world.document(VENDOR, `payment:${reference}`) as Asked | undefined;
  const ask = (request: VendorRequest): VendorResponse => {
    const body = payment.safeParse(request.json());
    if (!body.success) return refuse(400, body.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
    if (find(body.data.sourceReference)) return refuse(409, 'Duplicate source reference');
    world.actions.putDocument(VENDOR, `payment:${body.data.sourceReference}`, { ...body.data, createdAt: request.at });
    return { status: 200 };
  };
  const look = (request: VendorRequest): VendorResponse => {
    const body = status.safeParse(request.json());
    const asked = body.success ? find(body.data.sourceReference) : undefined;
    if (!body.success) return refuse(400, 'sourceMobileNumber and sourceReference are required');
    if (!asked || asked.customerMsisdn !== body.data.sourceMobileNumber) return refuse(404, 'Transaction not found');
    const plan = planOf(world.seed, asked.sourceReference, asked.createdAt);
    const word = plan.at > request.at || plan.outcome === 'ignores' ? 'PENDING SUBSCRIBER VALIDATION' : plan.outcome === 'pays' ? 'SUCCESS' : 'FAILED';
    return { status: 200, body: { amount: { amount: asked.amount, currency: asked.currency }, customerMsisdn: asked.customerMsisdn, reference: asked.sourceReference, ecocashReference: idFrom('MP', asked.sourceReference), status: word, transactionDateTime: new Date(request.at).toISOString() } };
  };
  const giveBack = (request: VendorRequest): VendorResponse => {
    const body = refund.safeParse(request.json());
    if (!body.success) return refuse(400, body.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
    if (world.document(VENDOR, `refund:${body.data.refundCorelator}`)) return refuse(409, 'Duplicate correlator');
    world.actions.putDocument(VENDOR, `refund:${body.data.refundCorelator}`, body.data);
    return { status: 200 };
  };
  return createHost({
    name: VENDOR, world,
    routes: [
      { method: 'POST', pattern: '/api/v2/payment/instant/c2b/live', name: 'pay', handle: ask }, { method: 'POST', pattern: '/api/v1/transaction/c2b/status/live', name: 'status', handle: look }, { method: 'POST', pattern: '/api/v2/refund/instant/c2b/live', name: 'refund', handle: giveBack },
    ],
    before: (request) => (request.header('x-api-key') === PRACTICE_ECOCASH.apiKey ? null : refuse(401, 'Invalid API key')),
    errorBody: refuse,
  }, options);
}
