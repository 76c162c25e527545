import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckoutPort, CheckoutRequest } from '#engine/purchasing/ports.ts';
import { isConnectorError } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS } from '#kernel/time.ts';
import { startTradeMarket, worthwhileOffers, type TradeMarket } from '#tests/support/trade-market.ts';
import { amountOf } from './amounts.ts';
import { createWooCommerceCheckout } from './index.ts';

let market: TradeMarket;
let checkout: CheckoutPort & { close(): Promise<void> };
let request: CheckoutRequest;
let priceMinor: number;

const shipTo = { firstName: 'Ada', lastName: 'Buyer', line1: '1 Way', line2: '', city: 'Columbus', state: 'OH', postcode: '43004', country: 'US', phone: '6145550100', email: 'ada@practice.example' };
const key = { idempotencyKey: 'k' };
const orders = () => market.world.effects().shopOrders;
const kindOf = async (promise: Promise<unknown>) => promise.then(() => 'none', (error: unknown) => (isConnectorError(error) ? `${error.kind} ${error.detail.code ?? ''}`.trim() : error));

beforeEach(async () => {
  market = await startTradeMarket();
  checkout = createWooCommerceCheckout({ baseUrl: market.shop.baseUrl, clock: market.clock, random: seededRandom(1), log: silentLogger, limits: { timeoutMs: 800 } });
  const offer = worthwhileOffers(market, 3)[0]!;
  request = { offerExternalId: offer.externalId, quantity: 3, shipTo };
  ({ priceMinor } = offer);
});
afterEach(async () => {
  await checkout.close();
  await market.close();
});

describe('quote', () => {
  it('is the shop\'s own total, and binds nothing', async () => {
    const quote = await checkout.quote(request);
    expect(quote).toMatchObject({ quantity: 3, unitPrice: { minor: priceMinor, currency: 'USD' }, goods: { minor: priceMinor * 3 }, tax: { minor: 0 } });
    expect(quote.total.minor).toBe(quote.goods.minor + quote.shipping.minor + quote.tax.minor);
    expect(orders()).toHaveLength(0);
  });

  it('counts shipping below the shop\'s free limit', async () => {
    expect((await checkout.quote({ ...request, quantity: 1 })).shipping.minor).toBe(599);
  });

  it('is for what is left where that is less, and for nothing where nothing is', async () => {
    const at = market.clock.now();
    const scarce = market.world.shops.offers('maplecart').find((offer) => {
      const state = market.world.shops.state('maplecart', offer.number, at);
      return state?.shownInStock && state.shownStock !== null && state.shownStock < 20 && state.priceMinor !== null;
    })!;
    const left = market.world.shops.state('maplecart', scarce.number, at)!.shownStock!;
    expect((await checkout.quote({ ...request, offerExternalId: String(1_000 + scarce.number), quantity: 50 })).quantity).toBe(left);
    const gone = market.world.shops.offers('maplecart').find((offer) => market.world.shops.state('maplecart', offer.number, at)?.shownInStock === false)!;
    expect(await checkout.quote({ ...request, offerExternalId: String(1_000 + gone.number) })).toMatchObject({ quantity: 0, total: { minor: 0 } });
  });

  it('refuses a product that the shop does not have', async () => {
    expect(await kindOf(checkout.quote({ ...request, offerExternalId: '999999' }))).toBe('Rejected woocommerce_rest_product_invalid_id');
  });
});

describe('place', () => {
  it('places the session\'s order once, and answers a repeat with the order that stands', async () => {
    const session = await checkout.begin(request);
    const placed = await checkout.place(session, key);
    expect(placed).toMatchObject({ externalId: String(orders()[0]!.id), status: 'processing', total: session.quote.total });
    expect(await checkout.place(session, key)).toMatchObject({ externalId: placed.externalId });
    expect(orders()).toHaveLength(1);
  });

  it('does not order at a higher total than the session\'s', async () => {
    const session = await checkout.begin(request);
    const cheaper = { ...session, quote: { ...session.quote, total: { ...session.quote.total, minor: session.quote.total.minor - 1 } } };
    expect(await kindOf(checkout.place(cheaper, key))).toBe('Rejected total-changed');
    expect(orders()).toHaveLength(0);
  });

  it.each([['cut-before', 0], ['cut-after', 1], ['malformed-body', 1], ['server-error', 0]] as const)('says that the outcome is unknown after %s, and reconcile says what it was', async (kind, placed) => {
    const session = await checkout.begin(request);
    market.shop.setFaults({ rate: 1, kinds: [kind], routes: ['checkout'], limit: 1 });
    expect(await kindOf(checkout.place(session, key))).toMatch(/^OutcomeUnknown/);
    const answer = await checkout.reconcile(session);
    expect(orders()).toHaveLength(placed);
    if (placed) expect(answer).toMatchObject({ found: { externalId: String(orders()[0]!.id) } });
    else expect(answer).toBe('absent');
  });

  it('says that the outcome is unknown when the order stands and its figures cannot be read', async () => {
    const session = await checkout.begin(request);
    market.shop.setFaults({ rate: 1, kinds: ['cut-before'], routes: ['order'] });
    expect(await kindOf(checkout.place(session, key))).toMatch(/^OutcomeUnknown/);
    expect(await checkout.reconcile(session)).toBe('unknown');
    market.shop.setFaults({ rate: 0 });
    expect(await checkout.reconcile(session)).toMatchObject({ found: { status: 'processing' } });
  });
});

describe('begin', () => {
  it('puts the wanted quantity into one cart although adding was cut off after it was done', async () => {
    market.shop.setFaults({ rate: 1, kinds: ['cut-after'], routes: ['add-item'], limit: 1 });
    expect(await kindOf(checkout.begin(request))).toMatch(/^Retryable/);
    const session = await checkout.begin(request);
    expect(session.quote).toMatchObject({ quantity: 3, goods: { minor: priceMinor * 3 } });
  });

  it('leaves a shop alone that takes cards only', async () => {
    const cards = createWooCommerceCheckout({ baseUrl: market.shop.baseUrl, clock: market.clock, random: seededRandom(1), log: silentLogger, paymentMethods: ['stripe'] });
    expect(await kindOf(cards.begin(request))).toBe('Rejected no-payment-method');
    await cards.close();
  });
});

describe('progress', () => {
  it('follows the order until it is delivered or given up', async () => {
    const session = await checkout.begin(request);
    await checkout.place(session, key);
    expect((await checkout.progress(session)).state).toBe('open');
    market.clock.advanceTo(market.clock.now() + 30 * DAY_MS);
    expect((await checkout.progress(session)).state).toBe(orders()[0]!.outcome);
  });
});

describe('amountOf', () => {
  it.each([
    ['1250', 'USD', 2, 1_250], ['12500', 'DZD', 0, 1_250_000], ['1250', 'DZD', 2, 1_250], ['12505', 'USD', 3, 1_251], ['900', 'JPY', 0, 900],
  ] as const)('reads %s %s with %d digits', (text, currency, digits, minor) => {
    expect(amountOf(text, { currency_code: currency, currency_minor_unit: digits })).toEqual({ minor, currency });
  });
});
