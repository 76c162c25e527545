import { createHash } from 'node:crypto';
import type { Instant } from '#kernel/time.ts';
import type { World } from '../../world/types.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';
import { idFrom, planOf } from './simulate-customer.ts';

export const PRACTICE_PAYNOW = { integrationId: '1201', integrationKey: '11111111-2222-3333-4444-555555555555', currency: 'USD', merchantEmail: 'seller@practice.invalid', returnUrl: 'https://practice.invalid/thanks' };
const VENDOR = 'paynow';

/** Paynow's own test numbers, and what they do. */
const TEST_NUMBERS: Readonly<Record<string, { readonly status: 'Paid' | 'Cancelled' | 'Failed'; readonly afterMs: number }>> = {
  '0771111111': { status: 'Paid', afterMs: 5_000 }, '0772222222': { status: 'Paid', afterMs: 30_000 }, '0773333333': { status: 'Cancelled', afterMs: 30_000 }, '0774444444': { status: 'Failed', afterMs: 0 },
};

interface Transaction {
  readonly reference: string;
  readonly amount: string;
  readonly phone: string | null;
  readonly createdAt: Instant;
}

type Fields = readonly (readonly [string, string])[];

function sign(fields: Fields): string {
  return createHash('sha512').update(fields.map(([, value]) => value).join('') + PRACTICE_PAYNOW.integrationKey).digest('hex').toUpperCase();
}
const signed = (fields: Fields): VendorResponse => ({ status: 200, body: new URLSearchParams([...fields, ['hash', sign(fields)]] as [string, string][]).toString() });
const refuse = (message: string): VendorResponse => ({ status: 200, body: new URLSearchParams({ status: 'Error', error: message }).toString() });

/** Paynow's interface: forms in, signed forms out. Two requests with one reference are two transactions, as at Paynow. */
export function createPaynowVendor(world: World, options: VendorOptions = {}): VendorServer {
  const find = (id: string) => world.document(VENDOR, `transaction:${id}`) as Transaction | undefined;

  function statusOf(transaction: Transaction, at: Instant): string {
    const test = transaction.phone === null ? undefined : TEST_NUMBERS[transaction.phone];
    if (test) return at >= transaction.createdAt + test.afterMs ? test.status : 'Sent';
    const plan = planOf(world.seed, transaction.reference, transaction.createdAt);
    if (plan.at > at || plan.outcome === 'ignores') return transaction.phone === null ? 'Created' : 'Sent';
    return plan.outcome === 'pays' ? 'Paid' : 'Cancelled';
  }

  const initiate = (request: VendorRequest, byPhone: boolean): VendorResponse => {
    const fields = [...request.form()];
    const values = Object.fromEntries(fields);
    if (values['hash'] !== sign(fields.filter(([name]) => name !== 'hash'))) return refuse('Invalid hash. Hash should start with: …');
    if (values['id'] !== PRACTICE_PAYNOW.integrationId) return refuse('Invalid Id.');
    if (!/^\d+(\.\d{1,2})?$/.test(values['amount'] ?? '') || Number(values['amount']) <= 0) return refuse('Invalid amount');
    if (byPhone && (!values['phone'] || values['method'] !== 'ecocash' || !values['authemail'])) return refuse('authemail, phone and method are required');
    const count = world.documents(VENDOR, 'transaction:').length;
    const id = idFrom('', values['reference'] ?? '', request.at, count);
    world.actions.putDocument(VENDOR, `transaction:${id}`, { reference: values['reference'] ?? '', amount: values['amount']!, phone: byPhone ? values['phone']!.replace(/\D/g, '') : null, createdAt: request.at } satisfies Transaction);
    const poll: [string, string] = ['pollurl', `${host.baseUrl}/interface/checkpayment/?guid=${id}`];
    return signed(byPhone ? [['status', 'Ok'], ['instructions', 'Dial *151*2*4# and enter your PIN'], ['paynowreference', String(9_000_000 + count)], poll] : [['status', 'Ok'], ['browserurl', `https://paynow.practice.invalid/payment/${id}`], poll]);
  };
  const poll = (request: VendorRequest): VendorResponse => {
    const id = request.query.get('guid') ?? '';
    const transaction = find(id);
    if (!transaction) return refuse('No such transaction');
    return signed([['reference', transaction.reference], ['paynowreference', idFrom('', id).replace(/\D/g, '').slice(0, 8)], ['amount', transaction.amount], ['status', statusOf(transaction, request.at)], ['pollurl', `${host.baseUrl}/interface/checkpayment/?guid=${id}`]]);
  };
  const host = createHost({
    name: VENDOR, world,
    routes: [
      { method: 'POST', pattern: '/interface/initiatetransaction', name: 'initiate', handle: (request) => initiate(request, false) }, { method: 'POST', pattern: '/interface/remotetransaction', name: 'remote', handle: (request) => initiate(request, true) },
      { method: 'POST', pattern: '/interface/checkpayment/', name: 'poll', handle: poll },
    ],
    errorBody: (status, message) => ({ status, body: new URLSearchParams({ status: 'Error', error: message }).toString() }),
  }, options);
  return host;
}
