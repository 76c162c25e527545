import { DomainError } from '#kernel/errors.ts';

export type GivenAddress = { readonly kind: 'asin'; readonly asin: string } | { readonly kind: 'page'; readonly url: URL };

/** Amazon's own pages are not read: its interface answers for them. */
const AMAZON_HOST = /(?:^|\.)amazon\.com$/i;
const OTHER_AMAZON = /(?:^|\.)amazon\.[a-z.]{2,6}$/i;
const ASIN = /^(?:B[0-9A-Z]{9}|\d{9}[\dX])$/i;
const ASIN_IN_PATH = /\/(?:dp|gp\/product|gp\/aw\/d)\/([0-9A-Z]{10})(?:[/?]|$)/i;

const refuse = (reason: string, message: string) => new DomainError('INVALID', message, { field: 'address', reason });

/** What a person pasted. `https` where they leave it out. @throws DomainError INVALID. */
export function readAddress(text: string): GivenAddress {
  const given = text.trim();
  if (ASIN.test(given)) return { kind: 'asin', asin: given.toUpperCase() };
  const full = /^[a-z][a-z\d+.-]*:\/\//i.test(given) ? given : `https://${given}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.hostname === '' || url.username !== '' || url.password !== '' || (!url.hostname.includes('.') && url.hostname !== 'localhost')) throw refuse('unreadable', 'This is no address of a page and no ASIN.');
  if (AMAZON_HOST.test(url.hostname)) {
    const asin = ASIN_IN_PATH.exec(`${url.pathname}/`)?.[1];
    if (!asin) throw refuse('no-asin', 'This address of Amazon names no product: give that of the product\'s page, or its ASIN.');
    return { kind: 'asin', asin: asin.toUpperCase() };
  }
  if (OTHER_AMAZON.test(url.hostname)) throw refuse('other-amazon', 'Of Amazon only amazon.com can be watched.');
  url.hash = '';
  return { kind: 'page', url };
}
