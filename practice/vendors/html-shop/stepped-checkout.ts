/** A checkout of three pages: address, shipping, payment. Its tricks are those of real shops: walls, buttons that do not say what they do, pages that send themselves. */
import { toDecimal } from '#kernel/money.ts';
import type { Outlet } from '../../world/types.ts';
import type { VendorRequest, VendorResponse } from '../host.ts';
import { ADDRESS_KEYS, addressFields, type ClassicCheckout, escapeHtml, go, page } from './classic-checkout.ts';
import { layout } from './render-page.ts';

/** `none` an honest shop. All others have a card on file, so that their last button orders at once. */
export type CheckoutTrick =
  | 'none' | 'captcha' | 'captcha-box' | 'login' | 'guest' | 'continue-and-pay' | 'place-order' | 'no-text' | 'plain-continue' | 'named-otherwise' | 'one-page' | 'binding-words' | 'sends-itself' | 'sends-on-load' | 'script-orders' | 'label-turns';
export const CHECKOUT_TRICKS: readonly CheckoutTrick[] = [
  'captcha', 'captcha-box', 'login', 'guest', 'continue-and-pay', 'place-order', 'no-text', 'plain-continue', 'named-otherwise', 'one-page', 'binding-words', 'sends-itself', 'sends-on-load', 'script-orders', 'label-turns',
];

const EXPRESS_MINOR = 900;
const STEPS = ['Address', 'Shipping', 'Payment'] as const;
const LAST_BUTTONS: Readonly<Partial<Record<CheckoutTrick, string>>> = {
  'continue-and-pay': '<button type="submit">Continue and pay</button>', 'place-order': '<button type="submit">Place order</button>', 'no-text': '<button type="submit"><svg width="40" height="20"></svg></button>', 'plain-continue': '<button type="submit">Continue</button>',
};

const option = (value: string, label: string) => `<p><label><input type="radio" name="delivery" value="${value}" required> ${label}</label></p>`;

export class SteppedCheckout {
  readonly #till: ClassicCheckout;
  readonly #outlet: Outlet;
  readonly #given = new Map<string, Record<string, string>>();
  /** Baskets of those who passed the wall, as only a person does. */
  readonly #passed = new Set<string>();
  trick: CheckoutTrick = 'none';

  constructor(till: ClassicCheckout, outlet: Outlet) {
    this.#till = till;
    this.#outlet = outlet;
  }

  #price = (minor: number) => `$${toDecimal({ minor, currency: this.#outlet.currency })}`;

  #show(step: number, main: string): VendorResponse {
    const steps = this.trick === 'one-page' ? '' : `<ol class="checkout-steps">${STEPS.map((words, n) => `<li${n === step ? ' aria-current="step"' : ''}>${words}</li>`).join('')}</ol>`;
    return page(layout(this.#outlet, { title: STEPS[step] ?? 'Checkout', head: '', main: `${steps}<h1>${STEPS[step] ?? 'Checkout'}</h1>${main}` }));
  }

  #givenFor(request: VendorRequest): Record<string, string> | null {
    const basket = this.#till.basket(request);
    return basket && (this.#given.get(basket.id) ?? {});
  }

  address(request: VendorRequest, problem = ''): VendorResponse {
    const given = this.#givenFor(request);
    if (!given) return go('/cart');
    const hasPassed = this.#passed.has(this.#till.basket(request)?.id ?? '');
    if (this.trick === 'captcha' && !hasPassed) return this.#show(0, '<p>Please verify you are human.</p><form method="post" action="/checkout/human"><div class="g-recaptcha" style="width:304px;height:78px"><button type="submit" id="human">✓</button></div></form>');
    if ((this.trick === 'login' || this.trick === 'guest') && !hasPassed && request.query.get('as') !== 'guest') {
      const guest = this.trick === 'guest' ? '<a class="button" href="/checkout?as=guest">Continue as guest</a>' : '';
      return this.#show(0, `<p>Please log in to check out.</p><form method="post" action="/checkout/login"><label>E-mail <input name="email" type="email"></label><label>Password <input name="password" type="password"></label><button type="submit">Log in</button></form>${guest}`);
    }
    const button = {
      'named-otherwise': '<button type="submit" aria-label="Pay now">Continue to shipping</button>', 'one-page': '<button type="submit">Continue</button>', 'binding-words': '<p>By clicking Continue you place your order.</p><button type="submit">Continue</button>',
      'script-orders': '<button type="button" id="on">Continue to shipping</button><script>document.getElementById("on").onclick = () => fetch("/checkout/place-order", { method: "POST" });</script>',
      'label-turns': '<button type="submit" id="on">Continue to shipping</button><script>document.querySelector("form").addEventListener("change", () => { document.getElementById("on").textContent = "Pay now"; });</script>',
    }[this.trick as string] ?? '<button type="submit">Continue to shipping</button>';
    const action = ['named-otherwise', 'one-page', 'binding-words', 'sends-itself', 'label-turns'].includes(this.trick) ? '/checkout/payment' : '/checkout/address';
    const sends = this.trick === 'sends-itself' ? '<script>document.querySelector("form").addEventListener("change", (event) => event.currentTarget.submit());</script>' : '';
    // as such services do it: the box stays after it was ticked, and its answer stands in a hidden field
    const box = this.trick === 'captcha-box' ? '<div class="g-recaptcha" style="width:304px;height:78px" id="box" onclick="this.querySelector(\'textarea\').value = \'a-person\'"><textarea name="g-recaptcha-response" style="display:none"></textarea></div>' : '';
    return this.#show(0, `${problem ? `<p role="alert">${escapeHtml(problem)}</p>` : ''}<form method="post" action="${action}">${addressFields(this.#outlet.id)}${box}${button}</form>${sends}`);
  }

  /** A person solved the puzzle, or signed in. */
  pass(request: VendorRequest): VendorResponse {
    const basket = this.#till.basket(request);
    if (!basket) return go('/cart');
    if (this.trick !== 'login' || request.form().get('password')) this.#passed.add(basket.id);
    return go('/checkout');
  }

  takeAddress(request: VendorRequest): VendorResponse {
    const basket = this.#till.basket(request);
    if (!basket) return go('/cart');
    const form = Object.fromEntries(request.form());
    const missing = [...ADDRESS_KEYS(this.#outlet.id), 'country'].filter((key) => !form[key]);
    if (missing.length > 0) return this.address(request, `Missing: ${missing.join(', ')}`);
    if (this.trick === 'captcha-box' && !form['g-recaptcha-response']) return this.address(request, 'Tick the box.');
    this.#given.set(basket.id, form);
    return go('/checkout/shipping');
  }

  shipping(request: VendorRequest, problem = ''): VendorResponse {
    const basket = this.#till.basket(request);
    if (!basket) return go('/cart');
    const choices = `<fieldset><legend>Delivery</legend>${option('express', `Express (1 day) ${this.#price(basket.shipping + EXPRESS_MINOR)}`)}${option('standard', `Standard (4-6 days) ${this.#price(basket.shipping)}`)}</fieldset>`;
    return this.#show(1, `${problem ? `<p role="alert">${problem}</p>` : ''}<form method="post" action="/checkout/shipping">${choices}<button type="submit">Continue to payment</button></form>`);
  }

  takeShipping(request: VendorRequest): VendorResponse {
    if (request.form().get('delivery') !== 'standard') return this.shipping(request, 'Express is not offered to this address.');
    return go('/checkout/payment');
  }

  payment(request: VendorRequest, problem = ''): VendorResponse {
    const basket = this.#till.basket(request);
    if (!basket) return go('/cart');
    if (this.trick === 'sends-on-load') return this.#show(3, '<form method="post" action="/checkout/payment"><button type="submit">Continue</button></form><script>document.querySelector("form").submit();</script>');
    const sums = `<table><tr><th>Subtotal</th><td>${this.#price(basket.items)}</td></tr><tr><th>Shipping</th><td>${this.#price(basket.shipping)}</td></tr><tr><th>Total</th><td>${this.#price(basket.total)}</td></tr></table>`;
    const last = LAST_BUTTONS[this.trick];
    const card = '<fieldset><legend>Payment</legend><p><label>Card number <input name="card_number" autocomplete="cc-number" required></label></p></fieldset><p><label><input type="checkbox" name="terms" required> I agree to the terms</label></p>';
    const form = `<form method="post" action="/checkout/payment">${last ? '' : card}${last ?? '<button type="submit" id="place_order">Place order</button>'}</form>`;
    return last ? this.#show(3, `${sums}${form}`) : this.#show(2, `${problem ? `<p role="alert">${escapeHtml(problem)}</p>` : ''}${sums}${form}`);
  }

  /** Every press that gets here orders: of an honest shop with a card and the terms agreed to, of a tricky one as it comes. */
  pay(request: VendorRequest): VendorResponse {
    const form = Object.fromEntries(request.form());
    if (this.trick === 'none' && (!form['card_number'] || !form['terms'])) return this.payment(request, 'Missing: card_number, terms');
    return this.#till.place(request, { ...this.#givenFor(request), ...form });
  }
}
