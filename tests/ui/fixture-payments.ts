import { implement } from '@orpc/server';
import { z } from 'zod';
import { paymentsContract, type paymentDetail, type paymentRow } from '#contract/payments.ts';
import { FACETS } from './fixture-facets.ts';
import * as data from './fixture-data.ts';

type Row = z.infer<typeof paymentRow>;
const HOUR = 3_600_000;
const moneyIn = (currency: string) => (minor: number) => ({ minor, currency });

const STATES: readonly Row['state'][] = ['open', 'paid', 'paid', 'unclear', 'paid', 'processing', 'disputed', 'refunded', 'expired', 'failed'];
const PROVIDERS = [['stripe', 'Stripe', 'checkout', 'USD'], ['chargily', 'Chargily Pay', 'edahabia', 'DZD'], ['ecocash', 'EcoCash', 'ecocash', 'USD'], ['paypal', 'PayPal', 'paypal', 'EUR'], ['paynow', 'Paynow', 'paynow', 'USD']] as const;

/** Payments in every state, of every provider. */
export function paymentRows(count: number): Row[] {
  const titles = data.opportunityRows(50);
  return Array.from({ length: count }, (_, n) => {
    const [provider, providerName, method, currency] = PROVIDERS[n % PROVIDERS.length]!;
    const state = STATES[n % STATES.length]!;
    const money = moneyIn(currency);
    const amount = money(currency === 'DZD' ? 1_250_000 + n * 5_000 : 2_400 + n * 130);
    const settled = state === 'paid' || state === 'disputed' || state === 'refunded';
    return {
      id: `pay_${String(n).padStart(6, '0')}`, provider, providerName, method, state, amount, paid: settled ? amount : null, fee: settled && provider !== 'paynow' && provider !== 'ecocash' ? money(Math.round(amount.minor * 0.029) + 30) : null,
      problem: state === 'unclear' ? { code: 'payment.unclear', data: { provider: providerName } } : state === 'failed' ? { code: 'payment.refused', data: { message: 'the phone number is no Zimbabwean mobile number' } } : null,
      refunded: state === 'refunded' ? amount : money(0), description: titles[n % 50]!.title, customerName: n % 4 === 0 ? null : ['Yasmine Benali', 'Tendai Moyo', 'Ana Ruiz'][n % 3]!, createdAt: data.FIXTURE_NOW - n * 5 * HOUR, expiresAt: data.FIXTURE_NOW + (72 - n) * HOUR,
      paidAt: settled ? data.FIXTURE_NOW - n * 4 * HOUR : null, checkedAt: data.FIXTURE_NOW - HOUR / 30, checkAt: state === 'open' ? data.FIXTURE_NOW + HOUR / 60 : null, version: 1,
    };
  });
}

function detail(row: Row): z.infer<typeof paymentDetail> {
  const settled = row.paid !== null;
  return {
    ...row, customerEmail: row.customerName ? 'customer@example.org' : null, customerPhone: row.method === 'ecocash' ? '••• 111' : null, url: row.state === 'open' ? `https://checkout.example/${row.id}` : null, lotId: settled ? 'lot_000001' : null,
    units: settled ? 1 : null, orderId: settled ? 'ord_000000' : null, refundable: row.state === 'paid' ? row.amount : { minor: 0, currency: row.amount.currency }, refundsByProvider: row.provider !== 'chargily' && row.provider !== 'paynow',
    refunds: row.state === 'refunded' ? [{ id: 'rfd_1', amount: row.amount, reason: 'arrived damaged', state: 'done', externalId: 're_1', error: null, createdAt: row.createdAt + HOUR, endedAt: row.createdAt + 2 * HOUR, hangs: false }] : [],
    events: [{ id: 'evt_1', kind: 'requesting', data: { by: 'owner', amount: row.amount }, at: row.createdAt }, { id: 'evt_2', kind: row.state, data: {}, at: row.createdAt + HOUR }],
  };
}

/** @param state what the desk's test wants: nothing at all, and answers that wait or fail. */
export function paymentProcedures(state: { readonly empty: () => boolean; readonly gate: () => Promise<void>; readonly calls: string[] }) {
  const os = implement(paymentsContract);
  const rows = paymentRows(400);
  const find = (id: string) => detail(rows.find((row) => row.id === id) ?? rows[0]!);
  const usd = moneyIn('USD');
  return os.router({
    providers: os.providers.handler(async () => {
      await state.gate();
      if (state.empty()) return [];
      return PROVIDERS.map(([id, name, method, currency]) => ({ id, name, methods: id === 'stripe' ? (['checkout', 'link'] as const).slice() : [method], currencies: id === 'chargily' ? ['DZD'] : null, needs: (method === 'ecocash' ? { ecocash: ['phone'] } : {}) as Record<string, ('phone' | 'email')[]>, refunds: id !== 'chargily' && id !== 'paynow', payouts: id === 'stripe', owed: id === 'stripe' || id === 'chargily' ? [moneyIn(currency)(412_300)] : [] }));
    }),
    list: os.list.handler(async ({ input }) => {
      await state.gate();
      const found = state.empty() ? [] : rows.filter((row) => (!input.state || row.state === input.state) && (!input.search || row.description.toLowerCase().includes(input.search.toLowerCase())));
      const from = input.cursor ? found.findIndex((row) => row.id === input.cursor) + 1 : 0;
      const items = found.slice(from, from + input.limit);
      return { items, nextCursor: from + input.limit < found.length ? items.at(-1)!.id : null, total: { count: found.length, capped: false } };
    }),
    facets: os.facets.handler(() => FACETS.payments),
    get: os.get.handler(({ input }) => find(input.id)),
    request: os.request.handler(({ input }) => {
      state.calls.push(`payments.request ${JSON.stringify(input)}`);
      return { ...find('pay_000000'), state: 'requesting' as const, amount: input.amount, description: input.description };
    }),
    check: os.check.handler(({ input }) => find(input.id)),
    cancel: os.cancel.handler(({ input }) => ({ ...find(input.id), state: 'cancelled' as const })),
    requestAgain: os.requestAgain.handler(({ input }) => ({ ...find(input.id), state: 'requesting' as const })),
    refund: os.refund.handler(({ input }) => {
      state.calls.push(`payments.refund ${JSON.stringify(input)}`);
      return find(input.id);
    }),
    settleRefund: os.settleRefund.handler(() => find('pay_000007')),
    payouts: os.payouts.handler(async () => {
      await state.gate();
      if (state.empty()) return [];
      return Array.from({ length: 8 }, (_, n) => ({
        id: `pyt_${n}`, provider: 'stripe', externalId: `po_${n}`, state: n === 0 ? ('pending' as const) : ('paid' as const), amount: usd(41_230 - n * 800), arrivesAt: data.FIXTURE_NOW - (n * 7 - 2) * 24 * HOUR, booked: n > 0, difference: usd(n === 3 ? 120 : 0), foreign: n === 3 ? 1 : 0,
        lines: [{ externalId: `txn_${n}`, kind: 'payment' as const, paymentId: 'pay_000000', gross: usd(42_560 - n * 800), fee: usd(1_330), net: usd(41_230 - n * 800), description: 'Payment' }],
      }));
    }),
    recordPayout: os.recordPayout.handler(() => ({})),
    disputes: os.disputes.handler(() => (state.empty() ? [] : [{ id: 'dsp_1', provider: 'stripe', externalId: 'du_1', paymentId: 'pay_000006', state: 'needs-response' as const, amount: usd(3_180), fee: usd(1_500), reason: 'product_not_received', answerBy: data.FIXTURE_NOW + 6 * 24 * HOUR, seenAt: data.FIXTURE_NOW - 30 * HOUR }])),
  });
}
