/** What a page of a checkout says about itself, as far as it decides whether one may go on: buttons, choices, the list of steps, walls. Reads alone; changes nothing but numbers that it puts on elements. */
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { DESCRIBE, fieldSchema } from './fill-fields.ts';

const buttonSchema = z.object({
  n: z.int(),
  /** Number of its form on the page; -1: it is in none. */
  form: z.int(),
  /** What people read on it. */
  text: z.string(),
  /** Its further names: for screen readers, as a tooltip. */
  names: z.array(z.string()),
  /** How the shop calls it: id, name, and where it leads. */
  marks: z.array(z.string()),
});
const choiceSchema = z.object({
  form: z.int(), name: z.string(),
  /** What stands over the group. */
  words: z.string(),
  required: z.boolean(), chosen: z.boolean(), options: z.array(z.object({ n: z.int(), label: z.string() })),
});
const outlineSchema = z.object({
  path: z.string(), heading: z.string(), words: z.string(), buttons: z.array(buttonSchema), choices: z.array(choiceSchema),
  /** The shop's own list of its steps, in order. */
  steps: z.array(z.object({ words: z.string(), current: z.boolean() })),
  captcha: z.boolean(),
  /** A payment service's own form stands in the page. */
  payFrame: z.boolean(),
});

export type CheckoutButton = z.infer<typeof buttonSchema>;
export type CheckoutChoice = z.infer<typeof choiceSchema>;
export type CheckoutPage = z.infer<typeof outlineSchema> & { readonly fields: readonly z.infer<typeof fieldSchema>[] };

/** Runs in the page. */
const OUTLINE = `(() => {
  const shown = (el) => { const box = el.getBoundingClientRect(); return box.width > 1 && box.height > 1 && box.right + scrollX > 0 && box.bottom + scrollY > 0 && el.checkVisibility({ opacityProperty: true, visibilityProperty: true }); };
  const forms = [...document.forms];
  const cut = (text, most = 200) => String(text ?? '').replace(/\\s+/g, ' ').trim().slice(0, most);
  const isField = (el) => el.tagName === 'INPUT';
  const buttons = [...document.querySelectorAll('button, input[type=submit], input[type=button], input[type=image], [role=button], a[href]')].filter((el) => shown(el) && !el.disabled && el.getAttribute('aria-disabled') !== 'true').slice(0, 600).map((el, n) => {
    el.setAttribute('data-desk-button', String(n));
    const leads = el.tagName === 'A' ? el.getAttribute('href') : el.getAttribute('formaction') ?? (el.form ? el.form.getAttribute('action') : '');
    return { n, form: el.form ? forms.indexOf(el.form) : el.closest('form') ? forms.indexOf(el.closest('form')) : -1, text: cut(isField(el) ? el.value : el.innerText), names: [cut(el.getAttribute('aria-label')), cut(el.title), cut(el.getAttribute('alt'))].filter((text) => text !== ''), marks: [el.id, el.getAttribute('name'), isField(el) ? '' : el.getAttribute('value'), leads].map((text) => cut(text, 400)).filter((text) => text !== '') };
  });
  const groups = new Map();
  [...document.querySelectorAll('input[type=radio]')].forEach((el, n) => {
    el.setAttribute('data-desk-choice', String(n));
    const label = [...(el.labels ?? [])].map((one) => one.innerText).join(' ') || el.getAttribute('aria-label') || '';
    // shops hide the dot itself and show its label
    if (el.disabled || !(shown(el) || [...(el.labels ?? [])].some(shown))) return;
    const over = el.closest('fieldset, [role=radiogroup], section');
    const form = el.form ? forms.indexOf(el.form) : -1;
    const key = form + ' ' + el.name;
    const group = groups.get(key) ?? { form, name: el.name, words: cut(over ? (over.querySelector('legend, h1, h2, h3, h4') ?? { innerText: over.getAttribute('aria-label') }).innerText : ''), required: false, chosen: false, options: [] };
    group.required = group.required || el.required;
    group.chosen = group.chosen || el.checked;
    group.options.push({ n, label: cut(label) });
    groups.set(key, group);
  });
  const lists = [...document.querySelectorAll('ol, ul, nav, [class*="step" i], [class*="progress" i], [class*="breadcrumb" i]')].filter(shown).map((list) => [...(list.querySelector('li') ? list.querySelectorAll('li') : list.children)].map((item) => ({ words: cut(item.innerText, 60), current: item.matches('[aria-current]:not([aria-current=false]), .active, .current, .is-active') || item.querySelector('[aria-current]:not([aria-current=false])') !== null })));
  const steps = lists.find((items) => items.length >= 2 && items.length <= 8 && items.filter((item) => item.current).length === 1) ?? [];
  const frames = [...document.querySelectorAll('iframe')].filter(shown);
  const big = (el) => { const box = el.getBoundingClientRect(); return shown(el) && box.width > 100 && box.height > 40 && !el.closest('.grecaptcha-badge'); };
  // a solved box stays where it is, and holds its answer
  const solved = [...document.querySelectorAll('[name="g-recaptcha-response"], [name="h-captcha-response"], [name="cf-turnstile-response"]')].some((el) => el.value !== '');
  const captcha = !solved && (frames.some((el) => big(el) && /recaptcha|hcaptcha|turnstile|challenges\\.cloudflare|arkoselabs|funcaptcha|captcha-delivery|geetest/i.test(el.src)) || [...document.querySelectorAll('.g-recaptcha, .h-captcha, .cf-turnstile, #challenge-form, #challenge-stage')].some(big)
    || [...document.querySelectorAll('img[src*="captcha" i], input[name*="captcha" i]:not([type=hidden])')].some(shown));
  return { path: location.pathname, heading: cut((document.querySelector('h1') ?? { innerText: document.title }).innerText), words: document.body ? document.body.innerText.slice(0, 20000) : '', buttons, choices: [...groups.values()], steps, captcha, payFrame: frames.some((el) => /stripe|paypal|adyen|braintree|checkout\\.com|mollie|klarna|payment|\\bpay\\b/i.test(el.src + ' ' + el.name)) };
})()`;

const described = z.object({ fields: z.array(fieldSchema), outline: outlineSchema });

export async function describePage(page: Page): Promise<CheckoutPage> {
  // at one moment: a page on its way to another would show the fields of one and the buttons of the other
  const { fields, outline } = described.parse(await page.evaluate(`({ fields: ${DESCRIBE}, outline: ${OUTLINE} })`));
  return { ...outline, fields };
}
