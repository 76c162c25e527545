/** Finds out what a checkout's fields are for, and fills those of the address. Never a password, a card, a coupon, a consent, or a field that people cannot see. */
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { foldText } from '#kernel/fold-text.ts';
import type { ShipTo } from '#engine/purchasing/ports.ts';

/** Runs in the page: what each field says about itself. A number is put on each, by which it is filled. */
export const DESCRIBE = `(() => [...document.querySelectorAll('input, select, textarea')].map((field, n) => {
  field.setAttribute('data-desk-field', String(n));
  const box = field.getBoundingClientRect();
  const style = getComputedStyle(field);
  const labels = [...(field.labels ?? [])].map((label) => label.innerText).join(' ');
  return {
    n, form: field.form ? [...document.forms].indexOf(field.form) : -1, tag: field.tagName.toLowerCase(), type: (field.getAttribute('type') ?? 'text').toLowerCase(), name: field.getAttribute('name') ?? '', id: field.id, autocomplete: (field.getAttribute('autocomplete') ?? '').toLowerCase(),
    label: (labels || field.getAttribute('aria-label') || field.getAttribute('placeholder') || '').slice(0, 200), required: field.required || field.getAttribute('aria-required') === 'true', value: field.type === 'checkbox' ? (field.checked ? 'on' : '') : String(field.value ?? '').slice(0, 200),
    usable: box.width > 1 && box.height > 1 && box.right + window.scrollX > 0 && box.bottom + window.scrollY > 0 && style.visibility !== 'hidden' && style.opacity !== '0' && !field.disabled && !field.readOnly && field.tabIndex >= 0,
    options: field.tagName === 'SELECT' ? [...field.options].slice(0, 400).map((option) => ({ value: option.value, label: option.label.slice(0, 100) })) : [],
  };
}))()`;

export const fieldSchema = z.object({
  n: z.int(),
  /** Number of its form on the page; -1: it is in none. */
  form: z.int(),
  tag: z.string(), type: z.string(), name: z.string(), id: z.string(), autocomplete: z.string(), label: z.string(), required: z.boolean(), value: z.string(), usable: z.boolean(), options: z.array(z.object({ value: z.string(), label: z.string() })),
});
type Field = z.infer<typeof fieldSchema>;
type Role = keyof ShipTo | 'name';

const BY_AUTOCOMPLETE: Readonly<Record<string, Role>> = {
  'given-name': 'firstName', 'family-name': 'lastName', name: 'name', 'address-line1': 'line1', 'street-address': 'line1', 'address-line2': 'line2', 'address-level2': 'city', 'address-level1': 'state', 'postal-code': 'postcode', country: 'country', 'country-name': 'country', tel: 'phone', 'tel-national': 'phone', email: 'email',
};
/** Over a field's folded name, id and label; first that fits. */
const NOT_OURS = /card|cvc|cvv|cardholder|iban|coupon|promo|voucher|gift|password|mot de passe|passe|search|recherche|company|entreprise|societe|vat|captcha|newsletter|comment|note|expir|username|date of birth|birthday|carte|quantity|qty/;
const BY_WORDS: readonly (readonly [RegExp, Role])[] = [
  [/e-?mail|courriel|بريد الكتروني|البريد الالكتروني/, 'email'], [/phone|mobile|\btel\b|telephone|portable|هاتف/, 'phone'], [/first.?name|given.?name|prenom|الاسم الاول/, 'firstName'], [/last.?name|sur.?name|family.?name|nom de famille|اللقب|اسم العائله/, 'lastName'],
  [/post.?code|\bzip\b|postal|الرمز البريدي/, 'postcode'], [/address.?(?:line.?)?2|apartment|\bsuite\b|complement/, 'line2'], [/address|street|adresse|\brue\b|عنوان/, 'line1'], [/\bcity\b|\btown\b|ville|مدينه/, 'city'], [/\bstate\b|province|region|county|wilaya|ولايه/, 'state'], [/country|\bpays\b|بلد|دوله/, 'country'],
  [/full.?name|nom complet|\bname\b|^nom\b|الاسم/, 'name'],
];

export function roleOf(field: Pick<Field, 'tag' | 'type' | 'name' | 'id' | 'autocomplete' | 'label'>): Role | null {
  if (!['text', 'email', 'tel', 'search'].includes(field.type) && field.tag === 'input') return null;
  const tokens = field.autocomplete.split(/\s+/);
  if (tokens.some((token) => /^(?:cc-|one-time|new-password|current-password|organization|bday)/.test(token))) return null;
  const words = foldText(`${field.name} ${field.id} ${field.label}`).replaceAll(/[_[\]]/g, ' ');
  if (NOT_OURS.test(words)) return null;
  const told = tokens.map((token) => BY_AUTOCOMPLETE[token]).find((role) => role !== undefined);
  return told ?? BY_WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

const countryName = (code: string, language: string) => new Intl.DisplayNames([language], { type: 'region' }).of(code) ?? code;

function valueOf(role: Role, to: ShipTo): string {
  return role === 'name' ? `${to.firstName} ${to.lastName}`.trim() : role === 'country' ? countryName(to.country, 'en') : to[role];
}

/** The option that stands for a value: by its code, or by its words. Null: none. */
function optionFor(field: Field, role: Role, to: ShipTo): string | null {
  const wanted = (role === 'country' ? [to.country, ...['en', 'fr', 'ar'].map((language) => countryName(to.country, language))] : [valueOf(role, to)]).map((text) => foldText(text).trim()).filter((text) => text !== '');
  return field.options.find((option) => [option.value, option.label].some((text) => wanted.includes(foldText(text).trim())))?.value ?? null;
}

export interface FilledFields {
  /** Parts of an address that the page asks for: three or more make it a checkout. */
  readonly asked: number;
  /** What the shop asks for and still stands empty, by its own labels. */
  readonly missing: readonly string[];
}

export async function readFields(page: Page): Promise<Field[]> {
  return z.array(fieldSchema).parse(await page.evaluate(DESCRIBE));
}

export const addressParts = (fields: readonly Field[]): number => new Set(fields.filter((field) => field.usable).flatMap((field) => roleOf(field) ?? [])).size;

/** What a shop wants and still stands empty, by its own labels. */
export const emptyFields = (fields: readonly Field[]): string[] => fields.filter((field) => field.usable && field.required && field.type !== 'radio' && field.value.trim() === '').map((field) => field.label.trim() || field.name || field.id).slice(0, 20);

async function fillOne(page: Page, field: Field, { role, to }: { readonly role: Role; readonly to: ShipTo }): Promise<void> {
  const where = page.locator(`[data-desk-field="${field.n}"]`);
  if (field.tag !== 'select') return where.fill(valueOf(role, to), { timeout: 3_000 });
  const option = optionFor(field, role, to);
  if (option !== null && option !== field.value) await where.selectOption(option, { timeout: 3_000 });
}

/** Fills what stands empty and is wanted; countries first, because shops change their form by them. */
export async function fillFields(page: Page, to: ShipTo): Promise<FilledFields> {
  for (const countries of [true, false]) {
    for (const field of await readFields(page)) {
      const role = roleOf(field);
      if (role === null || (role === 'country') !== countries || !field.usable || (field.tag !== 'select' && field.value.trim() !== '') || valueOf(role, to) === '') continue;
      // a field that went away or refuses its value is the person's
      await fillOne(page, field, { role, to }).catch(() => undefined);
    }
  }
  const after = await readFields(page);
  return { asked: addressParts(after), missing: emptyFields(after) };
}
