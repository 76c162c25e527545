import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { World } from '../../world/types.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';
import { chargeOfSale, disputeOfSale, intentOfSale, shopDisputes, shopPayouts, type ShopDispute, type ShopMove } from './shop-charges.ts';
import { idFrom, planOf } from './simulate-customer.ts';

export const PRACTICE_STRIPE = { secretKey: 'sk_test_practice', returnUrl: 'https://practice.invalid/thanks', webhookSecret: 'whsec_practice' };

const VENDOR = 'stripe';
/** Kept in the practice world alone: 2.9 % and 30 cents, as US cards are charged (assumption). */
const feeOf = (minor: number): number => Math.round(minor * 0.029) + 30;
/** Paid out so long after the day of the payment. */
const PAYOUT_AFTER_MS = 3 * DAY_MS;

interface Session {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly reference: string | null;
  readonly link: string | null;
  readonly paymentId: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly ended: boolean;
}
interface Link {
  readonly id: string;
  readonly price: string;
  readonly paymentId: string;
  readonly createdAt: Instant;
  readonly active: boolean;
}
interface Price {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
}
interface Refund {
  readonly id: string;
  readonly intent: string;
  readonly amount: number;
  readonly currency: string;
  readonly at: Instant;
  readonly metadata: Readonly<Record<string, string>>;
}

/** How long a key is known. */
const KEYS_FOR_MS = DAY_MS;

const seconds = (at: Instant): number => Math.floor(at / 1_000);
const error = (status: number, message: string, code?: string): VendorResponse => ({ status, body: { error: { type: status === 429 ? 'api_error' : 'invalid_request_error', message, ...(code ? { code } : {}) } } });
const intentOf = (session: Pick<Session, 'id'>): string => idFrom('pi_', session.id);
const chargeOf = (session: Pick<Session, 'id'>): string => idFrom('ch_', session.id);

const payoutId = (day: number, currency: string) => idFrom('po_', day, currency);

const renderRefund = (refund: Refund) => ({ id: refund.id, object: 'refund', amount: refund.amount, balance_transaction: idFrom('txn_', refund.id), charge: null, created: seconds(refund.at), currency: refund.currency, metadata: refund.metadata, payment_intent: refund.intent, reason: 'requested_by_customer', receipt_number: null, source_transfer_reversal: null, status: 'succeeded', transfer_reversal: null });

const listed = (items: readonly unknown[], url: string): VendorResponse => ({ status: 200, body: { object: 'list', data: items, has_more: false, url } });

const renderLink = (link: Link) => ({
  id: link.id, object: 'payment_link', active: link.active, after_completion: { type: 'hosted_confirmation', hosted_confirmation: { custom_message: null } }, allow_promotion_codes: false, application_fee_amount: null, application_fee_percent: null,
  automatic_tax: { enabled: false }, billing_address_collection: 'auto', consent_collection: null, currency: 'usd', custom_fields: [], custom_text: { shipping_address: null, submit: null }, customer_creation: 'if_required', invoice_creation: null, livemode: false,
  metadata: { payment_id: link.paymentId }, on_behalf_of: null, payment_intent_data: null, payment_method_collection: 'always', payment_method_types: null, phone_number_collection: { enabled: false }, shipping_address_collection: null, shipping_options: [],
  submit_type: 'auto', subscription_data: null, tax_id_collection: { enabled: false }, transfer_data: null, url: `https://buy.practice.invalid/${link.id}`,
});

const movement = (id: string, given: { readonly amount: number; readonly fee: number; readonly currency: string; readonly type: string; readonly source: string; readonly at: Instant }) => ({
  id, object: 'balance_transaction', amount: given.amount, fee: given.fee, net: given.amount - given.fee, currency: given.currency, type: given.type, reporting_category: given.type, source: given.source, status: 'available',
  description: null, exchange_rate: null, fee_details: [], created: seconds(given.at), available_on: seconds(given.at + 2 * DAY_MS),
});

const dayOf = (instant: Instant) => Math.floor((instant + PAYOUT_AFTER_MS) / DAY_MS);

const chargeMovement = (session: Session, at: Instant) => movement(idFrom('txn_', session.id), { amount: session.amount, fee: feeOf(session.amount), currency: session.currency, type: 'charge', source: chargeOf(session), at });

const shopMovement = (move: ShopMove) => movement(move.id, { amount: move.amount, fee: move.fee, currency: 'usd', type: move.type, source: move.source.id, at: move.at });
const renderShopDispute = (dispute: ShopDispute) => ({
  id: disputeOfSale(dispute.sale), object: 'dispute', amount: dispute.minor, balance_transactions: dispute.moves.map(shopMovement), charge: chargeOfSale(dispute.sale), created: seconds(dispute.at), currency: 'usd', evidence: EMPTY_EVIDENCE,
  evidence_details: { due_by: seconds(dispute.dueAt), has_evidence: false, past_due: false, submission_count: 0 }, is_charge_refundable: false, livemode: false, metadata: {}, payment_intent: intentOfSale(dispute.sale), reason: dispute.reason, status: dispute.status,
});

/** Stripe's checkout sessions, payment links, refunds, payouts and disputes over customers who pay by themselves. Idempotency keys are kept as Stripe keeps them. */
export function createStripeVendor(world: World, options: VendorOptions = {}): VendorServer {
  const put = (kind: string, id: string, value: unknown) => world.actions.putDocument(VENDOR, `${kind}:${id}`, value);
  const get = <T>(kind: string, id: string) => world.document(VENDOR, `${kind}:${id}`) as T | undefined;
  const all = <T>(kind: string) => world.documents(VENDOR, `${kind}:`).map(({ value }) => value as T);

  const paidAt = (session: Session, at: Instant): Instant | null => {
    const plan = planOf(world.seed, session.paymentId, session.createdAt);
    return plan.outcome === 'pays' && plan.at <= at && plan.at <= session.expiresAt && !(session.ended && plan.at > session.createdAt) ? plan.at : null;
  };
  const refundsOf = (session: Session) => all<Refund>('refund').filter((refund) => refund.intent === intentOf(session));
  const disputedAt = (session: Session, at: Instant): Instant | null => {
    const plan = planOf(world.seed, session.paymentId, session.createdAt);
    return paidAt(session, at) !== null && plan.disputedAt !== null && plan.disputedAt <= at ? plan.disputedAt : null;
  };


  function charge(session: Session, at: Instant) {
    const paid = paidAt(session, at)!;
    const refunded = refundsOf(session).reduce((sum, refund) => sum + refund.amount, 0);
    return {
      id: chargeOf(session), object: 'charge', amount: session.amount, amount_captured: session.amount, amount_refunded: refunded, currency: session.currency, paid: true, captured: true, refunded: refunded >= session.amount, disputed: disputedAt(session, at) !== null,
      balance_transaction: chargeMovement(session, paid), billing_details: { address: null, email: null, name: null, phone: null }, created: seconds(paid), livemode: false, metadata: {}, status: 'succeeded', payment_intent: intentOf(session),
    };
  }

  function render(session: Session, at: Instant, expand: boolean) {
    const paid = paidAt(session, at);
    const intent = paid === null ? null : expand ? { id: intentOf(session), object: 'payment_intent', amount: session.amount, capture_method: 'automatic', confirmation_method: 'automatic', created: seconds(session.createdAt), currency: session.currency, livemode: false, payment_method_types: ['card'], status: 'succeeded', latest_charge: charge(session, at) } : intentOf(session);
    const status = paid !== null ? 'complete' : session.ended || session.expiresAt <= at ? 'expired' : 'open';
    return {
      id: session.id, object: 'checkout.session', amount_subtotal: session.amount, amount_total: session.amount, automatic_tax: { enabled: false, status: null }, client_reference_id: session.reference, created: seconds(session.createdAt),
      currency: session.currency, custom_fields: [], custom_text: { shipping_address: null, submit: null }, expires_at: seconds(session.expiresAt), livemode: false, metadata: { payment_id: session.paymentId }, mode: 'payment', payment_intent: intent,
      payment_link: session.link, payment_method_types: ['card'], payment_status: paid !== null ? 'paid' : 'unpaid', shipping_options: [], status, success_url: PRACTICE_STRIPE.returnUrl,
      url: status === 'open' ? `https://checkout.practice.invalid/${session.id}` : null,
    };
  }

  /** Stripe answers a repeated key with what it answered first, and refuses the key with another body. */
  function once(request: VendorRequest, make: (form: URLSearchParams) => VendorResponse): VendorResponse {
    const key = request.header('idempotency-key');
    const kept = key ? get<{ body: string; response: VendorResponse; at: Instant }>('key', key) : undefined;
    const body = request.body.toString('utf8');
    if (kept && request.at - kept.at < KEYS_FOR_MS) return kept.body === body ? kept.response : error(400, 'Keys for idempotent requests can only be used with the same parameters they were first used with.', 'idempotency_error');
    const response = make(request.form());
    if (key && response.status < 500) put('key', key, { body, response, at: request.at });
    return response;
  }

  const createSession = (request: VendorRequest) => once(request, (form) => {
    const amount = Number(form.get('line_items[0][price_data][unit_amount]'));
    const expiresAt = form.has('expires_at') ? Number(form.get('expires_at')) * 1_000 : request.at + DAY_MS;
    if (form.get('mode') !== 'payment' || !form.get('success_url') || !Number.isSafeInteger(amount) || amount < 50) return error(400, 'Amount must be at least 50 cents.', 'amount_too_small');
    if (!(expiresAt >= request.at + 30 * 60_000 && expiresAt <= request.at + DAY_MS)) return error(400, 'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.');
    const paymentId = form.get('metadata[payment_id]') ?? '';
    const session: Session = { id: idFrom('cs_test_', request.header('idempotency-key') || `${request.at}:${paymentId}`), amount, currency: form.get('line_items[0][price_data][currency]') ?? 'usd', reference: form.get('client_reference_id'), link: null, paymentId, createdAt: request.at, expiresAt, ended: false };
    put('session', session.id, session);
    return { status: 200, body: render(session, request.at, false) };
  });

  const createPrice = (request: VendorRequest) => once(request, (form) => {
    const amount = Number(form.get('unit_amount'));
    if (!Number.isSafeInteger(amount) || amount < 50) return error(400, 'Amount must be at least 50 cents.', 'amount_too_small');
    const price: Price = { id: idFrom('price_', request.header('idempotency-key')), amount, currency: form.get('currency') ?? 'usd' };
    put('price', price.id, price);
    return { status: 200, body: { id: price.id, object: 'price', active: true, billing_scheme: 'per_unit', created: seconds(request.at), currency: price.currency, livemode: false, lookup_key: null, metadata: {}, nickname: null, product: idFrom('prod_', price.id), recurring: null, tax_behavior: 'unspecified', tiers_mode: null, transform_quantity: null, type: 'one_time', unit_amount: amount, unit_amount_decimal: String(amount) } };
  });

  const createLink = (request: VendorRequest) => once(request, (form) => {
    const price = get<Price>('price', form.get('line_items[0][price]') ?? '');
    if (!price) return error(400, 'No such price', 'resource_missing');
    const link: Link = { id: idFrom('plink_', request.header('idempotency-key')), price: price.id, paymentId: form.get('metadata[payment_id]') ?? '', createdAt: request.at, active: true };
    put('link', link.id, link);
    return { status: 200, body: renderLink(link) };
  });
  const updateLink = (request: VendorRequest): VendorResponse => {
    const link = get<Link>('link', request.params['id']!);
    if (!link) return error(404, 'No such payment link', 'resource_missing');
    const changed = { ...link, active: request.form().get('active') !== 'false' };
    put('link', link.id, changed);
    return { status: 200, body: renderLink(changed) };
  };

  /** A customer who opens a link makes a session of it. */
  function sessionsOf(linkId: string, at: Instant): Session[] {
    const link = get<Link>('link', linkId);
    const price = link && get<Price>('price', link.price);
    if (!link || !price) return [];
    const made = get<Session>('session', idFrom('cs_test_', link.id));
    if (made) return [made];
    const plan = planOf(world.seed, link.paymentId, link.createdAt);
    if (!link.active || plan.outcome !== 'pays' || plan.at > at) return [];
    const session: Session = { id: idFrom('cs_test_', link.id), amount: price.amount, currency: price.currency, reference: null, link: link.id, paymentId: link.paymentId, createdAt: link.createdAt, expiresAt: plan.at + DAY_MS, ended: false };
    put('session', session.id, session);
    return [session];
  }

  const oneSession = (request: VendorRequest): VendorResponse => {
    const session = get<Session>('session', request.params['id']!);
    return session ? { status: 200, body: render(session, request.at, [...request.query.keys()].some((name) => name.startsWith('expand'))) } : error(404, 'No such checkout session', 'resource_missing');
  };
  const expireSession = (request: VendorRequest): VendorResponse => {
    const session = get<Session>('session', request.params['id']!);
    if (!session) return error(404, 'No such checkout session', 'resource_missing');
    if (paidAt(session, request.at) !== null) return error(400, 'Only Checkout Sessions with a status in ["open"] can be expired.');
    put('session', session.id, { ...session, ended: true, expiresAt: Math.min(session.expiresAt, request.at) });
    return { status: 200, body: render({ ...session, ended: true, expiresAt: Math.min(session.expiresAt, request.at) }, request.at, false) };
  };

  const createRefund = (request: VendorRequest) => once(request, (form) => {
    const session = all<Session>('session').find((candidate) => intentOf(candidate) === form.get('payment_intent'));
    if (!session || paidAt(session, request.at) === null) return error(400, 'This PaymentIntent does not have a successful charge to refund.', 'charge_not_refundable');
    const amount = Number(form.get('amount'));
    if (!(amount > 0) || amount > session.amount - refundsOf(session).reduce((sum, refund) => sum + refund.amount, 0)) return error(400, 'Refund amount is greater than unrefunded amount on charge', 'amount_too_large');
    const metadata = Object.fromEntries([...form].flatMap(([name, value]) => { const key = /^metadata\[(\w+)\]$/.exec(name)?.[1]; return key ? [[key, value]] : []; }));
    const refund: Refund = { id: idFrom('re_', request.header('idempotency-key'), request.at), intent: intentOf(session), amount, currency: session.currency, at: request.at, metadata };
    put('refund', refund.id, refund);
    return { status: 200, body: renderRefund(refund) };
  });
  const listRefunds = (request: VendorRequest): VendorResponse => listed(all<Refund>('refund').filter((refund) => refund.intent === request.query.get('payment_intent')).map(renderRefund), '/v1/refunds');
  const oneRefund = (request: VendorRequest): VendorResponse => {
    const refund = get<Refund>('refund', request.params['id']!);
    return refund ? { status: 200, body: renderRefund(refund) } : error(404, 'No such refund', 'resource_missing');
  };

  /** Everything that moved the balance, with the day on which it is paid out. */
  function movements(at: Instant) {
    const found: { readonly day: number; readonly of: ReturnType<typeof movement> }[] = [];
    for (const session of all<Session>('session')) {
      const paid = paidAt(session, at);
      if (paid === null) continue;
      found.push({ day: dayOf(paid), of: chargeMovement(session, paid) });
      const disputed = disputedAt(session, at);
      if (disputed !== null) found.push({ day: dayOf(disputed), of: movement(idFrom('txn_', session.id, 'dispute'), { amount: -session.amount, fee: 1_500, currency: session.currency, type: 'adjustment', source: idFrom('dp_', session.id), at: disputed }) });
    }
    for (const refund of all<Refund>('refund')) found.push({ day: dayOf(refund.at), of: movement(idFrom('txn_', refund.id), { amount: -refund.amount, fee: 0, currency: refund.currency, type: 'refund', source: refund.id, at: refund.at }) });
    return found.filter(({ day }) => day * DAY_MS <= at);
  }
  const payouts = (request: VendorRequest): VendorResponse => {
    const from = Number(request.query.get('created[gte]') ?? 0);
    const sums = new Map<string, { day: number; currency: string; amount: number }>();
    for (const { day, of } of movements(request.at)) {
      const key = `${day}:${of.currency}`;
      const sum = sums.get(key) ?? { day, currency: of.currency, amount: 0 };
      sum.amount += of.net;
      sums.set(key, sum);
    }
    const own = [...sums.values()].map(({ day, currency, amount }) => ({ id: payoutId(day, currency), amount, currency, at: day * DAY_MS }));
    const shops = shopPayouts(world).map(({ id, minor, at }) => ({ id, amount: minor, currency: 'usd', at }));
    return listed([...own, ...shops].filter(({ at }) => seconds(at) >= from).toSorted((a, b) => b.at - a.at).map(({ id, amount, currency, at }) => ({
      id, object: 'payout', amount, arrival_date: seconds(at), automatic: true, balance_transaction: idFrom('txn_', id), created: seconds(at), currency, description: 'STRIPE PAYOUT', destination: null,
      failure_balance_transaction: null, failure_code: null, failure_message: null, livemode: false, metadata: {}, method: 'standard', original_payout: null, reconciliation_status: 'completed', reversed_by: null, source_type: 'card', statement_descriptor: null, status: 'paid', type: 'bank_account',
    })), '/v1/payouts');
  };
  /** What a movement is of, as Stripe shows it where it is asked to expand it. */
  function sourceOf({ source: { id, charge: of, payment_intent: intent }, ...move }: ShopMove) {
    if (move.type === 'refund') return { ...renderRefund({ id, intent, amount: -move.amount, currency: 'usd', at: move.at, metadata: {} }), charge: of };
    if (move.type === 'adjustment') return renderShopDispute(shopDisputes(world).find(({ sale }) => disputeOfSale(sale) === id)!);
    return {
      id, object: 'charge', amount: move.amount, amount_captured: move.amount, amount_refunded: 0, currency: 'usd', paid: true, captured: true, refunded: false, disputed: false, balance_transaction: move.id, billing_details: { address: null, email: null, name: null, phone: null },
      created: seconds(move.at), livemode: false, metadata: {}, status: 'succeeded', payment_intent: intent,
    };
  }
  const ofShop = (move: ShopMove, expand: boolean) => (expand ? { ...shopMovement(move), source: sourceOf(move) } : shopMovement(move));
  const balanceTransactions = (request: VendorRequest): VendorResponse => {
    const wanted = request.query.get('payout');
    const expand = [...request.query.keys()].some((name) => name.startsWith('expand'));
    const shops = shopPayouts(world).find(({ id }) => id === wanted)?.moves.map((move) => ofShop(move, expand)) ?? [];
    return listed([...movements(request.at).filter(({ day, of }) => payoutId(day, of.currency) === wanted).map(({ of }) => of), ...shops], '/v1/balance_transactions');
  };
  const disputes = (request: VendorRequest): VendorResponse => listed(all<Session>('session').flatMap((session) => {
    const at = disputedAt(session, request.at);
    if (at === null) return [];
    const decided = request.at >= at + 20 * DAY_MS;
    return [{
      id: idFrom('dp_', session.id), object: 'dispute', amount: session.amount, balance_transactions: [movement(idFrom('txn_', session.id, 'dispute'), { amount: -session.amount, fee: 1_500, currency: session.currency, type: 'adjustment', source: idFrom('dp_', session.id), at })],
      charge: chargeOf(session), created: seconds(at), currency: session.currency, evidence: EMPTY_EVIDENCE, evidence_details: { due_by: seconds(at + 9 * DAY_MS), has_evidence: false, past_due: false, submission_count: 0 }, is_charge_refundable: false, livemode: false,
      metadata: {}, payment_intent: intentOf(session), reason: 'product_not_received', status: decided ? 'lost' : 'needs_response',
    }];
  }).concat(shopDisputes(world).map(renderShopDispute)), '/v1/disputes');

  return createHost({
    name: VENDOR, world,
    routes: [
      { method: 'GET', pattern: '/v1/balance', name: 'balance', handle: () => ({ status: 200, body: { object: 'balance', available: [], livemode: false, pending: [] } }) },
      { method: 'POST', pattern: '/v1/checkout/sessions', name: 'create-session', handle: createSession },
      { method: 'GET', pattern: '/v1/checkout/sessions', name: 'list-sessions', handle: (request) => listed(sessionsOf(request.query.get('payment_link') ?? '', request.at).map((session) => render(session, request.at, false)), '/v1/checkout/sessions') },
      { method: 'GET', pattern: '/v1/checkout/sessions/{id}', name: 'session', handle: oneSession },
      { method: 'POST', pattern: '/v1/checkout/sessions/{id}/expire', name: 'expire-session', handle: expireSession },
      { method: 'POST', pattern: '/v1/prices', name: 'create-price', handle: createPrice },
      { method: 'POST', pattern: '/v1/payment_links', name: 'create-link', handle: createLink },
      { method: 'POST', pattern: '/v1/payment_links/{id}', name: 'update-link', handle: updateLink },
      { method: 'POST', pattern: '/v1/refunds', name: 'refund', handle: createRefund },
      { method: 'GET', pattern: '/v1/refunds', name: 'refunds', handle: listRefunds }, { method: 'GET', pattern: '/v1/refunds/{id}', name: 'read-refund', handle: oneRefund },
      { method: 'GET', pattern: '/v1/payouts', name: 'payouts', handle: payouts },
      { method: 'GET', pattern: '/v1/balance_transactions', name: 'movements', handle: balanceTransactions },
      { method: 'GET', pattern: '/v1/disputes', name: 'disputes', handle: disputes },
    ],
    before: (request) => (request.header('authorization') === `Bearer ${PRACTICE_STRIPE.secretKey}` ? null : error(401, 'Invalid API Key provided')),
    errorBody: (status, message) => error(status, message, status === 429 ? 'rate_limit' : undefined),
  }, options);
}

const EMPTY_EVIDENCE = Object.fromEntries([
  'access_activity_log', 'billing_address', 'cancellation_policy', 'cancellation_policy_disclosure', 'cancellation_rebuttal', 'customer_communication', 'customer_email_address', 'customer_name', 'customer_purchase_ip', 'customer_signature',
  'duplicate_charge_documentation', 'duplicate_charge_explanation', 'duplicate_charge_id', 'product_description', 'receipt', 'refund_policy', 'refund_policy_disclosure', 'refund_refusal_explanation', 'service_date', 'service_documentation',
  'shipping_address', 'shipping_carrier', 'shipping_date', 'shipping_documentation', 'shipping_tracking_number', 'uncategorized_file', 'uncategorized_text',
].map((name) => [name, null]));
