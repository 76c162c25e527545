import { describe, expect, it } from 'vitest';
import { cheapest, decideStep, paysAtOnce } from './decide-step.ts';
import type { CheckoutPage } from './describe-page.ts';
import { placesOrder } from './guard-page.ts';

const field = (name: string, over: Partial<CheckoutPage['fields'][number]> = {}): CheckoutPage['fields'][number] => ({ n: 0, form: 0, tag: 'input', type: 'text', name, id: '', autocomplete: '', label: name, required: true, value: 'filled', usable: true, options: [], ...over });
const button = (text: string, over: Partial<CheckoutPage['buttons'][number]> = {}): CheckoutPage['buttons'][number] => ({ n: 0, form: 0, text, names: [], marks: ['/checkout/address'], ...over });
const ADDRESS = ['email', 'address', 'city', 'postcode'].map((name) => field(name));
const STEPS = [{ words: 'Address', current: true }, { words: 'Payment', current: false }];
const page = (over: Partial<CheckoutPage>): CheckoutPage => ({ path: '/checkout', heading: 'Address', words: '', buttons: [button('Continue to shipping')], choices: [], steps: [], captcha: false, payFrame: false, fields: ADDRESS, ...over });
const labelled = (text: string, over: Partial<CheckoutPage> = {}) => page({ buttons: [button(text)], ...over });

const choose = (...labels: string[]) => cheapest({ form: 0, name: 'delivery', words: '', required: true, chosen: false, options: labels.map((label, n) => ({ n, label })) }, (text) => Math.round(Number(text.replace(/[^\d.]/g, '')) * 100));

describe('a checkout page', () => {
  it.each(['Continue to shipping', 'Continue to delivery →', 'Proceed to shipping method', 'Continuer vers la livraison', "Passer à l'expédition", 'متابعة إلى الشحن'])('is left by "%s", which names a step that is not paying', (text) => expect(decideStep(labelled(text))).toEqual({ press: 0 }));
  it.each(['Continue', 'Next', 'Save and continue', 'Continue to payment', 'Suivant', 'التالي'])('is left by "%s" only where the shop lists paying as a later step', (text) => {
    expect(decideStep(labelled(text))).toEqual({ stop: 'unsure' });
    expect(decideStep(labelled(text, { steps: STEPS }))).toEqual({ press: 0 });
    expect(decideStep(labelled(text, { steps: STEPS.map((step) => ({ ...step, current: !step.current })) }))).toEqual({ stop: 'unsure' });
  });
  it.each([
    'Continue and pay', 'Pay now', 'Place order', 'Continue & place order', 'Complete purchase', 'Buy', 'Confirm', 'Submit', 'Submit order', 'Payer', 'Commander', 'Valider la commande', 'Confirmer et payer', 'Terminer', 'ادفع الآن', 'تأكيد الطلب', 'إتمام الشراء',
  ])('with "%s" is one to pay on', (text) => expect(decideStep(labelled(text, { steps: STEPS }))).toEqual({ stop: 'pay' }));
  it.each(['', 'Go', 'Onwards!', 'Weiter', '›', 'Continue?now', 'Continue with Google'])('with the button "%s" is not sure', (text) => expect(decideStep(labelled(text, { steps: STEPS }))).toEqual({ stop: 'unsure' }));
  it.each<[string, Partial<CheckoutPage>, string]>([
    ['another name for screen readers', { buttons: [button('Continue to shipping', { names: ['Pay now'] })] }, 'pay'],
    ['an address that orders', { buttons: [button('Continue to shipping', { marks: ['/checkout/place-order'] })] }, 'pay'],
    ['an id that orders', { buttons: [button('Continue to shipping', { marks: ['place_order'] })] }, 'pay'],
    ['a pay button beside it', { buttons: [button('Continue to shipping'), button('Buy with 1-Click', { n: 1, form: -1, marks: [] })] }, 'pay'],
    ['words that bind', { words: 'By pressing Continue your card will be charged.', steps: STEPS }, 'pay'],
    ['a card field', { fields: [...ADDRESS, field('number', { autocomplete: 'cc-number' })] }, 'pay'],
    ['a consent', { fields: [...ADDRESS, field('terms', { type: 'checkbox', label: 'I agree to the terms', value: '' })] }, 'pay'],
    ['a payment service', { payFrame: true }, 'pay'],
    ['a way to pay', { choices: [{ form: 0, name: 'method', words: 'Payment', required: true, chosen: true, options: [{ n: 0, label: 'Cash on delivery' }] }] }, 'pay'],
    ['two buttons that go on', { buttons: [button('Continue to shipping'), button('Continue to delivery', { n: 1 })] }, 'unsure'],
    ['a button of another form', { buttons: [button('Continue to shipping', { form: 1 })] }, 'unsure'],
    ['a choice of something else', { choices: [{ form: 0, name: 'wrap', words: 'Gift wrap', required: true, chosen: true, options: [{ n: 0, label: 'Yes' }] }] }, 'unsure'],
    ['an empty field that is wanted', { fields: [...ADDRESS, field('wilaya code', { value: '' })] }, 'fields'],
    ['nothing to fill in', { fields: [] }, 'unsure'],
    ['a captcha', { captcha: true }, 'captcha'],
    ['a question whether one is human', { words: 'Vérifiez que vous êtes humain' }, 'captcha'],
    ['a password', { fields: [field('email'), field('password', { type: 'password' })] }, 'login'],
    ['a login', { fields: [], words: 'Please sign in to continue to your order' }, 'login'],
    ['a login in front of which guests order', { fields: [], words: 'Please log in first', buttons: [button('Continue as guest'), button('Place order', { n: 1 })] }, 'login'],
  ])('with %s is left to the person', (_, over, stop) => expect(decideStep(page(over))).toEqual({ stop }));
  it('lets guests in', () => expect(decideStep(page({ fields: [field('password', { type: 'password' })], buttons: [button('Log in'), button('Continue as guest', { n: 1, form: -1, marks: ['/checkout?as=guest'] })] }))).toEqual({ press: 1 }));
});

describe('ways to ship', () => {
  it('are taken by price, where each says one', () => {
    expect([choose('Express (1 day) $14.00', 'Standard (4-6 days) $5.00'), choose('Express $9', 'Free delivery'), choose('Only this')]).toEqual([1, 1, 0]);
    expect([choose('Express', 'Standard $5'), choose('$5 or $7', '$6')]).toEqual([null, null]);
  });
});

it.each(['Buy now', 'Buy it now', 'Acheter maintenant', 'Place order', 'Pay $12'])('"%s" buys without a checkout', (text) => expect(paysAtOnce(text)).toBe(true));
it.each(['Add to cart', 'Ajouter au panier', 'Add to order', 'Checkout'])('"%s" does not', (text) => expect(paysAtOnce(text)).toBe(false));
it.each([['https://a.example/checkout/place-order', true], ['https://a.example/?wc-ajax=checkout', true], ['https://a.example/api/payments/confirm', true], ['https://a.example/pay', true], ['https://a.example/checkout/payment', false], ['https://a.example/?wc-ajax=update_order_review', false], ['https://a.example/cart', false]])('%s places an order: %s', (url, places) => expect(placesOrder(url)).toBe(places));
