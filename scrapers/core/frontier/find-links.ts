const LINK = /<a\b[^>]{0,2000}?\bhref\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s>"']{1,2000}))/gi;
/** Places of a shop that sell nothing, and what is no page. */
const IDLE = /\/(?:cart|panier|basket|checkout|account|compte|login|signin|sign-in|register|wishlist|compare|search|blog|faq|contact|privacy|terms|cgv|wp-admin|admin)(?:[/?.]|$)|\.(?:jpe?g|png|webp|gif|svg|pdf|zip|css|js|xml|mp4|ico)$/i;
const MOST_LINKS = 2_000;

/** Addresses of the same site that a page links to with a plain `<a>`, in order, each once. Links that the page asks not to follow are left out. */
export function findLinks(html: string, baseUrl: string): string[] {
  const host = hostOf(new URL(baseUrl));
  const found = new Set<string>();
  for (const match of html.matchAll(LINK)) {
    if (/\brel\s*=\s*["'][^"']*\bnofollow\b/i.test(match[0])) continue;
    const href = (match[1] ?? match[2] ?? match[3] ?? '').replaceAll('&amp;', '&').trim();
    if (href === '' || href.startsWith('#') || !URL.canParse(href, baseUrl)) continue;
    const url = new URL(href, baseUrl);
    url.hash = '';
    if ((url.protocol === 'https:' || url.protocol === 'http:') && hostOf(url) === host && !IDLE.test(url.pathname)) found.add(url.href);
    if (found.size >= MOST_LINKS) break;
  }
  return [...found];
}

const hostOf = (url: URL) => url.host.replace(/^www\./, '');
